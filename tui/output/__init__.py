"""The Output pane: the decision boundary and the other views of what the network computes."""
