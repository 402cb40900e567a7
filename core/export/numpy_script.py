"""A Python script that predicts with NumPy alone."""

from __future__ import annotations

from string import Template

from .source import (
    array_source,
    call_source,
    features_source,
    formula_style,
    functions_in,
    indented,
    scaling_source,
)
from .trained import Layer, TrainedRun

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

_OWN = ("relu", "sigmoid", "softplus", "elu")
"""Functions of a formula that NumPy lacks."""

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

PREDICT = {
    "numbers": ("A number for each sample.", "    return outputs(points)[:, 0].tolist()"),
    "two": (
        "The name of a class for each sample.",
        "    return [CLASSES[int(output > 0.0)] for output in outputs(points)[:, 0]]",
    ),
    "many": (
        "The name of a class for each sample.",
        "    return [CLASSES[k] for k in np.argmax(outputs(points), axis=1)]",
    ),
}
"""What `predict` says and does, by what is predicted."""


def export(run: TrainedRun) -> str:
    """The script.

    Raises:
        ExportError: If a weight is not finite.
    """
    layers, features = run.layers, run.state.problem.features
    style = formula_style("np", {name: name for name in _OWN})
    used = {layer.activation for layer in layers} | (functions_in(features) & {*_OWN})
    kind = ("numbers", "two", "many")[min(max(run.dataset.n_classes - 1, 0), 2)]
    predict_doc, predict = PREDICT[kind]
    return SCRIPT.substitute(
        scaling_source(run.dataset),
        facts=run.facts,
        functions="\n\n\n".join(
            f"def {name}(x):\n    {body}" for name, body in ACTIVATIONS.items() if name in used
        ),
        layers="\n".join(map(_layer, layers)),
        features=features_source(run, style, "np.column_stack([{}])"),
        predict_doc=predict_doc,
        predict=predict,
    )


def _layer(layer: Layer) -> str:
    parts = array_source(layer.weight), array_source(layer.bias), layer.activation
    return indented(call_source("", parts) + ",")
