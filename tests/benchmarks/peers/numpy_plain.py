"""The step in NumPy, written by hand the plain way: an array for every result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

# What the hidden layers compute, and its derivative by the result.
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "relu": (lambda x: np.maximum(x, 0.0), lambda y: y > 0.0),
    "tanh": (np.tanh, lambda y: 1.0 - y**2),
}


def make_step(
    parameters: list[tuple[Array, Array]],
    inputs: Array,
    targets: Array,
    loss: str,
    rate: float,
    activation: str = "relu",
) -> Callable[[], float]:
    """One training step; `parameters` holds (weight, bias) of each layer."""
    layers = [(weight.copy(), bias.copy()) for weight, bias in parameters]
    activate, derivative = ACTIVATIONS[activation]
    loss_and_gradient = squared_error if loss == "squared_error" else cross_entropy

    def step() -> float:
        activations = [inputs]
        for weight, bias in layers[:-1]:
            activations.append(activate(activations[-1] @ weight + bias))
        weight, bias = layers[-1]
        number, gradient = loss_and_gradient(activations[-1] @ weight + bias, targets)
        for (weight, bias), below in zip(reversed(layers), reversed(activations), strict=True):
            by_weight, by_bias = below.T @ gradient, gradient.sum(axis=0)
            if below is not inputs:
                gradient = (gradient @ weight.T) * derivative(below)
            weight -= rate * by_weight
            bias -= rate * by_bias
        return number

    return step


def squared_error(outputs: Array, targets: Array) -> tuple[float, Array]:
    """Mean over the batch of half the squared error, and its gradient."""
    difference = outputs - targets
    return 0.5 * float(np.sum(difference**2)) / len(outputs), difference / len(outputs)


def cross_entropy(logits: Array, targets: Array) -> tuple[float, Array]:
    """Mean over the batch of the softmax cross-entropy, and its gradient."""
    one_hot = targets > 0.0
    shifted = logits - logits.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    totals = exponentials.sum(axis=1, keepdims=True)
    number = float(np.mean(np.log(totals[:, 0]) - shifted[one_hot]))
    return number, (exponentials / totals - one_hot) / len(logits)
