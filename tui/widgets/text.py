"""Text that may be set with every snapshot: setting the same text again costs nothing."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


def show_text(widget: Static, text: str | Content, *, layout: bool = True) -> None:
    """Show a text, if it differs from the one shown.

    Args:
        widget: Where to show it.
        text: Markup, or content.
        layout: Whether the widget's size may change; then Textual lays out the whole screen.
    """
    old = widget.content
    if isinstance(text, Content):
        is_same = isinstance(old, Content) and text.is_same(old)
    else:
        is_same = isinstance(old, str) and text == old
    if not is_same:
        widget.update(text, layout=layout)


class Words(Static):
    """A text that changes often, in a place whose size the CSS sets.

    Args:
        tooltip: Shown on hover.
        id: The widget's id.
    """

    def __init__(self, *, tooltip: str, id: str) -> None:
        super().__init__(Content(""), id=id)
        self.tooltip = tooltip

    def say(self, content: Content) -> None:
        """Show a text."""
        show_text(self, content, layout=False)
