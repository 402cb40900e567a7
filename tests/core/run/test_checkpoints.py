"""Checkpoints: bounded in number and memory, near together where the past is near."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.run import Checkpoint, Checkpoints, Clock
from toygrad.core.run.checkpoints import MAX_BYTES, MAX_CHECKPOINTS
from toygrad.core.training.state import LearnerState
from toygrad.datasets import DATASETS, Dataset


@pytest.fixture(scope="module")
def state() -> LearnerState:
    circle = DATASETS["circle"](40, rng=np.random.default_rng(0))
    return Session(NetworkSpec(hidden=(2,)), circle)._loop.run.learner.state()


def at(tick: int, state: LearnerState, n_entries: int = 0) -> Checkpoint:
    return Checkpoint(tick, n_entries, state, ())


@settings(max_examples=10, deadline=None)
@given(n=st.integers(1, 900), step=st.integers(1, 5000))
def test_there_are_never_too_many_and_the_first_and_last_stay(n: int, step: int) -> None:
    circle = DATASETS["circle"](20, rng=np.random.default_rng(0))
    state = Session(NetworkSpec(hidden=()), circle)._loop.run.learner.state()
    checkpoints = Checkpoints()
    for k in range(n):
        checkpoints.add(at(k * step, state))
    ticks = [checkpoint.tick for checkpoint in checkpoints]
    assert len(ticks) == min(n, MAX_CHECKPOINTS)
    assert (ticks[0], ticks[-1]) == (0, (n - 1) * step)
    assert ticks == sorted(ticks)


def test_the_older_they_are_the_farther_apart(state: LearnerState) -> None:
    checkpoints = Checkpoints()
    last = 1_000_000
    for tick in range(0, last + 1, 500):
        checkpoints.add(at(tick, state))
    ticks = np.array([checkpoint.tick for checkpoint in checkpoints])
    gaps = np.diff(ticks)
    assert gaps[-10:].max() <= 1_000
    # Never more than a tenth of the age.
    assert (gaps <= np.maximum(1_000, 0.1 * (last - ticks[:-1]))).all()


def test_of_a_large_network_there_are_as_many_as_fit_into_64_mb(state: LearnerState) -> None:
    large = replace(state, parameters=np.zeros(500_000))
    checkpoints = Checkpoints()
    for tick in range(0, 10_000, 1_000):
        checkpoints.add(at(tick, large))
        assert checkpoints.n_bytes <= MAX_BYTES
    assert 1 <= len(checkpoints) < 10
    huge = replace(state, parameters=np.broadcast_to(np.zeros(1), (20_000_000,)))
    checkpoints.add(at(20_000, huge))
    assert checkpoints.n_bytes <= MAX_BYTES


def test_a_moment_is_reached_from_the_last_one_that_is_not_after_it(state: LearnerState) -> None:
    checkpoints = Checkpoints([at(0, state), at(50, state, 1), at(50, state, 2), at(90, state, 2)])
    for tick, n_entries, place in ((10, 0, (0, 0)), (50, 1, (50, 1)), (89, 2, (50, 2))):
        nearest = checkpoints.before(tick, n_entries)
        assert nearest is not None
        assert nearest.place == place
    checkpoints.forget_after(50, 1)
    assert [checkpoint.place for checkpoint in checkpoints] == [(0, 0), (50, 1)]


def test_a_session_whose_network_is_too_large_for_any_still_goes_back(
    two_classes: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toygrad.core.run.checkpoints.MAX_BYTES", 1)
    session = Session(NetworkSpec(), two_classes, TrainingConfig())
    session.advance(7)
    seventh = session.snapshot().parameters
    session.configure(replace(session.training, learning_rate=0.1))
    session.advance(5)
    session.seek(7)
    np.testing.assert_array_equal(session.snapshot().parameters, seventh)
    session.seek(12)
    assert (session.tick, session.training.learning_rate) == (12, 0.1)


class SlowClock(Clock):
    """Tells the time as if every step took a tenth of a second."""

    session: Session | None = None

    def now(self) -> float:
        return 0.0 if self.session is None else 0.1 * self.session.step


def test_slow_steps_are_kept_more_often_than_quick_ones(two_classes: Dataset) -> None:
    clock = SlowClock()
    session = clock.session = Session(NetworkSpec(), two_classes, clock=clock)
    session.advance(120)
    ticks = [checkpoint.tick for checkpoint in session.document().checkpoints]
    assert np.diff(ticks)[-10:].max() <= 3
    quick = Session(NetworkSpec(), two_classes)
    quick.advance(5_000)
    assert len(quick.document().checkpoints) < 20
