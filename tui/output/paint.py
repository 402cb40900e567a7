"""Which picture each view of the output pane has."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from ...core import Snapshot
from ...core.training import Projection, principal_components, wrong_rows
from ...datasets import Dataset, FloatArray
from . import curves, plane
from .heat_map import Extent
from .look import Look, View
from .picture import Picture, range_around
from .points import PlacedPoints, place_points


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
    if before is not None and painting.stands_still:
        points = before.points_for(snapshot, look, extent)
    if points is None:
        places = painting.places(snapshot, extent)
        points = place_points(snapshot, extent.fractions_of(places), look)
    return painting.picture(snapshot, look, extent, points)


class _Painting(NamedTuple):
    """How a view is painted.

    Attributes:
        extent: What part of a plane it shows.
        places: Where all points of the data are in it, shape (n, 2).
        picture: The picture, with the points in place.
        stands_still: Whether the points stay where they are while the network learns.
    """

    extent: Callable[[Snapshot, Look], Extent]
    places: Callable[[Snapshot, Extent], FloatArray]
    picture: Callable[[Snapshot, Look, Extent, PlacedPoints], Picture]
    stands_still: bool


def _painting(snapshot: Snapshot, look: Look) -> _Painting:
    is_plane = len(snapshot.view) == 2
    match look.view:
        case View.MAP:
            return _MAP
        case View.CURVE:
            return _CURVE
        case View.RESIDUALS:
            return _RESIDUAL_MAP if is_plane else _RESIDUAL_PLOT
        case View.PROJECTION:
            return _PROJECTION
        case View.REPORT:
            return _SCATTER


def _inputs(snapshot: Snapshot, extent: Extent) -> FloatArray:
    return snapshot.dataset.points


@lru_cache(maxsize=1)
def _projection_of(dataset: Dataset) -> Projection:
    return principal_components(dataset)


def _projection_extent(snapshot: Snapshot, look: Look) -> Extent:
    """All points, and the share of the variance along each axis."""
    projection = _projection_of(snapshot.dataset)
    x, y = projection.coordinates.T
    x_name = f"1st component, {projection.explained[0]:.0%}"
    return Extent(x_name, range_around(x), "2nd", range_around(y))


def _projection_places(snapshot: Snapshot, extent: Extent) -> FloatArray:
    return _projection_of(snapshot.dataset).coordinates


def _projection_picture(
    snapshot: Snapshot, look: Look, extent: Extent, points: PlacedPoints
) -> Picture:
    """The points in the plane of their first two principal components, the wrong ones marked."""
    marks = points.marks(wrong_rows(snapshot.dataset, snapshot.outputs, points.rows))
    return Picture(snapshot, look, extent, points, marks)


_MAP = _Painting(plane.plane_extent, _inputs, plane.map_picture, True)
_RESIDUAL_MAP = _Painting(plane.plane_extent, _inputs, plane.residual_map, True)
_CURVE = _Painting(curves.curve_extent, curves.curve_places, curves.curve_picture, True)
_RESIDUAL_PLOT = _Painting(
    curves.residual_extent, curves.residual_places, curves.residual_plot, False
)
_SCATTER = _Painting(curves.scatter_extent, curves.scatter_places, curves.scatter_picture, False)
_PROJECTION = _Painting(_projection_extent, _projection_places, _projection_picture, True)
