"""CSV: a line for each point of the curves."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable

from ..training.history import CURVES
from .trained import TrainedRun


def export(run: TrainedRun) -> str:
    """The text: the epoch, then the curves."""
    points = run.points
    rows = zip(points.epochs.tolist(), points.mean.tolist(), strict=True)
    return csv_of(("epoch", *CURVES), ([epoch, *values] for epoch, values in rows))


def csv_of(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table with a line for its heading; a number that is nan is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    return "" if isinstance(value, float) and math.isnan(value) else value
