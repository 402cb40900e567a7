"""Lessons: presets, challenges, and the strip that shows the current one."""
