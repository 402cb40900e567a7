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
from toygrad.core.training.update_tracing import RecordedUpdate

Array = np.ndarray[Any, Any]
N_BATCHES = 100
# A session's calls last milliseconds; so do these, about, but no longer than others leave the
# processor alone: more steps of small networks, by the products of numbers in them.
MOST_STEPS, PRODUCTS_A_CALL = 5_000, 10_000_000


def make_step(
    parameters: list[tuple[Array, Array]],
    inputs: Array,
    targets: Array,
    loss: str,
    rate: float,
    activation: str = "relu",
) -> Callable[[], Array]:
    """Epochs of `N_BATCHES` steps, each on a batch of its own, all alike; returns all losses."""
    network = make_network(parameters, activation)
    x, t = Value(inputs, constant=True), Value(targets, constant=True)
    batch = Batch(LOSSES[loss].on_arrays(network(x), t), (x, t))
    updater = Updater(network, TrainingConfig())
    recorded = RecordedUpdate(updater.rule, updater.arrays())
    sources = [np.tile(array, (N_BATCHES, 1)) for array in (inputs, targets)]
    loop = CompiledLoop(
        [batch],
        network.parameters(),
        sources,
        [recorded.traced],
        recorded.numbers["learning_rate"],
    )
    updater.load(recorded, rate)
    most = min(MOST_STEPS, PRODUCTS_A_CALL // (network.n_parameters * len(inputs)))
    n_epochs = max(1, most // N_BATCHES)
    order = np.tile(np.arange(len(sources[0])), n_epochs)
    rates = np.full(n_epochs * N_BATCHES, rate)
    losses = np.zeros_like(rates)

    def steps() -> Array:
        loop.run(len(rates), order, rates, losses)
        return losses

    return steps
