"""The Gradients pane: the parameter table and the other views of the gradients."""
