"""Slow motion: the last update, shown stage by stage."""
