"""Cells that the user points at: what is in them, and how they are shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from ...core import Snapshot
from ...datasets import Dataset
from ..drawing.heatmap import Mark
from ..selection import Point, Unit
from .look import Look
from .picture import Picture
from .reading import output_at, read_place, read_row
from .view import View

_CURSOR = Style(reverse=True, bold=True)
_RING = Style(bold=True)
_EMPTY = "+"

Fractions = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Pointed:
    """A picture that can be pointed at.

    Attributes:
        snapshot: What it shows.
        view: How.
        picture: It.
        look: How it is drawn.
    """

    snapshot: Snapshot
    view: View
    picture: Picture
    look: Look

    def cell(self, at: Fractions) -> tuple[int, int]:
        """The column and the line at so much of the way from the left and from the top."""
        return int(at[0] * self.look.columns), int(at[1] * self.look.rows)

    def row(self, at: Fractions, *, reach: int = 0) -> int | None:
        """The row of the point that is seen there, or so many cells from it at the most."""
        return self.picture.points.row_in(*self.cell(at), reach=reach)

    def point(self, at: Fractions) -> Point | None:
        """The place there in the data's units; None where the picture's axes are not theirs."""
        x, y = self.picture.extent.place_at(*at)
        if len(self.snapshot.view) == 2 and self.view is not View.REPORT:
            return x, y
        return (x,) if self.view is View.CURVE else None

    def read(self, at: Fractions, unit: Unit | None) -> str:
        """What the network makes of the point there; nothing where there is none."""
        row = self.row(at)
        if row is not None:
            return read_row(self.snapshot, row, unit)
        point = self.point(at)
        return "" if point is None else read_place(self.snapshot, point, unit)

    def cursor(self, at: Fractions) -> Mark:
        """The cursor, on top of what is there."""
        column, line = self.cell(at)
        below = (m.glyph for m in reversed(self.picture.marks) if m[:2] == (line, column))
        return Mark(line, column, next(below, _EMPTY), _CURSOR)

    def ring(self, point: Point, row: int | None) -> list[Mark]:
        """A ring around a point.

        Args:
            point: Where, in the data's units.
            row: Its row, if it is one of the data's.
        """
        cell = self._cell_of(point, row)
        if cell is None:
            return []
        column, line = cell
        ring = [Mark(line, column - 1, "(", _RING), Mark(line, column + 1, ")", _RING)]
        return ring if row is not None else [Mark(line, column, _EMPTY, _RING), *ring]

    def lit(self, rows: NDArray[np.int64]) -> list[Mark]:
        """Brackets around some rows of the data, where they are shown."""
        points = self.picture.points
        shown = np.flatnonzero(np.isin(points.rows, rows))
        cells = zip(points.lines[shown].tolist(), points.columns[shown].tolist(), strict=True)
        return [
            Mark(line, column + side, bracket, _RING)
            for line, column in cells
            for side, bracket in ((-1, "["), (1, "]"))
        ]

    def _cell_of(self, point: Point, row: int | None) -> tuple[int, int] | None:
        points = self.picture.points
        shown = np.flatnonzero(points.rows == (-1 if row is None else row))
        if len(shown):
            return int(points.columns[shown[0]]), int(points.lines[shown[0]])
        if self.view is View.CURVE:
            place = np.array([[point[0], output_at(self.snapshot, point)]])
        elif len(self.snapshot.view) == 2 and self.view is not View.REPORT:
            place = np.array([point])
        else:
            return None
        x, y = (float(fraction[0]) for fraction in self.picture.extent.fractions_of(place))
        return self.cell((x, y)) if math.isfinite(x + y) else None


def row_of(dataset: Dataset, point: Point) -> int | None:
    """The row of a point of the data; None for another place."""
    same = np.flatnonzero((dataset.points == np.array(point)).all(axis=1))
    return int(same[0]) if len(same) else None
