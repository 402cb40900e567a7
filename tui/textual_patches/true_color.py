"""A short cut for widgets that draw many small pieces."""

from collections.abc import Sequence

from textual.filter import ANSIToTruecolor, LineFilter
from textual.widget import Widget


class TrueColorWidget(Widget):
    """A widget whose strips have true colours already, and nothing dim.

    Textual looks at every segment for a colour of the terminal's own and for dim text. In a
    picture that is new with every frame that is a tenth of the time, and finds nothing.
    """

    def get_line_filters(self) -> Sequence[LineFilter]:
        """All filters but the one that has nothing to do here."""
        return [f for f in super().get_line_filters() if not isinstance(f, ANSIToTruecolor)]
