"""Ticks of a small plot: as many as have room for their labels."""

from __future__ import annotations

from ..drawing.axes import Axis

_BETWEEN_LABELS = 2


def with_room_across(axis: Axis, columns: int, gutter: int) -> Axis:
    """A horizontal axis whose labels do not touch each other nor stick out.

    plotext leaves out labels that have no room, and never says which.

    Args:
        axis: With ticks at equal distances.
        columns: Cells that the axis has.
        gutter: Cells on its left, into which a label may reach.
    """
    longest = max(map(len, axis.labels), default=0)
    fitting = _thinned(axis, (longest + _BETWEEN_LABELS) / max(columns, 1))
    places = [(tick - axis.low) / (axis.high - axis.low) * columns for tick in fitting.ticks]
    half = longest / 2
    inside = [half - gutter <= place <= columns - half for place in places]
    return _only(fitting, inside)


def with_room_down(axis: Axis, rows: int) -> Axis:
    """A vertical axis with a blank line between its labels, which stand at the same cells then.

    Args:
        axis: With ticks at equal distances.
        rows: Cells that the axis has.
    """
    return _thinned(axis, 2 / max(rows, 1))


def _thinned(axis: Axis, least_share: float) -> Axis:
    """Every tick, or every second, or every third, ..., as far apart as is asked for."""
    if len(axis.ticks) < 2:
        return axis
    share = (axis.ticks[1] - axis.ticks[0]) / (axis.high - axis.low)
    every = max(1, -int(-least_share // share))
    return axis._replace(ticks=axis.ticks[::every], labels=axis.labels[::every])


def _only(axis: Axis, wanted: list[bool]) -> Axis:
    kept = [place for place, is_wanted in enumerate(wanted) if is_wanted]
    return axis._replace(
        ticks=[axis.ticks[place] for place in kept], labels=[axis.labels[place] for place in kept]
    )
