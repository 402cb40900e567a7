"""One input: the network's curve through the points, one unit's curve, and the residuals."""

from __future__ import annotations

import numpy as np
from rich.style import Style
from textual.color import Color

from ...core import Snapshot
from ...core.training import residuals, wrong_rows
from ..drawing.heatmap import Mark
from ..drawing.palette import POSITIVE
from .curve import curve_marks
from .look import Look
from .picture import Extent, FloatArray, Picture, Range, blank_pixels, range_around, round_limit
from .plane import output_limit, residual_inks
from .points import PlacedPoints, PointMarks, class_colors, place_points, shown_rows

# What is beyond the full colour of a map is seen on a curve's axis.
_ROOM = 1.25


def curve_extent(snapshot: Snapshot, of_unit: bool) -> Extent:
    """The view, as high as the targets and a little; for classes and units as the outputs.

    Args:
        snapshot: Whose.
        of_unit: Whether a unit's curve is shown.
    """
    return Extent(snapshot.dataset.columns[0], snapshot.view[0], "y", _height(snapshot, of_unit))


def _height(snapshot: Snapshot, of_unit: bool) -> Range:
    if of_unit and snapshot.unit_grid is not None:
        limit = round_limit(snapshot.unit_grid)
    elif snapshot.dataset.task == "regression":
        return range_around(snapshot.dataset.targets)
    elif snapshot.dataset.n_classes == 2 or snapshot.grid is None:
        limit = output_limit(snapshot) * _ROOM
    else:
        limit = round_limit(snapshot.grid)
    return -limit, limit


def curve_picture(snapshot: Snapshot, look: Look, marker: PointMarks) -> Picture:
    """The network's outputs over the line, or one unit's, with the points that are their aim."""
    extent = curve_extent(snapshot, look.unit is not None)
    if look.unit is not None and snapshot.unit_grid is not None:
        curve = _curve(snapshot.unit_grid, extent, look, Color.parse(POSITIVE))
        # The points' targets are nothing to this unit.
        return Picture(extent, blank_pixels(), curve, _no_points(snapshot))
    places = np.stack([snapshot.dataset.points[:, 0], _heights(snapshot, extent)], axis=-1)
    points = marker.place(snapshot, extent.fractions_of(places), look, extent)
    marks = points.marks(wrong_rows(snapshot.dataset, snapshot.outputs, points.rows))
    if snapshot.grid is not None:
        for column, color in zip(snapshot.grid.T, _curve_colors(snapshot), strict=True):
            marks += _curve(column, extent, look, color)
    return Picture(extent, blank_pixels(), marks, points)


def residual_plot_extent(snapshot: Snapshot, with_tests: bool) -> Extent:
    """The view, as high as the largest residual that is shown.

    Args:
        snapshot: Whose.
        with_tests: Whether test points are shown.
    """
    rows = shown_rows(snapshot, with_tests=with_tests)
    limit = round_limit(residuals(snapshot.dataset, snapshot.outputs, rows))
    return Extent(snapshot.dataset.columns[0], snapshot.view[0], "y", (-limit, limit))


def residual_plot(snapshot: Snapshot, look: Look) -> Picture:
    """How far the output is from the target, over the line."""
    dataset = snapshot.dataset
    extent = residual_plot_extent(snapshot, look.with_tests)
    off = residuals(dataset, snapshot.outputs, np.arange(dataset.n_samples))
    fractions = extent.fractions_of(np.stack([dataset.points[:, 0], off], axis=-1))
    points = place_points(snapshot, fractions, look)
    inks = residual_inks(look.background)
    rule = Mark(look.rows // 2, 0, "-" if look.ascii else "─", inks[len(inks) // 2][1])
    marks = [rule._replace(column=column) for column in range(look.columns)]
    marks += points.marks(np.zeros(len(points.rows), dtype=np.bool_))
    return Picture(extent, blank_pixels(), marks, points)


def _heights(snapshot: Snapshot, extent: Extent) -> FloatArray:
    """Where the points stand: at their target; of many classes each has a height of its own."""
    dataset = snapshot.dataset
    if dataset.n_classes <= 2:
        return dataset.targets
    low, high = extent.y
    return np.asarray(low + (dataset.targets + 0.5) / dataset.n_classes * (high - low))


def _curve(values: FloatArray, extent: Extent, look: Look, color: Color) -> list[Mark]:
    low, high = extent.y
    fractions = (high - values) / (high - low)
    style = Style(color=color.rich_color, bold=True)
    return curve_marks(fractions, look.columns, look.rows, style, ascii=look.ascii)


def _curve_colors(snapshot: Snapshot) -> tuple[Color, ...]:
    n_classes = snapshot.dataset.n_classes
    return class_colors(n_classes) if n_classes > 2 else (Color.parse(POSITIVE),)


def _no_points(snapshot: Snapshot) -> PlacedPoints:
    none = snapshot.train_rows[:0]
    return PlacedPoints(none, none, none, ([], []))
