"""A terminal to write to, and what can be seen on it."""

from __future__ import annotations

import pyte
from pyte.screens import Char

# What of a blank can be seen, besides the colour behind it.
LINES = ("underscore", "strikethrough", "reverse")


class TerminalModel:
    """A terminal of some size that Textual has entered.

    Args:
        columns: Cells across.
        lines: Cells down.
    """

    def __init__(self, columns: int, lines: int) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self._screen)
        # Textual switches wrapping off.
        self._stream.feed("\x1b[?7l")

    def read(self, text: str) -> None:
        """Obeys what is written to it."""
        self._stream.feed(text)

    def resize(self, columns: int, lines: int) -> None:
        """Gets another size, and garbage from whoever else writes to it."""
        self._screen.resize(lines, columns)
        self._stream.feed("\x1b[3;3H\x1b[1;41mgarbage\x1b[m")

    @property
    def cells(self) -> list[list[Char]]:
        """What is seen of every cell."""
        buffer = self._screen.buffer
        return [
            [_seen(buffer[y][x]) for x in range(self._screen.columns)]
            for y in range(self._screen.lines)
        ]


def _seen(cell: Char) -> Char:
    if cell.data != " " or any(getattr(cell, line) for line in LINES):
        return cell
    return cell._replace(fg="default", bold=False, italics=False, blink=False)
