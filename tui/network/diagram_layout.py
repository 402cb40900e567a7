"""Where the parts of a network diagram go: columns of boxes, as large as fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..drawing.braille import DOTS_DOWN

MAX_LINKS: Final = 600
"""The most links that are drawn: more would be indistinguishable."""
MAX_ASCII_LINKS: Final = 60
"""The same without braille, where a link takes whole cells."""

PIXEL_DOTS: Final = 2
"""Rows of braille dots in a half block."""

MIN_GAP: Final = 6
"""Cells between columns so that the eye can follow links."""
MAX_GAP: Final = 34
"""Cells between columns beyond which links only get longer."""
MAX_SPREAD: Final = 3
"""Lines by which boxes may move apart when there is room."""
NAME_LIMIT: Final = 14
"""The longest name of an input that is shown in full."""
NAME_SHARE: Final = 6
"""The names of inputs take at most one in this many cells of the width."""
TALL: Final = 12
"""From this height on titles may take two lines."""
BIAS_WIDTH: Final = 1
"""Cells at the left of a neuron's box, for its bias."""
MARGIN: Final = 1
"""Cells right of the last boxes, for the outline of a selected one."""


class BoxSize(NamedTuple):
    """How large the boxes of a column are.

    Attributes:
        width: Cells across, which are as wide as pixels.
        pixels: Half blocks down.
        pitch: Lines from one box to the next, at least.
    """

    width: int
    pixels: int
    pitch: int

    @property
    def rows(self) -> int:
        """Lines that the box touches."""
        return -(-self.pixels // 2)


SIZES: Final = (
    BoxSize(8, 8, 5),
    BoxSize(6, 6, 4),
    BoxSize(5, 5, 3),
    BoxSize(3, 3, 2),
    BoxSize(2, 1, 1),
)
"""From the largest to the smallest. Odd ones leave half a line between crowded boxes."""
ASCII_SIZES: Final = (
    BoxSize(8, 8, 5),
    BoxSize(6, 6, 4),
    BoxSize(4, 4, 3),
    BoxSize(3, 2, 2),
    BoxSize(1, 2, 1),
)
"""The same without half blocks: whole lines only."""
_NARROWEST: Final = 3


@dataclass(frozen=True)
class Column:
    """Where the boxes of a column are.

    Attributes:
        left: The cell at the boxes' left edge.
        top: The line of the first box.
        pitch: Lines from one box to the next.
        size: How large the boxes are.
        units: How many there are.
    """

    left: int
    top: int
    pitch: int
    size: BoxSize
    units: int

    @property
    def right(self) -> int:
        """The cell after the boxes' right edge."""
        return self.left + self.size.width

    @property
    def bottom(self) -> int:
        """The line after the last box."""
        return self.top + self.pitch * (self.units - 1) + self.size.rows

    @property
    def tops(self) -> NDArray[np.intp]:
        """The first line of each box."""
        return self.top + self.pitch * np.arange(self.units)

    @property
    def middles(self) -> NDArray[np.intp]:
        """The dot in the middle of each box, counted from the top of the picture."""
        return self.tops * DOTS_DOWN + (self.size.pixels * PIXEL_DOTS - 1) // 2

    @property
    def middle_rows(self) -> NDArray[np.intp]:
        """The line in the middle of each box, with its bias or name."""
        return self.middles // DOTS_DOWN

    def unit_at(self, x: int, y: int) -> int | None:
        """The unit whose box is at a cell."""
        unit, line = divmod(y - self.top, self.pitch)
        inside = self.left <= x < self.right and line < self.size.rows
        return unit if inside and 0 <= unit < self.units else None


@dataclass(frozen=True)
class DiagramLayout:
    """Where everything is. Equal layouts draw the same links through the same cells.

    Attributes:
        columns: The columns, inputs first.
        width: Cells of the whole picture.
        height: Lines of the whole picture, without titles and the line below.
        name_width: Cells for the names of inputs, left of the first column.
        title_rows: Lines of titles above the picture.
        max_links: The most links that are drawn.
    """

    columns: tuple[Column, ...]
    width: int
    height: int
    name_width: int
    title_rows: int
    max_links: int

    @property
    def has_footer(self) -> bool:
        """Whether a line below says that not all links are drawn."""
        return sum(a.units * b.units for a, b in pairwise(self.columns)) > self.max_links

    def title_spans(self) -> list[tuple[int, int]]:
        """The first cell for the title of each column, and the one after its last."""
        centres = [(column.left + column.right) / 2 for column in self.columns]
        borders = [0, *(round((a + b) / 2) for a, b in pairwise(centres)), self.width]
        return list(pairwise(borders))


@lru_cache(maxsize=16)
def lay_out(
    sizes: tuple[int, ...],
    names: tuple[str, ...],
    titles: tuple[str, ...],
    width: int,
    height: int,
    *,
    ascii: bool = False,
) -> DiagramLayout:
    """Place the columns of a network.

    Every column gets the largest boxes that fit, so a crowded one has small boxes next to large
    ones. Where even the smallest do not fit, the picture is larger than the room.

    Args:
        sizes: How many units each column has, inputs first.
        names: The names of the inputs.
        titles: The titles of the columns in full; two lines when they do not fit in one.
        width: Cells available.
        height: Lines available, for titles and the line below too.
        ascii: Whether boxes are drawn without half blocks.
    """
    max_links = MAX_ASCII_LINKS if ascii else MAX_LINKS
    has_footer = sum(a * b for a, b in pairwise(sizes)) > max_links
    longest = max(map(len, names), default=0)
    name_width = min(longest, NAME_LIMIT, max(_NARROWEST, width // NAME_SHARE))
    for title_rows in (1, 2):
        room = height - title_rows - has_footer
        columns, full_width = _place(sizes, name_width, width, room, ascii)
        lines = max(room, *(column.bottom for column in columns))
        layout = DiagramLayout(columns, full_width, lines, name_width, title_rows, max_links)
        if height < TALL or _titles_fit(layout, titles):
            break
    return layout


def _titles_fit(layout: DiagramLayout, titles: Sequence[str]) -> bool:
    spans = layout.title_spans()
    return all(len(title) < end - start for title, (start, end) in zip(titles, spans, strict=True))


def _place(
    sizes: Sequence[int], name_width: int, width: int, room: int, ascii: bool
) -> tuple[tuple[Column, ...], int]:
    """The columns, and the cells they take."""
    boxes = _boxes(sizes, name_width, width, room, ascii)
    blocks = _block_widths(boxes, name_width)
    gaps = max(len(boxes) - 1, 1)
    gap = min(max((width - sum(blocks) - MARGIN) // gaps, MIN_GAP), MAX_GAP)
    used = sum(blocks) + gap * gaps + MARGIN
    height = max(room, *(_least_rows(n, box) for n, box in zip(sizes, boxes, strict=True)))
    left = max(width - used, 0) // 2
    columns = []
    for units, box, block in zip(sizes, boxes, blocks, strict=True):
        columns.append(_column(left + block - box.width, units, box, room, height))
        left += block + gap
    return tuple(columns), max(width, used)


def _boxes(
    sizes: Sequence[int], name_width: int, width: int, room: int, ascii: bool
) -> list[BoxSize]:
    """The largest boxes that fit, or small ones when none do."""
    choices = ASCII_SIZES if ascii else SIZES
    boxes: list[BoxSize] = []
    for widest in (size.width for size in choices if size.width >= _NARROWEST):
        narrow = [size for size in choices if size.width <= widest]
        boxes = [
            next((size for size in narrow if _least_rows(units, size) <= room), narrow[-1])
            for units in sizes
        ]
        if sum(_block_widths(boxes, name_width)) + MIN_GAP * (len(boxes) - 1) + MARGIN <= width:
            break
    return boxes


def _block_widths(boxes: Sequence[BoxSize], name_width: int) -> list[int]:
    """Cells of each column with what is to the left of its boxes."""
    beside = [name_width + 1, *[BIAS_WIDTH] * (len(boxes) - 1)]
    return [box.width + cells for box, cells in zip(boxes, beside, strict=True)]


def _least_rows(units: int, size: BoxSize) -> int:
    return size.pitch * (units - 1) + size.rows


def _column(left: int, units: int, size: BoxSize, room: int, height: int) -> Column:
    pitch = size.pitch
    if units > 1:
        pitch = max(pitch, min((room - size.rows) // (units - 1), pitch + MAX_SPREAD))
    top = max(height - pitch * (units - 1) - size.rows, 0) // 2
    return Column(left, top, pitch, size, units)
