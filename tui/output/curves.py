"""Pictures with a curve: outputs over one input, the residuals, predictions against targets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.color import Color

from ...core import Snapshot
from ...core.training import residuals, wrong_rows
from ...datasets import FloatArray
from ..drawing.braille import BRAILLE, DOTS_ACROSS, DOTS_DOWN, STROKES, braille_bits
from ..drawing.heatmap import Mark
from ..drawing.palette import POSITIVE, class_colors
from .heat_map import Extent
from .look import Look, quiet_color
from .picture import Picture, range_around, round_limit
from .plane import output_limit, residual_inks
from .points import PlacedPoints, shown_rows

# What is beyond the full colour of a map is seen on a curve's axis.
_ROOM = 1.25


# --- One input ---------------------------------------------------------------------------------


def curve_extent(snapshot: Snapshot, look: Look) -> Extent:
    """The view, as high as the targets and a little; for classes and units as the outputs."""
    if look.unit is not None and snapshot.unit_grid is not None:
        limit = round_limit(snapshot.unit_grid)
    elif snapshot.dataset.task == "regression":
        height = range_around(snapshot.dataset.targets)
        return Extent(snapshot.dataset.columns[0], snapshot.view[0], "y", height)
    elif snapshot.dataset.n_classes == 2 or snapshot.grid is None:
        limit = output_limit(snapshot) * _ROOM
    else:
        limit = round_limit(snapshot.grid)
    return Extent(snapshot.dataset.columns[0], snapshot.view[0], "y", (-limit, limit))


def curve_places(snapshot: Snapshot, extent: Extent) -> FloatArray:
    """The points at their targets; of many classes each has a height of its own."""
    dataset, (low, high) = snapshot.dataset, extent.y
    heights = dataset.targets
    if dataset.n_classes > 2:
        heights = low + (heights + 0.5) / dataset.n_classes * (high - low)
    return np.stack([dataset.points[:, 0], heights], axis=-1)


def curve_picture(snapshot: Snapshot, look: Look, extent: Extent, points: PlacedPoints) -> Picture:
    """The network's outputs over the line, or one unit's, and the points to go through."""
    if look.unit is not None and snapshot.unit_grid is not None:
        curve = _curve(snapshot.unit_grid, extent, look, Color.parse(POSITIVE))
        # The targets say nothing about this unit.
        none = snapshot.train_rows[:0]
        return Picture(snapshot, look, extent, PlacedPoints(none, none, none), curve)
    marks = points.marks(wrong_rows(snapshot.dataset, snapshot.outputs, points.rows))
    if snapshot.grid is not None:
        n_classes = snapshot.dataset.n_classes
        colors = class_colors(n_classes) if n_classes > 2 else (Color.parse(POSITIVE),)
        for column, color in zip(snapshot.grid.T, colors, strict=True):
            marks += _curve(column, extent, look, color)
    return Picture(snapshot, look, extent, points, marks)


def residual_extent(snapshot: Snapshot, look: Look) -> Extent:
    """The view, as high as the largest residual that is shown."""
    rows = shown_rows(snapshot, with_tests=look.with_tests)
    limit = round_limit(residuals(snapshot.dataset, snapshot.outputs, rows))
    return Extent(snapshot.dataset.columns[0], snapshot.view[0], "y", (-limit, limit))


def residual_places(snapshot: Snapshot, extent: Extent) -> FloatArray:
    """The points at their residuals."""
    dataset = snapshot.dataset
    off = residuals(dataset, snapshot.outputs, np.arange(dataset.n_samples))
    return np.stack([dataset.points[:, 0], off], axis=-1)


def residual_plot(snapshot: Snapshot, look: Look, extent: Extent, points: PlacedPoints) -> Picture:
    """How far the output is from the target, over the line."""
    inks = residual_inks(look.background)
    style, glyph = inks[len(inks) // 2][1], "-" if look.ascii else "─"
    rule = [Mark(look.rows // 2, column, glyph, style) for column in range(look.columns)]
    return Picture(snapshot, look, extent, points, [*rule, *points.plain])


# --- Predictions -------------------------------------------------------------------------------


def scatter_extent(snapshot: Snapshot, look: Look) -> Extent:
    """Both axes as long as the targets' range."""
    both = range_around(snapshot.dataset.targets)
    return Extent("true", both, "output", both)


def scatter_places(snapshot: Snapshot, extent: Extent) -> FloatArray:
    """The points at their target and what is predicted for them."""
    with np.errstate(all="ignore"):
        predicted = snapshot.dataset.from_network(snapshot.outputs[:, 0])
    return np.stack([snapshot.dataset.targets, predicted], axis=-1)


def scatter_picture(
    snapshot: Snapshot, look: Look, extent: Extent, points: PlacedPoints
) -> Picture:
    """What is predicted over what is true, and the line on which they are the same."""
    diagonal = np.linspace(1.0, 0.0, 2 * max(look.columns, 1))
    style = Style(color=quiet_color(look.background).rich_color)
    line = curve_marks(diagonal, look.columns, look.rows, style, ascii=look.ascii)
    return Picture(snapshot, look, extent, points, [*line, *points.plain])


# --- Dots --------------------------------------------------------------------------------------


def _curve(values: FloatArray, extent: Extent, look: Look, color: Color) -> list[Mark]:
    low, high = extent.y
    style = Style(color=color.rich_color, bold=True)
    fractions = (high - values) / (high - low)
    return curve_marks(fractions, look.columns, look.rows, style, ascii=look.ascii)


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
