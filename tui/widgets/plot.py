"""Plot: plotext's picture in a widget, fed with arrays that are made safe for it first."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from rich.text import Text
from textual.app import RenderResult
from textual.color import Color
from textual_plotext import PlotextPlot

from ..render.axes import linear_axis, log_axis

FloatArray = NDArray[np.float64]

# plotext offers a braille marker with 2 x 4 dots a cell; without braille a plain character.
BRAILLE_MARKER = "braille"
ASCII_MARKER = "*"
ASCII_FRAME = str.maketrans("─│┌┐└┘├┤┬┴┼", "-|+++++++++")


class Plot(PlotextPlot):
    """A plot of lines and points.

    plotext fails on what is not finite: such points are left out, and on a logarithmic axis those
    that are not above zero.
    """

    _logarithmic = False
    _low = math.inf
    _high = -math.inf

    def begin(self, *, logarithmic: bool = False) -> None:
        """Wipes the plot.

        Args:
            logarithmic: Whether the vertical axis is.
        """
        self.plt.clear_data()
        self.plt.clear_figure()
        self._logarithmic = logarithmic
        self._low, self._high = math.inf, -math.inf

    def line(self, x: FloatArray, y: FloatArray, name: str, color: str) -> None:
        """Draws a line, in an HTML colour; of many points those that can be told apart."""
        x, y = self._drawable(x, y)
        kept = _extremes(y, max(self.size.width, 1))
        x, y = x[kept], y[kept]
        if len(x):
            self.plt.plot(
                x.tolist(), y.tolist(), label=name or None, color=_rgb(color), marker=self._marker
            )

    def scatter(self, x: FloatArray, y: FloatArray, name: str, color: str) -> None:
        """Draws points, in an HTML colour."""
        x, y = self._drawable(x, y)
        if len(x):
            self.plt.scatter(
                x.tolist(), y.tolist(), label=name or None, color=_rgb(color), marker=self._marker
            )

    def end(self, *, x_label: str = "") -> None:
        """Shows what was drawn since `begin`."""
        if self._high >= self._low:
            make_axis = log_axis if self._logarithmic else linear_axis
            axis = make_axis(self._low, self._high)
            self.plt.ylim(axis.low, axis.high)
            self.plt.yticks(axis.ticks, axis.labels)
        if x_label:
            self.plt.xlabel(x_label)
        self.refresh()

    def render(self) -> RenderResult:
        """The picture, its frame in the characters of the terminal."""
        picture = super().render()
        if self._marker == ASCII_MARKER and isinstance(picture, Text):
            picture.plain = picture.plain.translate(ASCII_FRAME)
        return picture

    def _drawable(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The points that can be drawn, in the units of the axes."""
        good = np.isfinite(x) & np.isfinite(y)
        if self._logarithmic:
            good &= y > 0.0
        x, y = x[good], y[good]
        y = np.log10(y) if self._logarithmic else y
        if len(y):
            self._low = min(self._low, float(y.min()))
            self._high = max(self._high, float(y.max()))
        return x, y

    @property
    def _marker(self) -> str:
        return ASCII_MARKER if getattr(self.app, "ascii", False) else BRAILLE_MARKER


def _extremes(y: FloatArray, groups: int) -> NDArray[np.intp]:
    """The places of the least and the greatest value in each of so many stretches, in order.

    plotext's time goes with the number of points, and a cell shows no more of them.
    """
    size = -(-len(y) // groups)
    if size <= 2:
        return np.arange(len(y))
    # The last stretch is filled up with the last value.
    stretches = np.append(y, np.full(-len(y) % size, y[-1])).reshape(-1, size)
    starts = np.arange(0, len(y), size)
    places = np.concatenate([starts + stretches.argmin(1), starts + stretches.argmax(1)])
    return np.unique(np.minimum(places, len(y) - 1))


def _rgb(color: str) -> tuple[int, int, int]:
    return Color.parse(color).rgb
