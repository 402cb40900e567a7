"""A Python script that predicts with NumPy alone."""

from __future__ import annotations

from string import Template

from .network_source import INPUTS, NETWORK, PREDICTION, Library
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

SCRIPT = Template(
    '''\
"""A network that was trained with toygrad. It needs NumPy alone.

Import predict() from here, or run this file for a few predictions.
"""

# $facts

import numpy as np

'''
    + NETWORK
    + "\n\n"
    + INPUTS
    + '''

def outputs(points):
    """The network's outputs, shape (samples, outputs)."""
    with np.errstate(all="ignore"):
        points = np.asarray(points, dtype=np.float64).reshape(-1, len(COLUMNS))
        x = features((points - INPUT_SHIFT) / INPUT_SCALE)
        for weight, bias, activation in LAYERS:
            x = activation(x @ weight + bias)
        return x * TARGET_SCALE + TARGET_SHIFT


'''
    + PREDICTION
)


def export(run: TrainedRun) -> str:
    """The script.

    Raises:
        ExportError: If a weight is not finite.
    """
    return SCRIPT.substitute(NUMPY.parts(run))
