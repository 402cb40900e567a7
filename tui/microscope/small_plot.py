"""A plot in little room: its axes have as many labels as fit."""

from __future__ import annotations

from textual.color import Color

from ..drawing.axes import Axis
from ..drawing.palette import readable
from ..widgets.background import background_color
from ..widgets.plot import Plot
from .axis_ticks import with_room_across, with_room_down

# Lines of the picture that are no canvas: the frame's two and the labels'.
_FRAME_LINES = 3


class SmallPlot(Plot):
    """A plot of which the ticks are thinned out.

    Args:
        tooltip: Shown when the pointer rests on it.
        id: The widget's id.
    """

    def __init__(self, *, tooltip: str, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = tooltip

    def ink(self, color: str) -> str:
        """A colour in HTML that can be read here."""
        return readable(Color.parse(color), background_color(self)).hex

    def _axes(self) -> tuple[Axis, Axis]:
        x_axis, y_axis = super()._axes()
        y_axis = with_room_down(y_axis, self.size.height - _FRAME_LINES)
        gutter = max(map(len, y_axis.labels), default=0)
        x_axis = self.axis_across(x_axis)
        return with_room_across(x_axis, self.size.width - gutter - 2, gutter), y_axis

    def axis_across(self, axis: Axis) -> Axis:
        """The horizontal axis.

        Args:
            axis: A linear one that fits what is drawn.
        """
        return axis
