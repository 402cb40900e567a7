"""A run taken elsewhere: scripts, models, tables and pictures; formats.py lists them."""
