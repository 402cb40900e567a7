"""A loss that is no longer finite is an event with a name, in numbers that a screen can tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.training import ENGINES
from toygrad.datasets import Dataset

MANY = 500


def exploding(dataset: Dataset, engine: str = "tape") -> Session:
    return Session(
        NetworkSpec(hidden=(3,), activation="linear"),
        dataset,
        TrainingConfig(learning_rate=10.0, engine=engine),
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_divergence_stops_the_run_and_tells_the_step(numbers: Dataset, engine: str) -> None:
    run = exploding(numbers, engine)
    run.advance(MANY)
    failure = run.snapshot().failure
    assert run.state == "diverged"
    assert failure is not None
    assert failure.step == run.step + 1 < MANY
    assert not np.isfinite(failure.loss)
    assert (failure.learning_rate, failure.error) == (10.0, "")


def test_divergence_names_the_first_parameter_whose_gradient_is_not_finite(
    numbers: Dataset,
) -> None:
    run = exploding(numbers)
    run.advance(MANY)
    snapshot = run.snapshot()
    assert snapshot.failure is not None
    bad = ~np.isfinite(snapshot.gradients)
    assert snapshot.failure.parameter == snapshot.parameter_names()[int(np.argmax(bad))]
    assert snapshot.failure.parameter.startswith("layer1.weight[")


def test_a_diverged_run_takes_no_further_step(numbers: Dataset) -> None:
    run = exploding(numbers)
    run.advance(MANY)
    step, parameters = run.step, run.snapshot().parameters
    run.advance(5)
    run.advance_epochs(2)
    assert run.step == step
    np.testing.assert_array_equal(run.snapshot().parameters, parameters)


def test_reset_and_a_smaller_learning_rate_make_it_learn(numbers: Dataset) -> None:
    run = exploding(numbers)
    run.advance(MANY)
    run.configure(TrainingConfig(learning_rate=0.01))
    run.reset()
    assert (run.state, run.snapshot().failure) == ("ready", None)
    first = run.evaluate().train_loss
    run.advance_epochs(20)
    assert run.state == "paused"
    assert run.evaluate().train_loss < first


def test_a_parameter_that_is_nan_is_named(two_classes: Dataset) -> None:
    run = Session(NetworkSpec(), two_classes)
    np.asarray(run.network.named_parameters()["layer2.bias"].data)[1] = np.nan
    run.advance()
    failure = run.snapshot().failure
    assert failure is not None
    assert failure.step == 1
    assert np.isnan(failure.loss)


def test_an_error_inside_a_step_makes_the_run_fail_with_its_words(
    two_classes: Dataset, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(inputs: Any, targets: Any) -> float:
        raise RuntimeError("out of chalk")

    run = Session(NetworkSpec(), two_classes)
    monkeypatch.setattr(run._loop.run.learner, "_engine", broken)
    run.advance(3)
    failure = run.snapshot().failure
    assert (run.state, run.step) == ("failed", 0)
    assert failure is not None
    assert "out of chalk" in failure.error
    assert "step 1 failed" in caplog.text
