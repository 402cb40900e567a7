"""More than two inputs: the points in the plane of their first two principal components."""

from __future__ import annotations

from ...core import Snapshot
from ...core.training import Projection, principal_components, wrong_rows
from ...datasets import Dataset
from .look import Look
from .picture import Extent, Picture, blank_pixels, range_around
from .points import PointMarks


class Projector:
    """Projects a data set, once."""

    def __init__(self) -> None:
        self._of: Dataset | None = None
        self._projection: Projection | None = None

    def of(self, dataset: Dataset) -> Projection:
        """The data set's projection."""
        if self._projection is None or self._of is not dataset:
            self._of, self._projection = dataset, principal_components(dataset)
        return self._projection


def projection_extent(projection: Projection) -> Extent:
    """All points, and the share of the variance along each axis."""
    x, y = projection.coordinates.T
    x_name = f"1st component, {projection.explained[0]:.0%}"
    return Extent(x_name, range_around(x), "2nd", range_around(y))


def projection_picture(
    snapshot: Snapshot, look: Look, marker: PointMarks, projection: Projection
) -> Picture:
    """The points, the wrong ones marked."""
    extent = projection_extent(projection)
    points = marker.place(snapshot, extent.fractions_of(projection.coordinates), look, extent)
    marks = points.marks(wrong_rows(snapshot.dataset, snapshot.outputs, points.rows))
    return Picture(extent, blank_pixels(), marks, points)
