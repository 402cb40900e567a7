"""Picture: what the output pane draws of a snapshot, and what the user points at in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.color import Color

from ...core import Snapshot
from ...core.training import predicted_classes
from ...datasets import Dataset, FloatArray, IntArray
from ..drawing.heatmap import Mark
from ..drawing.palette import (
    GLYPHS,
    NEGATIVE,
    NEUTRAL_LEVEL,
    class_colors,
    class_glyphs,
    diverging,
    level_of,
)
from ..selection import Point
from .heat_map import Extent, Fractions, Range
from .look import Brush, Look, View
from .plane import place_of, point_at
from .reading import output_at, read_place, read_row, row_of

# At most this many points of each part are drawn: more would hide what they explain.
MAX_POINTS = 300
_ROUND_STEPS = (1.0, 2.0, 5.0, 10.0)
# A curve's or a cloud's margin, as a part of its extent.
_MARGIN = 0.06
_CURSOR = Style(reverse=True, bold=True)
_RING = Style(bold=True)
_EMPTY = "+"


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPoints:
    """Points in their cells, the last one on top.

    Attributes:
        rows: Their rows in the data set, shape (n,).
        columns: The cell of each, shape (n,).
        lines: Likewise, 0 at the top.
        plain: The mark of each.
        wrong: The mark of each if it is taken for another class.
    """

    rows: IntArray
    columns: IntArray
    lines: IntArray
    plain: Sequence[Mark] = ()
    wrong: Sequence[Mark] = ()

    def marks(self, is_wrong: NDArray[np.bool_]) -> list[Mark]:
        """The mark of each, given which are taken for another class, shape (n,)."""
        pairs = zip(is_wrong.tolist(), self.plain, self.wrong, strict=True)
        return [wrong if is_wrong else plain for is_wrong, plain, wrong in pairs]

    def row_in(self, column: int, line: int, *, reach: int = 0) -> int | None:
        """The row of the point seen in a cell, or at most `reach` cells away."""
        across, down = np.abs(self.columns - column), np.abs(self.lines - line)
        near = np.flatnonzero((across <= reach) & (down <= reach))
        if not len(near):
            return None
        # A cell is twice as high as wide; of the nearest ones the last is on top.
        distance = across[near] + 2 * down[near]
        nearest = near[distance == distance.min()]
        return int(self.rows[nearest[-1]])


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is drawn.

    Attributes:
        snapshot: What it shows.
        look: How.
        extent: Where.
        points: The samples in it.
        marks: What is drawn over the cells.
        pixels: Levels of a diverging table, or class numbers where there are class colours; None
            for a plain background.
        limit: The number that has the full colour; None if colours don't mean numbers.
        class_colors: The colour of each class number.
    """

    snapshot: Snapshot
    look: Look
    extent: Extent
    points: PlacedPoints
    marks: Sequence[Mark] = ()
    pixels: NDArray[np.uint8] | None = None
    limit: float | None = None
    class_colors: tuple[Color, ...] = ()

    @property
    def levels(self) -> NDArray[np.uint8]:
        """The pixels, or those of a plain background."""
        if self.pixels is not None:
            return self.pixels
        return np.full((2, 1), NEUTRAL_LEVEL, dtype=np.uint8)

    def points_for(self, snapshot: Snapshot, look: Look, extent: Extent) -> PlacedPoints | None:
        """The points, if another picture has the same ones in the same cells."""
        old, new = ((s.dataset, s.train_rows, s.test_rows) for s in (self.snapshot, snapshot))
        is_same = (look, extent) == (self.look, self.extent)
        return self.points if is_same and all(map(lambda a, b: a is b, old, new)) else None

    # --- What is where -------------------------------------------------------------------------

    @property
    def has_inputs_on_axes(self) -> bool:
        """Whether the axes are those of the two inputs."""
        is_plane = len(self.snapshot.view) == 2
        return is_plane and self.look.view in (View.MAP, View.RESIDUALS)

    def cell(self, at: Fractions) -> tuple[int, int]:
        """The column and the line there."""
        return int(at[0] * self.look.columns), int(at[1] * self.look.rows)

    def moved(self, at: Fractions, across: int, down: int) -> Fractions:
        """The middle of the cell that many cells from there, inside the picture."""
        # A picture without room has a cell all the same: its middle.
        columns, lines = max(self.look.columns, 1), max(self.look.rows, 1)
        column, line = self.cell(at)
        column = min(max(column + across, 0), columns - 1)
        line = min(max(line + down, 0), lines - 1)
        return (column + 0.5) / columns, (line + 0.5) / lines

    def row(self, at: Fractions, *, reach: int = 0) -> int | None:
        """The row of the sample that is seen there, or at most `reach` cells away."""
        return self.points.row_in(*self.cell(at), reach=reach)

    def point(self, at: Fractions) -> Point | None:
        """The place there in the data's units; None if the picture has other axes."""
        x, y = self.extent.place_at(at)
        if self.look.view is View.PLANE:
            return point_at(self.snapshot, self.look, (x, y))
        if self.has_inputs_on_axes:
            return x, y
        return (x,) if self.look.view is View.CURVE else None

    def point_near(self, at: Fractions) -> Point | None:
        """The inputs of the sample there or in a cell beside it; else the place there."""
        row = self.row(at, reach=1)
        return self.point(at) if row is None else tuple(self.snapshot.dataset.points[row].tolist())

    def sample_at(self, at: Fractions, brush: Brush) -> tuple[Point, float]:
        """The inputs and the target of a sample that is drawn there."""
        dataset = self.snapshot.dataset
        x, y = self.extent.place_at(at)
        if self.look.view is View.MAP:
            return (x, y), brush.target(dataset)
        return (x,), y if dataset.task == "regression" else brush.target(dataset)

    def read(self, at: Fractions) -> list[str]:
        """What the network makes of the sample or the place there; empty if it is neither."""
        row, point = self.row(at), self.point(at)
        if row is not None:
            return read_row(self.snapshot, row, self.look.unit)
        return [] if point is None else read_place(self.snapshot, point, self.look.unit)

    # --- Marks on top of it --------------------------------------------------------------------

    def cursor(self, at: Fractions) -> Mark:
        """The cursor, on top of what is there."""
        column, line = self.cell(at)
        below = (m.glyph for m in reversed(self.marks) if m[:2] == (line, column))
        return Mark(line, column, next(below, _EMPTY), _CURSOR)

    def ring(self, point: Point) -> list[Mark]:
        """A ring around a sample or a place, in the data's units."""
        row = row_of(self.snapshot.dataset, point)
        cell = self._cell_of(point, row)
        if cell is None:
            return []
        column, line = cell
        ring = [Mark(line, column - 1, "(", _RING), Mark(line, column + 1, ")", _RING)]
        return ring if row is not None else [Mark(line, column, _EMPTY, _RING), *ring]

    def brackets(self, rows: IntArray) -> list[Mark]:
        """Brackets around some samples, given their rows, where they are shown."""
        shown = np.flatnonzero(np.isin(self.points.rows, rows))
        lines, columns = self.points.lines[shown], self.points.columns[shown]
        return [
            Mark(line, column + side, bracket, _RING)
            for line, column in zip(lines.tolist(), columns.tolist(), strict=True)
            for side, bracket in ((-1, "["), (1, "]"))
        ]

    def _cell_of(self, point: Point, row: int | None) -> tuple[int, int] | None:
        shown = np.flatnonzero(self.points.rows == (-1 if row is None else row))
        if len(shown):
            return int(self.points.columns[shown[0]]), int(self.points.lines[shown[0]])
        if self.look.view is View.CURVE:
            place = np.array([[point[0], output_at(self.snapshot, point)]])
        elif self.look.view is View.PLANE:
            place = np.array([place_of(self.snapshot, self.look, point)])
        elif self.has_inputs_on_axes:
            place = np.array([point])
        else:
            return None
        x, y = (float(fraction[0]) for fraction in self.extent.fractions_of(place))
        return self.cell((x, y)) if math.isfinite(x + y) else None


def colored(picture: Picture, outputs: FloatArray) -> Picture:
    """The picture with the colours of the network's outputs.

    Args:
        picture: Without colours.
        outputs: In the units of the targets, shape (rows, columns, outputs), the top row first.
    """
    snapshot = picture.snapshot
    if snapshot.dataset.n_classes > 2:
        classes = predicted_classes(outputs).astype(np.uint8)
        return replace(picture, pixels=classes, class_colors=class_colors(outputs.shape[-1]))
    return _shaded(picture, outputs[..., 0], output_limit(snapshot))


def colored_unit(picture: Picture, values: FloatArray) -> Picture:
    """The picture with the colours of one unit's outputs, shape (rows, columns)."""
    return _shaded(picture, values, round_limit(values))


def _shaded(picture: Picture, values: FloatArray, limit: float) -> Picture:
    shown = np.sign(values) * limit if picture.look.discretized else values
    return replace(picture, pixels=level_of(shown, limit), limit=limit)


def round_limit(values: FloatArray) -> float:
    """The least of 1, 2, 5, 10, 20, ... and 0.5, 0.2, ... that no value's magnitude exceeds.

    A round one, so that a scale seldom changes while numbers do. Values that are not finite are
    ignored.
    """
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max(initial=0.0))
    if largest == 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return next((m * power for m in _ROUND_STEPS if m * power >= largest), largest)


def range_around(values: FloatArray) -> Range:
    """The ends of an axis on which all values are, with a margin."""
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * _MARGIN or abs(low) * _MARGIN or 1.0
    return low - margin, high + margin


# --- The samples in their cells ------------------------------------------------------------------


def place_points(
    snapshot: Snapshot, fractions: tuple[FloatArray, FloatArray], look: Look
) -> PlacedPoints:
    """The points of a picture.

    Args:
        snapshot: Whose.
        fractions: How far each sample is from the left and from the top of the picture.
        look: How they are drawn.
    """
    rows = shown_rows(snapshot, with_tests=look.with_tests)
    columns, lines = (
        _cells(fraction[rows], cells)
        for fraction, cells in zip(fractions, (look.columns, look.rows), strict=True)
    )
    trains = np.isin(rows, snapshot.train_rows).tolist()
    drawn = _glyphs_and_colors(snapshot.dataset, rows, look.background)
    plain, wrong = [], []
    for (glyph, color), is_train, column, line in zip(
        drawn, trains, columns.tolist(), lines.tolist(), strict=True
    ):
        plain.append(Mark(line, column, glyph, _style(color, is_train, is_wrong=False)))
        wrong.append(Mark(line, column, glyph.upper(), _style(color, is_train, is_wrong=True)))
    return PlacedPoints(rows, columns, lines, plain, wrong)


def shown_rows(snapshot: Snapshot, *, with_tests: bool) -> IntArray:
    """The rows that are drawn, test samples first, so that training samples are on top."""
    parts = (snapshot.test_rows if with_tests else snapshot.test_rows[:0], snapshot.train_rows)
    return np.concatenate([_some(snapshot.dataset, rows) for rows in parts])


def output_limit(snapshot: Snapshot) -> float:
    """The output that has the full colour."""
    if snapshot.dataset.task == "regression":
        return target_limit(snapshot.dataset)
    # A tanh or a margin saturates at 1; a logit of 4 is a probability of 98 %.
    return 4.0 if snapshot.loss == "binary_cross_entropy" else 1.0


def target_limit(dataset: Dataset) -> float:
    """The target of a regression that gets the full colour."""
    return float(np.abs(dataset.targets).max(initial=1e-12))


def _some(dataset: Dataset, rows: IntArray) -> IntArray:
    """The rows that are drawn; samples added by hand are always among them."""
    if len(rows) <= MAX_POINTS:
        return rows
    newest = np.argsort(-np.maximum(dataset.ids[rows], dataset.drawn - 1), kind="stable")
    return rows[newest[:MAX_POINTS]]


def _cells(fractions: FloatArray, cells: int) -> IntArray:
    """The cell at each fraction; one outside the picture for fractions outside, or nan."""
    places = np.floor(np.clip(np.nan_to_num(fractions, nan=-1.0), -1.0, 2.0) * cells)
    return places.astype(np.int64)


@lru_cache(maxsize=1024)
def _style(color: Color, is_train: bool, *, is_wrong: bool) -> Style:
    return Style(
        color=color.rich_color, bold=is_train, dim=not is_train and not is_wrong, reverse=is_wrong
    )


def _glyphs_and_colors(
    dataset: Dataset, rows: IntArray, background: Color
) -> Iterator[tuple[str, Color]]:
    if dataset.task == "regression" and len(dataset.columns) == 1:
        # Their height says their target; the curve is of the other colour.
        return ((GLYPHS[0], Color.parse(NEGATIVE)) for _ in rows)
    if dataset.task == "regression":
        targets = dataset.targets[rows]
        table = diverging(background)
        levels = level_of(targets, target_limit(dataset)).tolist()
        above = (targets > dataset.target_shift).tolist()
        return ((GLYPHS[int(a)], table[level]) for a, level in zip(above, levels, strict=True))
    glyphs, colors = class_glyphs(dataset), class_colors(dataset.n_classes)
    return ((glyphs[k], colors[k]) for k in dataset.labels[rows].tolist())
