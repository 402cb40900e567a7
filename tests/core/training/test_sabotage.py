"""Each mistake breaks what it says it breaks, and none of them leaves a trace when switched off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from toygrad.core import ConfigError, Network, Session, TrainingConfig, Value
from toygrad.core.diagnosis.causes import planted_bugs
from toygrad.core.diagnosis.diagnosis import diagnose
from toygrad.core.training.config import SABOTAGE_NAMES
from toygrad.core.training.learner import Learner
from toygrad.core.training.replica import Replica
from toygrad.core.training.sabotage import SABOTAGES, SabotagedEngine, backward_by_assignment
from toygrad.core.training.update import Updater
from toygrad.core.training.update_tracing import RecordedUpdate

if TYPE_CHECKING:
    from tests.core.conftest import Make


def switch(run: Session, *names: str) -> None:
    run.configure(replace(run.training, sabotage=names))


def test_the_settings_know_every_sabotage() -> None:
    assert set(SABOTAGE_NAMES) == set(SABOTAGES)
    with pytest.raises(ConfigError, match="no sabotage 'typo'"):
        TrainingConfig(sabotage=("typo",))
    one, other = (
        TrainingConfig(sabotage=names)
        for names in (("assign", "wrong_sign"), ("wrong_sign", "assign"))
    )
    assert one == other


def test_wrong_sign_goes_up_the_true_gradient(make: Make) -> None:
    run = make()
    run.advance(3)
    before = run.snapshot()
    switch(run, "wrong_sign")
    run.advance()
    after = run.snapshot()
    truth = Replica(before).gradient_of(after.batch_rows)
    np.testing.assert_allclose(after.gradients, -truth, atol=1e-12)
    losses = [run.evaluate().train_loss]
    run.advance(300)
    assert run.evaluate().train_loss > losses[0]


def test_forgetting_zero_grad_adds_up_all_gradients(make: Make) -> None:
    run = make()
    switch(run, "no_zero_grad")
    total = np.zeros(run.network.n_parameters)
    for _ in range(4):
        before = run.snapshot()
        run.advance()
        after = run.snapshot()
        total += Replica(before).gradient_of(after.batch_rows)
        np.testing.assert_allclose(after.gradients, total, atol=1e-12)


def test_dropping_the_gradient_of_layer_1_leaves_it_as_it_is(make: Make) -> None:
    run = make()
    switch(run, "dropped_layer")
    first = run.parameters()["layer1.weight"].copy()
    second = run.parameters()["layer2.weight"].copy()
    run.advance(50)
    np.testing.assert_array_equal(run.parameters()["layer1.weight"], first)
    assert np.abs(run.parameters()["layer2.weight"] - second).max() > 0.01


def test_no_activation_makes_the_boundary_a_straight_line(make: Make) -> None:
    run = make("plane", (6, 6))
    switch(run, "no_activation")
    grid = run.snapshot((9, 9)).grid
    assert grid is not None
    assert run.snapshot().activations == ("linear", "linear", "linear")
    np.testing.assert_allclose(np.diff(grid[..., 0], 2, axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(np.diff(grid[..., 0], 2, axis=1), 0.0, atol=1e-12)


def test_assigning_keeps_one_use_of_a_value_alone() -> None:
    a, b = Value(3.0), Value(2.0)
    backward_by_assignment(a * b + a)
    # The gradient is b + 1 = 3; a is used by the sum and by the product.
    assert a.grad in (1.0, 2.0)
    assert b.grad == 3.0


def test_assigning_keeps_one_sample_of_a_batch_alone(make: Make) -> None:
    run = make(hidden=(), batch_size=5)
    before = run.snapshot()
    switch(run, "assign")
    run.advance()
    after = run.snapshot()
    replica = Replica(before)
    samples = [replica.gradient_of(after.batch_rows[k : k + 1]) / 5.0 for k in range(5)]
    assert any(np.allclose(after.gradients, g, atol=1e-12) for g in samples)


def test_switched_off_training_goes_on_as_if_it_had_never_been(make: Make) -> None:
    run, healthy = make(), make()
    for name in SABOTAGES:
        switch(run, name)
    switch(run)
    for session in (run, healthy):
        session.advance(20)
    np.testing.assert_array_equal(run.network.flat_parameters, healthy.network.flat_parameters)


def test_the_healthy_path_has_no_sabotaged_engine(make: Make) -> None:
    def engine(run: Session) -> object:
        learner: Learner = run._loop.run.learner
        return learner._engine

    run = make()
    assert not isinstance(engine(run), SabotagedEngine)
    switch(run, "wrong_sign")
    assert isinstance(engine(run), SabotagedEngine)
    switch(run)
    assert not isinstance(engine(run), SabotagedEngine)


@pytest.mark.parametrize(
    "mistakes", [("no_zero_grad",), ("wrong_sign", "dropped_layer"), ("no_zero_grad", "wrong_sign")]
)
def test_a_compiler_gets_the_mistakes_with_the_update(mistakes: tuple[str, ...]) -> None:
    results: list[Any] = []
    for is_recorded in (False, True):
        network = Network((2, 3, 1), ("tanh", "linear"), rng=np.random.default_rng(0))
        carried = np.zeros(network.n_parameters)
        true = np.cos(np.arange(network.n_parameters))

        def engine(inputs: Any, targets: Any, network: Network = network) -> float:
            network.flat_gradients[...] = inputs * network.flat_parameters
            return 0.0

        spoiled = SabotagedEngine(engine, network, mistakes, carried)
        updater = Updater(network, TrainingConfig(optimizer="adam"))
        recorded = RecordedUpdate(updater.rule, updater.arrays(), spoiled.change)
        program = recorded.traced.bind()
        for _ in range(3):
            if is_recorded:
                engine(true, true)
                updater.load(recorded, 0.1)
                for call in program:
                    call()
                updater.store(recorded)
            else:
                spoiled(true, true)
                updater(0.1)
        results.append([network.flat_parameters, network.flat_gradients, carried])
    np.testing.assert_array_equal(results[0], results[1])


@pytest.mark.parametrize("name", SABOTAGE_NAMES)
def test_a_hidden_bug_does_the_same_and_is_nowhere_named(name: str, make: Make) -> None:
    shown, hidden = make(), make()
    switch(shown, name)
    hidden.configure(replace(hidden.training, hidden_sabotage=(name,)))
    for run in (shown, hidden):
        run.advance(20)
    a, b = shown.snapshot(), hidden.snapshot()
    np.testing.assert_array_equal(a.parameters, b.parameters)
    np.testing.assert_array_equal(a.gradients, b.gradients)
    assert planted_bugs(a)
    assert not planted_bugs(b)
    title = SABOTAGES[name].title
    assert title not in "".join(finding.sentence for finding in diagnose(b).findings)
    assert b.curves is not None
    assert title not in "".join(mark.text for mark in b.curves.marks)
