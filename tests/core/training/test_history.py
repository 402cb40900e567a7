"""History: bounded memory, and no peak of a curve is ever lost."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core.training import History
from toygrad.core.training.history import CURVES, MAX_BUCKETS, RECENT_EPOCHS, Curves


def filled(n_points: int, seed: int = 0, spikes: int = 5) -> tuple[Any, Curves]:
    """Points of random curves with some high spikes, the test loss missing; and the history."""
    rng = np.random.default_rng(seed)
    points = rng.random((n_points, len(CURVES)))
    points[rng.integers(n_points, size=spikes)] *= 100.0
    points[:, 1] = math.nan
    history = History()
    for epoch, point in enumerate(points):
        history.append(epoch, tuple(point))
    return points, history.curves()


@settings(max_examples=20)
@given(n_points=st.integers(1, 5 * MAX_BUCKETS), seed=st.integers(0, 99))
def test_memory_is_bounded_and_extremes_survive_every_merge(n_points: int, seed: int) -> None:
    points, curves = filled(n_points, seed)
    assert len(curves.epochs) <= MAX_BUCKETS
    known = [0, 2, 3, 4]
    assert (curves.low[:, known].min(axis=0) == points[:, known].min(axis=0)).all()
    assert (curves.high[:, known].max(axis=0) == points[:, known].max(axis=0)).all()
    assert np.isnan(curves.mean[:, 1]).all()
    assert curves.epochs[-1] == n_points - 1
    assert (np.diff(curves.epochs) > 0).all()


@settings(max_examples=20)
@given(n_points=st.integers(1, 5 * MAX_BUCKETS))
def test_each_bucket_has_the_least_the_mean_and_the_greatest_of_its_epochs(n_points: int) -> None:
    points, curves = filled(n_points)
    starts = np.concatenate([[0], curves.epochs[:-1] + 1]).astype(int)
    for k in (0, len(starts) // 2, len(starts) - 1):
        inside = points[starts[k] : int(curves.epochs[k]) + 1]
        np.testing.assert_array_equal(curves.low[k], inside.min(axis=0))
        np.testing.assert_allclose(curves.mean[k], inside.mean(axis=0), rtol=1e-12)
        np.testing.assert_array_equal(curves.high[k], inside.max(axis=0))


@settings(max_examples=20)
@given(n_points=st.integers(1, 4 * RECENT_EPOCHS))
def test_the_last_epochs_are_kept_one_by_one(n_points: int) -> None:
    points, curves = filled(n_points)
    n_recent = min(n_points, RECENT_EPOCHS)
    np.testing.assert_array_equal(curves.recent_epochs, np.arange(n_points - n_recent, n_points))
    np.testing.assert_array_equal(curves.recent, points[-n_recent:])


def test_curves_are_read_only_copies() -> None:
    history = History()
    history.append(0, (1.0,) * len(CURVES))
    curves = history.curves()
    history.append(1, (2.0,) * len(CURVES))
    assert len(curves.epochs) == len(curves.recent) == 1
    for array in (curves.epochs, curves.low, curves.mean, curves.high, curves.recent):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9.0


def test_a_cleared_history_is_empty() -> None:
    history = History()
    history.append(0, (1.0,) * len(CURVES))
    history.mark(0.5, "learning rate 0.1")
    history.clear()
    curves = history.curves()
    assert (len(curves.epochs), len(curves.recent), curves.marks) == (0, 0, ())


def test_of_many_marks_the_last_ones_stay() -> None:
    history = History()
    for k in range(History.MAX_MARKS + 10):
        history.mark(k, f"knob {k}")
    marks = history.curves().marks
    assert len(marks) == History.MAX_MARKS
    assert (marks[0].text, marks[-1].epoch) == ("knob 10", History.MAX_MARKS + 9)


LOSSES = st.one_of(st.floats(0.0, 10.0), st.just(math.nan), st.just(math.inf))


@given(losses=st.lists(st.tuples(LOSSES, LOSSES), max_size=40))
def test_the_best_epoch_is_the_first_with_the_lowest_test_loss_or_else_train_loss(
    losses: list[tuple[float, float]],
) -> None:
    history = History()
    for epoch, (train, test) in enumerate(losses):
        history.append(epoch, (train, test, 0.0, math.nan, math.nan))
    trains, tests = ([pair[k] for pair in losses] for k in (0, 1))
    best = history.curves().best
    for curve, known in (("test_loss", tests), ("train_loss", trains)):
        finite = [loss for loss in known if math.isfinite(loss)]
        if finite:
            assert best is not None
            expected = (known.index(min(finite)), curve, min(finite))
            assert (best.epoch, best.curve, best.loss) == expected
            return
    assert best is None


def test_the_best_epoch_outlives_every_merge_exactly() -> None:
    points, curves = filled(5 * MAX_BUCKETS)
    assert curves.best is not None
    assert curves.best.epoch == points[:, 0].argmin()
    assert curves.best.loss == points[:, 0].min()


def test_a_forgotten_best_epoch_is_looked_for_from_there_on() -> None:
    history = History()
    history.append(0, (0.1,) * len(CURVES))
    history.forget_best()
    assert history.curves().best is None
    history.append(1, (0.2,) * len(CURVES))
    best = history.curves().best
    assert best is not None
    assert best.epoch == 1


@settings(max_examples=20)
@given(n_points=st.integers(1, 5 * MAX_BUCKETS), seed=st.integers(0, 99))
def test_points_are_the_run_from_its_first_to_its_last_epoch_with_all_extremes(
    n_points: int, seed: int
) -> None:
    points, curves = filled(n_points, seed)
    drawn = curves.points()
    known = [0, 2, 3, 4]
    assert (np.diff(drawn.epochs) > 0).all()
    assert drawn.epochs[-1] == n_points - 1
    assert (drawn.low[:, known].min(axis=0) == points[:, known].min(axis=0)).all()
    assert (drawn.high[:, known].max(axis=0) == points[:, known].max(axis=0)).all()
    n_recent = min(n_points, RECENT_EPOCHS)
    np.testing.assert_array_equal(drawn.mean[-n_recent:], points[-n_recent:])
    if n_points <= RECENT_EPOCHS:
        assert len(drawn.epochs) == n_points


def test_no_best_is_above_the_present_loss() -> None:
    history = History()
    history.append(0, (0.5, 0.6, 0.0, 0.5, 0.5))
    history.append(1, (0.3, 0.4, 0.0, 0.5, 0.5))
    curves = history.curves()
    assert curves.with_present(1.5, 0.2, 0.5).best == curves.best
    assert curves.with_present(1.5, 0.2, math.nan).best == curves.best
    best = curves.with_present(1.5, 0.4, 0.25).best
    assert best is not None
    assert (best.epoch, best.curve, best.loss) == (1.5, "test_loss", 0.25)
    assert history.curves().best == curves.best
