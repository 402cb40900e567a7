"""What the terminal shows, cell by cell, and the shortest text that changes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Final

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from textual.geometry import Size

from .pens import NO_PEN, Pen, Pens, change_of_pen

Column = int


class _Row:
    """The cells of a line: a character each, and how it is drawn.

    A wide character is in the first of its cells, with nothing in the others.
    """

    __slots__ = ("glyphs", "pens")

    def __init__(self, width: int) -> None:
        self.glyphs = [" "] * width
        # What a terminal shows at first is not known.
        self.pens: list[Pen | None] = [None] * width


class ScreenMemory:
    """Remembers what a terminal shows, so that only what changes has to be sent.

    Args:
        size: Of the terminal.
        system: The colours that it has.
    """

    def __init__(self, size: Size, system: ColorSystem) -> None:
        self.size = size
        self._pens = Pens(system)
        self._wanted = [_Row(size.width) for _ in range(size.height)]
        self._shown = [_Row(size.width) for _ in range(size.height)]
        self._stale: set[int] = set()

    def forget(self) -> None:
        """Sends everything again: the terminal may show anything."""
        self._shown = [_Row(self.size.width) for _ in range(self.size.height)]
        self._stale.update(range(self.size.height))

    def paint(self, y: int, x: Column, segments: Iterable[Segment]) -> None:
        """Puts what the terminal is to show on a line, from a column on."""
        glyphs: list[str] = []
        pens: list[Pen | None] = []
        for text, style, _ in segments:
            pen = self._pens[style][text.isspace()]
            if not _NARROW.issuperset(text) and not _learn_narrow(text):
                cells = cell_len(text)
                # Taken as one, for terminals part such texts in ways of their own.
                glyphs += [text, *[""] * (cells - 1)][:cells]
                pens += [pen] * cells
            elif len(text) == 1:
                glyphs.append(text)
                pens.append(pen)
            else:
                glyphs += text
                pens += [pen] * len(text)
        if not 0 <= y < self.size.height:
            return
        row, end = self._wanted[y], x + len(glyphs)
        room = max(0, self.size.width - x)
        row.glyphs[x:end], row.pens[x:end] = glyphs[:room], pens[:room]
        self._stale.add(y)

    def changes(self) -> str:
        """What to send so that the terminal shows what was painted, which is taken as sent."""
        written: list[str] = []
        pen = NO_PEN
        for y in sorted(self._stale):
            wanted, shown = self._wanted[y], self._shown[y]
            if columns := _differing(wanted, shown):
                pen = _write(written, y, wanted, columns, pen)
                shown.glyphs[:], shown.pens[:] = wanted.glyphs, wanted.pens
        self._stale.clear()
        written.append(change_of_pen(pen, NO_PEN))
        return "".join(written)


def _differing(wanted: _Row, shown: _Row) -> Sequence[Column]:
    """The columns of the cells of a line that have to be sent."""
    if wanted.glyphs == shown.glyphs and wanted.pens == shown.pens:
        return ()
    # A wide character that is overwritten in part has no cell that stays as it was.
    cells = zip(count(), wanted.glyphs, shown.glyphs, wanted.pens, shown.pens, strict=False)
    return [x for x, glyph, old, pen, old_pen in cells if pen is not old_pen or glyph != old]


def _write(written: list[str], y: int, row: _Row, columns: Iterable[Column], pen: Pen) -> Pen:
    """Adds what sends cells of a line, and returns the pen that the terminal has then."""
    at = -1
    for x in columns:
        glyph, wanted = row.glyphs[x], row.pens[x] or NO_PEN
        if not glyph:
            # Part of the character before.
            continue
        if x != at:
            written.append(_move(at, x, y))
        if wanted is not pen:
            written.append(change_of_pen(pen, wanted))
            pen = wanted
        written.append(glyph)
        # Where the cursor is after a wide character depends on the terminal.
        at = x + 1 if glyph in _NARROW else -1
    return pen


def _move(at: Column, x: Column, y: int) -> str:
    """What moves the cursor to a cell; from a column of its line, or from anywhere if below 0."""
    if at < 0:
        return f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
    return f"\x1b[{x - at}C" if x - at > 1 else "\x1b[C"


# Printable characters of one cell that join with no other; more are added as they are met.
_NARROW: Final = set(map(chr, range(0x20, 0x7F)))
_LARGEST_ALPHABET: Final = 10_000


def _learn_narrow(text: str) -> bool:
    """Whether all characters of a text take one cell; remembers them then."""
    is_narrow = all(cell_len(character) == 1 for character in text)
    if is_narrow and len(_NARROW) < _LARGEST_ALPHABET:
        _NARROW.update(text)
    return is_narrow
