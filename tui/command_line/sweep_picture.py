"""A sweep as a picture: a curve over one axis, a heat map over two."""

from __future__ import annotations

import math
from itertools import groupby
from typing import Final

import numpy as np
from rich.text import Text

from ...core.sweep.axis import Axis
from ...core.sweep.summary import Summary
from ...core.sweep.sweep import Sweep
from ...datasets import FloatArray
from ..drawing.axes import linear_axis, log_axis
from ..drawing.numbers import loss_text
from ..wall.grid import digits_of, short_value

MIN_WIDTH, MAX_WIDTH = 40, 100
HEIGHT: Final = 16
# Without colour: from the best to the worst.
RAMP: Final = "@%#*+=-:."
DIVERGED: Final = "x"
MISSING: Final = " "


def picture(sweep: Sweep, summary: Summary, *, width: int, colour: bool, ascii: bool) -> Text:
    """The median of each place of the first axis, or of the first two.

    Args:
        sweep: What varies.
        summary: What came out.
        width: Available characters.
        colour: Whether to use 24-bit colour, or characters alone.
        ascii: Whether to use plain characters alone.

    Returns:
        Lines; empty if no run came to a number.
    """
    medians = summary.medians()
    if not np.isfinite(medians).any():
        return Text()
    if len(sweep.axes) == 1 and sweep.axes[0].field.is_number:
        return _curve(sweep.axes[0], summary, medians[0], width=width, colour=colour, ascii=ascii)
    return _map(sweep, summary, medians, width=width, colour=colour)


# --- One axis ------------------------------------------------------------------------------------


def _curve(
    axis: Axis, summary: Summary, medians: FloatArray, *, width: int, colour: bool, ascii: bool
) -> Text:
    # Here, because only a picture needs it.
    import plotext

    from ..drawing.plotext_figure import ASCII_FRAME, BRAILLE, new_figure

    measure = summary.measure
    x = np.array([axis.values[place] for place in summary.places(0)], dtype=np.float64)
    fits = np.isfinite(medians) & ((medians > 0.0) | (not measure.is_log))
    if not fits.any():
        return Text()
    # Axes with logarithms are given those.
    x = np.log10(x) if axis.is_log else x
    y = np.log10(medians[fits]) if measure.is_log else medians[fits]
    across = (log_axis if axis.is_log else linear_axis)(float(x[0]), float(x[-1]))
    up = (log_axis if measure.is_log else linear_axis)(float(y.min()), float(y.max()))
    figure = new_figure(max(MIN_WIDTH, min(width, MAX_WIDTH)), HEIGHT)
    marker = BRAILLE if colour and not ascii else "*"
    figure.plot(x[fits].tolist(), y.tolist(), color="blue+", marker=marker)
    figure.xlim(across.low, across.high)
    figure.xticks(across.ticks, across.labels)
    figure.ylim(up.low, up.high)
    figure.yticks(up.ticks, up.labels)
    figure.title(f"median {measure.title}")
    figure.xlabel(axis.name)
    text = str(figure.build())
    if not colour:
        lines = plotext.uncolorize(text).splitlines()
        text = "\n".join(line.rstrip() for line in lines)
    return Text.from_ansi(text.translate(ASCII_FRAME) if ascii else text)


# --- Two axes ------------------------------------------------------------------------------------


def _map(sweep: Sweep, summary: Summary, medians: FloatArray, *, width: int, colour: bool) -> Text:
    across = sweep.axes[0] if sweep.axes else None
    down = sweep.axes[1] if len(sweep.axes) > 1 else None
    labels = [] if down is None else [_name(down, place) for place in summary.places(1)]
    margin = max((len(label) for label in labels), default=0) + 1
    cells = max(1, min(4, (min(width, MAX_WIDTH) - margin) // medians.shape[1]))
    scale = _Scale(summary, medians, colour=colour)
    lines = [Text(f"median {summary.measure.title}{f', {down.name} down' if down else ''}")]
    for row, values in reversed([*enumerate(medians)]):
        line = Text(f"{labels[row] if labels else '':>{margin - 1}} ")
        for (text, style), same in groupby(map(scale.cell, values.tolist())):
            line.append(text * (cells * len([*same])), style)
        lines.append(line)
    if across is not None:
        lines.append(_names_across(across, summary, cells, margin))
    lines.append(scale.legend())
    return Text("\n").join(lines)


def _names_across(axis: Axis, summary: Summary, cells: int, margin: int) -> Text:
    """The values under the columns, as many as have room, and the name of their axis."""
    line = " " * margin
    for column, place in enumerate(summary.places(0)):
        start, name = margin + column * cells, _name(axis, place)
        if start >= len(line) + (column > 0):
            line = f"{line:<{start}}{name}"
    return Text(f"{line}  {axis.name}")


class _Scale:
    """From numbers to cells."""

    def __init__(self, summary: Summary, medians: FloatArray, *, colour: bool) -> None:
        self._measure = summary.measure
        shown = medians[np.isfinite(medians)]
        self._has_diverged = bool(np.isinf(medians).any())
        self._is_log = self._measure.is_log and bool((shown > 0.0).all())
        self._low, self._high = float(shown.min()), float(shown.max())
        self._colours: list[str] = []
        if colour:
            from textual.color import Color

            from ..drawing.palette import diverging

            self._colours = [color.hex for color in diverging(Color(32, 32, 32))]

    def cell(self, value: float) -> tuple[str, str]:
        """The character and the style of a number."""
        if math.isnan(value):
            return MISSING, ""
        if math.isinf(value):
            return DIVERGED, ""
        share = self._share(value)
        if self._colours:
            # The best is blue.
            place = round((1.0 - share) * (len(self._colours) - 1))
            return " ", f"on {self._colours[place]}"
        return RAMP[round(share * (len(RAMP) - 1))], ""

    def _share(self, value: float) -> float:
        """0 for the best, 1 for the worst."""
        low, high = self._low, self._high
        if self._is_log:
            low, high, value = math.log(low), math.log(high), math.log(value)
        share = (value - low) / (high - low) if high > low else 0.0
        return 1.0 - share if self._measure.is_higher_better else share

    def legend(self) -> Text:
        """The best and the worst, and what has diverged."""
        ends = [self._low, self._high]
        best, worst = reversed(ends) if self._measure.is_higher_better else ends
        line = Text()
        for value, word in ((best, "best"), (worst, "worst")):
            text, style = self.cell(value)
            line.append(text * 2, style)
            line.append(f" {word} {loss_text(value).strip()}  ")
        return line.append(f"{DIVERGED} diverged or failed") if self._has_diverged else line


def _name(axis: Axis, place: int) -> str:
    """A value of an axis, in as many digits as tell it from the others."""
    return short_value(axis.values[place], digits_of(axis.values))
