"""What most widgets need: whether to use ASCII, the colour behind them, text that changes often."""

from __future__ import annotations

from textual.color import Color
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from ..drawing.depth import Depth
from ..drawing.members import at_depth


def is_ascii(widget: Widget) -> bool:
    """Whether the application was started with `--ascii`; false in an application without it."""
    return bool(getattr(widget.app, "ascii", False))


def depth(widget: Widget) -> Depth:
    """How many colours the terminal has; all of them in an application that doesn't know."""
    usual = Depth.NONE if widget.app.no_color else Depth.TRUE
    return getattr(widget.app, "depth", usual)


def hidden_controls(widget: Widget) -> frozenset[str]:
    """The controls that a link or a lesson hides; none in an application that doesn't know."""
    return (
        getattr(widget.app, "hidden_controls", frozenset()) if widget.is_attached else frozenset()
    )


def shows_characters(widget: Widget) -> bool:
    """Whether maps are drawn as characters, because colours alone would not show enough."""
    return is_ascii(widget) or depth(widget) <= Depth.SIXTEEN


def background_color(widget: Widget) -> Color:
    """The background of a widget's content, as a colour to calculate with.

    Args:
        widget: A widget in a running app.

    Returns:
        The background blended with those of the widgets below it, at the terminal's depth.
    """
    _, background = widget.background_colors
    return at_depth(background, depth(widget))


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
    """A text that changes often, in a place whose size the CSS sets."""

    def __init__(self, *, tooltip: str, id: str) -> None:
        super().__init__(Content(""), id=id)
        self.tooltip = tooltip

    def say(self, content: Content) -> None:
        show_text(self, content, layout=False)
