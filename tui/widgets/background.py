"""The colour behind a widget's content."""

from typing import Final

from textual.color import Color
from textual.widget import Widget

_BLACK: Final = Color(0, 0, 0)
_WHITE: Final = Color(255, 255, 255)


def background_color(widget: Widget) -> Color:
    """The background of a widget's content, as a colour to calculate with.

    Args:
        widget: A widget in a running app.

    Returns:
        The background blended with those of the widgets below it. A theme of the terminal's own
        colours does not say what they are: then black if the theme is dark, else white.
    """
    _, background = widget.background_colors
    if background.ansi is None:
        return background
    return _BLACK if widget.app.current_theme.dark else _WHITE
