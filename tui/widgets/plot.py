"""Plot: lines and bands over an axis, drawn by plotext, with signs on them that hide nothing."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from ...core.autograd.numerics import FloatArray
from ..drawing.axes import (
    LARGEST,
    Axis,
    epoch_axis,
    linear_axis,
    log_axis,
    share_axis,
    with_zero,
)
from ..drawing.braille import (
    BRAILLE,
    DOTS_ACROSS,
    DOTS_DOWN,
    Area,
    Frame,
    IntArray,
    braille_bits,
    traced,
)
from ..drawing.canvas import BLANK, Canvas
from ..drawing.plotext_figure import ASCII_FRAME, build_cells, new_figure
from .basics import is_ascii
from .drawn import DrawnWidget

Scale = Literal["linear", "logarithmic", "share"]

EPOCH = "epoch"
# Lines of the picture outside the plotting area: the frame's two and the labels'.
FRAME_LINES = 3
LEAST_FRAMED = 8
"""With fewer lines a plot is a strip: its vertical axis and the curves."""
_MAKERS = {"linear": linear_axis, "logarithmic": log_axis, "share": share_axis}
# Keys of styles on the canvas; all others are colours, see `_key`. Blanks have their own style:
# programs that draw an exported SVG tend to move a text that begins with blanks.
_BLANK, _PLAIN, _BOLD, _FIRST_COLOR = range(4)


class Stroke(NamedTuple):
    """How a line is drawn, so that lines differ even without colours.

    Attributes:
        on: How many columns of dots are drawn ...
        period: ... out of this many.
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


def strokes_legend(names: Mapping[str, Stroke], *, ascii: bool) -> str:
    """What each stroke of a plot is: `━ train, ╍ test`."""
    return ", ".join(
        f"{stroke.plain if ascii else stroke.sample} {name}" for name, stroke in names.items()
    )


class _Band(NamedTuple):
    """A line or a band, in the units of the axes."""

    x: FloatArray
    low: FloatArray
    high: FloatArray
    color: str
    stroke: Stroke


class _Sign(NamedTuple):
    """One character at a point; without a y a text beside an upright line."""

    x: float
    y: float | None
    text: str
    color: str


class Plot(DrawnWidget):
    """A plot of lines and bands, with signs on it.

    Values that are not finite are left out, and on a logarithmic axis those below zero; zero is at
    its lower end. plotext's picture is kept, so that moving the cursor costs little.
    """

    DEFAULT_CSS = """
    Plot {
        width: 1fr;
        height: 1fr;
        background: $surface;
        color: $foreground;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._cursor: float | None = None
        self._area: Area | None = None
        self._picture: Canvas | None = None
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
        self._bands: list[_Band] = []
        self._signs: list[_Sign] = []

    def line(self, x: FloatArray, y: FloatArray, color: str, stroke: Stroke = SOLID) -> None:
        """Draws a line, in an HTML colour, through points whose x ascend."""
        self.band(x, y, y, color, stroke)

    def band(
        self, x: FloatArray, low: FloatArray, high: FloatArray, color: str, stroke: Stroke = SOLID
    ) -> None:
        """Draws all from the least to the greatest value at each x, which ascend."""
        self._bands.append(_Band(x, self._in_units(low), self._in_units(high), color, stroke))

    def upright(self, x: float, text: str, color: str) -> None:
        """Draws a dotted vertical line with a text beside it, without hiding anything."""
        self._signs.append(_Sign(x, None, text, color))

    def symbol(self, x: float, y: float, glyph: str, color: str) -> None:
        """Puts one character on a point."""
        y = float(self._in_units(np.array([y]))[0])
        self._signs.append(_Sign(x, y, glyph, color))

    def end(self) -> None:
        """Shows what was drawn since `begin`."""
        self._picture = None
        self.redraw()

    @property
    def cursor(self) -> float | None:
        """The x of the cursor, a vertical line; None for no cursor."""
        return self._cursor

    @cursor.setter
    def cursor(self, x: float | None) -> None:
        if x != self._cursor:
            self._cursor = x
            self.redraw()

    # --- Where things are ----------------------------------------------------------------------

    @property
    def columns(self) -> int:
        """Cells of the plotting area across; 1 before the first picture."""
        return max(self._area.columns, 1) if self._area is not None else 1

    def x_at(self, column: int) -> float | None:
        """The x in the middle of a column of the widget; None beside the plotting area."""
        area = self._area
        if area is None or not area.left <= column < area.left + area.columns:
            return None
        return area.x(column - area.left)

    @property
    def is_ascii(self) -> bool:
        return is_ascii(self)

    # --- The picture ---------------------------------------------------------------------------

    def on_resize(self) -> None:
        # Drawing it again is left to the base class.
        self._picture = None

    def draw(self) -> list[Strip]:
        if self._picture is None:
            self._picture = self._build()
        canvas, area = copy.deepcopy(self._picture), self._area
        rows, columns = canvas.glyphs.shape
        if area is not None:
            self._draw_signs(canvas, area)
            if self._cursor is not None and 0 <= area.column(self._cursor) < area.columns:
                glyph = "|" if self.is_ascii else "│"
                _put_upright(canvas, area, area.column(self._cursor), glyph, _BOLD)
            if self._epochs is not None and area.top and area.left > len(EPOCH):
                canvas.text(rows - 1, area.left - 1 - len(EPOCH), EPOCH, _PLAIN)
        styles = _Styles(self.rich_style)
        return [canvas.strip(row, 0, columns, styles) for row in range(rows)]

    def _build(self) -> Canvas:
        """The picture without signs; notes where the plotting area is."""
        self._area = None
        x_axis, y_axis = self._axes()
        gutter = max(map(len, y_axis.labels), default=0)
        columns = self.size.width - gutter - (1 if self._is_strip else 2)
        rows = self._rows
        if columns < 2 or rows < 2:
            return Canvas(0, 0)
        if self._epochs is not None:
            x_axis = epoch_axis(*self._epochs, columns)
        frame = Frame(x_axis.low, x_axis.high, y_axis.low, y_axis.high)
        dots_of_cell = (1, 1) if self.is_ascii else (DOTS_ACROSS, DOTS_DOWN)
        top = 0 if self._is_strip else 1
        self._area = area = Area(frame, gutter + 1, top, columns, rows, dots_of_cell)
        return self._strip(area, y_axis) if self._is_strip else self._framed(area, x_axis, y_axis)

    @property
    def _is_strip(self) -> bool:
        """Whether there is no room for a frame."""
        return self.size.height < LEAST_FRAMED

    @property
    def _rows(self) -> int:
        """Cells of the plotting area from top to bottom."""
        return self.size.height - (0 if self._is_strip else FRAME_LINES)

    def _strip(self, area: Area, y_axis: Axis) -> Canvas:
        """The curves beside their axis: no line is spent on a frame."""
        canvas = Canvas(area.rows, area.left + area.columns)
        line, tick = ("|", "+") if self.is_ascii else ("│", "┤")
        for row in range(area.rows):
            canvas.text(row, area.left - 1, line, _PLAIN)
        # An axis without numbers has one label, a blank one.
        for place, label in zip(y_axis.ticks, y_axis.labels, strict=False):
            row = min(max(area.row(place), 0), area.rows - 1)
            canvas.text(row, area.left - 1 - len(label), f"{label}{tick}", _PLAIN)
        for band in self._bands:
            across, up, marker = self._cells(band, area)
            cells = area.rows - 1 - up, area.left + across
            canvas.glyphs[cells] = [ord(glyph) for glyph in marker] if len(up) else 0
            canvas.keys[cells] = _key(band.color)
        return canvas

    def _framed(self, area: Area, x_axis: Axis, y_axis: Axis) -> Canvas:
        """What plotext draws, the slow part."""
        figure = new_figure(*self.size)
        # All in shares of the axes: plotext can't handle huge or tiny numbers.
        figure.xlim(0.0, 1.0)
        figure.ylim(0.0, 1.0)
        figure.xticks(_shares(x_axis), x_axis.labels)
        figure.yticks(_shares(y_axis), y_axis.labels)
        # Without points it draws no axes.
        figure.scatter([0.0], [0.0], marker=" ")
        for band in self._bands:
            across, up, marker = self._cells(band, area)
            if len(up):
                x, y = across / (area.columns - 1), up / (area.rows - 1)
                color = Color.parse(band.color).rgb
                figure.scatter(x.tolist(), y.tolist(), color=color, marker=marker)
        glyphs, colors = build_cells(figure)
        canvas = Canvas(*glyphs.shape)
        canvas.glyphs[:] = glyphs
        plain = np.where(glyphs == BLANK, _BLANK, _PLAIN)
        canvas.keys[:] = np.where(colors < 0, plain, colors + _FIRST_COLOR)
        if self.is_ascii:
            for line, ascii in ASCII_FRAME.items():
                canvas.glyphs[glyphs == line] = ascii
        return canvas

    def _cells(self, band: _Band, area: Area) -> tuple[IntArray, IntArray, str | list[str]]:
        """The columns and the rows from below of a band's cells, and the glyph of each."""
        bottom = area.frame.bottom
        low, high = (np.where(np.isneginf(y), bottom, y) for y in (band.low, band.high))
        columns, rows = traced(band.x, low, high, area.frame, area.across, area.down)
        if self.is_ascii:
            return columns, rows, band.stroke.plain
        on = columns % band.stroke.period < band.stroke.on
        # A point without neighbours may not fall into a gap of the stroke.
        on |= ~np.isin(columns - 1, columns) & ~np.isin(columns + 1, columns)
        down = area.down - 1 - rows[on]
        bits = braille_bits(columns[on], down, area.columns, area.rows)[::-1]
        rows, columns = np.nonzero(bits)
        return columns, rows, [chr(code) for code in (BRAILLE + bits[rows, columns]).tolist()]

    def _axes(self) -> tuple[Axis, Axis]:
        """The axes that fit what is to be seen."""
        drawn = [band for band in self._bands if len(band.x)]
        if self._epochs is not None:
            left, right = self._epochs
        else:
            left = min((float(band.x.min()) for band in drawn), default=0.0)
            right = max((float(band.x.max()) for band in drawn), default=1.0)
        values = [v[(b.x >= left) & (b.x <= right)] for b in drawn for v in (b.low, b.high)]
        seen = np.concatenate(values) if values else np.zeros(0)
        has_zero, seen = bool(np.isneginf(seen).any()), seen[np.isfinite(seen)]
        if not seen.size and not has_zero:
            return linear_axis(left, right), Axis(0.0, 1.0, [], [" " * len(EPOCH)])
        y_axis = None
        if seen.size:
            low, high = float(seen.min()), float(seen.max())
            y_axis = _MAKERS[self._scale](low, high, self._rows)
        if y_axis is None or has_zero:
            y_axis = with_zero(y_axis)
        if self._epochs is not None:
            # The name of the other axis is below the labels.
            y_axis = y_axis._replace(labels=[f"{label:>{len(EPOCH)}}" for label in y_axis.labels])
        return linear_axis(left, right), y_axis

    def _in_units(self, y: FloatArray) -> FloatArray:
        """Values in the units of the vertical axis; nan where it has no place for them.

        On a logarithmic axis zero is -inf.
        """
        y = np.clip(np.where(np.isfinite(y), y, np.nan), -LARGEST, LARGEST)
        if self._scale != "logarithmic":
            return y
        with np.errstate(divide="ignore"):
            return np.log10(np.where(y >= 0.0, np.abs(y), np.nan))

    # --- The signs -----------------------------------------------------------------------------

    def _draw_signs(self, canvas: Canvas, area: Area) -> None:
        """Draws the upright lines, the last one first so that its text has room; then the rest."""
        uprights = [sign for sign in reversed(self._signs) if sign.y is None]
        symbols = [sign for sign in self._signs if sign.y is not None]
        for sign in (*uprights, *symbols):
            column, key = area.column(sign.x), _key(sign.color)
            y = area.frame.bottom if sign.y == -np.inf else sign.y
            if not 0 <= column < area.columns:
                continue
            if y is None:
                _put_upright(canvas, area, column, ":" if self.is_ascii else "┊", key)
                self._write_beside(canvas, area, column, sign.text, key)
            elif 0 <= (row := area.row(y)) < area.rows:
                canvas.text(area.top + row, area.left + column, sign.text, key)

    def _write_beside(self, canvas: Canvas, area: Area, column: int, text: str, key: int) -> None:
        """Writes a text beside a column, or its last words, on the lowest line that has room."""
        for words in (text, text.partition(" ")[2]):
            cells = len(words) + 2
            for start in (column + 1, column - cells):
                if not words or start < 0 or start + cells > area.columns:
                    continue
                left = area.left + start
                for row in reversed(range(area.top, area.top + area.rows)):
                    if (canvas.glyphs[row, left : left + cells] == BLANK).all():
                        canvas.text(row, left + 1, words, key)
                        return


def _put_upright(canvas: Canvas, area: Area, column: int, glyph: str, key: int) -> None:
    """Puts a character on the blank cells of a column of the plotting area."""
    place = slice(area.top, area.top + area.rows), area.left + column
    blank = canvas.glyphs[place] == BLANK
    canvas.glyphs[place][blank] = ord(glyph)
    canvas.keys[place][blank] = key


def _shares(axis: Axis) -> list[float]:
    """The places of the ticks, from 0 to 1."""
    return [(tick - axis.low) / (axis.high - axis.low) for tick in axis.ticks]


def _key(color: str) -> int:
    """The key of an HTML colour."""
    red, green, blue = Color.parse(color).rgb
    return (red << 16 | green << 8 | blue) + _FIRST_COLOR


class _Styles(dict[int, Style]):
    """The style of each key on the canvas."""

    def __init__(self, plain: Style) -> None:
        blank = Style(bgcolor=plain.bgcolor)
        super().__init__({_BLANK: blank, _PLAIN: plain, _BOLD: plain + Style(bold=True)})

    def __missing__(self, key: int) -> Style:
        color = RichColor.parse(f"#{key - _FIRST_COLOR:06x}")
        style = self[key] = self[_PLAIN] + Style(color=color)
        return style
