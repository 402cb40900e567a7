"""The derivative as a limit: quotients from h = 1 down, rounding, and what all gradients cost."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.core.explain.test_check import parabola
from toygrad.core import Value
from toygrad.core.explain.check import check_gradients
from toygrad.core.explain.limit import STEPS, cost_of, limit
from toygrad.core.explain.replay import Replay


def test_the_one_sided_quotients_of_the_parabola_are_those_of_the_lecture() -> None:
    found = limit(*parabola(3.0))
    np.testing.assert_allclose(found.one_sided[:4], [17.0, 14.3, 14.03, 14.003], rtol=1e-12)
    assert (found.at, found.value, found.slope) == (3.0, 20.0, 14.0)


def test_the_central_quotient_of_a_parabola_is_its_slope_and_of_tanh_only_a_limit() -> None:
    x = Value(0.8814)
    assert limit(*parabola(3.0)).is_central_exact
    assert not limit(x.tanh(), x).is_central_exact


def test_rounding_takes_over_earlier_for_the_one_sided_quotient_than_it_pays() -> None:
    x = Value(0.8814)
    found = limit(x.tanh(), x)
    one, central = found.best(found.one_sided), found.best(found.central)
    assert one is not None
    assert central is not None
    # Near the square root and the cube root of what a double resolves.
    assert 1e-9 <= STEPS[one] <= 1e-7 < STEPS[central] <= 1e-4
    assert abs(found.one_sided[-1] - found.slope) > 1e3 * abs(found.one_sided[one] - found.slope)


def test_tanh_has_the_same_slope_whole_and_in_pieces() -> None:
    x, y = Value(0.8814), Value(0.8814)
    e = (2.0 * y).exp()
    whole, pieces = limit(x.tanh(), x), limit((e - 1.0) / (e + 1.0), y)
    assert whole.slope == pytest.approx(pieces.slope, rel=1e-14)
    np.testing.assert_allclose(whole.central[:6], pieces.central[:6], rtol=1e-9)


def test_quotients_are_nan_where_the_function_is_undefined() -> None:
    x = Value(0.5)
    found = limit(x.log(), x)
    assert math.isnan(found.central[0])
    assert math.isfinite(found.one_sided[0])
    assert found.best(found.central) is not None
    assert limit(1.0 / (x - 0.5), x).best(found.central * math.nan) is None


@pytest.mark.parametrize("n_leaves", [1, 2, 5])
def test_the_cost_is_what_the_check_really_evaluates(
    n_leaves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = [Value(0.1 * k) for k in range(1, n_leaves + 1)]
    output = sum(inputs, Value(0.0, constant=True)).tanh()
    calls: list[Replay] = []
    evaluate = Replay.value

    def counted(replay: Replay) -> float:
        calls.append(replay)
        return evaluate(replay)

    monkeypatch.setattr(Replay, "value", counted)
    check_gradients(output)
    cost = cost_of(output)
    assert cost.n_leaves == n_leaves
    assert len(calls) == cost.central == 2 * n_leaves
    assert cost.one_sided == n_leaves + 1
