"""How far a run is: measured from the best constant to what the samples' neighbours reach."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.core.diagnosis.cases import AT_REST
from toygrad.core.autograd import Value
from toygrad.core.diagnosis.progress import (
    Reference,
    _constant_loss,
    _late_share,
    _neighbours,
    _skill,
    _trend,
    progress_of,
)
from toygrad.core.nn import LOSSES
from toygrad.core.training.problem import network_targets

if TYPE_CHECKING:
    from tests.core.conftest import Make


@pytest.mark.parametrize(
    ("data", "loss"),
    [
        ("circle", "squared_error"),
        ("circle", "binary_cross_entropy"),
        ("circle", "hinge"),
        ("iris", "softmax_cross_entropy"),
        ("iris", "squared_error"),
        ("iris", "hinge"),
        ("parabola", "squared_error"),
    ],
)
def test_no_constant_output_beats_the_best_one(make: Make, data: str, loss: str) -> None:
    snapshot = make(data, loss=loss).snapshot()
    targets = network_targets(snapshot.dataset, snapshot.train_rows)
    best, rng = progress_of(snapshot).constant, np.random.default_rng(0)
    mean = LOSSES[loss].on_arrays
    losses = [
        float(mean(Value(np.tile(row, (len(targets), 1)), constant=True), targets))
        for row in rng.uniform(-2.0, 2.0, (3000, targets.shape[1]))
    ]
    assert best <= min(losses) + 1e-12
    assert best == pytest.approx(min(losses), rel=0.05)


def test_clean_data_can_be_learned_and_noise_cannot(make: Make) -> None:
    assert progress_of(make("circle").snapshot()).reachable > 0.9
    assert progress_of(make("circle", noise=0.5).snapshot()).reachable < 0.7
    assert progress_of(make("parabola").snapshot()).reachable > 0.95


def test_a_run_that_learned_is_there_and_one_that_began_is_not(make: Make) -> None:
    run = make(learning_rate=0.1)
    assert not progress_of(run.snapshot()).is_there
    run.advance_epochs(40)
    progress = progress_of(run.snapshot())
    assert progress.is_there
    assert 0.9 < progress.skill <= 1.0
    assert progress.level < 0.2


def test_the_trend_begins_where_a_setting_was_changed(make: Make) -> None:
    run = make(learning_rate=0.1)
    run.advance_epochs(20)
    before = progress_of(run.snapshot())
    assert (before.points, before.is_falling) == (21, True)
    run.configure(run.training.__class__(learning_rate=1e-9))
    run.advance_epochs(8)
    after = progress_of(run.snapshot())
    assert 8 <= after.points <= 9
    assert not after.is_falling


# --- Numbers by hand -----------------------------------------------------------------------------


def test_a_trend_is_that_of_the_last_half() -> None:
    losses = np.arange(12.0, 0.0, -1.0)
    # Of 6, 5, 4, 3, 2, 1 the first third, the last, and what is between.
    assert _trend(losses) == pytest.approx((4.0 / 5.5, 2.0 / 5.5, 1.0 / 5.5, 1.0 / 5.5))
    assert _late_share(losses) == pytest.approx(5.0 / 11.0)
    assert _trend(2.0 * losses) == pytest.approx(_trend(losses))
    nine = np.array([9.0, 8.0, 7.0, 6.0, 8.0, 5.0, 2.0, 1.0, 3.0, 2.0, 4.0, 1.0, 0.0, 0.0])
    # Of the last seven, 1 3 | 2 4 1 | 0 0.
    assert _trend(nine)[:2] == pytest.approx((1.0, (7.0 / 3.0) / 2.0))
    assert _trend(nine)[2] == pytest.approx(2.0 * 1.0 / math.sqrt(2.0) / 2.0)
    assert _trend(nine)[3] == pytest.approx(1.5 / 2.0)


@pytest.mark.parametrize("losses", [[3.0, 2.0, 1.0], [1.0, 2.0, math.inf, 1.0, 1.0]])
def test_few_or_infinite_losses_have_no_trend(losses: list[float]) -> None:
    assert _trend(np.array(losses)) == (0.0, 0.0, math.inf, 0.0)
    assert _trend(np.array([4.0, 3.0, 2.0, 1.0]))[0] > 0.5


def test_neighbours_are_the_three_nearest_others() -> None:
    points = np.array([[0.0], [1.0], [3.0], [7.0], [20.0]])
    nearest = [set(row) for row in _neighbours(points).tolist()]
    assert nearest == [{1, 2, 3}, {0, 2, 3}, {0, 1, 3}, {0, 1, 2}, {1, 2, 3}]
    assert _neighbours(points[:2]).tolist() == [[1], [0]]
    assert _neighbours(points[:1]).tolist() == [[0]]


@pytest.mark.parametrize("data", ["circle", "iris", "parabola"])
def test_what_is_reachable_is_what_the_neighbours_say(make: Make, data: str) -> None:
    snapshot = make(data, noise=0.3 if data == "circle" else None).snapshot()
    dataset, rows = snapshot.dataset, snapshot.train_rows
    inputs = dataset.to_network(dataset.points[rows])
    found = []
    for row, point in zip(rows, inputs, strict=True):
        near = rows[np.argsort(((inputs - point) ** 2).sum(axis=1))[1:4]]
        if dataset.task == "regression":
            targets = dataset.network_targets()
            found.append((targets[row] - targets[near].mean()) ** 2)
        else:
            found.append(np.bincount(dataset.labels[near]).argmax() == dataset.labels[row])
    if dataset.task == "regression":
        reachable = 1.0 - np.mean(found) / dataset.network_targets()[rows].var()
    else:
        most = np.bincount(dataset.labels[rows]).max() / len(rows)
        reachable = (np.mean(found) - most) / (1.0 - most)
    assert progress_of(snapshot).reachable == pytest.approx(reachable)


@pytest.mark.parametrize(
    ("loss", "shares", "constant"),
    [
        ("binary_cross_entropy", [0.25, 0.75], 0.5623351446),
        ("softmax_cross_entropy", [0.0, 0.25, 0.75], 0.5623351446),
        ("hinge", [0.25, 0.75], 0.5),
        ("hinge", [0.1, 0.2, 0.7], 1.2),
        ("squared_error", [0.25, 0.75], 0.375),
        ("squared_error", [0.5, 0.25, 0.25], 1.25),
    ],
)
def test_the_loss_of_the_best_constant(loss: str, shares: list[float], constant: float) -> None:
    assert _constant_loss(loss, np.array(shares)) == pytest.approx(constant)


def test_skill_is_from_a_constant_to_perfect() -> None:
    reference = Reference(0.4, 0.6, 1.0)
    assert _skill(0.8, 0.1, reference) == pytest.approx(0.5)
    assert _skill(None, 0.1, reference) == pytest.approx(0.75)
    assert math.isnan(_skill(0.8, math.nan, reference))
    assert _skill(0.8, 0.1, Reference(0.4, 1.0, 1.0)) == 0.8
    assert _skill(None, 0.1, Reference(0.0, 0.0, 1.0)) == 1.0


@pytest.mark.parametrize(
    ("changes", "is_there", "is_falling", "is_resting"),
    [
        ({}, False, False, True),
        ({"skill": 0.85}, True, False, True),
        ({"skill": 0.849, "usual_skill": 0.849}, False, False, True),
        ({"usual_skill": 0.85}, True, False, True),
        ({"usual_skill": 0.85, "level": 1.0}, False, False, True),
        ({"skill": 0.4, "reachable": 0.47}, True, False, True),
        ({"fall": 0.051, "late_fall": 0.02}, False, True, False),
        ({"fall": 0.051, "late_fall": 0.019}, False, True, True),
        ({"fall": 0.05, "late_fall": 0.1}, False, False, True),
        ({"fall": 0.2, "noise": 0.2, "late_fall": 0.1}, False, False, True),
    ],
)
def test_where_a_run_is(
    changes: dict[str, Any], is_there: bool, is_falling: bool, is_resting: bool
) -> None:
    progress = replace(AT_REST, **changes)
    found = progress.is_there, progress.is_falling, progress.is_resting
    assert found == (is_there, is_falling, is_resting)


def test_progress_is_read_off_the_curve_and_the_moment(make: Make) -> None:
    run = make(learning_rate=0.1)
    run.advance_epochs(7)
    snapshot = run.snapshot()
    progress = progress_of(snapshot)
    losses = [*snapshot.curves.points().mean[:, 0], snapshot.evaluation.train_loss]
    assert progress.points == len(losses) - 1 == 8
    assert progress.level == pytest.approx(losses[-1] / progress.constant)
    assert progress.peak == pytest.approx(max(losses) / max(losses[0], progress.constant))
    assert progress.late_share == pytest.approx(_late_share(np.array(losses)))
