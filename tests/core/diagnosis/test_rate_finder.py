"""The rate that is suggested learns, was tried, and finding it disturbs nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.core.diagnosis.rates import Task, ladder_of, pick
from toygrad.core.diagnosis.rate_finder import LADDER, RateLadder, climb

if TYPE_CHECKING:
    from tests.core.conftest import Make


@pytest.mark.parametrize("seed", [1, 2])
def test_the_rate_comes_within_twice_the_best_of_seven(seed: int) -> None:
    picks = [pick(Task(seed, weights, is_small=True)) for weights in range(2)]
    assert all(found.is_good for found in picks), picks
    assert abs(picks[0].rung - picks[1].rung) <= 1


def test_a_rate_that_is_too_low_is_raised_to_one_that_was_tried(make: Make) -> None:
    run = make("xor", (4, 2), learning_rate=1e-5, optimizer="adam", batch_size=60)
    ladder = ladder_of(run)
    assert ladder.suggestion in LADDER
    assert ladder.loss_with(ladder.suggestion) < 0.5 * ladder.loss_with(1e-5)
    run.configure(replace(run.training, learning_rate=ladder.suggestion))
    run.advance(ladder.steps)
    # The very steps that were tried: what is promised is kept to the bit.
    assert run.evaluate().train_loss == ladder.curves[ladder.rates.index(ladder.suggestion)][-1][1]


def test_it_changes_nothing_but_its_copies(make: Make) -> None:
    run, other = (make(optimizer="adam", schedule="cosine") for _ in range(2))
    run.advance(20)
    other.advance(20)
    next(climb(run.learner_state()))
    assert (run.step, run.training.learning_rate) == (20, 0.03)
    run.advance(20)
    other.advance(20)
    np.testing.assert_array_equal(run.network.flat_parameters, other.network.flat_parameters)


def test_it_begins_with_the_weights_there_are_and_shows_every_curve_grow(make: Make) -> None:
    run = make(batch_size=60, learning_rate=0.02)
    run.advance_epochs(50)
    ladders = list(climb(run.learner_state()))
    assert ladders[0].here == run.evaluate().train_loss
    assert [ladder.is_done for ladder in ladders] == [False] * (len(ladders) - 1) + [True]
    lengths = [sum(map(len, ladder.curves)) for ladder in ladders]
    assert lengths == sorted(lengths)
    assert ladders[-1].rates == tuple(sorted({*LADDER, 0.02}))
    assert all(curve[-1][0] == ladders[-1].steps for curve in ladders[-1].curves[:5])


def test_where_time_is_short_all_trials_are_as_long_as_the_first_one_was(make: Make) -> None:
    *_, ladder = climb(make().learner_state(), seconds=0.0)
    steps = {curve[-1][0] for curve in ladder.curves}
    assert ladder.is_done and steps == {ladder.steps}


def test_it_ends_early_when_it_is_told_to(make: Make) -> None:
    ladders = list(climb(make().learner_state(), stopped=lambda: True))
    assert len(ladders) == 1 and math.isnan(ladders[0].suggestion)


def test_a_network_that_cannot_learn_gets_no_suggestion(make: Make) -> None:
    run = make(activation="relu", batch_size=60)
    run.set_parameters({"layer2.bias": [-100.0, -100.0], "layer3.bias": [100.0]})
    assert math.isnan(ladder_of(run).suggestion)


def test_a_run_that_diverged_gets_none(make: Make) -> None:
    run = make("plane", (8,), activation="relu", learning_rate=10.0)
    run.advance(200)
    assert run.state == "diverged"
    assert math.isnan(ladder_of(run).suggestion)


def ladder(losses: list[float], now: float) -> RateLadder:
    """A ladder that begins at 1.0 and ends at these losses."""
    rates = LADDER[: len(losses)]
    return RateLadder(rates, tuple(((0, 1.0), (9, loss)) for loss in losses), now, 9, is_done=True)


@pytest.mark.parametrize(
    ("losses", "now", "suggestion"),
    [
        # Amid those that are alike, not the one that is best by a hair.
        ([0.5, 0.1, 0.1, 0.1, 0.099, 0.1, 0.9], 1e-3, 0.03),
        # The present one, if it is as good.
        ([0.5, 0.1, 0.1, 0.1, 0.099, 0.1, 0.9], 0.3, 0.3),
        # A good one, though two valleys have a hill between them.
        ([0.9, 0.01, 0.9, 0.9, 0.9, 0.9, 0.0101], 0.01, 3e-3),
        ([0.9, 0.9, 0.2, math.inf, math.inf], 1e-3, 0.01),
        ([1.0, 1.1, math.inf], 1e-3, math.nan),
    ],
)
def test_the_suggestion_is_amid_the_good_ones(
    losses: list[float], now: float, suggestion: float
) -> None:
    np.testing.assert_equal(ladder(losses, now).suggestion, suggestion)
