"""Activations: the functions of their papers, the same for numbers and arrays."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core import ACTIVATIONS, Value, gradcheck

FORMULAS: dict[str, Callable[[float], float]] = {
    "linear": lambda x: x,
    "relu": lambda x: max(x, 0.0),
    "leaky_relu": lambda x: x if x > 0 else 0.01 * x,
    "tanh": math.tanh,
    "sigmoid": lambda x: 1.0 / (1.0 + math.exp(-x)),
    "elu": lambda x: x if x > 0 else math.exp(x) - 1.0,
    "gelu": lambda x: 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "silu": lambda x: x / (1.0 + math.exp(-x)),
    "softplus": lambda x: math.log(1.0 + math.exp(x)),
    "sin": math.sin,
}
OFF_ZERO = st.floats(0.1, 5.0) | st.floats(-5.0, -0.1)


def test_every_activation_has_its_formula_here() -> None:
    assert set(FORMULAS) == set(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(x=OFF_ZERO)
def test_activation_is_its_formula_and_its_gradient_is_confirmed(name: str, x: float) -> None:
    activation, expected = ACTIVATIONS[name], FORMULAS[name](x)
    assert float(activation(Value(x))) == pytest.approx(expected, rel=1e-12, abs=1e-13)
    np.testing.assert_allclose(activation(Value([x, x])).data, expected, rtol=1e-12, atol=1e-13)
    gradcheck(activation, Value(x))
    gradcheck(activation, Value([[x], [-x]]))


def test_gelu_in_its_tanh_form_is_close_to_the_exact_one() -> None:
    for x in (-2.0, -0.5, 0.5, 2.0):
        exact = 0.5 * x * (1.0 + math.erf(x / math.sqrt(2.0)))
        assert float(ACTIVATIONS["gelu"](Value(x))) == pytest.approx(exact, abs=1e-3)
