"""What each view of the output pane shows: maps, curves, residuals, predictions, projections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.color import Color

from ...core import Snapshot
from ...core.training import (
    Projection,
    principal_components,
    residuals,
    wrong_rows,
)
from ...datasets import Dataset, FloatArray
from ..drawing.braille import BRAILLE, DOTS_ACROSS, DOTS_DOWN, STROKES, braille_bits
from ..drawing.heatmap import Mark
from ..drawing.palette import (
    LEVELS,
    NEUTRAL_LEVEL,
    POSITIVE,
    class_colors,
    diverging,
    level_of,
    quiet,
)
from . import hidden_space
from .heat_map import Extent
from .look import Look, View
from .picture import (
    Picture,
    PlacedPoints,
    colored,
    colored_unit,
    output_limit,
    place_points,
    range_around,
    round_limit,
    shown_rows,
)
from .plane import axes_of, plane_outputs, plane_places

TOO_HIGH: Final = ".-="
"""Residuals below 0, where the output is too high, by their size."""
TOO_LOW: Final = ".+#"
"""Residuals above 0, where the output is too low, by their size."""
# What is beyond the full colour of a map is seen on a curve's axis.
_ROOM: Final = 1.25


def extent_of(snapshot: Snapshot, look: Look) -> Extent:
    """What part of a plane a view shows; of the look, its size does not matter."""
    return _painting(snapshot, look).extent(snapshot, look)


def paint(snapshot: Snapshot, look: Look, extent: Extent, before: Picture | None) -> Picture:
    """A view's picture; of a report, the scatter of a fit.

    Args:
        snapshot: Of what.
        look: How.
        extent: As `extent_of` gives it.
        before: The last picture; its points are kept if they have not moved.
    """
    painting = _painting(snapshot, look)
    points = None
    if before is not None and painting.is_still:
        points = before.points_for(snapshot, look, extent)
    if points is None:
        places = painting.places(snapshot, extent)
        points = place_points(snapshot, extent.fractions_of(places), look)
    return painting.filled(Picture(snapshot, look, extent, points))


class _Painting(NamedTuple):
    """How a view is painted.

    Attributes:
        extent: What part of a plane it shows.
        places: Where all samples are in it, shape (n, 2).
        filled: Adds marks and colours to a picture that has only its points.
        is_still: Whether the points stay where they are while the network learns.
    """

    extent: Callable[[Snapshot, Look], Extent]
    places: Callable[[Snapshot, Extent], FloatArray]
    filled: Callable[[Picture], Picture]
    is_still: bool


def _painting(snapshot: Snapshot, look: Look) -> _Painting:
    is_plane = len(snapshot.view) == 2
    match look.view:
        case View.MAP:
            return _Painting(_plane_extent, _inputs, _map, True)
        case View.LANES if is_plane:
            return _Painting(_plane_extent, _inputs, _map, True)
        case View.CURVE | View.LANES:
            return _Painting(_curve_extent, _curve_places, _curves, True)
        case View.RESIDUALS if is_plane:
            return _Painting(_plane_extent, _inputs, _residual_map, True)
        case View.RESIDUALS:
            return _Painting(_residual_extent, _residual_places, _residual_plot, False)
        case View.PROJECTION:
            return _Painting(_projection_extent, _projection_places, _with_wrong_marked, True)
        case View.PLANE:
            return _Painting(
                _columns_extent,
                lambda snapshot, extent: plane_places(snapshot, look),
                _columns_map,
                True,
            )
        case View.REPORT:
            return _Painting(_scatter_extent, _scatter_places, _scatter, False)
        case View.HIDDEN:
            return _Painting(
                hidden_space.extent,
                lambda snapshot, extent: hidden_space.places(snapshot, look),
                lambda picture: hidden_space.filled(_with_wrong_marked(picture)),
                False,
            )


def _with_wrong_marked(picture: Picture) -> Picture:
    """The samples, the misclassified ones marked."""
    snapshot, points = picture.snapshot, picture.points
    wrong = wrong_rows(snapshot.dataset, snapshot.outputs, points.rows)
    return replace(picture, marks=points.marks(wrong))


# --- The plane of two inputs -------------------------------------------------------------------


def _plane_extent(snapshot: Snapshot, look: Look) -> Extent:
    x_name, y_name = snapshot.dataset.columns
    x, y = snapshot.view
    return Extent(x_name, x, y_name, y)


def _inputs(snapshot: Snapshot, extent: Extent) -> FloatArray:
    return snapshot.dataset.points


def _map(picture: Picture) -> Picture:
    """The output of the network, or of one of its units, over the plane."""
    picture, snapshot, look = _with_wrong_marked(picture), picture.snapshot, picture.look
    if snapshot.grid is None:
        return picture
    if look.unit is not None and snapshot.unit_grid is not None:
        return colored_unit(picture, snapshot.unit_grid)
    return colored(picture, snapshot.grid)


def _columns_extent(snapshot: Snapshot, look: Look) -> Extent:
    """Two of many columns, as far as there are samples."""
    dataset, axes = snapshot.dataset, axes_of(snapshot.dataset, look)
    x, y = (range_around(dataset.points[:, column]) for column in axes)
    return Extent(dataset.columns[axes[0]], x, dataset.columns[axes[1]], y)


def _columns_map(picture: Picture) -> Picture:
    """The output over two of many columns, the others held."""
    picture, unit = _with_wrong_marked(picture), picture.look.unit
    outputs = plane_outputs(picture.snapshot, picture.look, picture.extent)
    return (
        colored(picture, outputs)
        if unit is None
        else colored_unit(picture, outputs[..., unit.unit])
    )


def _residual_map(picture: Picture) -> Picture:
    """How far the output is from the target, at every sample."""
    snapshot, points = picture.snapshot, picture.points
    off = residuals(snapshot.dataset, snapshot.outputs, points.rows)
    limit, inks = round_limit(off), _residual_inks(picture.look.background)
    places = zip(points.lines.tolist(), points.columns.tolist(), strict=True)
    levels = level_of(off, limit).tolist()
    marks = [Mark(*place, *inks[level]) for place, level in zip(places, levels, strict=True)]
    return replace(picture, marks=marks, limit=limit)


@lru_cache(maxsize=8)
def _residual_inks(background: Color) -> tuple[tuple[str, Style], ...]:
    """The character and the style of a residual of each level."""
    colors = [color.rich_color for color in diverging(background)]
    return tuple((_glyph(level), Style(color=colors[level])) for level in range(LEVELS))


def _glyph(level: int) -> str:
    ramp = TOO_HIGH if level < NEUTRAL_LEVEL else TOO_LOW
    share = abs(level - NEUTRAL_LEVEL) / NEUTRAL_LEVEL
    return ramp[min(int(share * len(ramp)), len(ramp) - 1)]


# --- The line of one input ---------------------------------------------------------------------


def _curve_extent(snapshot: Snapshot, look: Look) -> Extent:
    """As high as the targets and a little; for classes and units as high as the outputs."""
    if look.unit is not None and snapshot.unit_grid is not None:
        limit = round_limit(snapshot.unit_grid)
    elif snapshot.dataset.task == "regression":
        return _line_extent(snapshot, *range_around(snapshot.dataset.targets))
    elif snapshot.dataset.n_classes == 2 or snapshot.grid is None:
        limit = output_limit(snapshot) * _ROOM
    else:
        limit = round_limit(snapshot.grid)
    return _line_extent(snapshot, -limit, limit)


def _line_extent(snapshot: Snapshot, low: float, high: float) -> Extent:
    return Extent(snapshot.dataset.columns[0], snapshot.view[0], "y", (low, high))


def _curve_places(snapshot: Snapshot, extent: Extent) -> FloatArray:
    """The samples at their targets; of many classes each has a height of its own."""
    dataset, (low, high) = snapshot.dataset, extent.y
    heights = dataset.targets
    if dataset.n_classes > 2:
        heights = low + (heights + 0.5) / dataset.n_classes * (high - low)
    return np.stack([dataset.points[:, 0], heights], axis=-1)


def _curves(picture: Picture) -> Picture:
    """The outputs of the network over the line, or those of one unit, and the samples."""
    snapshot, blue = picture.snapshot, Color.parse(POSITIVE)
    if picture.look.unit is not None and snapshot.unit_grid is not None:
        # The targets say nothing about this unit.
        none = snapshot.train_rows[:0]
        marks = _curve(picture, snapshot.unit_grid, blue)
        return replace(picture, points=PlacedPoints(none, none, none), marks=marks)
    picture = _with_wrong_marked(picture)
    if snapshot.grid is None:
        return picture
    n_classes = snapshot.dataset.n_classes
    colors = class_colors(n_classes) if n_classes > 2 else (blue,)
    curves = zip(snapshot.grid.T, colors, strict=True)
    lines = [mark for column, color in curves for mark in _curve(picture, column, color)]
    return replace(picture, marks=[*picture.marks, *lines])


def _curve(picture: Picture, values: FloatArray, color: Color) -> list[Mark]:
    (low, high), look = picture.extent.y, picture.look
    style = Style(color=color.rich_color, bold=True)
    fractions = (high - values) / (high - low)
    return curve_marks(fractions, look.columns, look.rows, style, ascii=look.ascii)


def _residual_extent(snapshot: Snapshot, look: Look) -> Extent:
    """As high as the largest residual that is shown."""
    rows = shown_rows(snapshot, with_tests=look.with_tests)
    limit = round_limit(residuals(snapshot.dataset, snapshot.outputs, rows))
    return _line_extent(snapshot, -limit, limit)


def _residual_places(snapshot: Snapshot, extent: Extent) -> FloatArray:
    dataset = snapshot.dataset
    off = residuals(dataset, snapshot.outputs, np.arange(dataset.n_samples))
    return np.stack([dataset.points[:, 0], off], axis=-1)


def _residual_plot(picture: Picture) -> Picture:
    """How far the output is from the target, over the line."""
    look = picture.look
    inks = _residual_inks(look.background)
    style, glyph = inks[len(inks) // 2][1], "-" if look.ascii else "─"
    rule = [Mark(look.rows // 2, column, glyph, style) for column in range(look.columns)]
    return replace(picture, marks=[*rule, *picture.points.plain])


# --- Predictions and projections ---------------------------------------------------------------


def _scatter_extent(snapshot: Snapshot, look: Look) -> Extent:
    """Both axes as long as the targets' range."""
    both = range_around(snapshot.dataset.targets)
    return Extent("true", both, "output", both)


def _scatter_places(snapshot: Snapshot, extent: Extent) -> FloatArray:
    """The samples at their targets and the predictions for them."""
    with np.errstate(all="ignore"):
        predicted = snapshot.dataset.from_network(snapshot.outputs[:, 0])
    return np.stack([snapshot.dataset.targets, predicted], axis=-1)


def _scatter(picture: Picture) -> Picture:
    """Predictions over targets, and the line on which they are equal."""
    look = picture.look
    diagonal = np.linspace(1.0, 0.0, 2 * max(look.columns, 1))
    style = Style(color=quiet(look.background).rich_color)
    line = curve_marks(diagonal, look.columns, look.rows, style, ascii=look.ascii)
    return replace(picture, marks=[*line, *picture.points.plain])


@lru_cache(maxsize=1)
def _projection_of(dataset: Dataset) -> Projection:
    return principal_components(dataset.network_inputs())


def _projection_extent(snapshot: Snapshot, look: Look) -> Extent:
    """All samples, and the share of the variance along each axis."""
    projection = _projection_of(snapshot.dataset)
    x, y = projection.coordinates.T
    x_name = f"1st component, {projection.explained[0]:.0%}"
    return Extent(x_name, range_around(x), "2nd", range_around(y))


def _projection_places(snapshot: Snapshot, extent: Extent) -> FloatArray:
    return _projection_of(snapshot.dataset).coordinates


# --- Dots --------------------------------------------------------------------------------------


def curve_marks(
    fractions: FloatArray, columns: int, rows: int, style: Style, *, ascii: bool
) -> list[Mark]:
    """Draws a curve as braille, or as strokes of ASCII characters.

    Args:
        fractions: How far it is from the top, 0 to 1 inside, at the middle of every dot from left
            to right; if there are more or fewer than dots, the nearest are taken. nan leaves a gap.
        columns: Cells across, of two dots each.
        rows: Cells down, of four dots each.
        style: How it is drawn.
        ascii: Whether to draw strokes instead of braille.

    Returns:
        A mark for every cell it touches.
    """
    dots, lines = columns * DOTS_ACROSS, rows * DOTS_DOWN
    if not dots or not lines or not len(fractions):
        return []
    nearest = ((np.arange(dots) + 0.5) * len(fractions) / dots).astype(np.intp)
    down, across = np.nonzero(_bitmap(fractions[nearest], lines))
    bits = braille_bits(across, down, columns, rows)
    touched = np.nonzero(bits)
    codes = STROKES[bits[touched]] if ascii else BRAILLE + bits[touched]
    places = zip(*(axis.tolist() for axis in touched), codes.tolist(), strict=True)
    return [Mark(row, column, chr(code), style) for row, column, code in places]


def _bitmap(fractions: FloatArray, lines: int) -> NDArray[np.bool_]:
    """The dots of a curve, each column joined to the one before, shape (lines, dots)."""
    known = ~np.isnan(fractions)
    # What is outside is drawn up to the edge: one dot beyond does for any number.
    dot = np.floor(np.clip(np.where(known, fractions, 0.0), -1.0, 2.0) * lines)
    dot = np.clip(dot, -1, lines)
    before = np.where(np.roll(known, 1), np.roll(dot, 1), dot)
    before[0] = dot[0]
    # The dots between two columns belong to the later one.
    reach = np.where(before == dot, dot, before + np.sign(dot - before))
    line = np.arange(lines)[:, None]
    inside = (line >= np.minimum(dot, reach)) & (line <= np.maximum(dot, reach))
    return np.asarray(inside & known)
