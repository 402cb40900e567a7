"""The views of the output pane, and which of them make sense for which data."""

from __future__ import annotations

from enum import StrEnum

from ...core import Snapshot


class View(StrEnum):
    """One way to look at what the network puts out; the value is its name on the screen."""

    MAP = "map"
    CURVE = "curve"
    RESIDUALS = "residuals"
    PROJECTION = "projection"
    REPORT = "report"


def views_of(snapshot: Snapshot) -> tuple[View, ...]:
    """The views for the snapshot's data, the one to begin with first."""
    columns = len(snapshot.dataset.columns)
    if columns > 2:
        return View.REPORT, View.PROJECTION
    first = View.MAP if columns == 2 else View.CURVE
    if snapshot.dataset.task == "regression":
        return first, View.RESIDUALS, View.REPORT
    return first, View.REPORT
