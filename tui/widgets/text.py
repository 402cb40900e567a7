"""Text that is set with every snapshot, and mostly stays as it was."""

from textual.content import Content
from textual.widgets import Static


def show_text(widget: Static, text: str | Content) -> None:
    """Writes a text; the one that is there already costs nothing.

    A text that changes makes Textual lay out and paint the whole screen anew.

    Args:
        widget: What shows it.
        text: Markup, or content.
    """
    old = widget.content
    if isinstance(text, Content):
        is_new = not isinstance(old, Content) or not text.is_same(old)
    else:
        is_new = isinstance(old, Content) or old != text
    if is_new:
        widget.update(text)
