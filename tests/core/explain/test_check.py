"""The check: gradients beside difference quotients, their error against h, and what both cost."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest

from toygrad.core import Value
from toygrad.core.explain.check import (
    CURVE_POINTS,
    FEWEST_CURVE_POINTS,
    STEP_SIZES,
    check_gradients,
    cost,
    error_against_h,
    leaf_curve,
    leaf_range,
    leaves,
)
from toygrad.core.explain.replay import Replay


def parabola(at: float) -> tuple[Value, Value]:
    """3x^2 - 4x + 5, of slope 14 at x = 3."""
    x = Value(at, label="x")
    return 3.0 * x**2 - 4.0 * x + 5.0, x


def test_a_graph_is_evaluated_again_without_being_touched() -> None:
    output, x = parabola(3.0)
    assert Replay(output).value() == 20.0
    assert Replay(output).value({x: 1.0}) == 4.0
    assert (output.data, x.data) == (20.0, 3.0)


@pytest.mark.parametrize("number", [0.0, -1.0, 1e-4])
def test_what_cannot_be_evaluated_is_nan(number: float) -> None:
    x = Value(1.0)
    assert math.isnan(Replay((1.0 / x).exp() + x.log()).value({x: number}))


def test_every_leaf_is_checked_and_constants_are_not() -> None:
    output, x = parabola(3.0)
    assert leaves(output) == (x,)
    (found,) = check_gradients(output)
    assert found.leaf is x
    assert found.gradient == 14.0
    assert found.numeric == pytest.approx(14.0, abs=1e-8)
    assert found.relative_error < 1e-9
    assert (x.data, x.grad) == (3.0, 0.0)


def test_a_large_step_shows_in_the_error() -> None:
    x = Value(1.0)
    (coarse,) = check_gradients(x.exp(), step=0.5)
    (fine,) = check_gradients(x.exp())
    assert coarse.relative_error > 1e-2 > 1e-9 > fine.relative_error


def test_a_chosen_leaf_alone_is_checked() -> None:
    a, b = Value(2.0), Value(3.0)
    assert [found.leaf for found in check_gradients(a * b, [b])] == [b]


@pytest.mark.parametrize("step", [0.0, -1.0, math.nan])
def test_a_step_that_is_not_above_0_is_refused(step: float) -> None:
    with pytest.raises(ValueError, match="must be above 0, such as 1e-6"):
        check_gradients(Value(1.0) * 2.0, step=step)


def test_a_gradient_next_to_where_the_function_ends_has_no_error_and_no_crash() -> None:
    x = Value(1e-9)
    (found,) = check_gradients(x.log(), step=1e-3)
    assert found.gradient == pytest.approx(1e9)
    assert math.isnan(found.numeric)
    assert math.isnan(found.relative_error)


@pytest.mark.parametrize("number", [0.0, 1e-7, 1e-6])
def test_a_kink_explains_a_difference_and_a_wrong_gradient_is_not_excused(number: float) -> None:
    x, one = Value(number), Value(1.0)
    by_x, by_one = check_gradients(x.relu() * one + x)
    assert by_x.relative_error > 1e-6 and by_x.is_by_kink
    assert by_one.relative_error < 1e-6 and not by_one.is_by_kink
    # The step is too large, and there is no kink.
    assert not check_gradients(Value(1.0).exp(), step=0.5)[0].is_by_kink


def test_where_there_is_no_derivative_the_gradient_is_nan() -> None:
    (found,) = check_gradients(Value(0.0).sqrt())
    assert math.isnan(found.gradient)


def test_the_error_falls_with_h_and_rises_again_where_rounding_takes_over() -> None:
    x = Value(1.0, label="x")
    curve = error_against_h(x.exp().sin(), x)
    assert curve.steps[[0, -1]] == pytest.approx([1e-1, 1e-12])
    best = int(np.argmin(curve.central))
    assert 1e-7 < curve.steps[best] < 1e-4
    assert curve.central[0] > 1e-3
    assert curve.central[-1] > 1e-6
    assert curve.central[best] < 1e-9
    # A one-sided quotient is worse by a power of h, and best at a smaller h.
    assert curve.one_sided.min() > curve.central.min()
    assert curve.steps[np.argmin(curve.one_sided)] < curve.steps[best]


def test_the_steps_of_the_plot_go_from_a_tenth_to_1e_minus_12() -> None:
    assert STEP_SIZES[0] == pytest.approx(1e-1)
    assert STEP_SIZES[-1] == pytest.approx(1e-12)


def test_the_curve_of_a_leaf_has_its_derivative_everywhere_and_a_tangent() -> None:
    output, x = parabola(3.0)
    curve = leaf_curve(output, x, 0.0, 6.0, n=7)
    np.testing.assert_allclose(curve.y, 3.0 * curve.x**2 - 4.0 * curve.x + 5.0)
    np.testing.assert_allclose(curve.slope, 6.0 * curve.x - 4.0)
    assert (curve.at, curve.value, curve.gradient) == (3.0, 20.0, 14.0)
    np.testing.assert_allclose(curve.tangent, 20.0 + 14.0 * (curve.x - 3.0))


def test_a_curve_is_nan_where_the_function_is_not_defined() -> None:
    x = Value(1.0)
    curve = leaf_curve(x.log(), x, -1.0, 1.0, n=5)
    assert np.isnan(curve.y).tolist() == [True, True, True, False, False]
    assert np.isnan(curve.slope).tolist() == [True, True, True, False, False]


def test_the_cost_of_both_ways_is_counted() -> None:
    a, b = Value(2.0), Value(3.0)
    assert cost((a * b + 1.0).tanh(), 1e-6) == (
        "Measured by central differences, h = 1e-06: 2 x 2 = 4 evaluations of 3 operations. "
        "Backpropagation: 1 forward and 1 backward pass."
    )


def test_a_large_graph_gets_fewer_points_so_that_a_curve_is_quick() -> None:
    x = Value(0.5)
    small, large = x.tanh(), x
    for _ in range(3000):
        large = large.sin() + x
    assert len(leaf_curve(small, x, -1.0, 1.0).x) == CURVE_POINTS
    assert len(leaf_curve(large, x, -1.0, 1.0).x) == FEWEST_CURVE_POINTS
    assert len(leaf_curve(large, x, -1.0, 1.0, n=3).x) == 3


@pytest.mark.parametrize("number", [1e308, -sys.float_info.max, 5e-324, math.inf, math.nan])
def test_the_curve_of_an_extreme_number_has_finite_places(number: float) -> None:
    x = Value(number)
    curve = leaf_curve(x * x, x, *leaf_range(number))
    assert np.isfinite(curve.x).all()
    assert (np.diff(curve.x) > 0.0).all()
    assert curve.tangent.shape == curve.x.shape


@pytest.mark.parametrize("number", [0.0, 3.0, -250.0, 1e-9])
def test_a_curve_is_drawn_around_its_number_and_reaches_zero(number: float) -> None:
    low, high = leaf_range(number)
    assert low < number < high
    assert low <= 0.0 <= high
