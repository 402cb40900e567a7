"""The learning rate that is suggested learns, and finding it disturbs nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core.diagnosis.rate_finder import sweep_rates

if TYPE_CHECKING:
    from tests.core.conftest import Make


@pytest.mark.parametrize(
    ("data", "hidden"), [("circle", (4, 2)), ("xor", (4, 2)), ("plane", (4, 2)), ("digits", (32,))]
)
def test_the_suggested_rate_learns(make: Make, data: str, hidden: tuple[int, ...]) -> None:
    run = make(data, hidden, learning_rate=1e-5)
    sweep = sweep_rates(run.snapshot())
    assert 1e-4 < sweep.suggestion < 3.0
    before = run.evaluate().train_loss
    run.configure(replace(run.training, learning_rate=sweep.suggestion))
    run.advance_epochs(30)
    assert run.evaluate().train_loss < 0.3 * before


def test_a_sweep_changes_nothing_but_its_copy(make: Make) -> None:
    run = make(optimizer="adam", schedule="cosine")
    run.advance(20)
    parameters = run.network.flat_parameters.copy()
    sweep_rates(run.snapshot())
    np.testing.assert_array_equal(run.network.flat_parameters, parameters)
    assert (run.step, run.training.learning_rate) == (20, 0.03)


def test_a_sweep_begins_with_the_weights_there_are(make: Make) -> None:
    run = make()
    run.advance_epochs(50)
    sweep = sweep_rates(run.snapshot())
    assert sweep.losses[0] == pytest.approx(run.evaluate().train_loss, rel=1e-2)
    assert len(sweep.rates) == len(sweep.losses)
    np.testing.assert_allclose(
        np.diff(np.log(sweep.rates)), np.log(sweep.rates[1] / sweep.rates[0])
    )


def test_a_sweep_ends_where_the_loss_explodes_or_it_is_told_to(make: Make) -> None:
    run = make("plane", (8, 8), activation="relu", initializer="he")
    assert sweep_rates(run.snapshot()).rates[-1] < 10.0
    sweep = sweep_rates(run.snapshot(), stopped=lambda: True)
    assert not len(sweep.rates)
    assert math.isnan(sweep.suggestion)


def test_a_network_that_cannot_learn_gets_no_suggestion(make: Make) -> None:
    run = make(activation="relu")
    run.set_parameters({"layer2.bias": [-100.0, -100.0], "layer3.bias": [100.0]})
    assert math.isnan(sweep_rates(run.snapshot()).suggestion)
