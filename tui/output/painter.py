"""Painter: the picture of each view, and what is remembered between two frames."""

from __future__ import annotations

from ...core import Snapshot
from ..selection import Unit
from .line import curve_extent, curve_picture, residual_plot, residual_plot_extent
from .look import Look
from .picture import Extent, Picture
from .plane import plane_extent, plane_picture, residual_picture
from .points import PointMarks
from .projection import Projector, projection_extent, projection_picture
from .report import scatter_extent, scatter_picture
from .view import View


class Painter:
    """Draws the views that are pictures."""

    def __init__(self) -> None:
        self.projector = Projector()
        self._marker = PointMarks()

    def extent(
        self, snapshot: Snapshot, view: View, unit: Unit | None, *, with_tests: bool
    ) -> Extent:
        """What part of a plane a view shows.

        Args:
            snapshot: Of what.
            view: Which.
            unit: The unit that is looked at; None for the network's output.
            with_tests: Whether test points are shown.
        """
        is_plane = len(snapshot.view) == 2
        match view:
            case View.CURVE:
                return curve_extent(snapshot, unit is not None)
            case View.RESIDUALS if not is_plane:
                return residual_plot_extent(snapshot, with_tests)
            case View.PROJECTION:
                return projection_extent(self.projector.of(snapshot.dataset))
            case View.REPORT:
                return scatter_extent(snapshot)
        return plane_extent(snapshot)

    def picture(self, snapshot: Snapshot, view: View, look: Look) -> Picture:
        """A view's picture; of a report, the scatter of a fit."""
        is_plane = len(snapshot.view) == 2
        match view:
            case View.CURVE:
                return curve_picture(snapshot, look, self._marker)
            case View.RESIDUALS if is_plane:
                return residual_picture(snapshot, look, self._marker)
            case View.RESIDUALS:
                return residual_plot(snapshot, look)
            case View.PROJECTION:
                projection = self.projector.of(snapshot.dataset)
                return projection_picture(snapshot, look, self._marker, projection)
            case View.REPORT:
                return scatter_picture(snapshot, look)
        return plane_picture(snapshot, look, self._marker)
