"""The data's points on a picture: which are shown, where, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.color import Color

from ...core import Snapshot
from ...datasets import Dataset, FloatArray, IntArray
from ..drawing.heatmap import Mark
from ..drawing.palette import GLYPHS, NEGATIVE, class_colors, class_glyphs, diverging, level_of
from .look import Look

# At most this many points of each part are drawn: more would hide what they explain.
MAX_POINTS = 300


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


def place_points(
    snapshot: Snapshot, fractions: tuple[FloatArray, FloatArray], look: Look
) -> PlacedPoints:
    """The points of a picture.

    Args:
        snapshot: Whose.
        fractions: How far each row of the data is from the left and from the top of the picture.
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
