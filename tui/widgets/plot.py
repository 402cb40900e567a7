"""Plot: plotext's picture in a widget, fed with arrays that are made safe for it first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from rich.text import Text
from textual.app import RenderResult
from textual.color import Color
from textual_plotext import PlotextPlot

from ..drawing.axes import Axis, epoch_axis, linear_axis, log_axis, share_axis
from ..drawing.overlay import Overlay
from ..drawing.trace import Frame, dots, traced
from .ascii import is_ascii

FloatArray = NDArray[np.float64]
Scale = Literal["linear", "logarithmic", "share"]

# plotext offers a braille marker with 2 x 4 dots a cell; without braille a plain character.
BRAILLE_MARKER = "braille"
BRAILLE_DOTS = (2, 4)
PLAIN_DOTS = (1, 1)
ASCII_FRAME = str.maketrans("─│┌┐└┘├┤┬┴┼", "-|+++++++++")
EPOCH = "epoch"
# Lines of the picture that are no canvas: the frame's two and the labels'.
_FRAME_LINES = 3
SHORT_TEXT = 12
# Up to here sums and differences of two numbers are finite.
_LARGEST = 1e300
_MAKERS = {"linear": linear_axis, "logarithmic": log_axis, "share": share_axis}
_CURSOR_STYLE = Style(bold=True)


class Stroke(NamedTuple):
    """How a line is drawn, so that lines can be told apart without their colours.

    Attributes:
        on: Columns of dots that are drawn ...
        period: ... out of so many.
        sample: What it looks like.
        plain: Its character without braille.
    """

    on: int
    period: int
    sample: str
    plain: str


SOLID = Stroke(1, 1, "━", "*")
DASHED = Stroke(4, 6, "╍", "o")
DOTTED = Stroke(1, 2, "┉", "+")
SPARSE = Stroke(1, 3, "·", ".")


class _Drawing(NamedTuple):
    """A line, a band or points, in the units of the axes."""

    x: FloatArray
    low: FloatArray
    high: FloatArray
    color: str
    name: str
    stroke: Stroke | None


class _Upright(NamedTuple):
    x: float
    color: str
    text: str


class _Symbol(NamedTuple):
    x: float
    y: float
    glyph: str
    color: str


@dataclass(frozen=True)
class _Canvas:
    """Where the canvas is in the picture, and what it shows."""

    frame: Frame
    left: int
    top: int
    columns: int
    rows: int
    dots: tuple[int, int]

    def column(self, x: float) -> int:
        """The cell of an x, from the left; beyond the canvas too."""
        n = self.columns * self.dots[0]
        at = dots(np.array([x]), self.frame.left, self.frame.right, n)
        return int(at[0]) // self.dots[0]

    def row(self, y: float) -> int:
        """The cell of a y, from the top."""
        n = self.rows * self.dots[1]
        at = dots(np.array([y]), self.frame.bottom, self.frame.top, n)
        return self.rows - 1 - int(at[0]) // self.dots[1]

    def x(self, column: int) -> float:
        """The x in the middle of a cell."""
        across = self.dots[0]
        share = (column * across + (across - 1) / 2) / max(self.columns * across - 1, 1)
        return self.frame.left + share * (self.frame.right - self.frame.left)


class Plot(PlotextPlot):
    """A plot of lines, bands and points, with signs on it.

    plotext fails on what is not finite: such points are left out, and on a logarithmic axis those
    that are not above zero. What it draws is kept, so that moving the cursor costs little.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._cursor: float | None = None
        self._picture: Text | None = None
        self._picture_of: tuple[object, ...] = ()
        self._canvas: _Canvas | None = None
        self.begin()

    # --- What is drawn -------------------------------------------------------------------------

    def begin(self, *, scale: Scale = "linear", epochs: tuple[float, float] | None = None) -> None:
        """Wipes the plot.

        Args:
            scale: The vertical axis; "share" is linear, in percent.
            epochs: The ends of the horizontal axis, which then is one of epochs; by default it
                fits what is drawn.
        """
        self._scale, self._epochs = scale, epochs
        self._drawings: list[_Drawing] = []
        self._uprights: list[_Upright] = []
        self._symbols: list[_Symbol] = []
        self._x_label = ""

    def line(
        self, x: FloatArray, y: FloatArray, name: str, color: str, stroke: Stroke = SOLID
    ) -> None:
        """Draws a line, in an HTML colour, through points whose x ascend."""
        self.band(x, y, y, name, color, stroke)

    def band(
        self,
        x: FloatArray,
        low: FloatArray,
        high: FloatArray,
        name: str,
        color: str,
        stroke: Stroke = SOLID,
    ) -> None:
        """Draws all from the least to the greatest value at each x, which ascend."""
        low, high = self._in_units(low), self._in_units(high)
        self._drawings.append(_Drawing(x, low, high, color, name, stroke))

    def scatter(self, x: FloatArray, y: FloatArray, name: str, color: str) -> None:
        """Draws points, in an HTML colour."""
        y = self._in_units(y)
        good = np.isfinite(x) & np.isfinite(y)
        self._drawings.append(_Drawing(x[good], y[good], y[good], color, name, None))

    def upright(self, x: float, text: str, color: str) -> None:
        """Draws a dotted vertical line with a text beside it, where it hides nothing."""
        self._uprights.append(_Upright(x, color, text))

    def symbol(self, x: float, y: float, glyph: str, color: str) -> None:
        """Puts one character on a point."""
        self._symbols.append(_Symbol(x, float(self._in_units(np.array([y]))[0]), glyph, color))

    def end(self, *, x_label: str = "") -> None:
        """Shows what was drawn since `begin`."""
        self._x_label = x_label
        self._picture = None
        self.refresh()

    @property
    def cursor(self) -> float | None:
        """The x at which a line stands; None for no line."""
        return self._cursor

    @cursor.setter
    def cursor(self, x: float | None) -> None:
        if x != self._cursor:
            self._cursor = x
            self.refresh()

    # --- Where things are ----------------------------------------------------------------------

    @property
    def columns(self) -> int:
        """Cells of the canvas across; 1 before the first picture."""
        return max(self._canvas.columns, 1) if self._canvas is not None else 1

    def x_at(self, column: int) -> float | None:
        """The x in the middle of a column of the widget; None beside the canvas."""
        canvas = self._canvas
        if canvas is None or not canvas.left <= column < canvas.left + canvas.columns:
            return None
        return canvas.x(column - canvas.left)

    # --- The picture ---------------------------------------------------------------------------

    def render(self) -> RenderResult:
        wanted = (self.size, self.app.theme, self.is_ascii)
        if self._picture is None or self._picture_of != wanted:
            self._picture, self._picture_of = self._build(), wanted
        canvas = self._canvas
        if canvas is None:
            return self._picture
        overlay = Overlay(self._picture)
        self._draw_uprights(overlay, canvas)
        self._draw_symbols(overlay, canvas)
        self._draw_cursor(overlay, canvas)
        if self._epochs is not None and canvas.left > len(EPOCH):
            overlay.put(self.size.height - 1, canvas.left - 1 - len(EPOCH), EPOCH, Style.null())
        return overlay.text()

    def _build(self) -> Text:
        """What plotext draws, which takes long; notes where its canvas is."""
        self._canvas = None
        self.plt.clear_data()
        self.plt.clear_figure()
        x_axis, y_axis = self._axes()
        gutter = max(map(len, y_axis.labels), default=0)
        columns = self.size.width - gutter - 2
        rows = self.size.height - _FRAME_LINES - bool(self._x_label)
        if columns < 2 or rows < 2:
            return Text("")
        if self._epochs is not None:
            x_axis = epoch_axis(*self._epochs, columns)
        frame = Frame(x_axis.low, x_axis.high, y_axis.low, y_axis.high)
        across = PLAIN_DOTS if self.is_ascii else BRAILLE_DOTS
        self._canvas = _Canvas(frame, gutter + 1, 1, columns, rows, across)
        self._label(x_axis, y_axis)
        for drawing in self._drawings:
            self._hand_over(drawing, self._canvas)
        picture = super().render()
        assert isinstance(picture, Text)
        if self.is_ascii:
            picture.plain = picture.plain.translate(ASCII_FRAME)
        return picture

    def _axes(self) -> tuple[Axis, Axis]:
        """The axes that fit what is to be seen."""
        drawn = [d for d in self._drawings if len(d.x)]
        if self._epochs is not None:
            left, right = self._epochs
        else:
            left = min((float(d.x.min()) for d in drawn), default=0.0)
            right = max((float(d.x.max()) for d in drawn), default=1.0)
        values = [v[(d.x >= left) & (d.x <= right)] for d in drawn for v in (d.low, d.high)]
        seen = np.concatenate(values) if values else np.zeros(0)
        seen = seen[np.isfinite(seen)]
        if not seen.size:
            return linear_axis(left, right), Axis(0.0, 1.0, [], [" " * len(EPOCH)])
        make_axis = _MAKERS[self._scale]
        y_axis = make_axis(float(seen.min()), float(seen.max()))
        if self._epochs is not None:
            # The name of the other axis stands below the labels.
            y_axis = y_axis._replace(labels=[f"{label:>{len(EPOCH)}}" for label in y_axis.labels])
        return linear_axis(left, right), y_axis

    def _label(self, x_axis: Axis, y_axis: Axis) -> None:
        # All in shares of the axes: plotext loses itself in numbers that are huge or tiny.
        self.plt.xlim(0.0, 1.0)
        self.plt.ylim(0.0, 1.0)
        self.plt.xticks(_shares(x_axis), x_axis.labels)
        self.plt.yticks(_shares(y_axis), y_axis.labels)
        if self._x_label:
            self.plt.xlabel(self._x_label)
        # It draws the axes only of what has points.
        self.plt.scatter([0.0], [0.0], marker=" ")

    def _hand_over(self, drawing: _Drawing, canvas: _Canvas) -> None:
        """Gives plotext the dots of one drawing."""
        across, down = canvas.columns * canvas.dots[0], canvas.rows * canvas.dots[1]
        frame, stroke = canvas.frame, drawing.stroke
        if stroke is None:
            columns = dots(drawing.x, frame.left, frame.right, across)
            rows = dots(drawing.low, frame.bottom, frame.top, down)
        else:
            columns, rows = traced(drawing.x, drawing.low, drawing.high, frame, across, down)
            if not self.is_ascii:
                on = columns % stroke.period < stroke.on
                columns, rows = columns[on], rows[on]
        if not len(columns):
            return
        plain = (stroke or SOLID).plain
        self.plt.scatter(
            (columns / (across - 1)).tolist(),
            (rows / (down - 1)).tolist(),
            label=drawing.name or None,
            color=Color.parse(drawing.color).rgb,
            marker=plain if self.is_ascii else BRAILLE_MARKER,
        )

    # --- The signs -----------------------------------------------------------------------------

    def _draw_uprights(self, overlay: Overlay, canvas: _Canvas) -> None:
        glyph = ":" if self.is_ascii else "┊"
        # The last one first, so that its text finds room.
        for upright in reversed(self._uprights):
            column = canvas.column(upright.x)
            if 0 <= column < canvas.columns:
                style = _style(upright.color)
                for row in range(canvas.top, canvas.top + canvas.rows):
                    overlay.put_on_blanks(row, canvas.left + column, glyph, style)
                self._write_beside(overlay, canvas, column, upright.text, style)

    def _write_beside(
        self, overlay: Overlay, canvas: _Canvas, column: int, text: str, style: Style
    ) -> None:
        """Writes a text beside a column, on the lowest line where there is room for it."""
        for words in (text, shortened(text, SHORT_TEXT, ascii=self.is_ascii)):
            padded = f" {words} "
            cells = len(padded)
            for start in (column + 1, column - cells):
                if not words or start < 0 or start + cells > canvas.columns:
                    continue
                for row in reversed(range(canvas.top, canvas.top + canvas.rows)):
                    if overlay.is_blank(row, canvas.left + start, cells):
                        overlay.put(row, canvas.left + start + 1, words, style)
                        return

    def _draw_symbols(self, overlay: Overlay, canvas: _Canvas) -> None:
        for symbol in self._symbols:
            if not np.isfinite(symbol.y):
                continue
            column, row = canvas.column(symbol.x), canvas.row(symbol.y)
            if 0 <= column < canvas.columns and 0 <= row < canvas.rows:
                style = _style(symbol.color)
                overlay.put(canvas.top + row, canvas.left + column, symbol.glyph, style)

    def _draw_cursor(self, overlay: Overlay, canvas: _Canvas) -> None:
        if (
            self._cursor is None
            or not 0 <= (column := canvas.column(self._cursor)) < canvas.columns
        ):
            return
        glyph = "|" if self.is_ascii else "│"
        for row in range(canvas.top, canvas.top + canvas.rows):
            overlay.put_on_blanks(row, canvas.left + column, glyph, _CURSOR_STYLE)

    def _in_units(self, y: FloatArray) -> FloatArray:
        """Values in the units of the vertical axis; nan where there is no place for them."""
        y = np.clip(np.where(np.isfinite(y), y, np.nan), -_LARGEST, _LARGEST)
        if self._scale != "logarithmic":
            return y
        return np.log10(np.where(y > 0.0, y, np.nan))

    @property
    def is_ascii(self) -> bool:
        """Whether it is drawn without braille and lines."""
        return is_ascii(self)


def shortened(text: str, cells: int, *, ascii: bool) -> str:
    """A text of so many cells at the most, with a sign where something is missing."""
    sign = ".." if ascii else "…"
    return text if len(text) <= cells else text[: cells - len(sign)].rstrip() + sign


def _shares(axis: Axis) -> list[float]:
    """The places of the ticks, from 0 to 1."""
    return [(tick - axis.low) / (axis.high - axis.low) for tick in axis.ticks]


@lru_cache(maxsize=64)
def _style(color: str) -> Style:
    return Style(color=Color.parse(color).rich_color)
