"""The step compiled from toygrad's tape: what a session runs, without the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks.peers.toygrad_tape import make_network
from toygrad.core import LOSSES, TrainingConfig
from toygrad.core.autograd import Value
from toygrad.core.autograd.tape.compiled import Batch, CompiledLoop
from toygrad.core.training.update import Updater
from toygrad.core.training.update_tracing import RecordedUpdate

Array = np.ndarray[Any, Any]


def make_loop(
    parameters: list[tuple[Array, Array]],
    inputs: Array,
    targets: Array,
    loss: str,
    rate: float,
    *,
    steps: int = 100,
    optimizer: str = "sgd",
) -> Callable[[], float]:
    """Training steps in one call; `parameters` holds (weight, bias) of each layer."""
    network = make_network(parameters)
    updater = Updater(network, TrainingConfig(optimizer=optimizer))
    x, t = Value(inputs, constant=True), Value(targets, constant=True)
    recorded = RecordedUpdate(updater.rule, updater.arrays())
    loop = CompiledLoop(
        [Batch(LOSSES[loss].on_arrays(network(x), t), (x, t))],
        network.parameters(),
        (inputs, targets),
        [recorded.traced],
        recorded.numbers["learning_rate"],
    )
    updater.load(recorded, rate)
    order = np.tile(np.arange(len(inputs)), steps)
    rates, losses = np.full(steps, rate), np.zeros(steps)

    def take_steps() -> float:
        loop.run(steps, order, rates, losses)
        return float(losses[-1])

    return take_steps


def make_step(*arguments: Any) -> Callable[[], float]:
    """One training step a call."""
    return make_loop(*arguments, steps=1)
