"""What the microscope and slow motion show: a graph, its steps, paths and gradient checks."""
