"""What the last step was to change of the loss, and what a step of another length would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core.diagnosis.step_report import gradient_line, step_report
from toygrad.core.training.replica import Replica

if TYPE_CHECKING:
    from tests.core.conftest import Make

RATES = np.geomspace(1e-4, 10.0, 30)


def test_a_replica_computes_the_loss_and_the_gradient_of_the_session(make: Make) -> None:
    for data, loss in (("circle", "auto"), ("plane", "auto"), ("iris", "auto"), ("xor", "hinge")):
        run = make(data, batch_size=7, loss=loss)
        run.advance(30)
        before = run.snapshot()
        run.advance()
        after = run.snapshot()
        replica = Replica(before)
        gradient = replica.gradient_of(after.batch_rows)
        np.testing.assert_allclose(gradient, after.gradients, rtol=1e-10, atol=1e-14)
        assert replica.loss_of(after.batch_rows)(None) == pytest.approx(after.batch_loss)
        assert replica.loss_of(before.train_rows)(None) == pytest.approx(
            before.evaluation.train_loss
        )


def test_trying_out_changes_neither_the_session_nor_the_snapshot(make: Make) -> None:
    run = make()
    run.advance(5)
    snapshot = run.snapshot()
    parameters = run.network.flat_parameters.copy()
    gradient_line(snapshot, RATES)
    step_report(snapshot)
    np.testing.assert_array_equal(run.network.flat_parameters, parameters)
    np.testing.assert_array_equal(snapshot.parameters, parameters)


def test_the_batch_of_a_snapshot_is_that_of_its_last_step(make: Make) -> None:
    run = make(batch_size=8)
    assert not len(run.snapshot().batch_rows)
    seen: list[int] = []
    for _ in range(run.steps_per_epoch):
        run.advance()
        snapshot = run.snapshot()
        seen += snapshot.batch_rows.tolist()
    # The last batch is smaller, and is still known when the next epoch has begun.
    assert len(snapshot.batch_rows) == len(snapshot.train_rows) % 8
    assert sorted(seen) == sorted(snapshot.train_rows.tolist())


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_plain_descent_predicts_minus_rate_times_gradient_squared(make: Make, dtype: str) -> None:
    run = make(learning_rate=0.003, dtype=dtype)
    run.advance(10)
    snapshot = run.snapshot()
    report = step_report(snapshot)
    assert report is not None
    assert report.predicted == pytest.approx(-0.003 * report.gradient_norm**2, rel=1e-5)
    # So short a step goes along the tangent.
    assert report.actual == pytest.approx(report.predicted, rel=0.03)
    assert report.update_norm == pytest.approx(0.003 * report.gradient_norm, rel=1e-5)


def test_too_long_a_step_misses_its_prediction(make: Make) -> None:
    run = make("xor", learning_rate=10.0)
    run.advance()
    report = step_report(run.snapshot())
    assert report is not None
    assert report.predicted < 0.0 < report.actual


def test_there_is_no_report_before_a_step_or_after_an_edit(make: Make) -> None:
    run = make()
    assert step_report(run.snapshot()) is None
    run.advance(3)
    assert step_report(run.snapshot()) is not None
    run.set_parameters({"layer1.bias": [1.0, 2.0, 3.0, 4.0]})
    assert step_report(run.snapshot()) is None


def test_the_gradient_line_begins_here_and_falls_at_first(make: Make) -> None:
    run = make()
    run.advance(40)
    snapshot = run.snapshot()
    line = gradient_line(snapshot, RATES)
    assert line.here == pytest.approx(snapshot.evaluation.train_loss)
    assert line.losses[0] < line.here
    assert line.losses.min() == line.losses[list(RATES).index(line.best)] < line.here


def test_the_gradient_line_shows_that_a_rate_overflows(make: Make) -> None:
    run = make("plane", (8,), activation="relu")
    line = gradient_line(run.snapshot(), np.geomspace(1e-3, 1e200, 20))
    assert np.isinf(line.losses[-1])
    assert np.isfinite(line.losses[0])
