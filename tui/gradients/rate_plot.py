"""The loss over learning rates, on a logarithmic axis, with the rates that matter marked."""

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


class RatePlotView(LineView):
    """A plot, or a sentence where there is none."""

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip=with_keys(
                "The training loss after one step along the gradient, at each learning rate. "
                "Left of the lowest point steps are short, far to the right they overshoot. "
                "Press f{gradients.find-rate} to find a learning rate that works for many "
                "steps."
            ),
        )
        self._curve: RateCurve | None = None
        self._sentence = ""

    def show(self, curve: RateCurve) -> None:
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

    def frame(self) -> Frame:
        """What is shown: all rates, and losses up to some way above the present one."""
        known = np.minimum(self.losses[np.isfinite(self.losses)], LARGEST)
        low = float(known.min(initial=self.here if math.isfinite(self.here) else math.inf))
        high = float(known.max(initial=low)) if known.size else 1.0
        if math.isfinite(self.here):
            span = max(self.here - low, LEAST_SPAN, abs(self.here) * 0.01)
            high = min(high, self.here + HEADROOM * span)
        low = low if math.isfinite(low) else 0.0
        high = max(high, low + max(abs(low) * 1e-6, LEAST_SPAN))
        return Frame(math.log10(self.rates[0]), math.log10(self.rates[-1]), low, high)


def rate_plot(
    curve: RateCurve, width: int, height: int, styles: Mapping[int, Style], *, ascii: bool = False
) -> list[Strip]:
    """Draw a curve.

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
    canvas = _Drawing(curve, width, height, ascii).canvas
    return [canvas.strip(row, 0, width, styles) for row in range(height)]


class _Drawing:
    """A curve on a canvas, one layer over the other."""

    def __init__(self, curve: RateCurve, width: int, height: int, ascii: bool) -> None:
        self.canvas = Canvas(height, width)
        self._curve, self._frame, self._ascii = curve, curve.frame(), ascii
        self._columns, self._rows = width - GUTTER, height - TITLE_ROWS - AXIS_ROWS
        self._area = Area(self._frame, GUTTER, TITLE_ROWS, self._columns, self._rows)
        if math.isfinite(curve.here):
            row = TITLE_ROWS + self._area.row(curve.here)
            self._text(row, 0, ". " * (self._columns // 2))
        self._draw_marks()
        self._draw_curve()
        self._draw_axes()

    def _text(self, row: int, column: int, text: str, ink: RateInk | None = None) -> None:
        """Write a text, quiet by default, a column of the picture from its left end."""
        self.canvas.text(row, GUTTER + column, text, RateInk.QUIET if ink is None else ink)

    def _column(self, rate: float) -> int:
        """The cell of a rate, from the left of the picture; 0 is left of all of them."""
        return self._area.column(math.log10(rate) if rate > 0.0 else -math.inf)

    def _start(self, column: int, text: str) -> int:
        """Where a text begins that is centered on a column, without leaving the picture."""
        return min(max(column - len(text) // 2, 0), max(self._columns - len(text), 0))

    def _draw_marks(self) -> None:
        for line, mark in enumerate(self._curve.marks[-TITLE_ROWS:]):
            column = self._column(mark.rate)
            if not 0 <= column < self._columns:
                continue
            for row in range(line + 1, TITLE_ROWS + self._rows):
                self._text(row, column, ":" if self._ascii else "┊", mark.ink)
            self._text(line, self._start(column, mark.text), mark.text, mark.ink)

    def _draw_curve(self) -> None:
        frame, columns, rows = self._frame, self._columns, self._rows
        # What is far above the top is drawn on its way there.
        beyond = frame.top + 2.0 * (frame.top - frame.bottom)
        losses = np.nan_to_num(self._curve.losses, nan=beyond, posinf=beyond)
        losses = np.minimum(losses, beyond)
        area, rates = self._area, np.log10(self._curve.rates)
        across, up = traced(rates, losses, losses, frame, area.across, area.down)
        bits = braille_bits(across, area.down - 1 - up, columns, rows)
        glyphs = STROKES[bits] if self._ascii else BRAILLE + bits.astype(np.uint32)
        part = slice(TITLE_ROWS, TITLE_ROWS + rows), slice(GUTTER, GUTTER + columns)
        self.canvas.glyphs[part] = np.where(bits > 0, glyphs, self.canvas.glyphs[part])
        self.canvas.keys[part] = np.where(bits > 0, int(RateInk.CURVE), self.canvas.keys[part])

    def _draw_axes(self) -> None:
        upright, level, corner, tick = "|-++" if self._ascii else "│─└┴"
        frame, here, bottom = self._frame, self._curve.here, TITLE_ROWS + self._rows
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
        for power in range(math.ceil(frame.left - 1e-9), math.floor(frame.right + 1e-9) + 1):
            text, column = f"{10.0**power:g}", self._column(10.0**power)
            if (start := self._start(column, text)) >= free:
                self._text(bottom + 1, start, text)
                self._text(bottom, column, tick)
                free = start + len(text) + 1
