"""Characters in cells: a grid of them with a style each, and text that fits."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

BLANK: Final = ord(" ")
_COVERED: Final = "\0"
"""In the cell after a wide character, which covers it."""


class Canvas:
    """Characters and the keys of their styles, to be filled and then shown.

    Args:
        rows: Lines.
        columns: Cells across.

    Attributes:
        glyphs: Code points of characters one cell wide, shape `(rows, columns)`, blank at first.
        keys: For each cell a key of the mapping of styles given to `strip`, 0 at first.
    """

    def __init__(self, rows: int, columns: int) -> None:
        self.glyphs: NDArray[np.uint32] = np.full((rows, columns), BLANK, dtype=np.uint32)
        self.keys: NDArray[np.int32] = np.zeros((rows, columns), dtype=np.int32)

    def text(self, row: int, column: int, text: str, key: int) -> None:
        """Write a text; what does not fit is left out."""
        rows, columns = self.glyphs.shape
        cells = glyphs_of(text)
        start, end = max(column, 0), min(column + len(cells), columns)
        if 0 <= row < rows and start < end:
            self.glyphs[row, start:end] = cells[start - column : end - column]
            self.keys[row, start:end] = key

    def strip(self, row: int, left: int, width: int, styles: Mapping[int, Style]) -> Strip:
        """A part of a line, with one segment for each run of equal styles.

        Args:
            row: The line.
            left: The first cell.
            width: How many cells.
            styles: The style of each key on the canvas; beyond its edge the key is 0.
        """
        glyphs, keys = (grid[row, left : left + width] for grid in (self.glyphs, self.keys))
        line = glyphs.astype("<u4", copy=False).tobytes().decode("utf-32-le")
        inner = np.flatnonzero(keys[1:] != keys[:-1]) + 1
        edges = [0, *inner.tolist(), len(line)] if line else []
        firsts = [int(keys[0]), *keys[inner].tolist()] if line else []
        segments = [
            Segment(line[start:end].replace(_COVERED, ""), styles[key])
            for start, end, key in zip(edges, edges[1:], firsts, strict=False)
        ]
        return Strip(segments, len(line)).adjust_cell_length(width, styles[0])


class KeptStrips:
    """The lines of a picture that is drawn again and again: one that stays the same is kept.

    Args:
        styles: The style of each key on its canvases.
    """

    def __init__(self, styles: Mapping[int, Style]) -> None:
        self._styles = styles
        self._kept: dict[int, tuple[bytes, bytes, int, Strip]] = {}

    def strip(self, place: int, canvas: Canvas, row: int, width: int) -> Strip:
        """A line of a canvas, at a place on the screen."""
        seen = canvas.glyphs[row].tobytes(), canvas.keys[row].tobytes(), width
        kept = self._kept.get(place)
        if kept is None or kept[:3] != seen:
            strip = canvas.strip(row, 0, width, self._styles)
            kept = self._kept[place] = (*seen, strip)
        return kept[3]


def padded_segments(text: str, style: Style) -> list[Segment]:
    """A text whose leading blanks are a segment of their own.

    Programs that draw an exported SVG tend to move a text that begins with blanks.

    Args:
        text: What is shown; may be blank or empty.
        style: How it is drawn, blanks included.

    Returns:
        At most two segments, none of them empty.
    """
    word = text.lstrip(" ")
    blanks = len(text) - len(word)
    parts = (Segment(text[:blanks], style), Segment(word, style))
    return [segment for segment in parts if segment.text]


def glyphs_of(text: str) -> list[int]:
    """The characters of a text, one for each cell: a wide one covers the next cell too."""
    cells: list[int] = []
    for character in text:
        if width := cell_len(character):
            cells += [ord(character), *[ord(_COVERED)] * (width - 1)]
    return cells


def to_width(text: str, width: int) -> str:
    """A text filled up with blanks from the left; unchanged if it is as wide."""
    return " " * (width - cell_len(text)) + text


def cut_middle(text: str, width: int, *, ascii: bool = False) -> str:
    """A text in at most `width` cells, without its middle: the ends of a name say the most."""
    if cell_len(text) <= width:
        return text
    dots = ("~" if ascii else "…")[:width]
    tail = (width - 1) // 2
    head = width - 1 - tail
    return _first_cells(text, head) + dots + _first_cells(text[::-1], tail)[::-1]


def _first_cells(text: str, width: int) -> str:
    """The beginning of a text that fits; some characters take two cells."""
    ends = accumulate(map(cell_len, text))
    return text[: sum(end <= width for end in ends)]


def cut_end(text: str, width: int, *, ascii: bool) -> str:
    """A text in at most `width` cells, with dots for the end that is missing."""
    dots = ".." if ascii else "…"
    if cell_len(text) <= width:
        return text
    return _first_cells(text, width - len(dots)) + dots[: max(width, 0)]
