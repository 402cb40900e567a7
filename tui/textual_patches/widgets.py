"""What widgets need of Textual that it does not export or offer."""

from collections.abc import Sequence

from textual.filter import ANSIToTruecolor, LineFilter
from textual.widget import Widget
from textual.widgets._collapsible import CollapsibleTitle

__all__ = ["CollapsibleTitle", "TrueColorWidget"]


class TrueColorWidget(Widget):
    """A widget whose strips have true colours already, and no dim text.

    Textual searches every segment for ANSI colours and dim text. For a picture that changes with
    every frame that takes a tenth of the time, and finds nothing.
    """

    def get_line_filters(self) -> Sequence[LineFilter]:
        """All filters but the one that would find nothing."""
        return [f for f in super().get_line_filters() if not isinstance(f, ANSIToTruecolor)]
