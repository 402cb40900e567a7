"""The step in NumPy, written by hand for speed: every result in a buffer made beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def make_step(
    parameters: list[tuple[Array, Array]],
    inputs: Array,
    targets: Array,
    loss: str,
    rate: float,
    activation: str = "relu",
) -> Callable[[], float]:
    """One training step; `parameters` holds (weight, bias) of each layer."""
    flat = np.concatenate([array.ravel() for layer in parameters for array in layer])
    flat_gradient = np.zeros_like(flat)
    layers = list(zip(_views(flat, parameters), _views(flat_gradient, parameters), strict=True))
    batch = len(inputs)
    ones = np.ones(batch)
    units = [bias.size for _, bias in parameters]
    outputs = [np.empty((batch, n)) for n in units]
    gradients = [np.empty((batch, n)) for n in units]
    activate, derivative, dtype = ACTIVATIONS[activation]
    slopes: list[Array] = [np.empty((batch, n), dtype=dtype) for n in units]
    below = [inputs, *outputs[:-1]]
    last = len(layers) - 1
    make_loss = SquaredError if loss == "squared_error" else CrossEntropy
    loss_and_gradient: Callable[[], float] = make_loss(targets, outputs[-1], gradients[-1])

    def step() -> float:
        for i, ((weight, bias), _) in enumerate(layers):
            output = outputs[i]
            np.dot(below[i], weight, output)
            np.add(output, bias, output)
            if i < last:
                activate(output)
        number = loss_and_gradient()
        for i in range(last, -1, -1):
            (weight, _), (by_weight, by_bias) = layers[i]
            gradient = gradients[i]
            np.dot(below[i].T, gradient, by_weight)
            np.dot(ones, gradient, by_bias)
            if i:
                lower = gradients[i - 1]
                np.dot(gradient, weight.T, lower)
                derivative(below[i], slopes[i - 1])
                np.multiply(lower, slopes[i - 1], lower)
        np.multiply(flat_gradient, rate, flat_gradient)
        np.subtract(flat, flat_gradient, flat)
        return number

    return step


def _relu(x: Array) -> None:
    np.maximum(x, 0.0, out=x)


def _relu_derivative(y: Array, out: Array) -> None:
    np.greater(y, 0.0, out)


def _tanh(x: Array) -> None:
    np.tanh(x, x)


def _tanh_derivative(y: Array, out: Array) -> None:
    np.multiply(y, y, out)
    np.subtract(1.0, out, out)


# What the hidden layers compute, in place; its derivative by the result; the derivative's dtype.
ACTIVATIONS: dict[str, tuple[Callable[[Array], None], Callable[[Array, Array], None], type]] = {
    "relu": (_relu, _relu_derivative, bool),
    "tanh": (_tanh, _tanh_derivative, float),
}


def _views(flat: Array, like: list[tuple[Array, Array]]) -> list[tuple[Array, Array]]:
    views = []
    start = 0
    for weight, bias in like:
        middle, end = start + weight.size, start + weight.size + bias.size
        views.append((flat[start:middle].reshape(weight.shape), flat[middle:end]))
        start = end
    return views


class SquaredError:
    """Mean over the batch of half the squared error; its gradient goes into a buffer."""

    def __init__(self, targets: Array, outputs: Array, gradient: Array) -> None:
        self._targets, self._outputs, self._gradient = targets, outputs, gradient
        self._flat = gradient.reshape(-1)
        self._scale = 1.0 / len(outputs)

    def __call__(self) -> float:
        np.subtract(self._outputs, self._targets, self._gradient)
        number = 0.5 * self._scale * float(np.dot(self._flat, self._flat))
        np.multiply(self._gradient, self._scale, self._gradient)
        return number


class CrossEntropy:
    """Mean over the batch of the softmax cross-entropy; its gradient goes into a buffer."""

    def __init__(self, targets: Array, outputs: Array, gradient: Array) -> None:
        self._outputs, self._gradient = outputs, gradient
        self._one_hot = (targets > 0.0) * 1.0
        self._row = np.empty((len(targets), 1))
        self._scale = 1.0 / len(targets)

    def __call__(self) -> float:
        z, gradient, row = self._outputs, self._gradient, self._row
        np.maximum.reduce(z, axis=1, out=row, keepdims=True)
        np.subtract(z, row, z)
        number = -float(np.dot(z.reshape(-1), self._one_hot.reshape(-1)))
        np.exp(z, gradient)
        np.add.reduce(gradient, axis=1, out=row, keepdims=True)
        np.divide(gradient, row, gradient)
        np.log(row, row)
        number += float(row.sum())
        np.subtract(gradient, self._one_hot, gradient)
        np.multiply(gradient, self._scale, gradient)
        return number * self._scale
