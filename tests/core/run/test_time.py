"""Back and forth in time: every moment can be named, and is as it was when it was first passed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.run.steering import ManualClock, bits, running, until
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.run import Advance, Configure, Seek, StartOver
from toygrad.core.run.checkpoints import NEAR, NEAR_APART
from toygrad.core.run.clock import Clock
from toygrad.core.run.run import Run
from toygrad.core.training.history import CURVES, History
from toygrad.core.training.learner import Learner
from toygrad.datasets import Dataset


@pytest.fixture
def session(two_classes: Dataset) -> Session:
    """Six batches an epoch."""
    return Session(NetworkSpec(hidden=(3,)), two_classes, TrainingConfig(batch_size=5))


# --- Points of the curves ------------------------------------------------------------------------


def compare_points(session: Session) -> None:
    """Goes to every point of the present run's curves, and compares what is there with it."""
    points = session.snapshot().curves.points()
    assert len(points.epochs) == len(points.ticks) > 3
    for epoch, tick, mean in zip(points.epochs, points.ticks, points.mean, strict=True):
        session.seek(int(tick), before_restart=epoch > 0)
        there = session.snapshot()
        assert (there.tick, there.epoch) == (tick, epoch)
        now = [getattr(there.evaluation, curve) for curve in CURVES]
        np.testing.assert_array_equal(np.array(now, dtype=np.float64), mean)


def test_every_point_of_the_curves_is_a_moment(session: Session) -> None:
    session.advance_epochs(3)
    session.advance(2)
    session.configure(replace(session.training, batch_size=7))
    session.advance_epochs(2)
    session.advance(1)
    session.configure(network=NetworkSpec(hidden=(2, 2)))
    session.advance_epochs(2)
    compare_points(session)


def test_points_of_a_run_that_was_brought_back_lead_to_where_they_were_learned(
    session: Session, numbers: Dataset
) -> None:
    session.advance_epochs(3)
    session.reset()
    session.advance_epochs(4)
    session.submit(StartOver(TrainingConfig(), NetworkSpec(), numbers, "lesson"))
    session.advance_epochs(2)
    session.undo()
    session.advance_epochs(2)
    assert session.epoch == 6
    compare_points(session)


@given(gaps=st.lists(st.integers(1, 5), min_size=1, max_size=40), n=st.integers(1, 4000))
@settings(max_examples=40, deadline=None)
def test_however_many_points_are_merged_each_keeps_the_tick_of_its_last_epoch(
    gaps: list[int], n: int
) -> None:
    history, epochs = History(), np.cumsum(np.resize(gaps, n))
    for epoch in epochs.tolist():
        history.append(epoch, (1.0,) * len(CURVES), 7 * epoch + 3)
    points = history.curves().points()
    np.testing.assert_array_equal(points.ticks, 7 * points.epochs + 3)
    assert np.isin(points.epochs, epochs).all()
    assert history.last_epoch == points.epochs[-1] == epochs[-1]


@pytest.mark.parametrize("engine", ["tape", "compiled"])
def test_after_a_seek_that_was_given_up_training_goes_on(
    two_classes: Dataset, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toygrad.core.run.run.SLICE_SECONDS", 0.0)
    session = Session(NetworkSpec(), two_classes, TrainingConfig(engine=engine))
    session.advance(20)
    session.reset()
    session.advance(200)
    document = replace(session.document(), checkpoints=())
    run = Run(document.recipe, lambda: False, Clock())
    opening = run.open(document)
    while run.tick <= 20 or run.learner.step == 0:
        next(opening)
    del opening
    before = run.learner.step
    run.take_steps(5, lambda: False)
    assert (run.learner.failure, run.learner.step) == (None, before + 5)


# --- One mini-batch at a time --------------------------------------------------------------------


def test_back_and_forward_pass_every_batch_and_the_end_of_every_run(session: Session) -> None:
    seen = [bits(session)]

    def do(*commands: Advance | Configure) -> None:
        for command in commands:
            session.submit(command)
            if isinstance(command, Configure):
                seen.pop()
            seen.append(bits(session))

    rate = Configure(replace(session.training, learning_rate=0.1))
    do(Advance(1), Advance(1), rate, Advance(1))
    session.reset()
    session.reset()
    seen.append(bits(session))
    do(Advance(1), Advance(1))
    here = seen[-1]
    for before in seen[-2::-1]:
        assert session.go_back()
        assert {**bits(session), "stacks": 0} == {**before, "stacks": 0}
    assert not session.go_back()
    for after in seen[1:]:
        assert session.go_forward()
        assert {**bits(session), "stacks": 0} == {**after, "stacks": 0}
    assert not session.go_forward()
    assert bits(session) == here
    assert session.snapshot().future is None


def test_going_back_one_by_one_computes_the_moments_between_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.advance(500)
    learner = type(session._loop.run.learner)
    taken, take_steps = [], learner.take_steps

    def counted(self: Learner, most: float) -> None:
        # The tape takes one at a time.
        taken.append(1)
        take_steps(self, most)

    monkeypatch.setattr(learner, "take_steps", counted)
    session.go_back()
    first = len(taken)
    for _ in range(NEAR):
        session.go_back()
    assert session.tick == 499 - NEAR
    assert len(taken) == first
    # Then those between two that were kept on the way.
    for _ in range(NEAR):
        session.go_back()
    assert len(taken) <= first + NEAR_APART


def test_quick_presses_add_up_while_a_seek_is_on_its_way(two_classes: Dataset) -> None:
    session = Session(
        NetworkSpec(), two_classes, TrainingConfig(engine="scalar"), clock=ManualClock()
    )
    session.advance(30)
    session._loop.run._checkpoints.forget_after(0, 0)
    with running(session) as published:
        session.seek(25)
        for _ in range(10):
            assert session.go_back()
        session.request_snapshot()
        # What is on the way is not shown where it does not take long.
        assert published.get().tick == 15
        until(lambda: not session.is_seeking)
        assert session.tick == 15
        assert session.go_forward()
        until(lambda: not session.is_seeking)
        assert session.tick == 16


def test_a_tick_at_which_a_run_was_reset_is_after_the_reset_unless_asked(session: Session) -> None:
    session.advance_epochs(2)
    end = session.tick
    session.reset()
    session.advance(3)
    session.seek(end)
    assert (session.tick, session.epoch) == (end, 0)
    session.seek(end, before_restart=True)
    assert (session.tick, session.epoch) == (end, 2)


# --- What was gone back from ---------------------------------------------------------------------


def test_the_future_has_the_curves_of_the_run_until_it_was_reset(session: Session) -> None:
    session.advance_epochs(5)
    known = session.snapshot().curves.points()
    session.reset()
    session.advance_epochs(2)
    session.seek(9)
    snapshot = session.snapshot()
    future = snapshot.future
    assert future is not None and future.curves is not None
    assert (future.steps, future.restarts) == (21, True)
    np.testing.assert_array_equal(future.curves.points().mean, known.mean)
    # It is the present run's own future, not a past run beside it.
    assert snapshot.past_runs == ()
    session.seek(31)
    future = session.snapshot().future
    assert future is not None
    assert (future.steps, future.restarts) == (11, False)
    session.seek(42)
    assert session.snapshot().future is None
    assert [run.name for run in session.snapshot().past_runs] == ["same settings"]


def test_a_future_that_is_left_is_a_past_run_with_the_epoch_where_it_was_left(
    session: Session,
) -> None:
    session.advance_epochs(5)
    session.seek(12)
    session.configure(replace(session.training, learning_rate=0.1))
    session.advance_epochs(1)
    assert session.snapshot().future is None
    names = [run.name for run in session.snapshot().past_runs]
    assert names == ["left at epoch 2, learning rate 0.03"]


def test_a_future_without_points_of_its_own_is_not_kept(session: Session) -> None:
    session.advance(9)
    for _ in range(5):
        session.go_back()
        session.advance(1)
    assert (session.tick, session.snapshot().past_runs) == (9, ())


def test_a_reset_that_was_gone_back_from_leaves_no_past_run(session: Session) -> None:
    session.advance_epochs(4)
    before = bits(session)
    session.reset()
    assert session.go_back()
    assert bits(session) == before
    session.advance_epochs(1)
    assert session.snapshot().past_runs == ()
    session.seek(12)
    session.advance(1)
    session.reset()
    names = [run.name for run in session.snapshot().past_runs]
    assert names == ["left at epoch 2", "same settings"]


def test_the_future_of_a_run_that_was_reset_is_named_when_it_is_left(session: Session) -> None:
    session.advance_epochs(4)
    session.reset()
    session.advance_epochs(2)
    session.submit(Seek(12))
    session.advance_epochs(1)
    names = [run.name for run in session.snapshot().past_runs]
    assert names == ["left at epoch 2", "same settings"]


def test_training_that_is_asked_for_on_the_way_begins_at_the_goal(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes, TrainingConfig(pace=math.inf, engine="scalar"))
    session.advance(20)
    with running(session) as published:
        session.seek(12)
        session.resume()
        assert session.state == "training"
        until(lambda: not session.is_seeking and session.tick > 12)
        session.pause()
        session.request_snapshot()
        snapshot = published.get()
    assert (snapshot.state, snapshot.future) == ("paused", None)


def test_another_edit_in_place_of_the_last_one_is_another_version(session: Session) -> None:
    session.advance(3)
    session.configure(replace(session.training, learning_rate=0.1))
    saved = session.document().version
    assert session.version == saved
    session.seek(2)
    assert session.version == saved
    session.advance(1)
    session.configure(replace(session.training, learning_rate=0.2))
    assert session.version != saved
