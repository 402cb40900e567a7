"""The plane of two inputs: the network's map, one unit's map, and the residuals."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from rich.style import Style
from textual.color import Color

from ...core import Snapshot
from ...core.training import predicted_classes, residuals, wrong_rows
from ..drawing.heatmap import Mark
from ..drawing.palette import LEVELS, NEUTRAL_LEVEL, class_colors, diverging, level_of
from .heat_map import Extent
from .look import Look
from .picture import Picture, round_limit
from .points import PlacedPoints, target_limit

TOO_HIGH = ".-="
"""Residuals below 0, where the output is too high, by their size."""
TOO_LOW = ".+#"
"""Residuals above 0, where the output is too low, by their size."""


def plane_extent(snapshot: Snapshot, look: Look) -> Extent:
    """The whole view."""
    x_name, y_name = snapshot.dataset.columns
    x, y = snapshot.view
    return Extent(x_name, x, y_name, y)


def output_limit(snapshot: Snapshot) -> float:
    """The output that has the full colour."""
    if snapshot.dataset.task == "regression":
        return target_limit(snapshot.dataset)
    # A tanh or a margin saturates at 1; a logit of 4 is a probability of 98 %.
    return 4.0 if snapshot.loss == "binary_cross_entropy" else 1.0


def map_picture(snapshot: Snapshot, look: Look, extent: Extent, points: PlacedPoints) -> Picture:
    """What the network, or one of its units, puts out over the plane, and the points on it."""
    marks = points.marks(wrong_rows(snapshot.dataset, snapshot.outputs, points.rows))
    if snapshot.grid is None:
        return Picture(snapshot, look, extent, points, marks)
    if look.unit is None and snapshot.dataset.n_classes > 2:
        classes = predicted_classes(snapshot.grid).astype(np.uint8)
        colors = class_colors(snapshot.dataset.n_classes)
        return Picture(snapshot, look, extent, points, marks, classes, class_colors=colors)
    values, limit = snapshot.grid[..., 0], output_limit(snapshot)
    if look.unit is not None and snapshot.unit_grid is not None:
        values = snapshot.unit_grid
        limit = round_limit(values)
    shown = np.sign(values) * limit if look.discretized else values
    return Picture(snapshot, look, extent, points, marks, level_of(shown, limit), limit)


def residual_map(snapshot: Snapshot, look: Look, extent: Extent, points: PlacedPoints) -> Picture:
    """How far the output is from the target, at every point."""
    off = residuals(snapshot.dataset, snapshot.outputs, points.rows)
    limit, inks = round_limit(off), residual_inks(look.background)
    places = zip(points.lines.tolist(), points.columns.tolist(), strict=True)
    levels = level_of(off, limit).tolist()
    marks = [Mark(*place, *inks[level]) for place, level in zip(places, levels, strict=True)]
    return Picture(snapshot, look, extent, points, marks, limit=limit)


@lru_cache(maxsize=8)
def residual_inks(background: Color) -> tuple[tuple[str, Style], ...]:
    """The character and the style of a residual of each level."""
    colors = [color.rich_color for color in diverging(background)]
    return tuple((_glyph(level), Style(color=colors[level])) for level in range(LEVELS))


def _glyph(level: int) -> str:
    ramp = TOO_HIGH if level < NEUTRAL_LEVEL else TOO_LOW
    share = abs(level - NEUTRAL_LEVEL) / NEUTRAL_LEVEL
    return ramp[min(int(share * len(ramp)), len(ramp) - 1)]
