"""The wall: many runs in a grid, side by side."""
