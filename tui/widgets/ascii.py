"""Whether a widget may draw with plain characters alone."""

from __future__ import annotations

from textual.widget import Widget


def is_ascii(widget: Widget) -> bool:
    """Whether the application was started with `--ascii`; false in an application without it."""
    return bool(getattr(widget.app, "ascii", False))
