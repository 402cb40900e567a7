"""The step in micrograd, on its own nn: one node a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from micrograd import nn

Array = np.ndarray[Any, Any]


def make_step(
    parameters: list[tuple[Array, Array]],
    inputs: Array,
    targets: Array,
    loss: str,
    rate: float,
    activation: str = "relu",
) -> Callable[[], float]:
    """One training step; `parameters` holds (weight, bias) of each layer.

    Raises:
        ValueError: If the loss or the activation is one that micrograd does not have.
    """
    if (loss, activation) != ("squared_error", "relu"):
        raise ValueError(f"micrograd has no {loss} with {activation}")
    model = nn.MLP(len(parameters[0][0]), [bias.size for _, bias in parameters])
    for layer, (weight, bias) in zip(model.layers, parameters, strict=True):
        for j, neuron in enumerate(layer.neurons):
            for number, own in zip(weight[:, j].tolist(), neuron.w, strict=True):
                own.data = number
            neuron.b.data = float(bias[j])
    samples = list(zip(inputs.tolist(), targets.ravel().tolist(), strict=True))

    def step() -> float:
        model.zero_grad()
        number = sum((model(x) - t) ** 2 for x, t in samples) * (0.5 / len(samples))
        number.backward()
        for parameter in model.parameters():
            parameter.data -= rate * parameter.grad
        return float(number.data)

    return step
