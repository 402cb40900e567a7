"""The step in PyTorch, eager: nn.Sequential and optim.SGD in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

Array = np.ndarray[Any, Any]

# What the hidden layers compute.
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}


def make_step(
    parameters: list[tuple[Array, Array]],
    inputs: Array,
    targets: Array,
    loss: str,
    rate: float,
    activation: str = "relu",
) -> Callable[[], float]:
    """One training step; `parameters` holds (weight, bias) of each layer."""
    modules: list[Any] = []
    for weight, bias in parameters:
        linear = nn.Linear(*weight.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight.T.copy()))
            linear.bias.copy_(torch.from_numpy(bias))
        modules += [linear, ACTIVATIONS[activation]()]
    model = nn.Sequential(*modules[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    x, t = torch.from_numpy(inputs), torch.from_numpy(targets)
    classes = t.argmax(1)

    def loss_of(outputs: Any) -> Any:
        if loss == "squared_error":
            return ((outputs - t) ** 2).sum() * (0.5 / len(x))
        return nn.functional.cross_entropy(outputs, classes)

    def step() -> float:
        optimizer.zero_grad()
        number = loss_of(model(x))
        number.backward()
        optimizer.step()
        return float(number.detach())

    return step
