"""The microscope: a computational graph, stepped forward and backward node by node."""
