"""The plane of two columns: the output over two of many inputs, the others as a sample has them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from ...core import Snapshot
from ...core.training.trace import trace_points
from ...datasets import Dataset, FloatArray, informative_columns
from ..selection import Point
from .heat_map import Extent
from .look import Look
from .reading import row_of

# Points across and down: each is computed with every frame.
_MOST_POINTS: Final = 48


def axes_of(dataset: Dataset, look: Look) -> tuple[int, int]:
    """The columns, numbered from 0, across and up: as chosen, else those that say the most."""
    if look.axes and max(look.axes) < len(dataset.columns):
        return look.axes
    return _informative(dataset)


@lru_cache(maxsize=1)
def _informative(dataset: Dataset) -> tuple[int, int]:
    return informative_columns(dataset)


def with_axis(dataset: Dataset, look: Look, axis: int, column: int) -> tuple[int, int]:
    """The columns after one was chosen for an axis; the two change places if it has the other."""
    axes = list(axes_of(dataset, look))
    if axes[1 - axis] == column:
        axes[1 - axis] = axes[axis]
    axes[axis] = column
    return axes[0], axes[1]


def held(snapshot: Snapshot, look: Look) -> Point:
    """What the other columns are: those of the sample or place selected, else of a usual sample."""
    if look.held is not None and len(look.held) == len(snapshot.dataset.columns):
        return look.held
    return _usual(snapshot.dataset)


@lru_cache(maxsize=1)
def _usual(dataset: Dataset) -> Point:
    """The sample nearest to the median of every column."""
    off = dataset.network_inputs()
    distances = np.abs(off - np.median(off, axis=0)).sum(axis=1)
    return tuple(dataset.points[int(distances.argmin())].tolist())


def point_at(snapshot: Snapshot, look: Look, place: tuple[float, float]) -> Point:
    """The inputs at a place of the plane: the other columns as they are held."""
    point = list(held(snapshot, look))
    for column, value in zip(axes_of(snapshot.dataset, look), place, strict=True):
        point[column] = value
    return tuple(point)


def place_of(snapshot: Snapshot, look: Look, point: Point) -> tuple[float, float]:
    """Where inputs are on the plane, whatever their other columns."""
    x, y = axes_of(snapshot.dataset, look)
    return point[x], point[y]


def sentences(snapshot: Snapshot, look: Look) -> list[str]:
    """How the other columns are held: briefly, and in full."""
    dataset = snapshot.dataset
    row = row_of(dataset, held(snapshot, look))
    whose = "the selected place" if row is None else f"sample {dataset.ids[row]}"
    return [f"others as {whose}", f"The other {len(dataset.columns) - 2} columns: as {whose}."]


def plane_places(snapshot: Snapshot, look: Look) -> FloatArray:
    """Where all samples are on the plane, whatever their other columns, shape (n, 2)."""
    return snapshot.dataset.points[:, axes_of(snapshot.dataset, look)]


def plane_outputs(snapshot: Snapshot, look: Look, extent: Extent) -> FloatArray:
    """What the network, or the unit that is selected, puts out over the plane.

    Returns:
        Shape (rows, columns, outputs), the top row first: the network's in the units of the
        targets, or those of all units of the layer.
    """
    sizes = (max(min(n, _MOST_POINTS), 1) for n in (look.columns, 2 * look.rows))
    return _outputs(
        snapshot,
        axes_of(snapshot.dataset, look),
        held(snapshot, look),
        extent,
        *sizes,
        None if look.unit is None else look.unit.column,
    )


# The cursor moves over the same picture.
@lru_cache(maxsize=1)
def _outputs(
    snapshot: Snapshot,
    axes: tuple[int, int],
    point: Point,
    extent: Extent,
    n_across: int,
    n_down: int,
    layer: int | None,
) -> FloatArray:
    (left, right), (bottom, top) = extent.x, extent.y
    x = left + (right - left) * (np.arange(n_across) + 0.5) / n_across
    y = top - (top - bottom) * (np.arange(n_down) + 0.5) / n_down
    points = np.tile(np.array(point), (n_down, n_across, 1))
    points[..., axes[0]] = x
    points[..., axes[1]] = y[:, None]
    outputs = trace_points(snapshot, points.reshape(-1, len(point)))[1]
    if layer is not None:
        return outputs[layer].reshape(n_down, n_across, -1)
    with np.errstate(all="ignore"):
        return snapshot.dataset.from_network(outputs[-1]).reshape(n_down, n_across, -1)
