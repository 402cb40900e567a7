"""The step on toygrad's tape: what a session runs, without the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from toygrad.core import LOSSES, Network, TrainingConfig
from toygrad.core.training.engines import TapeEngine
from toygrad.core.training.update import Updater

Array = np.ndarray[Any, Any]


def make_step(
    parameters: list[tuple[Array, Array]],
    inputs: Array,
    targets: Array,
    loss: str,
    rate: float,
    activation: str = "relu",
    *,
    optimizer: str = "sgd",
) -> Callable[[], float]:
    """One training step; `parameters` holds (weight, bias) of each layer."""
    network = make_network(parameters, activation)
    engine = TapeEngine(network, LOSSES[loss], "float64")
    update = Updater(network, TrainingConfig(optimizer=optimizer))

    def step() -> float:
        number = engine(inputs, targets)
        update(rate)
        return number

    return step


def make_network(parameters: list[tuple[Array, Array]], activation: str = "relu") -> Network:
    """A network with a linear output and copies of these weights."""
    sizes = [len(parameters[0][0]), *(bias.size for _, bias in parameters)]
    activations = [activation] * (len(parameters) - 1) + ["linear"]
    network = Network(sizes, activations, rng=np.random.default_rng(0))
    flat = np.concatenate([array.ravel() for layer in parameters for array in layer])
    network.flat_parameters[...] = flat
    return network
