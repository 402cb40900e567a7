"""Where the parts of a network diagram go: columns of boxes, as large as fits.

A column that is too tall shows some of its units, a network that is too deep some of its hidden
layers: the `View` says from where on. The inputs and the output are always shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from ..drawing.braille import DOTS_DOWN
from ..selection import Unit
from .diagram_boxes import (
    COMFORT,
    LARGEST,
    SMALLEST,
    BoxSize,
    ColumnShape,
    Kind,
    choose_box,
    fitted,
)

MAX_LINKS: Final = 600
"""The most links that are drawn: more would be indistinguishable."""
MAX_ASCII_LINKS: Final = 60
"""The same without braille, where a link takes whole cells."""
IMAGE_LINKS: Final = 2
"""The most links from a picture to each unit, whose own picture shows the others."""

PIXEL_DOTS: Final = 2
"""Rows of braille dots in a half block."""
ROW_PIXELS: Final = 2
"""Half blocks in a line."""

MIN_GAP: Final = 6
"""Cells between columns so that the eye can follow links."""
CLOSE_GAP: Final = 4
"""The same of a network so small that all of it is to be seen."""
FEW_LAYERS: Final = 2
"""Hidden layers of such a network."""
MAX_GAP: Final = 34
"""Cells between columns beyond which links only get longer."""
SKIP_GAP: Final = 9
"""Cells between columns where layers in between are not shown."""
_NARROW_GAPS: Final = ((MIN_GAP, SKIP_GAP), (4, 8), (2, 7))
"""The gaps of a room that is too narrow even for one hidden layer, in the order they are tried."""
MAX_SPREAD: Final = 6
"""Half blocks by which boxes may move apart when there is room."""
NAME_LIMIT: Final = 18
"""The longest line of a name that is shown in full."""
NAME_SHARE: Final = 4
"""The names of inputs, and those of classes, take at most one in this many cells of the width."""
TALL: Final = 12
"""From this height on titles may take two lines."""
FOOTER_TALL: Final = 16
"""From this height on a line says what is not shown."""
BIAS_WIDTH: Final = 1
"""Cells at the left of a neuron's box, for its bias."""
MARGIN: Final = 1
"""Cells right of the last boxes, for the outline of a selected one."""


@dataclass(frozen=True)
class View:
    """What is scrolled to.

    Attributes:
        layer: The column of the first hidden layer shown.
        firsts: For each column the first unit shown; 0 beyond the end.
    """

    layer: int = 1
    firsts: tuple[int, ...] = ()

    def first(self, column: int) -> int:
        return self.firsts[column] if column < len(self.firsts) else 0

    def moved(self, column: int, first: int) -> View:
        """With another first unit in a column."""
        columns = range(max(len(self.firsts), column + 1))
        return replace(self, firsts=tuple(first if k == column else self.first(k) for k in columns))


@dataclass(frozen=True)
class Column:
    """Where the boxes of a column are.

    Attributes:
        left: The cell at the boxes' left edge.
        top: The half block at which the first box shown begins.
        pitch: Half blocks from one box to the next.
        size: How large the boxes are.
        units: How many there are.
        first: The first unit shown.
        shown: How many units are shown; 0 for a column that is not.
        side: Of a picture, whose pixels are the units: how many there are across. Else 0.
    """

    left: int
    top: int
    pitch: int
    size: BoxSize
    units: int
    first: int
    shown: int
    side: int = 0

    @property
    def right(self) -> int:
        """The cell after the boxes' right edge."""
        return self.left + self.size.width

    @property
    def bottom(self) -> int:
        """The line after the last box shown."""
        last = self.size.pixels + self.pitch * (self.shown - 1 if not self.side else 0)
        return -(-(self.top + last) // ROW_PIXELS)

    @property
    def scale(self) -> int:
        """Half blocks of a unit across and down: the whole box, or a pixel of a picture."""
        return self.size.pixels // self.side if self.side else self.size.pixels

    @property
    def visible(self) -> slice:
        """The units shown."""
        return slice(self.first, self.first + self.shown)

    @cached_property
    def pixel_tops(self) -> NDArray[np.intp]:
        """The first half block of each unit; beyond the edges for units that are not shown."""
        places = np.arange(self.units)
        if self.side:
            return self.top + places // self.side * self.scale
        return self.top + (places - self.first) * self.pitch

    @cached_property
    def middles(self) -> NDArray[np.intp]:
        """The dot in the middle of each unit, counted from the top of the picture."""
        return self.pixel_tops * PIXEL_DOTS + (self.scale * PIXEL_DOTS - 1) // 2

    @cached_property
    def middle_rows(self) -> NDArray[np.intp]:
        """The line in the middle of each unit, with its bias or name."""
        return self.middles // DOTS_DOWN

    def markers(self, height: int) -> list[tuple[int, int]]:
        """The lines that say how many units are not shown, and these numbers."""
        above, below = self.first, self.units - self.first - self.shown
        if self.side or not self.shown:
            return []
        return [(row, n) for row, n in ((0, above), (height - 1, below)) if n]

    def edges(self, unit: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of a unit that is shown, in cells and half blocks."""
        top, scale = int(self.pixel_tops[unit]), self.scale
        if not self.side:
            return self.left, top, self.right, top + scale
        left = self.left + unit % self.side * scale
        return left, top, left + scale, top + scale

    def unit_at(self, x: int, y: int) -> int | None:
        """The unit whose box is at a cell."""
        if not (self.shown and self.left <= x < self.right):
            return None
        if self.side:
            row, across = (y * ROW_PIXELS - self.top) // self.scale, (x - self.left) // self.scale
            return row * self.side + across if 0 <= row < self.side else None
        for pixel in (y * ROW_PIXELS, y * ROW_PIXELS + 1):
            place, offset = divmod(pixel - self.top, self.pitch)
            if 0 <= place < self.shown and offset < self.size.pixels:
                return self.first + place
        return None


@dataclass(frozen=True)
class DiagramLayout:
    """Where everything is. Equal layouts draw the same links through the same cells.

    Attributes:
        columns: The columns, inputs first.
        layers: The columns of the hidden layers that are shown.
        view: What is scrolled to.
        width: Cells of the whole picture.
        height: Lines of the whole picture, without titles and the line below.
        name_width: Cells for the names of inputs, left of the first column.
        class_width: Cells for the names of classes, right of the last column.
        title_rows: Lines of titles above the picture.
        max_links: The most links that are drawn.
        has_footer: Whether a line below says what is not shown.
    """

    columns: tuple[Column, ...]
    layers: range
    view: View
    width: int
    height: int
    name_width: int
    class_width: int
    title_rows: int
    max_links: int
    has_footer: bool

    @property
    def displayed(self) -> list[int]:
        """The numbers of the columns that are shown."""
        return displayed(len(self.columns), self.layers)

    @property
    def links(self) -> int:
        """How many links are drawn."""
        pairs = ((self.columns[k], self.columns[k + 1]) for k in range(len(self.columns) - 1))
        return min(sum(_links(a.shown, b.shown, bool(a.side)) for a, b in pairs), self.max_links)

    def title_spans(self) -> list[tuple[int, int]]:
        """The first cell for the title of each column shown, and the one after its last."""
        shown = [self.columns[k] for k in self.displayed]
        centres = [(column.left + column.right) / 2 for column in shown]
        borders = [0, *(round((a + b) / 2) for a, b in pairwise(centres)), self.width]
        return list(pairwise(borders))

    def skips(self) -> list[tuple[int, int, int]]:
        """Where layers are not shown: how many, and the first and the last cell of the gap."""
        return [
            (b - a - 1, self.columns[a].right, self.columns[b].left)
            for a, b in pairwise(self.displayed)
            if b - a > 1
        ]

    def showing(self, unit: Unit) -> View:
        """The view moved as little as possible to show a unit.

        One in a column that is not shown may need another look after that.
        """
        view, (number, place) = self.view, unit
        column = self.columns[number]
        if self.layers and 0 < number < len(self.columns) - 1 and number not in self.layers:
            first = number if number < self.layers.start else number - len(self.layers) + 1
            view = replace(view, layer=first)
        if column.side or column.shown == column.units:
            return view
        first = min(max(column.first, place - max(column.shown, 1) + 1), place)
        return view.moved(number, first)

    def scrolled(self, x: int, by: int) -> View:
        """The view with the column at a cell, or the nearest, moved by so many units."""
        number = min(
            self.displayed,
            key=lambda k: abs(self.columns[k].left + self.columns[k].right - 2 * x),
        )
        column = self.columns[number]
        if column.side:
            return self.view
        return self.view.moved(number, max(0, min(column.first + by, column.units - column.shown)))

    def paged(self, x: int, y: int) -> View:
        """The view after a click on the words that say what is not shown: there it goes."""
        for number in self.displayed:
            column = self.columns[number]
            for row, _ in column.markers(self.height):
                if y == row and column.left - 3 <= x < column.right + 3:
                    return self.scrolled(x, column.shown if row else -column.shown)
        for place, (_, left, right) in enumerate(self.skips()):
            if left <= x < right:
                by = len(self.layers) * (-1 if place == 0 and self.layers.start > 1 else 1)
                last = len(self.columns) - 1 - len(self.layers)
                return replace(self.view, layer=max(1, min(self.view.layer + by, last)))
        return self.view


def _links(sources: int, targets: int, is_image: bool) -> int:
    return (min(sources, IMAGE_LINKS) if is_image else sources) * targets


def displayed(n_columns: int, layers: range) -> list[int]:
    """The numbers of the columns shown: the inputs, hidden layers, the output."""
    return [0, *layers, n_columns - 1]


@lru_cache(maxsize=32)
def lay_out(
    shapes: tuple[ColumnShape, ...],
    names: tuple[str, ...],
    classes: tuple[str, ...],
    titles: tuple[str, ...],
    width: int,
    height: int,
    view: View | None = None,
    *,
    ascii: bool = False,
) -> DiagramLayout:
    """Place the columns of a network.

    Every column gets the largest boxes that fit, so a crowded one has small boxes next to large
    ones. What does not fit even with small boxes is left out.

    Args:
        shapes: What each column has, inputs first.
        names: The names of the inputs, empty for a picture.
        classes: The names of the outputs; empty without any.
        titles: The titles of the columns in full; two lines when they do not fit in one.
        width: Cells available.
        height: Lines available, for titles and the line below too.
        view: What is scrolled to; what there is not is corrected. By default the beginning.
        ascii: Whether boxes are drawn without half blocks.
    """
    most = max(3, width // NAME_SHARE)
    name_width, class_width = (
        min(max(map(cell_len, texts), default=0), NAME_LIMIT, most) for texts in (names, classes)
    )
    beside = name_width + 1, class_width + bool(class_width)
    max_links = MAX_ASCII_LINKS if ascii else MAX_LINKS
    for title_rows in (1, 2):
        for has_footer in (False, True):
            room = max(height - title_rows - has_footer, 1)
            fit = tuple(fitted(shape, width, room, ascii=ascii) for shape in shapes)
            placing = _Placing(fit, beside, width, room, ascii)
            layers, columns = placing.place(view or View())
            first = layers.start if layers else 1
            layout = DiagramLayout(
                columns=columns,
                layers=layers,
                view=View(first, tuple(column.first for column in columns)),
                # A room smaller than one box shows a part of it.
                width=max(width, columns[-1].right + beside[1] + MARGIN),
                height=max(room, *(column.bottom for column in columns if column.shown)),
                name_width=name_width,
                class_width=class_width,
                title_rows=title_rows,
                max_links=max_links,
                has_footer=has_footer,
            )
            all_links = sum(a.units * b.units for a, b in pairwise(shapes))
            if layout.links == all_links or height < FOOTER_TALL:
                break
        if height < TALL or _titles_fit(layout, titles):
            break
    return layout


def _titles_fit(layout: DiagramLayout, titles: Sequence[str]) -> bool:
    spans = zip(layout.displayed, layout.title_spans(), strict=True)
    return all(len(titles[number]) < end - start for number, (start, end) in spans)


class _Placing(NamedTuple):
    """A room to place columns in.

    Attributes:
        shapes: What each column has.
        beside: Cells left of the first and right of the last boxes, for names.
        width: Cells available.
        room: Lines available.
        ascii: Whether boxes are drawn without half blocks.
    """

    shapes: tuple[ColumnShape, ...]
    beside: tuple[int, int]
    width: int
    room: int
    ascii: bool

    def place(self, view: View) -> tuple[range, tuple[Column, ...]]:
        """The hidden layers that fit, and all columns."""
        layers, boxes, (gap, skip) = self._fitting(view)
        numbers = displayed(len(self.shapes), layers)
        steps = [skip if b - a > 1 else gap for a, b in pairwise(numbers)]
        spare = self.width - self._blocks(boxes) - sum(steps)
        more = min(max(spare, 0) // max(len(steps), 1), MAX_GAP - MIN_GAP)
        left = max(spare - more * len(steps), 0) // 2 + self.beside[0]
        columns = {}
        for place, (number, (box, shown)) in enumerate(zip(numbers, boxes, strict=True)):
            if place:
                left += steps[place - 1] + more + BIAS_WIDTH
            columns[number] = self._column(number, left, box, shown, view.first(number))
            left += box.width
        return layers, tuple(
            columns.get(number) or Column(0, 0, 1, BoxSize(1, 1, 0), shape.units, 0, 0)
            for number, shape in enumerate(self.shapes)
        )

    def _fitting(self, view: View) -> tuple[range, list[tuple[BoxSize, int]], tuple[int, int]]:
        """As many hidden layers as fit, the largest boxes for them, and the least gaps."""
        hidden = len(self.shapes) - 2
        fit = max(1, self.width // (SMALLEST + BIAS_WIDTH + CLOSE_GAP))
        for count in range(min(hidden, fit), 0, -1):
            layers = self._layers(view, count)
            # A deep network shows fewer layers before its boxes get hard to read.
            least = SMALLEST if count == hidden else COMFORT
            for closest in (MIN_GAP, CLOSE_GAP) if count == hidden <= FEW_LAYERS else (MIN_GAP,):
                for widest in range(LARGEST, least - 1, -1):
                    gaps = max(closest, widest // 2 + 2), SKIP_GAP
                    boxes = self._boxes(layers, widest)
                    if self._width_of(layers, boxes, gaps) <= self.width:
                        return layers, boxes, gaps
        layers = self._layers(view, min(hidden, 1))
        for gaps in _NARROW_GAPS:
            for widest in range(LARGEST, SMALLEST - 1, -1):
                boxes = self._boxes(layers, widest)
                if self._width_of(layers, boxes, gaps) <= self.width:
                    return layers, boxes, gaps
        return layers, boxes, gaps

    def _layers(self, view: View, count: int) -> range:
        first = max(1, min(view.layer, len(self.shapes) - 1 - count))
        return range(first, first + count)

    def _boxes(self, layers: range, widest: int) -> list[tuple[BoxSize, int]]:
        return [
            choose_box(self.shapes[k], self.room, widest, ascii=self.ascii)
            for k in displayed(len(self.shapes), layers)
        ]

    def _blocks(self, boxes: Sequence[tuple[BoxSize, int]]) -> int:
        """Cells of the columns without the gaps."""
        widths = sum(box.width for box, _ in boxes) + BIAS_WIDTH * (len(boxes) - 1)
        return sum(self.beside) + widths + MARGIN

    def _width_of(
        self, layers: range, boxes: Sequence[tuple[BoxSize, int]], gaps: tuple[int, int]
    ) -> int:
        numbers = displayed(len(self.shapes), layers)
        return self._blocks(boxes) + sum(gaps[b - a > 1] for a, b in pairwise(numbers))

    def _column(self, number: int, left: int, box: BoxSize, shown: int, first: int) -> Column:
        shape, height = self.shapes[number], self.room * ROW_PIXELS
        if shape.kind is Kind.IMAGE:
            top = max((height - box.pixels) // 2, 0) // ROW_PIXELS * ROW_PIXELS
            return Column(left, top, 1, box, shape.units, 0, shape.units, shape.side)
        pitch, step = box.pixels + box.gap, box.step(ascii=self.ascii)
        # What is left out is said above and below.
        free = height - 2 * ROW_PIXELS * (shown < shape.units) - box.pixels
        if shown > 1:
            pitch = max(pitch, min(free // (shown - 1), pitch + MAX_SPREAD) // step * step)
        top = max(height - pitch * (shown - 1) - box.pixels, 0) // 2
        first = max(0, min(first, shape.units - shown))
        return Column(left, top // step * step, pitch, box, shape.units, first, shown)
