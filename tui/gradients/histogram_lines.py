"""A histogram as columns, and histograms over the epochs as a heat map, in lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from ..drawing.bars import ASCII_FROM_BELOW, FROM_BELOW
from ..drawing.heatmap import heat_strips
from ..drawing.palette import LEVELS, NEUTRAL_LEVEL

FloatArray = NDArray[np.float64]

GUTTER: Final = 8
# A root, so that bins with few numbers are seen beside one with nearly all.
_GAMMA: Final = 0.5


def histogram_rows(
    shares: FloatArray, width: int, height: int, bar: Style, *, ascii: bool = False
) -> list[list[Segment]]:
    """Draw a histogram; the fullest bin has the full height.

    Args:
        shares: The share of each bin, from the left to the right.
        width: Cells across; bins are repeated, or put together, to fill them.
        height: Lines.
        bar: The style of the columns.
        ascii: Use ASCII characters alone.

    Returns:
        `height` lines of `width` cells.
    """
    ramp = ASCII_FROM_BELOW if ascii else FROM_BELOW
    columns = resampled(shares, width)
    largest = float(columns.max(initial=0.0))
    steps = len(ramp)
    heights = columns / largest * (height * steps) if largest else columns
    # What is there at all is to be seen.
    heights = np.where((columns > 0.0) & (heights < 1.0), 1.0, heights)
    rows = []
    for row in range(height):
        filled = np.clip(np.rint(heights) - (height - 1 - row) * steps, 0, steps).astype(int)
        text = "".join(" " if not n else ramp[n - 1] for n in filled.tolist())
        rows.append([Segment(text, bar)])
    return rows


def resampled(shares: FloatArray, width: int) -> FloatArray:
    """Bins spread over cells: each repeated where there are more cells, else put together."""
    n = len(shares)
    if width >= n:
        return shares[(np.arange(width) * n) // width]
    edges = (np.arange(width) * n) // width
    return np.add.reduceat(shares, edges)


def axis_text(limit: float, width: int) -> str:
    """The ends and the middle of an axis from -limit to limit."""
    low, high = f"{-limit:.3g}", f"{limit:+.3g}"
    middle = "0".center(max(width - 2 * max(len(low), len(high)), 1))
    side = (width - len(middle)) // 2
    return f"{low:<{side}}{middle}{high:>{width - side - len(middle)}}"[:width]


def history_strips(
    picture: FloatArray,
    width: int,
    height: int,
    table: Sequence[Color],
    *,
    ascii: bool = False,
) -> list[Strip]:
    """Draw histograms beside each other, the earliest at the left, the positive end on top.

    Args:
        picture: Shares, shape (bins, columns), the most negative bin first.
        width: Cells across; columns are repeated to fill them, the last ones if they are more.
        height: Lines, of two bins each.
        table: Colours as `palette.diverging` makes them; the positive half is used.
        ascii: Use ASCII characters alone.

    Returns:
        `height` strips of `width` cells; none where there is no column.
    """
    columns = picture.shape[1]
    if not columns or width < 1 or height < 1:
        return []
    across = (np.arange(width) * columns) // width
    rows = np.stack([resampled(column, 2 * height) for column in picture.T[across]], axis=1)
    largest = float(rows.max(initial=0.0)) or 1.0
    strength = (rows / largest) ** _GAMMA
    levels = NEUTRAL_LEVEL + np.rint(strength * (LEVELS - 1 - NEUTRAL_LEVEL))
    return heat_strips(levels[::-1].astype(np.uint8), table, ascii=ascii)
