"""Past runs: what a reset ends is kept, and named by what was different."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.run.past_runs import MAX_RUNS, SAME
from toygrad.core.training.history import CURVES, MAX_POINTS, PastRun
from toygrad.datasets import Dataset

EPOCH = 5


def begun(dataset: Dataset, training: TrainingConfig | None = None) -> Session:
    """A session with 25 training points, 5 steps an epoch."""
    base = training or TrainingConfig()
    return Session(NetworkSpec(), dataset, replace(base, batch_size=6, shuffle=False))


def past(session: Session) -> tuple[PastRun, ...]:
    return session.snapshot().past_runs


def test_a_reset_keeps_the_run_with_its_curves(two_classes: Dataset) -> None:
    session = begun(two_classes)
    session.advance(300)
    curves = session.snapshot().curves
    session.reset()
    (run,) = past(session)
    assert (run.number, run.dataset, run.loss) == (1, two_classes.name, session.snapshot().loss)
    np.testing.assert_array_equal(run.points.epochs, curves.points().epochs)
    assert session.snapshot().epoch == 0


def test_a_run_without_a_step_is_not_kept(two_classes: Dataset) -> None:
    session = begun(two_classes)
    session.reset()
    session.reseed(3)
    assert past(session) == ()


def test_a_run_is_named_by_what_was_different_in_it(two_classes: Dataset) -> None:
    session = begun(two_classes)
    session.advance(EPOCH)
    session.reset()
    assert [run.name for run in past(session)] == [SAME]
    session.configure(replace(session.training, learning_rate=0.1))
    assert [run.name for run in past(session)] == ["learning rate 0.03"]
    session.advance(EPOCH)
    session.reseed(2)
    assert [run.name for run in past(session)] == ["learning rate 0.03, seed 0", "seed 0"]
    session.configure(network=NetworkSpec(hidden=(3,)))
    assert past(session)[1].name == "hidden 4,2, seed 0"


def test_a_knob_turned_after_the_last_step_does_not_count(two_classes: Dataset) -> None:
    session = begun(two_classes)
    session.advance(EPOCH)
    session.configure(replace(session.training, learning_rate=0.1))
    session.reset()
    assert [run.name for run in past(session)] == ["learning rate 0.03"]


def test_a_knob_turned_in_the_middle_is_named_with_its_epoch(two_classes: Dataset) -> None:
    session = begun(two_classes)
    session.advance(3 * EPOCH)
    session.configure(replace(session.training, learning_rate=0.1))
    session.advance(EPOCH)
    session.reset()
    (run,) = past(session)
    assert run.name == "learning rate 0.03 -> 0.1 at epoch 3"
    session.configure(replace(session.training, learning_rate=0.3))
    assert past(session)[0].name == run.name


def test_runs_with_the_same_settings_can_be_told_apart(two_classes: Dataset) -> None:
    session = begun(two_classes)
    for epochs in (2, 2, 4):
        session.advance(epochs * EPOCH)
        session.reset()
    names = [run.name for run in past(session)]
    assert names == [
        f"{SAME}, 2 epochs (run 1)",
        f"{SAME}, 2 epochs (run 2)",
        f"{SAME}, 4 epochs (run 3)",
    ]


def test_a_run_belongs_to_the_data_that_it_learned(two_classes: Dataset, numbers: Dataset) -> None:
    session = begun(two_classes)
    session.advance(EPOCH)
    session.configure(dataset=numbers)
    session.reset()
    assert [run.dataset for run in past(session)] == [two_classes.name]


def test_of_many_runs_the_last_ones_stay_with_their_numbers(two_classes: Dataset) -> None:
    session = begun(two_classes)
    for _ in range(MAX_RUNS + 2):
        session.advance(EPOCH)
        session.reset()
    assert [run.number for run in past(session)] == list(range(3, MAX_RUNS + 3))


def test_a_long_run_is_thinned_and_keeps_its_extremes(two_classes: Dataset) -> None:
    session = begun(two_classes)
    session.advance_epochs(3 * MAX_POINTS)
    curves = session.snapshot().curves
    session.reset()
    (run,) = past(session)
    assert len(run.points.epochs) <= MAX_POINTS
    for k in range(len(CURVES)):
        assert np.nanmax(run.points.high[:, k]) == np.nanmax(curves.high[:, k])
        assert np.nanmin(run.points.low[:, k]) == np.nanmin(curves.low[:, k])


def test_other_losses_begin_a_new_search_for_the_best_epoch(two_classes: Dataset) -> None:
    session = begun(two_classes)
    session.advance(20 * EPOCH)
    session.configure(replace(session.training, learning_rate=0.1))
    assert session.snapshot().curves.best is not None
    session.configure(replace(session.training, loss="hinge"))
    assert session.snapshot().curves.best is None
