"""The loss over learning rates, on a logarithmic axis, with the rates that matter marked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.strip import Strip

from ..drawing.braille import BRAILLE, DOTS_ACROSS, DOTS_DOWN, STROKES
from ..drawing.canvas import Canvas
from ..drawing.numbers import loss_text
from ..drawing.trace import Frame, dots, traced
from ..widgets.line_view import LineView


class RatePlotView(LineView):
    """A plot, or a sentence where there is none."""

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="The training loss after one step along the gradient, for every learning rate: "
            "left of the lowest point a step is short, far right of it the loss goes up. "
            "Press f to find a rate that lasts.",
        )
        self._curve: RateCurve | None = None
        self._sentence = ""

    def show(self, curve: RateCurve) -> None:
        """Shows a curve."""
        self._curve = curve
        self.redraw()

    def say(self, sentence: str) -> None:
        """Shows a sentence instead."""
        self._curve, self._sentence = None, sentence
        self.redraw()

    def draw(self, width: int, height: int) -> list[Strip]:
        """See `LineView`."""
        if self._curve is None:
            return self.sentence(self._sentence)
        styles = self.styles_of_rows
        inks: dict[int, Style] = {
            RateInk.PLAIN: styles.plain,
            RateInk.CURVE: styles.positive,
            RateInk.QUIET: styles.quiet,
            RateInk.MARK: styles.negative,
            RateInk.BEST: styles.healthy,
        }
        return rate_plot(self._curve, width, height, inks, ascii=self.ascii)


FloatArray = NDArray[np.float64]

GUTTER: Final = 9
TITLE_ROWS: Final = 2
AXIS_ROWS: Final = 2
LEAST_ROWS: Final = 3
# So much higher than the loss now is still seen: what is above goes off the top.
HEADROOM: Final = 1.0
LEAST_SPAN: Final = 1e-12
# The bit of each dot, by row from the top and column (Unicode, Braille Patterns).
_BITS: Final = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint8)


class RateInk(IntEnum):
    """The kinds of text in the plot."""

    PLAIN = 0
    CURVE = 1
    QUIET = 2
    MARK = 3
    BEST = 4


@dataclass(frozen=True)
class RateMark:
    """A learning rate that is pointed out.

    Attributes:
        rate: It.
        text: What is written above it.
        ink: How.
    """

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
        marks: Rates that are pointed out, the most important last.
    """

    rates: FloatArray
    losses: FloatArray
    here: float
    marks: Sequence[RateMark]

    def frame(self) -> Frame:
        """What is seen of it: all rates, and losses up to some way above that of now."""
        known = self.losses[np.isfinite(self.losses)]
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
    """Draw it.

    Args:
        curve: What is drawn, two rates or more.
        width: Cells across.
        height: Lines.
        styles: A style for each `RateInk`.
        ascii: Use ASCII characters alone.

    Returns:
        `height` strips; none where there is no room.
    """
    columns, rows = width - GUTTER, height - TITLE_ROWS - AXIS_ROWS
    if columns < 8 or rows < LEAST_ROWS:
        return []
    canvas, frame = Canvas(height, width), curve.frame()
    _draw_here(canvas, curve, frame, columns, rows)
    _draw_marks(canvas, curve, frame, columns, rows, ascii)
    _draw_curve(canvas, curve, frame, columns, rows, ascii)
    _draw_axes(canvas, curve, frame, columns, rows, ascii)
    return [canvas.strip(row, 0, width, styles) for row in range(height)]


def _column(rate: float, frame: Frame, columns: int) -> int:
    """The cell of a rate, from the left of the picture."""
    n = columns * DOTS_ACROSS
    return int(dots(np.array([math.log10(rate)]), frame.left, frame.right, n)[0]) // DOTS_ACROSS


def _row(loss: float, frame: Frame, rows: int) -> int:
    """The line of a loss, from the top of the picture."""
    n = rows * DOTS_DOWN
    return rows - 1 - int(dots(np.array([loss]), frame.bottom, frame.top, n)[0]) // DOTS_DOWN


def _draw_here(canvas: Canvas, curve: RateCurve, frame: Frame, columns: int, rows: int) -> None:
    if math.isfinite(curve.here):
        row = TITLE_ROWS + _row(curve.here, frame, rows)
        canvas.text(row, GUTTER, ". " * (columns // 2), RateInk.QUIET)


def _draw_marks(
    canvas: Canvas, curve: RateCurve, frame: Frame, columns: int, rows: int, ascii: bool
) -> None:
    for line, mark in enumerate(curve.marks[-TITLE_ROWS:]):
        column = _column(mark.rate, frame, columns)
        if not 0 <= column < columns:
            continue
        for row in range(line + 1, TITLE_ROWS + rows):
            canvas.text(row, GUTTER + column, ":" if ascii else "┊", mark.ink)
        start = min(max(column - len(mark.text) // 2, 0), max(columns - len(mark.text), 0))
        canvas.text(line, GUTTER + start, mark.text, mark.ink)


def _draw_curve(
    canvas: Canvas, curve: RateCurve, frame: Frame, columns: int, rows: int, ascii: bool
) -> None:
    # What is far above the top is drawn on its way there.
    beyond = frame.top + 2.0 * (frame.top - frame.bottom)
    losses = np.minimum(np.nan_to_num(curve.losses, nan=beyond, posinf=beyond), beyond)
    across, down = traced(
        np.log10(curve.rates), losses, losses, frame, columns * DOTS_ACROSS, rows * DOTS_DOWN
    )
    down = rows * DOTS_DOWN - 1 - down
    bits = np.zeros((rows, columns), dtype=np.uint8)
    cells = down // DOTS_DOWN, across // DOTS_ACROSS
    np.bitwise_or.at(bits, cells, _BITS[down % DOTS_DOWN, across % DOTS_ACROSS])
    glyphs = STROKES[bits] if ascii else BRAILLE + bits.astype(np.uint32)
    part = slice(TITLE_ROWS, TITLE_ROWS + rows), slice(GUTTER, GUTTER + columns)
    canvas.glyphs[part] = np.where(bits > 0, glyphs, canvas.glyphs[part])
    canvas.keys[part] = np.where(bits > 0, int(RateInk.CURVE), canvas.keys[part])


def _draw_axes(
    canvas: Canvas, curve: RateCurve, frame: Frame, columns: int, rows: int, ascii: bool
) -> None:
    upright, level = ("|", "-") if ascii else ("│", "─")
    bottom = TITLE_ROWS + rows
    for row in range(TITLE_ROWS, bottom):
        canvas.text(row, GUTTER - 1, upright, RateInk.QUIET)
    canvas.text(bottom, GUTTER - 1, ("+" if ascii else "└") + level * columns, RateInk.QUIET)
    ends = {0: frame.top, rows - 1: frame.bottom}
    if math.isfinite(curve.here):
        ends |= {_row(curve.here, frame, rows): curve.here}
    for row, loss in ends.items():
        text = loss_text(loss, GUTTER - 1).strip().rjust(GUTTER - 2)
        canvas.text(TITLE_ROWS + row, 0, text, RateInk.QUIET)
    free = 0
    for power in range(math.ceil(frame.left - 1e-9), math.floor(frame.right + 1e-9) + 1):
        text = f"{10.0**power:g}"
        column = _column(10.0**power, frame, columns)
        start = min(max(column - len(text) // 2, 0), columns - len(text))
        if start >= free:
            canvas.text(bottom + 1, GUTTER + start, text, RateInk.QUIET)
            canvas.text(bottom, GUTTER + column, "+" if ascii else "┴", RateInk.QUIET)
            free = start + len(text) + 1
