"""Pure functions from arrays to strips and strings: what the widgets draw, without an app."""
