"""A widget that shows a heat map or a class map, with marks on it and axes beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.color import Color
from textual.message import Message
from textual.strip import Strip

from ...datasets import FloatArray
from ..drawing.canvas import cut_end, to_width
from ..drawing.heatmap import Mark, class_strips, heat_strips, nearest
from ..drawing.palette import diverging, on
from ..widgets.basics import background_color, is_ascii, shows_characters
from ..widgets.drawn import DrawnWidget

RIGHT_BUTTON = 3
# The name of the vertical axis takes no more cells from the map.
_LONGEST_NAME = 14


Range = tuple[float, float]
Fractions = tuple[float, float]
"""How far a place is from the left and from the top of a map, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What part of a plane a map shows.

    Attributes:
        x_name: The name of the horizontal axis.
        x: Its left and right end.
        y_name: The name of the vertical axis.
        y: Its lower and upper end.
    """

    x_name: str
    x: Range
    y_name: str
    y: Range

    @property
    def gutter(self) -> int:
        """Columns of the vertical axis: its longest text and a blank."""
        name = min(cell_len(self.y_name), _LONGEST_NAME)
        return max(name, *(len(_end(number)) for number in self.y)) + 1

    def place_at(self, at: Fractions) -> tuple[float, float]:
        """The place at so much of the way from the left, and from the top."""
        (left, right), (low, high) = self.x, self.y
        return left + at[0] * (right - left), high - at[1] * (high - low)

    def fractions_of(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """How far points, shape (n, 2), are from the left and from the top; inside, 0 to 1."""
        (left, right), (low, high) = self.x, self.y
        return (points[:, 0] - left) / (right - left), (high - points[:, 1]) / (high - low)


class HeatMap(DrawnWidget):
    """A map of two pixels a cell that fills its widget.

    `at` in its messages is the centre of a cell.

    Args:
        axes: The axes beside the map; None for no axes.
        strength: How strong the colours get, see `palette.diverging`. Below 1 marks stand out.
        tooltip: Shown when the pointer rests on the map.
        classes: The widget's CSS classes.
    """

    DEFAULT_CSS = """
    HeatMap {
        width: 1fr;
        height: 1fr;
        background: $surface;
        color: $foreground;
    }
    HeatMap > .heat-map--axis {
        color: $text-muted;
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"heat-map--axis"}
    """`heat-map--axis`: names and ends of the axes."""

    @dataclass
    class _Sent(Message):
        heat_map: HeatMap

        @property
        def control(self) -> HeatMap:
            """The map that sent it."""
            return self.heat_map

    @dataclass
    class Resized(_Sent):
        """It has another `grid_size`."""

    @dataclass
    class Hovered(_Sent):
        """The pointer moved over the map."""

        at: Fractions

    @dataclass
    class Left(_Sent):
        """The pointer left the map."""

    @dataclass
    class Clicked(_Sent):
        """The map was clicked.

        Button 1 is the left one, 3 the right one, or the left one with ctrl held down.
        """

        at: Fractions
        button: int

    def __init__(
        self,
        *,
        axes: Extent | None = None,
        strength: float = 1.0,
        tooltip: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.tooltip = tooltip
        self._axes = axes
        self._strength = strength
        self._pixels: NDArray[np.uint8] | None = None
        self._marks: Sequence[Mark] = ()
        self._class_colors: tuple[Color, ...] = ()

    @property
    def axes(self) -> Extent | None:
        """The axes beside the map. Setting it may change `grid_size`."""
        return self._axes

    @axes.setter
    def axes(self, axes: Extent | None) -> None:
        if axes != self._axes:
            self._axes = axes
            self.redraw()

    @property
    def grid_size(self) -> tuple[int, int]:
        """Columns and rows of pixels, two rows a line: what `show` draws exactly as given."""
        columns, rows = self._map_size
        return columns, 2 * rows

    def show(self, levels: NDArray[np.uint8], marks: Sequence[Mark] = ()) -> None:
        """Show a heat map.

        Args:
            levels: Levels as `palette.level_of` gives them, shape `(rows, columns)`, the top row
                first. Of another shape than `grid_size`, the nearest pixels are taken.
            marks: What is drawn over cells; a cell is one column and two pixel rows.
        """
        self._pixels, self._marks, self._class_colors = levels, marks, ()
        self.redraw()

    def show_classes(
        self, labels: NDArray[np.uint8], colors: Sequence[Color], marks: Sequence[Mark] = ()
    ) -> None:
        """Show a map of class numbers.

        Args:
            labels: Class numbers, shape `(rows, columns)`, the top row first, resampled as in
                `show`.
            colors: A colour for each class.
            marks: What is drawn over cells; a cell is one column and two pixel rows.

        Raises:
            ValueError: If no colour is given.
        """
        if not colors:
            raise ValueError("a class map needs a colour for each class")
        self._pixels, self._marks, self._class_colors = labels, marks, tuple(colors)
        self.redraw()

    def on_resize(self) -> None:
        self.post_message(self.Resized(self))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if at := self._fractions(event):
            self.post_message(self.Hovered(self, at))

    def on_leave(self, event: events.Leave) -> None:
        self.post_message(self.Left(self))

    def on_click(self, event: events.Click) -> None:
        if at := self._fractions(event):
            button = RIGHT_BUTTON if event.ctrl else event.button
            self.post_message(self.Clicked(self, at, button))

    @property
    def _map_size(self) -> tuple[int, int]:
        """Columns and rows of cells, without the axes."""
        width, height = self.content_size
        if self._axes is None:
            return width, height
        return max(0, width - self._axes.gutter), max(0, height - 1)

    def _fractions(self, event: events.MouseEvent) -> Fractions | None:
        offset = event.get_content_offset(self)
        columns, rows = self._map_size
        if offset is None or not columns or not rows:
            return None
        column = offset.x - (self._axes.gutter if self._axes else 0)
        if not (0 <= column < columns and offset.y < rows):
            return None
        return (column + 0.5) / columns, (offset.y + 0.5) / rows

    def draw(self) -> list[Strip]:
        columns, rows = self._map_size
        strips = self._draw_map() or [Strip.blank(columns, self.rich_style)] * rows
        return strips if self._axes is None else self._with_axes(strips, self._axes)

    def _draw_map(self) -> list[Strip]:
        columns, rows = self._map_size
        if self._pixels is None or not self._pixels.size or not columns or not rows:
            return []
        pixels = nearest(self._pixels, 2 * rows, columns)
        ascii = shows_characters(self)
        background = background_color(self)
        if self._class_colors:
            colors = [on(background, color) for color in self._class_colors]
            return class_strips(pixels, colors, self._marks, ascii=ascii)
        table = diverging(background, strength=self._strength)
        return heat_strips(pixels, table, self._marks, ascii=ascii)

    def _with_axes(self, strips: Sequence[Strip], axes: Extent) -> list[Strip]:
        columns, rows = self._map_size
        ascii, gutter = is_ascii(self), axes.gutter
        style = self.get_component_rich_style("heat-map--axis")
        low, high = map(_end, axes.y)
        beside = dict.fromkeys(range(rows), "")
        # Later ones win if rows are few: the ends say more than the name.
        beside |= {rows // 2: cut_end(axes.y_name, gutter - 1, ascii=ascii), rows - 1: low, 0: high}
        lines = [
            Strip(
                [Segment(f"{to_width(beside[row], gutter - 1)} ", style), *strip], gutter + columns
            )
            for row, strip in enumerate(strips)
        ]
        left, right = map(_end, axes.x)
        name = cut_end(axes.x_name, columns - len(left + right) - 2, ascii=ascii)
        below = " " * gutter + _spread(left, name, right, columns)
        width = self.content_size.width
        return [*lines, Strip([Segment(below, style)]).adjust_cell_length(width, style)]


def _spread(left: str, middle: str, right: str, width: int) -> str:
    """Three texts at the left, in the middle and at the right; the ends alone if too narrow."""
    room = width - len(left) - len(right)
    wide = cell_len(middle) - len(middle)
    fits = cell_len(middle) + 2 <= room
    inner = middle.center(room - wide) if fits else " " * max(room, 0)
    return (left + inner + right)[:width]


def _end(value: float) -> str:
    return f"{value:.3g}"
