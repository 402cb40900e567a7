"""Edits that can be undone and redone."""
