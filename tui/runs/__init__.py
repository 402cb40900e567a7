"""Runs as files: saving one, opening one, and going on with the one that was left."""
