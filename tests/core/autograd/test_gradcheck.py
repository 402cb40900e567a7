"""Gradcheck confirms right gradients, names wrong ones, and restores everything."""

from __future__ import annotations

import math

import numpy as np
import pytest

from toygrad.core import GradcheckError, Network, Value, compare_gradients, gradcheck
from toygrad.core.autograd import Op
from toygrad.core.autograd.value import apply

HALVED_SINE = Op("sine with half a slope", np.sin, lambda g, out, a: (g * 0.5 * np.cos(a),))
WRONG_AT_1_2 = Op(
    "square wrong in one place",
    np.square,
    lambda g, out, a: (g * 2.0 * a + (np.arange(6).reshape(2, 3) == 5) * 0.1,),
)
NAN_SLOPE = Op("nan slope", lambda a: 2.0 * a, lambda g, out, a: (g * math.nan,))
SECOND_OPERAND_WRONG = Op("a - b", lambda a, b: a - b, lambda g, out, a, b: (g, g))


def test_right_gradients_pass_and_are_returned_by_name() -> None:
    x, y = Value([1.0, 2.0], label="x"), Value(3.0)
    result = gradcheck(lambda x, y: (x * y).tanh() + x**2, x, y)
    assert result
    assert result.names == ("x[0]", "x[1]", "value 1")
    np.testing.assert_allclose(result.autograd, result.numeric, rtol=1e-8)
    assert result.relative_error.max() < 1e-8


def test_a_wrong_rule_is_named_with_the_element_and_the_operand() -> None:
    x = Value(np.ones((2, 3)), label="x")
    with pytest.raises(GradcheckError) as raised:
        gradcheck(lambda x: apply(WRONG_AT_1_2, (x.exp(),)).sum() * 2.0, x)
    message = str(raised.value)
    assert "the gradient by x[1,2]" in message
    assert "'square wrong in one place' is off by operand 0[1,2]" in message


def test_a_wrong_rule_of_numbers_is_named() -> None:
    with pytest.raises(GradcheckError, match="'sine with half a slope' is off by operand 0"):
        gradcheck(lambda x: apply(HALVED_SINE, (x,)) * x.exp(), Value(0.3))


def test_the_wrong_operand_is_named() -> None:
    with pytest.raises(GradcheckError, match=r"by value 1 is 1 .* 'a - b' is off by operand 1"):
        gradcheck(lambda x, y: apply(SECOND_OPERAND_WRONG, (x, y)), Value(2.0), Value(1.0))


def test_a_gradient_of_nan_is_wrong() -> None:
    with pytest.raises(GradcheckError, match="'nan slope'"):
        gradcheck(lambda x: apply(NAN_SLOPE, (x,)), Value(1.0))


def test_a_kink_is_not_blamed_on_an_operation() -> None:
    with pytest.raises(GradcheckError, match="close to a kink or a jump"):
        # A step to the right passes a whole number, where the constant jumps.
        gradcheck(lambda x: x + math.ceil(float(x)) * 0.001, Value(-1e-7))


def test_comparing_does_not_raise() -> None:
    result = compare_gradients(lambda x: apply(HALVED_SINE, (x,)), Value(0.0))
    assert not result
    assert result.autograd == pytest.approx([0.5])
    assert result.numeric == pytest.approx([1.0])


def test_a_looser_tolerance_lets_more_pass() -> None:
    x = Value(0.0)
    assert compare_gradients(lambda x: apply(HALVED_SINE, (x,)), x, tolerance=0.6)


def test_data_and_gradients_are_restored() -> None:
    x, row = Value(2.0), Value([1.0, 2.0])
    x.grad, data, gradient = 7.0, row.data, row.grad
    gradient[...] = 5.0
    gradcheck(lambda x, row: (x * row).sum(), x, row)
    assert (x.data, x.grad) == (2.0, 7.0)
    assert row.data is data
    assert row.grad is gradient
    np.testing.assert_array_equal(gradient, [5.0, 5.0])


def test_a_whole_network_passes_and_keeps_its_flat_vectors() -> None:
    rng = np.random.default_rng(0)
    network = Network((2, 3, 1), ("tanh", "linear"), rng=rng)
    inputs = rng.normal(size=(4, 2))
    gradcheck(lambda *_: (network(inputs) ** 2).mean(), *network.parameters())
    assert not network.flat_gradients.any()
    (network(inputs) ** 2).mean().backward()
    assert network.flat_gradients.all()
