"""The update: regularization of weights alone, and an L1 that stops at zero."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toygrad.core import OPTIMIZERS, Network, TrainingConfig
from toygrad.core.training.update import Updater
from toygrad.core.training.update_tracing import RecordedUpdate

LEARNING_RATE = 0.1


def network_of(weights: Any, bias: float) -> Network:
    network = Network((len(weights), 1), ("linear",), rng=np.random.default_rng(0))
    network.flat_parameters[...] = [*weights, bias]
    return network


def training(regularization: str, rate: float) -> TrainingConfig:
    return TrainingConfig(regularization=regularization, regularization_rate=rate)


def step(network: Network, gradients: Any, settings: TrainingConfig) -> Updater:
    network.flat_gradients[...] = gradients
    updater = Updater(network, settings)
    updater(LEARNING_RATE)
    return updater


def test_without_regularization_the_update_is_the_optimizer_s() -> None:
    network = network_of([1.0, -2.0], 3.0)
    updater = step(network, [1.0, 2.0, -1.0], training("none", 5.0))
    np.testing.assert_allclose(updater.last_update, [-0.1, -0.2, 0.1])
    np.testing.assert_allclose(network.flat_parameters, [0.9, -2.2, 3.1])


def test_l2_pulls_weights_towards_zero_in_proportion_and_leaves_biases() -> None:
    network = network_of([1.0, -2.0], 3.0)
    updater = step(network, [1.0, 0.0, 0.0], training("l2", 0.5))
    # -0.1 * (1 + 0.5 * 1), -0.1 * 0.5 * -2, 0.
    np.testing.assert_allclose(updater.last_update, [-0.15, 0.1, 0.0])
    np.testing.assert_allclose(network.flat_parameters, [0.85, -1.9, 3.0])
    np.testing.assert_array_equal(network.flat_gradients, [1.0, 0.0, 0.0])


def test_l1_pulls_weights_towards_zero_by_a_constant_and_leaves_biases() -> None:
    network = network_of([1.0, -2.0], 0.001)
    updater = step(network, [1.0, 0.0, 0.0], training("l1", 0.5))
    # -0.1 * (1 + 0.5), +0.1 * 0.5, 0.
    np.testing.assert_allclose(updater.last_update, [-0.15, 0.05, 0.0])
    np.testing.assert_allclose(network.flat_parameters, [0.85, -1.95, 0.001])


@pytest.mark.parametrize("weight", [0.03, -0.03])
def test_a_weight_that_l1_would_carry_across_zero_becomes_exactly_zero(weight: float) -> None:
    network = network_of([weight, 1.0], 0.01)
    updater = step(network, [0.0, 0.0, 0.0], training("l1", 0.5))
    assert network.flat_parameters[0] == 0.0
    assert updater.last_update[0] == -weight
    assert network.flat_parameters[2] == 0.01


def test_a_weight_at_zero_stays_there_without_a_gradient_and_comes_back_with_one() -> None:
    network = network_of([0.0, 1.0], 0.0)
    step(network, [0.0, 0.0, 0.0], training("l1", 0.5))
    assert network.flat_parameters[0] == 0.0
    step(network, [-2.0, 0.0, 0.0], training("l1", 0.5))
    assert network.flat_parameters[0] == pytest.approx(0.2)


def test_a_weight_that_its_gradient_carries_across_zero_goes_on() -> None:
    network = network_of([0.05, 1.0], 0.0)
    step(network, [1.0, 0.0, 0.0], training("l1", 0.1))
    # 0.05 - 0.1 * (1 + 0.1).
    assert network.flat_parameters[0] == pytest.approx(-0.06)


def test_the_penalty_is_what_regularization_adds_to_the_loss() -> None:
    network = network_of([1.0, -2.0], 3.0)
    updater = Updater(network, training("none", 0.5))
    assert updater.regularization_term() == 0.0
    for regularization, term in (("l2", 0.5 * (1.0 + 4.0) / 2.0), ("l1", 0.5 * (1.0 + 2.0))):
        updater = updater.configured(training(regularization, 0.5), network)
        assert updater.regularization_term() == pytest.approx(term)


def test_another_optimizer_begins_without_the_state_of_the_last() -> None:
    network = network_of([1.0, -2.0], 3.0)
    updater = Updater(network, TrainingConfig(optimizer="momentum"))
    network.flat_gradients[...] = 1.0
    for optimizer, expected in (
        ("momentum", -0.1),
        ("momentum", -0.19),
        ("sgd", -0.1),
        ("momentum", -0.1),
    ):
        updater = updater.configured(TrainingConfig(optimizer=optimizer), network)
        updater(LEARNING_RATE)
        np.testing.assert_allclose(updater.last_update, expected)


# --- The update for a compiler ------------------------------------------------------------------


def both(settings: TrainingConfig, has_frozen: bool) -> tuple[Updater, Updater]:
    """Two equal updaters, each of a network of its own."""
    updaters = []
    for _ in range(2):
        network = Network((3, 4, 2), ("tanh", "linear"), rng=np.random.default_rng(0))
        updaters.append(Updater(network, settings))
        if has_frozen:
            updaters[-1].frozen = np.arange(network.n_parameters) % 3 == 0
    return updaters[0], updaters[1]


def remembered(updater: Updater) -> list[bytes]:
    optimizer, last_update = updater.state()
    state = [*vars(optimizer).values(), last_update, updater._network.flat_parameters]
    return [np.asarray(x).tobytes() for x in state]


@pytest.mark.parametrize("has_frozen", [False, True])
@pytest.mark.parametrize("regularization", ["none", "l1", "l2"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_is_recorded_for_a_compiler_is_what_is_replayed(
    optimizer: str, regularization: str, has_frozen: bool
) -> None:
    def settings(**changes: float) -> TrainingConfig:
        return TrainingConfig(optimizer=optimizer, regularization=regularization, **changes)  # type: ignore[arg-type]

    replayed, compiled = both(settings(regularization_rate=0.1), has_frozen)
    rule, recorded = compiled.rule, RecordedUpdate(compiled.rule, compiled.arrays())
    program = recorded.traced.bind()
    for turned in (settings(regularization_rate=0.03, momentum=0.7, beta2=0.9, decay=0.5), None):
        for rate in (0.1, 0.05):
            for updater in (replayed, compiled):
                gradients = updater._network.flat_gradients
                gradients[...] = np.cos(np.arange(len(gradients)) * rate)
            replayed(rate)
            compiled.load(recorded, rate)
            for call in program:
                call()
            compiled.store(recorded)
            assert remembered(compiled) == remembered(replayed)
        if turned is not None:  # a knob is turned: the calls stay the same
            replayed = replayed.configured(turned, replayed._network)
            compiled = compiled.configured(turned, compiled._network)
            assert compiled.rule == rule


def test_frozen_parameters_stay_whatever_their_gradients_are() -> None:
    network = network_of([1.0, -2.0], 3.0)
    updater = Updater(network, training("l1", 0.5))
    updater.frozen = np.array([True, False, True])
    network.flat_gradients[...] = [np.nan, 1.0, np.inf]
    updater(LEARNING_RATE)
    np.testing.assert_array_equal(network.flat_parameters[[0, 2]], [1.0, 3.0])
    np.testing.assert_array_equal(updater.last_update[[0, 2]], 0.0)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_optimizer_is_nothing_but_its_state(optimizer: str) -> None:
    state = OPTIMIZERS[optimizer](5)
    assert set(vars(state)) == {*state.vectors, *state.numbers}
