"""The plots of the check: small, with as many labels on their axes as fit."""

from __future__ import annotations

from typing import Final

import numpy as np
from textual.color import Color

from ...core.explain.check import ErrorCurve, LeafCurve
from ..drawing.axes import Axis, log_axis
from ..drawing.palette import NEGATIVE, POSITIVE, readable
from ..widgets.background import background_color
from ..widgets.plot import DASHED, Plot

# Lines outside the canvas: two of the frame, one of labels.
_FRAME_LINES = 3
_BETWEEN_LABELS = 2
_POINT: Final = "●"
_ASCII_POINT: Final = "O"
# An error of zero is drawn as this, below the precision of floating point.
_NO_ERROR: Final = 1e-17


class SmallPlot(Plot):
    """A plot that drops ticks whose labels do not fit.

    Args:
        tooltip: Shown when the pointer rests on it.
        id: The widget's id.
    """

    def __init__(self, *, tooltip: str, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = tooltip

    def ink(self, color: str) -> str:
        """A colour in HTML, readable on this background."""
        return readable(Color.parse(color), background_color(self)).hex

    def _axes(self) -> tuple[Axis, Axis]:
        x_axis, y_axis = super()._axes()
        y_axis = with_room_down(y_axis, self.size.height - _FRAME_LINES)
        gutter = max(map(len, y_axis.labels), default=0)
        x_axis = self.axis_across(x_axis)
        return with_room_across(x_axis, self.size.width - gutter - 2, gutter), y_axis

    def axis_across(self, axis: Axis) -> Axis:
        """The horizontal axis, made from a linear one that fits the data."""
        return axis


class CurvePlot(SmallPlot):
    """The output against one leaf with the tangent, or its derivative with a line at zero."""

    def show_curve(self, curve: LeafCurve | None) -> None:
        """Draws the output, the leaf's value as a point, and the tangent there."""
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
        """Draws the derivative, a line at zero, and the leaf's value as a point."""
        self.begin()
        if curve is not None:
            self.line(curve.x, np.zeros_like(curve.x), self.ink("gray"), DASHED)
            self.line(curve.x, curve.slope, self.ink(POSITIVE))
            self._point(curve.at, curve.gradient)
        self.end()

    def _point(self, x: float, y: float) -> None:
        glyph = _ASCII_POINT if self.is_ascii else _POINT
        self.symbol(x, y, glyph, self.ink(NEGATIVE))


class ErrorPlot(SmallPlot):
    """The error of difference quotients against h, from rounding errors to a poor limit."""

    def show_curve(self, curve: ErrorCurve | None, h: float) -> None:
        """Draws the curves, and a line at the check's h; None for an empty plot."""
        self.begin(scale="logarithmic")
        if curve is not None:
            order = np.argsort(curve.steps)
            x = np.log10(curve.steps[order])
            one_sided, central = (
                np.maximum(errors[order], _NO_ERROR) for errors in (curve.one_sided, curve.central)
            )
            self.line(x, one_sided, self.ink(NEGATIVE), DASHED)
            self.line(x, central, self.ink(POSITIVE))
            self.upright(float(np.log10(h)), "h", self.ink("gray"))
        self.end()

    def axis_across(self, axis: Axis) -> Axis:
        """The axis of h, whose logarithms are drawn."""
        return log_axis(axis.low, axis.high)


def _span(y: np.ndarray) -> tuple[float, float]:
    """The range of the values, with a little room; the tangent is cut off outside it."""
    finite = y[np.isfinite(y)]
    if not finite.size:
        return -np.inf, np.inf
    low, high = float(finite.min()), float(finite.max())
    room = 0.1 * (high - low) or 1.0
    return low - room, high + room


def with_room_across(axis: Axis, columns: int, gutter: int) -> Axis:
    """A horizontal axis whose labels neither touch nor stick out.

    plotext drops labels that do not fit without saying which.

    Args:
        axis: With equally spaced ticks.
        columns: Cells of the axis.
        gutter: Cells to its left that a label may use.
    """
    longest = max(map(len, axis.labels), default=0)
    fitting = _thinned(axis, (longest + _BETWEEN_LABELS) / max(columns, 1))
    places = [(tick - axis.low) / (axis.high - axis.low) * columns for tick in fitting.ticks]
    half = longest / 2
    inside = [half - gutter <= place <= columns - half for place in places]
    return _only(fitting, inside)


def with_room_down(axis: Axis, rows: int) -> Axis:
    """A vertical axis of so many rows, with a blank line between its labels."""
    return _thinned(axis, 2 / max(rows, 1))


def _thinned(axis: Axis, least_share: float) -> Axis:
    """Every tick, or every second, or every third, ..., as far apart as is asked for."""
    if len(axis.ticks) < 2:
        return axis
    share = (axis.ticks[1] - axis.ticks[0]) / (axis.high - axis.low)
    every = max(1, -int(-least_share // share))
    return axis._replace(ticks=axis.ticks[::every], labels=axis.labels[::every])


def _only(axis: Axis, wanted: list[bool]) -> Axis:
    kept = [place for place, is_wanted in enumerate(wanted) if is_wanted]
    return axis._replace(
        ticks=[axis.ticks[place] for place in kept], labels=[axis.labels[place] for place in kept]
    )
