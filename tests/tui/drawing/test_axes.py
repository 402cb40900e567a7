"""Axes have round ticks inside their range, for any range."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.tui.drawing.axes import MAX_TICKS, MIN_TICKS, linear_axis, log_axis

POWERS = st.floats(-300.0, 300.0)


def test_a_logarithmic_axis_has_round_numbers() -> None:
    assert log_axis(-2.0, 0.0).labels == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"]
    assert log_axis(-6.0, 0.0).labels == ["1e-06", "1e-05", "0.0001", "0.001", "0.01", "0.1", "1"]


@given(st.floats(-280.0, 280.0), st.floats(0.0, 20.0))
def test_logarithmic_ticks_are_at_the_round_numbers_that_they_name(low: float, span: float) -> None:
    axis = log_axis(low, low + span)
    assert len(set(axis.labels)) == len(axis.labels) >= MIN_TICKS - 1
    for label, tick in zip(axis.labels, axis.ticks, strict=True):
        assert math.log10(float(label)) == pytest.approx(tick, abs=1e-9)


def test_huge_losses_have_short_labels() -> None:
    assert max(map(len, log_axis(0.0, 120.0).labels)) <= 6


def test_a_flat_curve_lies_inside_its_axis() -> None:
    for axis in (log_axis(1.0, 1.0), linear_axis(3.0, 3.0), linear_axis(0.0, 0.0)):
        assert axis.low < axis.high
        assert axis.ticks


def test_a_linear_axis_has_round_numbers() -> None:
    assert linear_axis(0.0, 0.6).labels == ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6"]
    assert linear_axis(-5.0, 5.0).labels == ["-4", "-2", "0", "2", "4"]


@pytest.mark.parametrize("make", [linear_axis, log_axis])
@given(first=POWERS, second=POWERS)
def test_ticks_are_few_ascending_and_inside(make: object, first: float, second: float) -> None:
    low, high = sorted((first, second))
    axis = make(low, high)  # type: ignore[operator]
    assert len(axis.ticks) == len(axis.labels) <= MAX_TICKS + 1
    assert axis.ticks == sorted(axis.ticks)
    margin = 1e-9 * max(abs(axis.low), abs(axis.high), 1.0)
    assert all(axis.low - margin <= tick <= axis.high + margin for tick in axis.ticks)


@given(st.floats(-8.0, 3.0), st.floats(0.5, 9.0), st.integers(3, 30))
def test_no_two_labels_of_a_log_axis_share_a_row(low: float, span: float, rows: int) -> None:
    axis = log_axis(low, low + span, rows)
    taken = [round((tick - axis.low) / (axis.high - axis.low) * (rows - 1)) for tick in axis.ticks]
    assert len(set(taken)) == len(taken) >= 1
