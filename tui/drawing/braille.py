"""Curves as braille: which dots they touch, and in which cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...core.autograd.numerics import FloatArray

BRAILLE: Final = 0x2800
"""The code point of the braille cell without dots (Unicode, Braille Patterns)."""

DOTS_ACROSS: Final = 2
"""Braille dots of a cell, side by side."""
DOTS_DOWN: Final = 4
"""Braille dots of a cell, below each other."""

DOT_BITS: Final = np.array(
    [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint16
)
"""The bit of each dot of a cell, by row and column (Unicode, Braille Patterns)."""

IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
# Far beyond any plot, yet a whole number.
_FAR: Final = 1e6
# A number that is off by rounding falls on the dot it is meant for.
_DECIMALS: Final = 8
# The steepest part of the curve is half as steep again as a straight line.
_STEEPEST: Final = 1.5
# A thick curve's dots are kept in the high byte, a thin one's in the low byte.
_THICK_SHIFT: Final = 8
_LOW_BYTE: Final = 0xFF


CurveCells = NDArray[np.void]
"""The cells that curves touch: an entry for each curve and cell, of the type `CURVE_CELL`."""
CURVE_CELL: Final = np.dtype(
    [("curve", np.intp), ("cell", np.intp), ("thin", np.uint8), ("thick", np.uint8)]
)
"""A curve's number, a cell's number row by row, the curve's dots, and those of a thick one."""


def curve_cells(
    curves: IntArray,
    starts: IntArray,
    ends: IntArray,
    *,
    left: int,
    right: int,
    largest_rise: int,
    columns: int,
    rows: int,
) -> CurveCells:
    """Rasterise curves that leave and arrive level: y = a + (b - a) * t^2 * (3 - 2t).

    Args:
        curves: The number of each curve, shape `(n,)`.
        starts: The dot row at the left end of each, shape `(n,)`.
        ends: The dot row at the right end of each, shape `(n,)`.
        left: The cell where all begin.
        right: The cell before which all end.
        largest_rise: Dot rows between the ends of the steepest possible curve. The dots of a curve
            depend on it: keep it the same from call to call.
        columns: Cells of the picture across.
        rows: Lines of the picture; dots below the last are left out.

    Returns:
        The cells, ordered by curve.
    """
    dots = (right - left) * DOTS_ACROSS
    if not len(curves) or dots <= 0:
        return np.zeros(0, CURVE_CELL)
    x, y = _sampled(starts, ends, dots, largest_rise)
    x += left * DOTS_ACROSS
    number = np.broadcast_to(np.arange(len(curves))[:, None], y.shape)
    low, high = (_dot_keys(number, x, y + down, columns, rows) for down in (0, 1))
    cells, bits = _merged(
        np.concatenate([low[0], low[0], high[0]]),
        np.concatenate([low[1], low[1] << _THICK_SHIFT, high[1] << _THICK_SHIFT]),
    )
    found = np.zeros(len(cells), CURVE_CELL)
    owner, found["cell"] = np.divmod(cells, columns * rows)
    found["curve"] = curves[owner]
    found["thin"], found["thick"] = bits & _LOW_BYTE, bits >> _THICK_SHIFT
    return found


def _sampled(
    starts: IntArray, ends: IntArray, dots: int, largest_rise: int
) -> tuple[IntArray, IntArray]:
    """Dots on each curve, from 0 across, shapes (curves, samples)."""
    # No sample is more than a dot from the last one, across or down.
    samples = max(dots, int(np.ceil(_STEEPEST * largest_rise)))
    t = (np.arange(samples) + 0.5) / samples
    y = np.rint(starts[:, None] + (ends - starts)[:, None] * (t * t * (3 - 2 * t)))
    return np.tile((t * dots).astype(np.intp), (len(starts), 1)), y.astype(np.intp)


def _dot_keys(
    number: IntArray, x: IntArray, y: IntArray, columns: int, rows: int
) -> tuple[IntArray, NDArray[np.uint16]]:
    """A number for each dot's curve and cell, and the dot's bit."""
    inside = (y >= 0) & (y < rows * DOTS_DOWN)
    number, x, y = number[inside], x[inside], y[inside]
    row, down = np.divmod(y, DOTS_DOWN)
    column, across = np.divmod(x, DOTS_ACROSS)
    return (number * rows + row) * columns + column, DOT_BITS[down, across]


def _merged(keys: IntArray, bits: NDArray[np.uint16]) -> tuple[IntArray, NDArray[np.uint16]]:
    """Each key once, with all of its bits."""
    order = np.argsort(keys, kind="stable")
    keys, bits = keys[order], bits[order]
    firsts = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[firsts], np.bitwise_or.reduceat(bits, firsts)


def braille_bits(across: IntArray, down: IntArray, columns: int, rows: int) -> NDArray[np.uint16]:
    """The bits of every cell that some dots touch, shape (rows, columns), the top row first.

    Args:
        across: The column of each dot, from the left.
        down: Its row, from the top.
        columns: Cells across.
        rows: Lines.
    """
    bits = np.zeros((rows, columns), dtype=DOT_BITS.dtype)
    cells = down // DOTS_DOWN, across // DOTS_ACROSS
    np.bitwise_or.at(bits, cells, DOT_BITS[down % DOTS_DOWN, across % DOTS_ACROSS])
    return bits


def _stroke(bits: int) -> str:
    """The ASCII character most like some dots."""
    sides = [
        [row for row in range(DOTS_DOWN) if bits & int(DOT_BITS[row, side])]
        for side in range(DOTS_ACROSS)
    ]
    if not all(sides):
        return "|" if len(sides[0] or sides[1]) > DOTS_ACROSS else "-"
    left, right = (sum(side) / len(side) for side in sides)
    if abs(left - right) < 1:
        return "|" if min(map(len, sides)) > DOTS_ACROSS else "-"
    return "\\" if left < right else "/"


STROKES: Final = np.array([ord(_stroke(bits)) for bits in range(256)], dtype=np.uint32)
"""For each braille pattern the code point of the ASCII character most like it."""


# --- Curves from numbers --------------------------------------------------------------------------


class Frame(NamedTuple):
    """The visible range of a plot, in the units of the data.

    Attributes:
        left: The least x.
        right: The greatest, above `left`.
        bottom: The least y.
        top: The greatest, above `bottom`.
    """

    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True)
class Area:
    """Where the plotting area is in a picture, and what it shows.

    Attributes:
        frame: The visible range.
        left: The first cell.
        top: The first line.
        columns: Cells across.
        rows: Lines.
        dots: Dots of a cell, across and down.
    """

    frame: Frame
    left: int
    top: int
    columns: int
    rows: int
    dots: tuple[int, int] = (DOTS_ACROSS, DOTS_DOWN)

    @property
    def across(self) -> int:
        return self.columns * self.dots[0]

    @property
    def down(self) -> int:
        return self.rows * self.dots[1]

    def column(self, x: float) -> int:
        """The cell of an x, from the left; beyond the area too."""
        at = dots_of(np.array([x]), self.frame.left, self.frame.right, self.across)
        return int(at[0]) // self.dots[0]

    def row(self, y: float) -> int:
        """The cell of a y, from the top."""
        at = dots_of(np.array([y]), self.frame.bottom, self.frame.top, self.down)
        return self.rows - 1 - int(at[0]) // self.dots[1]

    def x(self, column: int) -> float:
        """The x in the middle of a cell."""
        share = (column * self.dots[0] + (self.dots[0] - 1) / 2) / max(self.across - 1, 1)
        return self.frame.left + share * (self.frame.right - self.frame.left)


def traced(
    x: FloatArray, low: FloatArray, high: FloatArray, frame: Frame, columns: int, rows: int
) -> tuple[IntArray, IntArray]:
    """The dots of a curve, or of the band between the least and the greatest of its values.

    Each column of dots reaches from the least to the greatest value that falls into it, so that no
    extreme is lost however many points there are; neighbouring columns are connected, and there is
    a gap where values are not finite.

    Args:
        x: Ascending, shape (points,).
        low: The least value at each x, shape (points,).
        high: The greatest; the same array for a line.
        frame: The visible range.
        columns: Dots across, 2 or more.
        rows: Dots down, 2 or more.

    Returns:
        Column and row of each dot, row 0 at the bottom.
    """
    good = np.isfinite(low) & np.isfinite(high)
    if not good.any():
        nothing = np.zeros(0, dtype=np.intp)
        return nothing, nothing
    centres = np.linspace(frame.left, frame.right, columns)
    shown = np.interp(centres, x, good, left=0.0, right=0.0) >= 1.0
    x, low, high = x[good], low[good], high[good]
    places = dots_of(x, frame.left, frame.right, columns)
    bottom, top = (
        np.rint(np.interp(centres, x, dots_of(y, frame.bottom, frame.top, rows))).astype(np.intp)
        for y in (low, high)
    )
    inside = (places >= 0) & (places < columns)
    shown[places[inside]] = True
    np.minimum.at(bottom, places[inside], dots_of(low[inside], frame.bottom, frame.top, rows))
    np.maximum.at(top, places[inside], dots_of(high[inside], frame.bottom, frame.top, rows))
    _connect(bottom, top, shown)
    return _filled(bottom, top, shown, rows)


def dots_of(values: FloatArray, low: float, high: float, n: int) -> IntArray:
    """The dot that each value falls on; beyond the ends too.

    Args:
        values: Any numbers; nan falls far below dot 0.
        low: What falls on dot 0.
        high: What falls on the last dot.
        n: How many dots.
    """
    with np.errstate(all="ignore"):
        share = (values - low) / (high - low)
    share = np.clip(np.nan_to_num(share, nan=-_FAR), -_FAR, _FAR)
    return np.floor(np.round(0.5 + (n - 1) * share, _DECIMALS)).astype(np.intp)


def _connect(bottom: IntArray, top: IntArray, shown: BoolArray) -> None:
    """Lengthen neighbouring columns until they touch."""
    both = shown[:-1] & shown[1:]
    rises, falls = both & (bottom[1:] > top[:-1] + 1), both & (top[1:] < bottom[:-1] - 1)
    middle_up, middle_down = (bottom[1:] + top[:-1]) // 2, (top[1:] + bottom[:-1]) // 2
    top[:-1][rises], bottom[1:][rises] = middle_up[rises], middle_up[rises] + 1
    top[1:][falls], bottom[:-1][falls] = middle_down[falls], middle_down[falls] + 1


def _filled(
    bottom: IntArray, top: IntArray, shown: BoolArray, rows: int
) -> tuple[IntArray, IntArray]:
    """All dots from the bottom to the top of each column."""
    columns = np.flatnonzero(shown & (top >= 0) & (bottom < rows))
    first = np.clip(bottom[columns], 0, rows - 1)
    counts = np.clip(top[columns], 0, rows - 1) - first + 1
    begins = np.cumsum(counts) - counts
    down = np.arange(int(counts.sum())) - np.repeat(begins - first, counts)
    return np.repeat(columns, counts), down
