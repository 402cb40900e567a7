"""What a step did and what a rate would do, in words, from numbers that mean it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.diagnosis.rate_finder import LADDER, RateLadder
from toygrad.core.diagnosis.step_report import (
    GradientLine,
    StepReport,
    gradient_line,
    step_report,
)
from toygrad.datasets import DataChoice
from toygrad.tui.gradients.step import (
    _rates,
    numbers_of_step,
    words_on,
    words_on_rate,
    words_on_step,
)


def last_step(steps: int, data: str = "circle", **settings: Any) -> StepReport:
    hidden = settings.pop("hidden", (4, 2))
    activation = settings.pop("activation", "tanh")
    network = NetworkSpec(hidden=hidden, activation=activation)
    session = Session(network, DataChoice(name=data).load(), TrainingConfig(**settings))
    session.advance(steps)
    report = step_report(session.snapshot())
    assert report is not None
    return report


def test_a_small_rate_does_what_the_gradient_predicts() -> None:
    report = last_step(10, learning_rate=0.003)
    assert words_on_step(report) == "100 % of the predicted drop: the step is short enough."
    assert numbers_of_step(report).startswith(
        "predicted -6.33e-04, actual -6.32e-04, batch loss 0.541"
    )


def test_a_large_rate_raises_the_loss() -> None:
    report = last_step(1, "xor", learning_rate=10.0)
    assert words_on_step(report).startswith("Step too long: loss rose. [ lowers")


def test_a_wrong_sign_goes_up_the_slope() -> None:
    report = last_step(3, sabotage=("wrong_sign",))
    assert report.actual > 0.0
    assert words_on_step(report, is_spoiled=True).startswith("A planted bug spoils")


@pytest.mark.parametrize(
    ("before", "after", "predicted", "words"),
    [
        (1.0, 0.7, -1.0, "30 % of the predicted drop: learning rate at its limit."),
        (1.0, 0.4, -1.0, "60 % of the predicted drop: the slope bends a little."),
        (1.0, 0.1, -0.5, "180 % of the predicted drop: the slope gets steeper along the step."),
        (2.0, 0.0, -1.0, "200 % of the predicted drop: the slope gets steeper along the step."),
        (3.0, 0.9, -1.0, "210 % of the predicted drop: is the gradient right? See check."),
        (1.0, 1.0, 0.0, "The gradient is 0: nothing moved."),
        (1.0, 1.5, 0.5, "The update went uphill: momentum or regularization."),
        (1.0, math.inf, -1.0, "The loss is not finite: the step was far too long."),
    ],
)
def test_each_case_has_its_words(before: float, after: float, predicted: float, words: str) -> None:
    assert words_on_step(StepReport(before, after, predicted, 1.0, 1.0)) == words


def test_a_rate_is_judged_by_the_line() -> None:
    rates = np.array([0.1, 1.0, 10.0])
    line = GradientLine(rates, np.array([0.4, 0.2, 0.9]), 0.5, 1.0)
    assert words_on_rate(line, 0.1) == "A step of 0.1 x gradient: loss -0.1; best rate 1."
    too_far = "A step of 10 x gradient overshoots: loss +0.4; best rate 1."
    assert words_on_rate(line, 10.0) == too_far
    falling = GradientLine(rates, np.array([0.4, 0.3, 0.2]), 0.5, 10.0)
    assert words_on_rate(falling, 1.0).endswith("best rate 10 or more.")


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ((0.2, 0.05), ["Training loss 1 here, 0.2 with 0.03, 0.05 with 0.1.", "enter uses 0.1, "]),
        ((0.2, 0.19), ["Training loss 1 here, 0.2 with 0.03.", "No other is clearly better; "]),
        ((1.2, math.inf), ["None of them lowers the training loss.", "escape closes."]),
    ],
)
def test_the_finder_says_what_each_rate_came_to(losses: list[float], words: list[str]) -> None:
    # At 0.03 and 0.1; all others learn nothing.
    ends = [1.0, 1.0, 1.0, *losses, 1.0, 1.0, 1.0]
    curves = tuple(((0, 1.0), (5000, loss)) for loss in ends)
    ladder = RateLadder(LADDER, curves, 0.03, 5000)
    tried = "Copies of the network, 5,000 steps with each learning rate."
    assert words_on(ladder) == [tried, "Still training them; escape stops."]
    done = words_on(replace(ladder, is_done=True))
    assert done[0] == tried
    assert all(line.startswith(start) for line, start in zip(done[1:], words, strict=True))


def test_a_schedule_that_ends_at_rate_zero_says_so() -> None:
    training = TrainingConfig(schedule="cosine", schedule_epochs=1, batch_size=500)
    session = Session(NetworkSpec(), DataChoice().load(), training)
    session.advance_epochs(1)
    snapshot = session.snapshot()
    assert snapshot.learning_rate == 0.0
    line = gradient_line(snapshot, _rates(snapshot))
    assert line.rates.min() > 0.0
    assert "learning rate is 0" in words_on_rate(line, snapshot.learning_rate)
