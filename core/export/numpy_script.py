"""A Python script that predicts with NumPy alone."""

from __future__ import annotations

from string import Template

from .network_source import Library
from .trained import TrainedRun

ACTIVATIONS = {
    "linear": "return x",
    "relu": "return np.maximum(x, 0.0)",
    "leaky_relu": "return np.where(x > 0.0, x, 0.01 * x)",
    "tanh": "return np.tanh(x)",
    "sigmoid": "return 1.0 / (1.0 + np.exp(np.minimum(-x, 709.0)))",
    "elu": "return np.maximum(x, 0.0) + np.expm1(np.minimum(x, 0.0))",
    "gelu": "return 0.5 * x * (1.0 + np.tanh(np.sqrt(2.0 / np.pi) * (x + 0.044715 * x**3)))",
    "silu": "return x / (1.0 + np.exp(np.minimum(-x, 709.0)))",
    "softplus": "return np.logaddexp(0.0, x)",
    "sin": "return np.sin(x)",
}
"""The body of each, by its name."""

NUMPY = Library(
    module="np",
    activations=ACTIVATIONS,
    lacks=("relu", "sigmoid", "softplus", "elu"),
    stack="np.column_stack([{}])",
    largest="np.argmax(outputs(points), axis=1)",
)

SCRIPT = Template('''\
"""A network that was trained with toygrad. It needs NumPy alone.

Import predict() from here, or run this file for a few predictions.
"""

# $facts

import numpy as np

# predict() takes a row of these for each sample, in their own units.
COLUMNS = $columns
CLASSES = $classes

# The network sees (points - INPUT_SHIFT) / INPUT_SCALE.
INPUT_SHIFT = $input_shift
INPUT_SCALE = $input_scale
TARGET_SHIFT = $target_shift
TARGET_SCALE = $target_scale


$functions


# For each layer its weights, its biases and its activation: weight[i, j] leads from i to j.
LAYERS = [
$layers
]


def features(columns):
    """The network's inputs, of columns that are scaled already."""
$features


def outputs(points):
    """What the network puts out, shape (samples, outputs)."""
    with np.errstate(all="ignore"):
        points = np.asarray(points, dtype=np.float64).reshape(-1, len(COLUMNS))
        x = features((points - INPUT_SHIFT) / INPUT_SCALE)
        for weight, bias, activation in LAYERS:
            x = activation(x @ weight + bias)
        return x * TARGET_SCALE + TARGET_SHIFT


def predict(points):
    """$predict_doc"""
$predict


if __name__ == "__main__":
    for step in (-1.0, 0.0, 1.0):
        point = INPUT_SHIFT + step * INPUT_SCALE
        print(point.tolist(), predict(point)[0], outputs(point)[0].tolist())
''')


def export(run: TrainedRun) -> str:
    """The script.

    Raises:
        ExportError: If a weight is not finite.
    """
    return SCRIPT.substitute(NUMPY.parts(run))
