"""Histograms: every number in its bin, axes that join exactly, a history that stays small."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from toygrad.core.diagnosis.histogram import (
    BINS,
    MAX_COLUMNS,
    MAX_COUNTED,
    HistogramHistory,
    histogram_of,
)

FloatArray = NDArray[np.float64]

sizes = st.floats(-1e6, 1e6, allow_subnormal=False)
numbers = st.lists(sizes, min_size=1, max_size=50).map(np.array)


@given(numbers)
def test_all_numbers_are_counted_within_the_limit(array: FloatArray) -> None:
    histogram = histogram_of(array)
    assert histogram.shares.sum() == pytest.approx(1.0)
    assert np.abs(array).max() <= histogram.limit or np.abs(array).max() < 1e-12
    edges = np.arange(-BINS // 2, BINS // 2 + 1) * (2 * histogram.limit / BINS)
    expected, _ = np.histogram(array, edges)
    np.testing.assert_allclose(histogram.shares * len(array), expected, atol=1e-9)


@given(numbers, st.integers(0, 8))
def test_a_wider_axis_holds_the_same_numbers(array: FloatArray, more: int) -> None:
    histogram = histogram_of(array)
    wide = histogram.widened(histogram.power + more)
    edges = np.arange(-BINS // 2, BINS // 2 + 1) * (2 * wide.limit / BINS)
    expected, _ = np.histogram(array, edges)
    np.testing.assert_allclose(wide.shares * len(array), expected, atol=1e-9)


def test_what_is_not_finite_is_left_out() -> None:
    histogram = histogram_of(np.array([np.nan, np.inf, 0.3, -np.inf]))
    assert histogram.limit == 0.5
    assert histogram.shares.sum() == 1.0
    assert histogram_of(np.array([np.nan])).shares.sum() == 0.0
    assert histogram_of(np.zeros(0)).shares.sum() == 0.0


def test_of_very_many_numbers_a_part_is_counted() -> None:
    rng = np.random.default_rng(0)
    array = rng.normal(size=10 * MAX_COUNTED)
    few, limit = histogram_of(array).shares, histogram_of(array).limit
    all_of_them, _ = np.histogram(array, np.linspace(-limit, limit, BINS + 1))
    np.testing.assert_allclose(few, all_of_them / len(array), atol=0.02)


def test_the_history_of_very_many_epochs_is_short_and_even() -> None:
    history = HistogramHistory()
    for epoch in range(5_000):
        history.note(epoch, histogram_of(np.array([epoch / 5_000])))
    assert MAX_COLUMNS / 2 <= len(history) <= MAX_COLUMNS
    steps = set(np.diff(history.epochs).tolist())
    assert len(steps) == 1
    picture, limit = history.picture()
    assert picture.shape == (BINS, len(history))
    assert limit == 1.0
    np.testing.assert_allclose(picture.sum(axis=0), 1.0)
    # What grows from 0 to 1 goes from the middle to the top.
    tops = picture.argmax(axis=0)
    assert tops[0] == BINS // 2 and tops[-1] == BINS - 1
    assert (np.diff(tops) >= 0).all()


def test_an_epoch_has_one_column_however_often_it_is_noted() -> None:
    history = HistogramHistory()
    for value in (0.1, 0.9):
        history.note(3, histogram_of(np.array([value])))
    assert len(history) == 1
    picture, _ = history.picture()
    assert picture[:, 0].argmax() == histogram_of(np.array([0.9])).shares.argmax()
    empty, limit = HistogramHistory().picture()
    assert empty.shape == (BINS, 0) and limit == 1.0
