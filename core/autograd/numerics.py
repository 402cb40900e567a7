"""Arithmetic on floats and NumPy arrays alike, in forms that do not overflow.

Both follow IEEE 754: 1/0 and exp(800) are inf, log(0) is -inf, what is undefined is nan. Where
Python's floats and `math` raise instead, the result is NumPy's.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
Data: TypeAlias = float | FloatArray
Axis: TypeAlias = int | tuple[int, ...] | None

# math.exp overflows above this.
LARGEST_EXPONENT = 709.0


def either(
    on_float: Callable[[float], float], on_array: Callable[[Any], Data]
) -> Callable[[Data], Data]:
    """Joins two forms of one function: math's for a float, NumPy's for an array.

    NumPy's functions accept a float too, at ten times the cost and with a NumPy scalar as result.
    """

    def call(x: Data) -> Data:
        if type(x) is not float:
            return on_array(x)
        try:
            return on_float(x)
        except (ArithmeticError, ValueError):
            return _as_in_arrays(on_array, x)

    return call


def _as_in_arrays(function: Callable[..., Any], *numbers: Any) -> float:
    with np.errstate(all="ignore"):
        return float(function(*map(np.float64, numbers)))


# --- Elementwise --------------------------------------------------------------------------------

exp = either(math.exp, np.exp)
expm1 = either(math.expm1, np.expm1)
log = either(math.log, np.log)
sqrt = either(math.sqrt, np.sqrt)
sin = either(math.sin, np.sin)
cos = either(math.cos, np.cos)
tanh = either(math.tanh, np.tanh)
sign = either(lambda x: float((x > 0.0) - (x < 0.0)) if x == x else x, np.sign)
square = either(lambda x: x * x, np.square)
at_most_one = either(lambda x: min(x, 1.0), lambda x: np.minimum(x, 1.0))
# 0 at 0, and nan below.
log_or_zero = either(
    lambda x: math.log(x) if x > 0.0 else 0.0 if x == 0.0 else math.nan,
    lambda x: np.log(np.where(x > 0.0, x, np.where(x == 0.0, 1.0, math.nan))),
)
# Compared this way round, nan stays nan, as it does in an array.
relu = either(lambda x: 0.0 if x <= 0.0 else x, lambda x: np.maximum(x, 0.0))
elu = either(
    lambda x: x if x > 0.0 else math.expm1(x),
    lambda x: np.maximum(x, 0.0) + np.expm1(np.minimum(x, 0.0)),
)
sigmoid = either(
    lambda x: 1.0 / (1.0 + math.exp(min(-x, LARGEST_EXPONENT))),
    lambda x: 1.0 / (1.0 + np.exp(np.minimum(-x, LARGEST_EXPONENT))),
)
softplus = either(
    lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))),
    lambda x: np.logaddexp(0.0, x),
)


def one_or(x: Any, otherwise: float) -> Data:
    """1 where x is above 0, another number elsewhere."""
    if type(x) is float:
        return 1.0 if x > 0.0 else otherwise
    return np.where(x > 0.0, x.dtype.type(1.0), otherwise)


def divide(a: Data, b: Data) -> Data:
    """A / b."""
    try:
        return a / b
    except ZeroDivisionError:
        return _as_in_arrays(np.divide, a, b)


def power(base: Data, exponent: Data) -> Data:
    """The base raised to the exponent; nan where that would be complex."""
    if type(base) is float and type(exponent) is float:
        try:
            return float(base**exponent)
        except (ArithmeticError, TypeError):  # too large, or complex
            return _as_in_arrays(np.power, base, exponent)
    if type(exponent) is float and exponent == 2.0:
        return np.square(base)
    result: FloatArray = np.power(base, exponent)
    return result


# --- Sums and products ----------------------------------------------------------------------------


def dot(*operands: float) -> float:
    """A neuron's sum, weights . inputs + bias, of n weights, n inputs and a bias."""
    n = len(operands) // 2
    return sum(map(operator.mul, operands[:n], operands[n:-1]), operands[-1])


def mean(x: FloatArray, axis: Axis, keepdims: bool) -> Data:
    """The mean; nan of nothing."""
    total = np.sum(x, axis=axis, keepdims=keepdims)
    return total / count(x, total)


def count(x: Data, reduced: Data) -> float:
    """How many elements each result of a reduction is made of."""
    return np.size(x) / max(np.size(reduced), 1)


def logsumexp(x: FloatArray, axis: Axis, keepdims: bool) -> Data:
    """log(sum(exp(x))), shifted by the maximum so that no exponential overflows.

    Infinite where the maximum is: inf - inf is nan, which `fmin` takes for 0.
    """
    largest = np.max(x, axis=axis, keepdims=True)
    total = np.sum(np.exp(np.fmin(x - largest, 0.0)), axis=axis, keepdims=True)
    result: FloatArray = np.log(total) + largest
    return result if keepdims else np.squeeze(result, axis=axis)
