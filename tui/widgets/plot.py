"""Plot: plotext's picture in a widget, fed with arrays that are made safe for it first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.text import Text
from textual.app import RenderResult
from textual.color import Color
from textual_plotext import PlotextPlot

FloatArray = NDArray[np.float64]

# plotext offers a braille marker with 2 x 4 dots a cell; without braille a plain character.
BRAILLE_MARKER = "braille"
ASCII_MARKER = "*"
ASCII_FRAME = str.maketrans("─│┌┐└┘├┤┬┴┼", "-|+++++++++")


class Plot(PlotextPlot):
    """A plot of lines and points.

    plotext fails on what is not finite, and on a logarithmic axis on what is not above zero:
    such points are left out.
    """

    _logarithmic = False
    _has_data = False

    def begin(self, *, logarithmic: bool = False) -> None:
        """Wipes the plot.

        Args:
            logarithmic: Whether the vertical axis is.
        """
        self.plt.clear_data()
        self.plt.clear_figure()
        self._logarithmic = logarithmic
        self._has_data = False

    def line(self, x: FloatArray, y: FloatArray, name: str, color: str) -> None:
        """Draws a line, in an HTML colour."""
        x, y = self._drawable(x, y)
        if len(x):
            self._has_data = True
            self.plt.plot(
                x.tolist(), y.tolist(), label=name or None, color=_rgb(color), marker=self._marker
            )

    def scatter(self, x: FloatArray, y: FloatArray, name: str, color: str) -> None:
        """Draws points, in an HTML colour."""
        x, y = self._drawable(x, y)
        if len(x):
            self._has_data = True
            self.plt.scatter(
                x.tolist(), y.tolist(), label=name or None, color=_rgb(color), marker=self._marker
            )

    def end(self, *, x_label: str = "") -> None:
        """Shows what was drawn since `begin`."""
        if self._logarithmic and self._has_data:
            self.plt.yscale("log")
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
        good = np.isfinite(x) & np.isfinite(y)
        if self._logarithmic:
            good &= y > 0.0
        return x[good], y[good]

    @property
    def _marker(self) -> str:
        return ASCII_MARKER if getattr(self.app, "ascii", False) else BRAILLE_MARKER


def _rgb(color: str) -> tuple[int, int, int]:
    return Color.parse(color).rgb
