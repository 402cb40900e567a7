"""Curves as dots: which dots of a grid a curve and its spread touch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...core.autograd.numerics import FloatArray

IntArray = NDArray[np.intp]

# Far beyond any plot, yet a whole number.
_FAR = 1e6
# A number that is off by rounding falls on the dot it is meant for.
_DECIMALS = 8


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
    places = dots(x, frame.left, frame.right, columns)
    bottom, top = (
        np.rint(np.interp(centres, x, dots(y, frame.bottom, frame.top, rows))).astype(np.intp)
        for y in (low, high)
    )
    inside = (places >= 0) & (places < columns)
    shown[places[inside]] = True
    np.minimum.at(bottom, places[inside], dots(low[inside], frame.bottom, frame.top, rows))
    np.maximum.at(top, places[inside], dots(high[inside], frame.bottom, frame.top, rows))
    _connect(bottom, top, shown)
    return _filled(bottom, top, shown, rows)


def dots(values: FloatArray, low: float, high: float, n: int) -> IntArray:
    """The dot that each value falls on; beyond the ends too.

    Args:
        values: Finite numbers.
        low: What falls on dot 0.
        high: What falls on the last dot.
        n: How many dots.
    """
    with np.errstate(over="ignore"):
        share = np.clip((values - low) / (high - low), -_FAR, _FAR)
    return np.floor(np.round(0.5 + (n - 1) * share, _DECIMALS)).astype(np.intp)


def _connect(bottom: IntArray, top: IntArray, shown: NDArray[np.bool_]) -> None:
    """Lengthen neighbouring columns until they touch."""
    both = shown[:-1] & shown[1:]
    rises, falls = both & (bottom[1:] > top[:-1] + 1), both & (top[1:] < bottom[:-1] - 1)
    middle_up, middle_down = (bottom[1:] + top[:-1]) // 2, (top[1:] + bottom[:-1]) // 2
    top[:-1][rises], bottom[1:][rises] = middle_up[rises], middle_up[rises] + 1
    top[1:][falls], bottom[:-1][falls] = middle_down[falls], middle_down[falls] + 1


def _filled(
    bottom: IntArray, top: IntArray, shown: NDArray[np.bool_], rows: int
) -> tuple[IntArray, IntArray]:
    """All dots from the bottom to the top of each column."""
    columns = np.flatnonzero(shown & (top >= 0) & (bottom < rows))
    first = np.clip(bottom[columns], 0, rows - 1)
    counts = np.clip(top[columns], 0, rows - 1) - first + 1
    begins = np.cumsum(counts) - counts
    down = np.arange(int(counts.sum())) - np.repeat(begins - first, counts)
    return np.repeat(columns, counts), down
