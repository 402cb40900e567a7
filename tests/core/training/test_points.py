"""Points: thinned without losing an extreme, smoothed as the formula says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from toygrad.core.training.history import SMOOTHINGS, Points

LOSSES = st.lists(
    st.one_of(st.floats(0.0, 1e6), st.just(math.nan), st.just(math.inf)), min_size=1, max_size=60
)


def single(losses: list[float], *, spacing: int = 1) -> Points:
    """One curve, a point an epoch."""
    column = np.array(losses)[:, None]
    return Points(spacing * np.arange(len(losses), dtype=np.float64), column, column, column)


@given(losses=LOSSES, most=st.integers(1, 70))
def test_thinned_points_are_few_and_keep_the_extremes_and_the_last_epoch(
    losses: list[float], most: int
) -> None:
    points = single(losses)
    thin = points.thinned(most)
    assert 1 <= len(thin.epochs) <= most or len(thin.epochs) == len(losses) <= most
    assert thin.epochs[-1] == points.epochs[-1]
    if not np.isnan(losses).all():
        assert np.nanmin(thin.low) == np.nanmin(losses)
        assert np.nanmax(thin.high) == np.nanmax(losses)


def test_a_thinned_mean_is_that_of_the_known_values() -> None:
    thin = single([1.0, 3.0, math.nan, 5.0, math.nan, math.nan]).thinned(3)
    np.testing.assert_array_equal(thin.mean[:, 0], [2.0, 5.0, math.nan])
    np.testing.assert_array_equal(thin.epochs, [1.0, 3.0, 5.0])


@pytest.mark.parametrize("strength", SMOOTHINGS)
@pytest.mark.parametrize("spacing", [1, 25])
def test_smoothing_is_the_bias_corrected_average_of_adam(strength: str, spacing: int) -> None:
    losses = np.random.default_rng(0).random(50)
    beta, average, expected = SMOOTHINGS[strength], 0.0, []
    for t, loss in enumerate(losses, start=1):
        average = beta * average + (1.0 - beta) * loss
        expected.append(average / (1.0 - beta**t))
    smooth = single(losses.tolist(), spacing=spacing).smoothed(strength)
    np.testing.assert_allclose(smooth.mean[:, 0], expected, rtol=1e-12)


def test_a_point_of_several_epochs_weighs_as_much_as_they_would() -> None:
    steps = single([4.0] + 10 * [1.0]).smoothed("medium")
    leap = Points(*(a[[0, -1]] for a in (steps.epochs, *3 * (single([4.0] + 10 * [1.0]).mean,))))
    beta = SMOOTHINGS["medium"]
    weight = 1.0 - beta**11
    expected = (beta**10 * (1.0 - beta) * 4.0 + (1.0 - beta**10)) / weight
    assert steps.mean[-1, 0] == pytest.approx(expected)
    # With no other points the usual distance is these ten epochs.
    assert leap.smoothed("medium").mean[-1, 0] == pytest.approx((beta * 4.0 + 1.0) / (beta + 1.0))


@given(losses=LOSSES, strength=st.sampled_from(list(SMOOTHINGS)))
def test_smoothed_values_stay_between_the_extremes_and_gaps_stay_gaps(
    losses: list[float], strength: str
) -> None:
    values: NDArray[np.float64] = single(losses).smoothed(strength).mean[:, 0]
    known = np.isfinite(losses)
    np.testing.assert_array_equal(values[~known], np.array(losses)[~known])
    if known.any():
        low, high = np.array(losses)[known].min(), np.array(losses)[known].max()
        margin = 1e-9 * max(high, 1.0)
        assert (values[known] >= low - margin).all()
        assert (values[known] <= high + margin).all()


def test_no_points_can_be_smoothed_and_thinned() -> None:
    nothing = Points(np.zeros(0), *3 * (np.zeros((0, 5)),))
    assert len(nothing.smoothed("strong").thinned(10).epochs) == 0
