"""A step taken apart: every number of a stage is the step's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core.diagnosis.step_report import step_report
from toygrad.core.explain.slow_motion import slow_step

if TYPE_CHECKING:
    from tests.core.conftest import Make


@pytest.mark.parametrize(("data", "hidden"), [("circle", (4, 2)), ("iris", (5,)), ("plane", ())])
def test_the_stages_are_those_of_the_last_step(
    make: Make, data: str, hidden: tuple[int, ...]
) -> None:
    run = make(data, hidden, learning_rate=0.1)
    run.advance(7)
    snapshot = run.snapshot()
    step, report = slow_step(snapshot), step_report(snapshot)
    assert step is not None and report is not None
    np.testing.assert_array_equal(step.rows, snapshot.batch_rows)
    assert len(step.layers) == len(step.spreads) == len(step.arriving) == len(hidden) + 1
    assert step.report == report
    assert report.before == pytest.approx(snapshot.batch_loss)
    assert step.worst_loss >= report.before
    assert report.gradient_norm == pytest.approx(float(np.linalg.norm(snapshot.gradients)))
    assert report.update_norm == pytest.approx(0.1 * report.gradient_norm)
    place = snapshot.parameter_names().index(step.steepest)
    assert step.steepest_gradient == snapshot.gradients[place]
    assert abs(step.steepest_gradient) == np.abs(snapshot.gradients).max()
    assert step.steepest_update == snapshot.updates[place]


def test_the_gradient_at_the_output_is_the_error_itself(make: Make) -> None:
    run = make("plane", ())
    run.advance(3)
    step = slow_step(run.snapshot())
    assert step is not None
    errors = step.outputs - step.targets
    assert step.arriving[-1] == pytest.approx(float(np.sqrt(np.mean(errors**2))))
    assert step.worst == int(np.argmax(np.abs(errors)))


def test_the_gradient_shrinks_towards_the_first_of_many_sigmoid_layers(make: Make) -> None:
    run = make(hidden=(6,) * 5, activation="sigmoid")
    run.advance(3)
    step = slow_step(run.snapshot())
    assert step is not None
    assert (np.diff(step.arriving) > 0.0).all()
    assert step.arriving[0] < 1e-2 * step.arriving[-1]


def test_nothing_is_shown_before_a_step_or_after_an_edit(make: Make) -> None:
    run = make()
    assert slow_step(run.snapshot()) is None
    run.advance()
    assert slow_step(run.snapshot()) is not None
    run.set_parameters({"layer1.bias": [1.0, 2.0, 3.0, 4.0]})
    assert slow_step(run.snapshot()) is None
