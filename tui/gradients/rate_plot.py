"""Learning rates from left to right: the loss at each, or its curve of training with each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from rich.style import Style
from textual.strip import Strip

from ...core.autograd.numerics import FloatArray
from ..drawing.axes import LARGEST
from ..drawing.braille import BRAILLE, STROKES, Area, Frame, braille_bits, traced
from ..drawing.canvas import Canvas
from ..drawing.numbers import loss_text
from ..key_words import with_keys
from ..widgets.line_view import LineView

GUTTER: Final = 9
TITLE_ROWS: Final = 2
AXIS_ROWS: Final = 2
LEAST_ROWS: Final = 3
LEAST_COLUMNS: Final = 8
# This much above the loss now is still shown: what is higher goes off the top.
HEADROOM: Final = 1.0
LEAST_SPAN: Final = 1e-12
SLOT_MARGIN: Final = 0.1
"""Of a rate's share of the width, free on each side of its curve."""


class RatePlotView(LineView):
    """A plot, or a sentence where there is none."""

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip=with_keys(
                "The training loss after one step along the gradient, at each learning rate. "
                "Left of the lowest point steps are short, far to the right they overshoot. "
                "Press f{gradients.find-rate} to train copies of the network with each "
                "learning rate."
            ),
        )
        self._curve: RateCurve | RateCurves | None = None
        self._sentence = ""

    def show(self, curve: RateCurve | RateCurves) -> None:
        self._curve = curve
        self.redraw()

    def say(self, sentence: str) -> None:
        self._curve, self._sentence = None, sentence
        self.redraw()

    def draw(self, width: int, height: int) -> list[Strip]:
        if self._curve is None:
            return self.sentence(self._sentence)
        styles = self.styles_of_rows
        inks = styles.plain, styles.positive, styles.quiet, styles.negative, styles.healthy
        styles_of_inks: dict[int, Style] = dict(zip(RateInk, inks, strict=True))
        return rate_plot(self._curve, width, height, styles_of_inks, ascii=self.ascii)


class RateInk(IntEnum):
    """The kinds of text in the plot."""

    PLAIN = 0
    CURVE = 1
    QUIET = 2
    MARK = 3
    BEST = 4


@dataclass(frozen=True)
class RateMark:
    """A learning rate that is marked, with a text above it."""

    rate: float
    text: str
    ink: RateInk


@dataclass(frozen=True, eq=False)
class RateCurve:
    """What is drawn.

    Attributes:
        rates: Growing, above 0, shape (n,).
        losses: At each of them, shape (n,); infinite where there is none.
        here: The loss now, drawn as a dotted line; nan for none.
        marks: Rates that are marked, the most important last.
    """

    rates: FloatArray
    losses: FloatArray
    here: float
    marks: Sequence[RateMark]

    def draw(self, width: int, height: int, ascii: bool) -> Canvas:
        losses, frame = self.losses, _frame(self.losses, self.here, *np.log10(self.rates[[0, -1]]))
        picture = _Picture(frame, width, height, ascii)
        picture.draw_level(self.here)
        for line, mark in enumerate(self.marks[-TITLE_ROWS:]):
            picture.draw_mark(line, math.log10(mark.rate) if mark.rate > 0.0 else -math.inf, mark)
        picture.draw_curve(np.log10(self.rates), losses, RateInk.CURVE)
        powers = range(math.ceil(frame.left - 1e-9), math.floor(frame.right + 1e-9) + 1)
        picture.draw_axes(self.here, {float(power): f"{10.0**power:g}" for power in powers})
        return picture.canvas


@dataclass(frozen=True, eq=False)
class RateCurves:
    """The loss while training goes on with each rate, side by side with one axis upwards.

    Attributes:
        curves: For each rate its steps, from 0 to 1, and losses, each of shape (points,).
        rates: Shape (n,).
        here: The loss before, drawn as a dotted line.
        marks: Rates that are marked, the most important last.
    """

    rates: Sequence[float]
    curves: Sequence[tuple[FloatArray, FloatArray]]
    here: float
    marks: Sequence[RateMark]

    def draw(self, width: int, height: int, ascii: bool) -> Canvas:
        losses = np.concatenate([losses for _, losses in self.curves])
        picture = _Picture(
            _frame(losses, self.here, 0.0, float(len(self.rates))), width, height, ascii
        )
        picture.draw_level(self.here)
        inks = dict.fromkeys(self.rates, RateInk.CURVE)
        for line, mark in enumerate(self.marks[-TITLE_ROWS:]):
            inks[mark.rate] = mark.ink
            picture.draw_mark(line, self.rates.index(mark.rate) + 0.5, mark, with_line=False)
        for place, (steps, losses) in enumerate(self.curves):
            across = place + SLOT_MARGIN + (1.0 - 2.0 * SLOT_MARGIN) * steps
            picture.draw_curve(across, losses, inks[self.rates[place]])
        ticks = {place + 0.5: f"{rate:g}" for place, rate in enumerate(self.rates)}
        picture.draw_axes(self.here, ticks)
        return picture.canvas


def _frame(losses: FloatArray, here: float, left: float, right: float) -> Frame:
    """What is shown: all rates, and losses up to some way above the present one."""
    known = np.minimum(losses[np.isfinite(losses)], LARGEST)
    low = float(known.min(initial=here if math.isfinite(here) else math.inf))
    high = float(known.max(initial=low)) if known.size else 1.0
    if math.isfinite(here):
        span = max(here - low, LEAST_SPAN, abs(here) * 0.01)
        high = min(high, here + HEADROOM * span)
    low = low if math.isfinite(low) else 0.0
    high = max(high, low + max(abs(low) * 1e-6, LEAST_SPAN))
    return Frame(left, right, low, high)


def rate_plot(
    curve: RateCurve | RateCurves,
    width: int,
    height: int,
    styles: Mapping[int, Style],
    *,
    ascii: bool = False,
) -> list[Strip]:
    """Draw a curve, or one for each rate.

    Args:
        curve: What is drawn, two rates or more.
        width: Cells across.
        height: Lines.
        styles: A style for each `RateInk`.
        ascii: Use ASCII characters alone.

    Returns:
        `height` strips; none where there is no room.
    """
    if width - GUTTER < LEAST_COLUMNS or height - TITLE_ROWS - AXIS_ROWS < LEAST_ROWS:
        return []
    canvas = curve.draw(width, height, ascii)
    return [canvas.strip(row, 0, width, styles) for row in range(height)]


class _Picture:
    """Axes, curves and marks on a canvas, one layer over the other."""

    def __init__(self, frame: Frame, width: int, height: int, ascii: bool) -> None:
        self.canvas = Canvas(height, width)
        self._frame, self._ascii = frame, ascii
        self._columns, self._rows = width - GUTTER, height - TITLE_ROWS - AXIS_ROWS
        self._area = Area(frame, GUTTER, TITLE_ROWS, self._columns, self._rows)

    def _text(self, row: int, column: int, text: str, ink: RateInk | None = None) -> None:
        """Write a text, quiet by default, a column of the picture from its left end."""
        self.canvas.text(row, GUTTER + column, text, RateInk.QUIET if ink is None else ink)

    def _start(self, column: int, text: str) -> int:
        """Where a text begins that is centered on a column, without leaving the picture."""
        return min(max(column - len(text) // 2, 0), max(self._columns - len(text), 0))

    def draw_level(self, loss: float) -> None:
        """A dotted line at a loss; none if it is not finite."""
        if math.isfinite(loss):
            self._text(TITLE_ROWS + self._area.row(loss), 0, ". " * (self._columns // 2))

    def draw_mark(self, line: int, x: float, mark: RateMark, *, with_line: bool = True) -> None:
        """A text in a line above the plot, with a line down from it."""
        column = self._area.column(x)
        if not 0 <= column < self._columns:
            return
        for row in range(line + 1, TITLE_ROWS + self._rows if with_line else TITLE_ROWS):
            self._text(row, column, ":" if self._ascii else "┊", mark.ink)
        self._text(line, self._start(column, mark.text), mark.text, mark.ink)

    def draw_curve(self, x: FloatArray, losses: FloatArray, ink: RateInk) -> None:
        """A curve through points; what is not finite is on its way there."""
        frame, columns, rows, area = self._frame, self._columns, self._rows, self._area
        # What is far above the top is drawn on its way there.
        beyond = frame.top + 2.0 * (frame.top - frame.bottom)
        losses = np.minimum(np.nan_to_num(losses, nan=beyond, posinf=beyond), beyond)
        across, up = traced(x, losses, losses, frame, area.across, area.down)
        bits = braille_bits(across, area.down - 1 - up, columns, rows)
        glyphs = STROKES[bits] if self._ascii else BRAILLE + bits.astype(np.uint32)
        part = slice(TITLE_ROWS, TITLE_ROWS + rows), slice(GUTTER, GUTTER + columns)
        self.canvas.glyphs[part] = np.where(bits > 0, glyphs, self.canvas.glyphs[part])
        self.canvas.keys[part] = np.where(bits > 0, int(ink), self.canvas.keys[part])

    def draw_axes(self, here: float, ticks: Mapping[float, str]) -> None:
        """The losses at the ends and here, and as many ticks as have room, by their x."""
        upright, level, corner, tick = "|-++" if self._ascii else "│─└┴"
        frame, bottom = self._frame, TITLE_ROWS + self._rows
        for row in range(TITLE_ROWS, bottom):
            self._text(row, -1, upright)
        self._text(bottom, -1, corner + level * self._columns)
        ends = {0: frame.top, self._rows - 1: frame.bottom}
        if math.isfinite(here):
            ends |= {self._area.row(here): here}
        for row, loss in ends.items():
            text = loss_text(loss, GUTTER - 1).strip().rjust(GUTTER - 2)
            self._text(TITLE_ROWS + row, -GUTTER, text)
        free = 0
        for x, text in ticks.items():
            column = self._area.column(x)
            if (start := self._start(column, text)) >= free:
                self._text(bottom + 1, start, text)
                self._text(bottom, column, tick)
                free = start + len(text) + 1
