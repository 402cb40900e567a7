"""The step in HIPS autograd, with its own wrapping of NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad

Array = np.ndarray[Any, Any]

# What the hidden layers compute.
ACTIVATIONS = {"relu": lambda x: anp.maximum(x, 0.0), "tanh": anp.tanh}


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
    one_hot = targets > 0.0
    activate = ACTIVATIONS[activation]

    def loss_of(layers: Any) -> Any:
        x = inputs
        for weight, bias in layers[:-1]:
            x = activate(x @ weight + bias)
        weight, bias = layers[-1]
        outputs = x @ weight + bias
        if loss == "squared_error":
            return anp.sum((outputs - targets) ** 2) * (0.5 / len(inputs))
        shifted = outputs - anp.max(outputs, axis=1, keepdims=True)
        return anp.mean(anp.log(anp.sum(anp.exp(shifted), axis=1)) - shifted[one_hot])

    loss_and_gradients = value_and_grad(loss_of)

    def step() -> float:
        number, gradients = loss_and_gradients(layers)
        for (weight, bias), (by_weight, by_bias) in zip(layers, gradients, strict=True):
            weight -= rate * by_weight
            bias -= rate * by_bias
        return float(number)

    return step
