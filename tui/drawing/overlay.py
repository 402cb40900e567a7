"""Signs and words over a text picture, where they hide nothing."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text

BLANK = " "


class Overlay:
    """A picture of lines, to be written on.

    Args:
        picture: Lines of characters that take a cell each.
    """

    def __init__(self, picture: Text) -> None:
        self._picture = picture
        self._lines = [list(line) for line in picture.plain.split("\n")]
        self._styled: list[tuple[int, int, int, Style]] = []

    def is_blank(self, row: int, column: int, cells: int = 1) -> bool:
        """Whether nothing stands in some cells of a line, all of which are there."""
        if not (0 <= row < len(self._lines) and 0 <= column <= len(self._lines[row]) - cells):
            return False
        return all(glyph == BLANK for glyph in self._lines[row][column : column + cells])

    def put(self, row: int, column: int, text: str, style: Style) -> None:
        """Writes over what is there; what lies beyond the picture is left out."""
        if 0 <= row < len(self._lines):
            line = self._lines[row]
            start, end = max(column, 0), min(column + len(text), len(line))
            if start < end:
                line[start:end] = text[start - column : end - column]
                self._styled.append((row, start, end, style))

    def put_on_blanks(self, row: int, column: int, glyph: str, style: Style) -> None:
        """Writes one character if its cell is blank."""
        if self.is_blank(row, column):
            self.put(row, column, glyph, style)

    def text(self) -> Text:
        """The picture with all that was written."""
        picture = self._picture.copy()
        picture.plain = "\n".join(map("".join, self._lines))
        begins = [0]
        for line in self._lines:
            begins.append(begins[-1] + len(line) + 1)
        for row, start, end, style in self._styled:
            picture.stylize(style, begins[row] + start, begins[row] + end)
        return picture
