"""Safetensors: the weights by name, with what was trained as metadata.

The format: the length of a header as eight bytes, the header as JSON, the numbers
(https://github.com/huggingface/safetensors, "Format").
"""

from __future__ import annotations

import json

import numpy as np

from ..autograd.numerics import FloatArray
from .recipe_data import recipe_data
from .trained import TrainedRun

ALIGNED_TO = 8
"""Bytes at whose multiples the numbers begin."""


def export(run: TrainedRun) -> bytes:
    """The bytes: `layer1.weight`, shape (inputs, outputs), `layer1.bias`, ... in float64.

    The metadata have the whole recipe as JSON, and beside it what a reader asks for first.

    Raises:
        ExportError: If a weight is not finite.
    """
    arrays: dict[str, FloatArray] = {}
    for number, layer in enumerate(run.layers, start=1):
        arrays |= {f"layer{number}.weight": layer.weight, f"layer{number}.bias": layer.bias}
    recipe = recipe_data(run)
    network = recipe["network"]
    header: dict[str, object] = {
        "__metadata__": {
            "format": "toygrad",
            "sizes": json.dumps(network["sizes"]),
            "activations": json.dumps(network["activations"]),
            "inputs": json.dumps(network["inputs"]),
            "recipe": json.dumps(recipe, allow_nan=False),
        }
    }
    start = 0
    for name, array in arrays.items():
        end = start + array.nbytes
        header[name] = {"dtype": "F64", "shape": array.shape, "data_offsets": [start, end]}
        start = end
    text = json.dumps(header).encode("ascii")
    text += b" " * (-len(text) % ALIGNED_TO)
    numbers = (np.ascontiguousarray(array, dtype="<f8").tobytes() for array in arrays.values())
    return b"".join((len(text).to_bytes(8, "little"), text, *numbers))
