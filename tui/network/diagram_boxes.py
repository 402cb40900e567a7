"""How large the boxes of a column are: squares that grow with the room."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from functools import lru_cache
from typing import Final, NamedTuple

LARGEST: Final = 24
SMALLEST: Final = 3
"""Half blocks across and down the largest and the smallest map."""
COMFORT: Final = 5
"""How large maps are where not all of a column are shown: more of them would be noise."""
_FEW: Final = 4
"""So many units are worth smaller boxes."""
_LARGEST_SCALE: Final = 3
_GAP_SHARE: Final = 6
_PICTURE_SHARE: Final = 4
_MARKERS: Final = 4


class Kind(Enum):
    """What a column's boxes show."""

    PLAIN = auto()
    """The number of each unit."""
    MAP = auto()
    """A picture of any size for each unit."""
    PIXELS = auto()
    """A picture of so many pixels for each unit."""
    IMAGE = auto()
    """One picture, whose pixels are the units."""


class ColumnShape(NamedTuple):
    """What a column has to show.

    Attributes:
        units: How many units.
        kind: What their boxes show.
        side: Pixels across and down a picture of `PIXELS` or `IMAGE`.
    """

    units: int
    kind: Kind = Kind.PLAIN
    side: int = 0


class BoxSize(NamedTuple):
    """How large the boxes of a column are.

    Attributes:
        width: Cells across, which are as wide as half blocks are high.
        pixels: Half blocks down.
        gap: Half blocks between two boxes, at least.
    """

    width: int
    pixels: int
    gap: int

    @property
    def rows(self) -> int:
        """Lines that the box takes."""
        return -(-self.pixels // 2)

    def step(self, *, ascii: bool) -> int:
        """Half blocks from one possible place to the next: text needs whole lines."""
        return 2 if ascii or self.width != self.pixels else 1


def fitted(shape: ColumnShape, width: int, rows: int, *, ascii: bool) -> ColumnShape:
    """A column whose pictures are as fine as the room allows: else numbers, or coarser pictures."""
    if shape.kind in (Kind.PIXELS, Kind.IMAGE):
        least = _picture_sizes(shape.side, ascii)[-1].pixels
        if least + _MARKERS > 2 * rows or least > width // _PICTURE_SHARE:
            return ColumnShape(shape.units, Kind.MAP if shape.kind is Kind.PIXELS else Kind.PLAIN)
    return shape


@lru_cache(maxsize=1024)
def choose_box(shape: ColumnShape, rows: int, widest: int, *, ascii: bool) -> tuple[BoxSize, int]:
    """The largest boxes with which all units of a column fit, or else easily read ones.

    Args:
        shape: What the column has.
        rows: Lines available.
        widest: Cells available across; plain boxes may take more.
        ascii: Whether boxes take whole lines.

    Returns:
        The boxes, and how many of them fit.
    """
    room = 2 * rows
    if shape.kind is Kind.IMAGE:
        sizes = _picture_sizes(shape.side, ascii)
        # Below the picture a line says what it shows.
        fitting = [s for s in sizes if s.pixels + _MARKERS <= room and s.width <= widest]
        return (fitting or sizes[-1:])[0], shape.units
    sizes = _sizes(shape, ascii)
    narrow = [size for size in sizes if size.width <= widest] or sizes[-1:]
    for size in narrow:
        if _extent(shape.units, size) <= room:
            return size, shape.units
    return _easy(shape, narrow, room)


def _easy(shape: ColumnShape, sizes: Sequence[BoxSize], room: int) -> tuple[BoxSize, int]:
    """The boxes of a column that does not fit, and how many do."""
    comfort = shape.side if shape.kind is Kind.PIXELS else COMFORT
    for size in (size for size in sizes if size.pixels <= comfort):
        fit = (room - _MARKERS + size.gap) // (size.pixels + size.gap)
        if fit >= _FEW or (fit and shape.kind is Kind.PIXELS):
            break
    return size, max(1, min(shape.units - 1, fit))


def _extent(units: int, size: BoxSize) -> int:
    """Half blocks from the top of the first box to the bottom of the last."""
    return units * (size.pixels + size.gap) - size.gap


@lru_cache(maxsize=64)
def _sizes(shape: ColumnShape, ascii: bool) -> list[BoxSize]:
    """The sizes of a column's boxes, the largest first."""
    match shape.kind:
        case Kind.PLAIN:
            width = max(4, len(str(shape.units - 1)) + 2)
            return [BoxSize(width, 2, 2), BoxSize(width, 2, 0)]
        case Kind.PIXELS:
            return _picture_sizes(shape.side, ascii)
        case _:
            step = 2 if ascii else 1
            return [_square(n, ascii) for n in range(LARGEST, SMALLEST - 1, -step)]


def _picture_sizes(side: int, ascii: bool) -> list[BoxSize]:
    """Whole multiples of the pixels, as far as they are not large."""
    least = 1 + (ascii and side % 2)
    scales = [k for k in range(_LARGEST_SCALE, least, -1) if k * side <= LARGEST]
    return [_square(k * side, ascii) for k in (*scales, least) if not ascii or k * side % 2 == 0]


def _square(pixels: int, ascii: bool) -> BoxSize:
    gap = max(1, pixels // _GAP_SHARE)
    return BoxSize(pixels, pixels, gap + gap % 2 if ascii else gap)
