"""Schedules: factors from 1 downwards, with the values of their formulas."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core import SCHEDULES

VALUES = {
    "constant": {0: 1.0, 10: 1.0, 1000: 1.0},
    "step": {0: 1.0, 9: 1.0, 10: 0.5, 19: 0.5, 20: 0.25, 35: 0.125},
    "cosine": {0: 1.0, 5: 0.5, 10: 0.0, 15: 0.0, 1000: 0.0},
    "1/t": {0: 1.0, 10: 1.0 / 2.0, 20: 1.0 / 3.0, 90: 0.1},
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedule_has_the_values_of_its_formula(name: str) -> None:
    for epoch, expected in VALUES[name].items():
        assert SCHEDULES[name](epoch, 10) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("name", SCHEDULES)
@given(epoch=st.integers(0, 10_000), period=st.integers(1, 500))
def test_schedule_never_rises_and_stays_within_0_and_1(name: str, epoch: int, period: int) -> None:
    now, later = (SCHEDULES[name](e, period) for e in (epoch, epoch + 1))
    assert 0.0 <= later <= now <= 1.0


def test_cosine_falls_as_a_cosine() -> None:
    assert SCHEDULES["cosine"](25, 100) == pytest.approx((1.0 + math.sqrt(0.5)) / 2.0)
