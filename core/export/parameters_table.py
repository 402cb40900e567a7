"""CSV: a line for each weight and bias."""

from __future__ import annotations

from ..nn.parameters import element_at
from .curves_table import csv_of
from .trained import TrainedRun

HEADING = ("name", "layer", "from", "to", "value", "gradient", "update", "frozen")


def export(run: TrainedRun) -> str:
    """The text; gradient and update are those of the last step, "from" is empty for a bias."""
    state, sizes = run.state, run.setup.sizes
    columns = (state.parameters, state.gradients, state.last_update, state.frozen)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    elements = ((element_at(sizes, place), numbers) for place, numbers in enumerate(rows))
    return csv_of(
        HEADING,
        (
            [element.name, element.layer, element.source, element.target, *numbers]
            for element, numbers in elements
        ),
    )
