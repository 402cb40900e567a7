"""Verdicts on parameters, neurons, layers and the network, and what they are measured by."""
