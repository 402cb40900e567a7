"""CSV: a line for each point of the curves."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable

from ..training.history import CURVES, Points
from .trained import TrainedRun


def export(run: TrainedRun) -> str:
    """The text; see `curves_csv`."""
    return curves_csv(run.points)


def curves_csv(points: Points) -> str:
    """For each point its epoch, the updates until then, and the means of the curves.

    An epoch that is long past may stand for some before it, as on the screen.
    """
    rows = zip(points.epochs.tolist(), points.ticks.tolist(), points.mean.tolist(), strict=True)
    return csv_of(
        ("epoch", "updates", *CURVES),
        ([f"{epoch:g}", f"{tick:.0f}", *means] for epoch, tick, means in rows),
    )


def csv_of(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table with a line for its heading; a number that is not finite is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    return "" if isinstance(value, float) and not math.isfinite(value) else value
