"""JSON: settings, weights and curves."""

from __future__ import annotations

import json

from ..training.history import CURVES
from .recipe_data import plain, recipe_data
from .trained import TrainedRun, layers_of


def export(run: TrainedRun) -> str:
    """The text, a line for each key; nan is null, infinity a word."""
    points = run.points
    data = {
        **recipe_data(run),
        "layers": [
            {
                "weight": plain(layer.weight),
                "bias": plain(layer.bias),
                "activation": layer.activation,
            }
            for layer in layers_of(run.setup, run.state.parameters)
        ],
        "curves": {
            "epoch": plain(points.epochs),
            **{name: plain(points.mean[:, place]) for place, name in enumerate(CURVES)},
        },
    }
    lines = (
        f"{json.dumps(key)}: {json.dumps(part, allow_nan=False)}" for key, part in data.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"
