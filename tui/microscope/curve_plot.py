"""A plot of the output against one leaf, with the tangent; and one of its derivative."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...core.explain.check import LeafCurve
from ..drawing.palette import NEGATIVE, POSITIVE
from ..widgets.plot import DASHED
from .small_plot import SmallPlot

_POINT: Final = "●"
_ASCII_POINT: Final = "O"


class CurvePlot(SmallPlot):
    """The curve in one colour; the tangent, or zero, dashed in the other."""

    def show_curve(self, curve: LeafCurve | None) -> None:
        """Draws the output, the tangent where the leaf is, and that point."""
        self.begin()
        if curve is not None:
            low, high = _span(curve.y)
            tangent = curve.tangent
            inside = np.where((tangent >= low) & (tangent <= high), tangent, np.nan)
            self.line(curve.x, inside, self.ink(NEGATIVE), DASHED)
            self.line(curve.x, curve.y, self.ink(POSITIVE))
            self._point(curve.at, curve.value)
        self.end()

    def show_slope(self, curve: LeafCurve | None) -> None:
        """Draws the derivative at every point, a line at zero, and where the leaf is."""
        self.begin()
        if curve is not None:
            self.line(curve.x, np.zeros_like(curve.x), self.ink("gray"), DASHED)
            self.line(curve.x, curve.slope, self.ink(POSITIVE))
            self._point(curve.at, curve.gradient)
        self.end()

    def _point(self, x: float, y: float) -> None:
        glyph = _ASCII_POINT if self.is_ascii else _POINT
        self.symbol(x, y, glyph, self.ink(NEGATIVE))


def _span(y: np.ndarray) -> tuple[float, float]:
    """From the least to the greatest value, and a little beyond; the tangent is cut off there."""
    finite = y[np.isfinite(y)]
    if not finite.size:
        return -np.inf, np.inf
    low, high = float(finite.min()), float(finite.max())
    room = 0.1 * (high - low) or 1.0
    return low - room, high + room
