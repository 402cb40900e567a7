"""Many steps in one native call: what a session's compiled engine runs, without the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks.peers.toygrad_tape import make_network
from toygrad.core import LOSSES, TrainingConfig
from toygrad.core.autograd import Value
from toygrad.core.autograd.tape.compiled import Batch, CompiledLoop
from toygrad.core.training.update import Updater

Array = np.ndarray[Any, Any]
STEPS_A_CALL = 100


def make_step(
    parameters: list[tuple[Array, Array]],
    inputs: Array,
    targets: Array,
    loss: str,
    rate: float,
    activation: str = "relu",
) -> Callable[[], Array]:
    """`STEPS_A_CALL` steps, each on a batch of its own, all alike; returns their losses."""
    network = make_network(parameters, activation)
    x, t = Value(inputs, constant=True), Value(targets, constant=True)
    batch = Batch(LOSSES[loss].on_arrays(network(x), t), (x, t))
    updater = Updater(network, TrainingConfig())
    recorded = updater.recorded()
    sources = [np.tile(array, (STEPS_A_CALL, 1)) for array in (inputs, targets)]
    loop = CompiledLoop(
        [batch],
        network.parameters(),
        sources,
        [recorded.traced],
        recorded.numbers["learning_rate"],
    )
    updater.load(recorded, rate)
    order = np.arange(len(sources[0]))
    rates, losses = np.full(STEPS_A_CALL, rate), np.zeros(STEPS_A_CALL)

    def steps() -> Array:
        loop.run(STEPS_A_CALL, order, rates, losses)
        return losses

    return steps
