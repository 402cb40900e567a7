"""A curve over a row of cells, as braille or as strokes of ASCII characters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from ..drawing.braille import BRAILLE, DOTS_ACROSS, DOTS_DOWN, STROKES
from ..drawing.heatmap import Mark

# The bit of each dot, by row and column (Unicode, Braille Patterns).
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint16)


def curve_marks(
    fractions: NDArray[np.float64], columns: int, rows: int, style: Style, *, ascii: bool
) -> list[Mark]:
    """Draw a curve.

    Args:
        fractions: How far it is from the top, 0 to 1 inside, at the middle of every dot from the
            left to the right; of another number than there are dots, the nearest are taken. Where
            it is not a number there is no dot.
        columns: Cells across, of two dots each.
        rows: Cells down, of four dots each.
        style: How it is drawn.
        ascii: Whether strokes are drawn in place of braille.

    Returns:
        A mark for every cell that it touches.
    """
    dots, lines = columns * DOTS_ACROSS, rows * DOTS_DOWN
    if not dots or not lines or not len(fractions):
        return []
    nearest = ((np.arange(dots) + 0.5) * len(fractions) / dots).astype(np.intp)
    picture = _bitmap(fractions[nearest], lines)
    cells = picture.reshape(rows, DOTS_DOWN, columns, DOTS_ACROSS)
    bits = (cells * _BITS[None, :, None, :]).sum(axis=(1, 3))
    touched = np.nonzero(bits)
    codes = STROKES[bits[touched]] if ascii else BRAILLE + bits[touched]
    return [
        Mark(row, column, chr(code), style)
        for row, column, code in zip(
            touched[0].tolist(), touched[1].tolist(), codes.tolist(), strict=True
        )
    ]


def _bitmap(fractions: NDArray[np.float64], lines: int) -> NDArray[np.bool_]:
    """The dots of a curve, each column joined to the one before, shape (lines, dots)."""
    known = ~np.isnan(fractions)
    # What is outside is drawn up to the edge: one dot beyond is as good as a thousand.
    dot = np.floor(np.clip(np.where(known, fractions, 0.0), -1.0, 2.0) * lines)
    dot = np.clip(dot, -1, lines)
    before = np.where(np.roll(known, 1), np.roll(dot, 1), dot)
    before[0] = dot[0]
    # The dots between two columns belong to the later one, but for the one that is there already.
    reach = np.where(before == dot, dot, before + np.sign(dot - before))
    line = np.arange(lines)[:, None]
    inside = (line >= np.minimum(dot, reach)) & (line <= np.maximum(dot, reach))
    return np.asarray(inside & known)
