"""How far a run is: measured from the best constant to what the samples' neighbours reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core.autograd import Value
from toygrad.core.diagnosis.progress import progress_of
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
