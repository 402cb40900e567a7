"""Every optimizer and regularization term moves the parameters natively as in NumPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from toygrad.core import LOSSES, OPTIMIZERS, Network, TrainingConfig
from toygrad.core.autograd import Value
from toygrad.core.autograd.tape.compiled import Batch, CompiledLoop
from toygrad.core.training.engines import TapeEngine
from toygrad.core.training.update import Updater
from toygrad.core.training.update_tracing import RecordedUpdate

pytest.importorskip("llvmlite")

SQUARED_ERROR = LOSSES["squared_error"]
INPUTS = np.linspace(-1.0, 1.0, 24).reshape(8, 3)
TARGETS = np.sin(3.0 * INPUTS[:, :1])


def learner(config: TrainingConfig, *, is_frozen: bool) -> tuple[Network, Updater]:
    network = Network((3, 4, 1), ("tanh", "linear"), rng=np.random.default_rng(0))
    updater = Updater(network, config)
    if is_frozen:
        updater.frozen = np.arange(network.n_parameters) % 3 == 0
    return network, updater


def native(network: Network, updater: Updater, config: TrainingConfig, rates: list[float]) -> None:
    """Steps in two runs, between which the settings change."""
    x, t = Value(INPUTS, constant=True), Value(TARGETS, constant=True)
    batch = Batch(SQUARED_ERROR.on_arrays(network(x), t), (x, t))
    recorded = RecordedUpdate(updater.rule, updater.arrays())
    rate = recorded.numbers["learning_rate"]
    sources = (INPUTS, TARGETS)
    loop = CompiledLoop([batch], network.parameters(), sources, [recorded.traced], rate)
    order = np.tile(np.arange(len(INPUTS)), len(rates))
    for given, part in ((updater, rates[:50]), (updater.configured(config, network), rates[50:])):
        given.load(recorded, 0.0)
        losses = np.zeros(len(part))
        assert loop.run(len(part), order, np.array(part), losses) == len(part)
        given.store(recorded)


def in_numpy(
    network: Network, updater: Updater, config: TrainingConfig, rates: list[float]
) -> None:
    engine = TapeEngine(network, SQUARED_ERROR, "float64")
    for given, part in ((updater, rates[:50]), (updater.configured(config, network), rates[50:])):
        for rate in part:
            engine(INPUTS, TARGETS)
            given(rate)


@pytest.mark.parametrize(
    ("regularization", "is_frozen"), [("none", True), ("l1", True), ("l2", False)]
)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_updates_are_those_of_numpy(optimizer: str, regularization: str, is_frozen: bool) -> None:
    first = TrainingConfig(
        optimizer=optimizer, regularization=regularization, regularization_rate=0.003
    )
    second = replace(first, regularization_rate=0.02, momentum=0.7, beta2=0.9)
    rates = list(0.02 * 0.99 ** np.arange(120))
    networks = []
    for train in (native, in_numpy):
        network, updater = learner(first, is_frozen=is_frozen)
        start = network.flat_parameters.copy()
        train(network, updater, second, rates)
        assert np.all((network.flat_parameters == start) == updater.frozen)
        networks.append((network.flat_parameters, updater.state()))
    (one, (kept, last)), (other, (kept_other, last_other)) = networks
    np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(last, last_other, rtol=1e-9, atol=1e-11)
    for name, value in vars(kept).items():
        np.testing.assert_allclose(value, vars(kept_other)[name], rtol=1e-10, atol=1e-12)
