"""The Network pane: the diagram, the card of the selected part, and the layer editor."""
