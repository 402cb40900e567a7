"""The primitive operations, as data: a name, a forward rule and a gradient rule each.

Nothing else in the project knows a derivative. A rule is written once, in NumPy and in Python's
operators, and serves floats and arrays alike.

A gradient rule is the vector-Jacobian product of its operation: it is given the gradient of the
loss by the output, the output, the operands and the operation's parameters (an axis, say), and
returns the gradient of the loss by each operand, in order. It may leave a gradient in the shape
of the output: whoever adds it up sums it back over the axes that broadcasting added.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Data = float | FloatArray
Axis = int | tuple[int, ...] | None

# math.exp overflows past this; so 1 / (1 + exp(LARGEST_EXPONENT)) is the smallest sigmoid.
LARGEST_EXPONENT = 709.0


@dataclass(frozen=True, slots=True, eq=False)
class Op:
    """One primitive operation.

    Attributes:
        name: What it is called in a graph, `tanh` or `*`.
        forward: `forward(*operands, *parameters) -> output`.
        vjp: `vjp(gradient, output, *operands, *parameters) -> (gradient by operand, ...)`.
    """

    name: str
    forward: Callable[..., Any]
    vjp: Callable[..., tuple[Any, ...]]


def either(on_float: Callable[..., Any], on_array: Callable[..., Any]) -> Callable[..., Any]:
    """Joins two forms of one function: math's for a float, NumPy's for an array.

    NumPy's functions accept a float too, at ten times the cost and with a NumPy scalar as result.
    """

    def call(x: Any, *rest: Any) -> Any:
        return on_float(x, *rest) if type(x) is float else on_array(x, *rest)

    return call


# --- Elementwise, of one operand ---------------------------------------------------------------

_exp = either(math.exp, np.exp)
_log = either(math.log, np.log)
_sin = either(math.sin, np.sin)
_cos = either(math.cos, np.cos)
_sign = either(lambda x: float((x > 0.0) - (x < 0.0)), np.sign)
_expm1 = either(math.expm1, np.expm1)
_square = either(lambda x: x * x, np.square)


def _sigmoid_array(x: Any) -> Any:
    return 1.0 / (1.0 + np.exp(np.minimum(-x, LARGEST_EXPONENT)))


def _sigmoid_float(x: float) -> float:
    return 1.0 / (1.0 + math.exp(min(-x, LARGEST_EXPONENT)))


def _softplus_float(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _elu_float(x: float) -> float:
    return x if x > 0.0 else math.expm1(x)


def _elu_array(x: Any) -> Any:
    return np.maximum(x, 0.0) + np.expm1(np.minimum(x, 0.0))


def _slope(x: Any, slope: float) -> Any:
    return np.where(x > 0.0, 1.0, slope)


def _leaky_relu_array(x: Any, slope: float) -> Any:
    return x * _slope(x, slope)


_leaky_slope = either(lambda x, slope: 1.0 if x > 0.0 else slope, _slope)
_at_most_one = either(lambda x: min(x, 1.0), lambda x: np.minimum(x, 1.0))

NEGATE = Op("neg", operator.neg, lambda g, out, a: (-g,))
EXP = Op("exp", _exp, lambda g, out, a: (g * out,))
LOG = Op("log", _log, lambda g, out, a: (g / a,))
SQRT = Op("sqrt", either(math.sqrt, np.sqrt), lambda g, out, a: (g * 0.5 / out,))
ABS = Op("abs", abs, lambda g, out, a: (g * _sign(a),))
SIN = Op("sin", _sin, lambda g, out, a: (g * _cos(a),))
COS = Op("cos", _cos, lambda g, out, a: (-g * _sin(a),))
TANH = Op("tanh", either(math.tanh, np.tanh), lambda g, out, a: (g * (1.0 - _square(out)),))
SIGMOID = Op(
    "sigmoid",
    either(_sigmoid_float, _sigmoid_array),
    lambda g, out, a: (g * (out * (1.0 - out)),),
)
# The derivative at 0 is 0, as in PyTorch and TensorFlow Playground.
RELU = Op(
    "relu",
    # Asked this way round, nan stays nan, as it does in an array.
    either(lambda x: 0.0 if x <= 0.0 else x, lambda x: np.maximum(x, 0.0)),
    lambda g, out, a: (g * (out > 0.0),),
)
LEAKY_RELU = Op(
    "leaky_relu",
    either(lambda x, slope: x if x > 0.0 else slope * x, _leaky_relu_array),
    lambda g, out, a, slope: (g * _leaky_slope(a, slope),),
)
# exp(x) - 1 below 0 (Clevert et al. 2016, eq. 1, alpha 1): its slope there is the output plus 1.
ELU = Op(
    "elu",
    either(_elu_float, _elu_array),
    lambda g, out, a: (g * _at_most_one(out + 1.0),),
)
# log(1 + exp(x)); its derivative, the sigmoid, is 1 - exp(-output).
SOFTPLUS = Op(
    "softplus",
    either(_softplus_float, lambda x: np.logaddexp(0.0, x)),
    lambda g, out, a: (g * -_expm1(-out),),
)


# --- Elementwise, of two operands --------------------------------------------------------------


def _float_power(a: float, b: float) -> float:
    if a < 0.0 and b != int(b):
        raise ValueError(f"{a:g} is negative and cannot be raised to the power {b:g}")
    return float(a**b)


_power = either(_float_power, np.power)


def _power_vjp(g: Any, out: Any, a: Any, exponent: float) -> tuple[Any]:
    # Written out for the commonest power: NumPy's own is fifty times the cost of a product.
    if exponent == 2.0:
        return (g * (2.0 * a),)
    if exponent == 0.0:
        return (g * 0.0,)
    return (g * (exponent * _power(a, exponent - 1.0)),)


def _log_of_base_float(a: float) -> float:
    # d(a**b)/db is a**b * log(a), whose limit at a = 0 is 0 for every b > 0.
    if a == 0.0:
        return 0.0
    return math.log(a) if a > 0.0 else math.nan


def _log_of_base_array(a: Any) -> Any:
    return np.log(np.where(a > 0.0, a, np.where(a == 0.0, 1.0, math.nan)))


_log_of_base = either(_log_of_base_float, _log_of_base_array)


def _general_power(a: Any, b: Any) -> Any:
    return _float_power(a, b) if type(a) is float and type(b) is float else np.power(a, b)


def _general_power_vjp(g: Any, out: Any, a: Any, b: Any) -> tuple[Any, Any]:
    if type(a) is float and type(b) is float:
        by_base = g * b * _float_power(a, b - 1.0) if b != 0.0 else 0.0
    else:
        by_base = g * b * np.power(a, np.where(b == 0.0, 1.0, b - 1.0))
    return by_base, g * out * _log_of_base(a)


ADD = Op("+", operator.add, lambda g, out, a, b: (g, g))
SUBTRACT = Op("-", operator.sub, lambda g, out, a, b: (g, -g))
MULTIPLY = Op("*", operator.mul, lambda g, out, a, b: (g * b, g * a))
DIVIDE = Op("/", operator.truediv, lambda g, out, a, b: (g / b, -g * out / b))
POWER = Op("**", _general_power, _general_power_vjp)
# The exponent is a plain number, a parameter of the operation and no operand.
POWER_CONSTANT = Op(
    "**n",
    lambda a, exponent: (
        np.square(a) if exponent == 2.0 and type(a) is not float else _power(a, exponent)
    ),
    _power_vjp,
)


# --- The neuron's sum, one operation over scalars ----------------------------------------------


def _dot(*operands: float) -> float:
    n = len(operands) // 2
    return sum(map(operator.mul, operands[:n], operands[n:-1]), operands[-1])


def _dot_vjp(g: float, out: float, *operands: float) -> tuple[float, ...]:
    n = len(operands) // 2
    by_weight = [g * x for x in operands[n:-1]]
    by_input = [g * w for w in operands[:n]]
    return (*by_weight, *by_input, g)


# Operands: n weights, n inputs, one bias. The output: weights . inputs + bias.
DOT = Op("dot", _dot, _dot_vjp)


# --- On arrays ----------------------------------------------------------------------------------


def _transposed(a: Any) -> Any:
    return np.swapaxes(a, -1, -2)


def _matmul_vjp(g: Any, out: Any, a: Any, b: Any) -> tuple[Any, Any]:
    # A vector is a matrix of one row on the left, of one column on the right.
    rows = np.reshape(a, (1, *a.shape)) if a.ndim == 1 else a
    columns = np.reshape(b, (*b.shape, 1)) if b.ndim == 1 else b
    if a.ndim == 1 and b.ndim == 1:
        return g * b, g * a
    if a.ndim == 1:
        g = np.expand_dims(g, -2)
    if b.ndim == 1:
        g = np.expand_dims(g, -1)
    by_a = np.matmul(g, _transposed(columns))
    by_b = np.matmul(_transposed(rows), g)
    if a.ndim == 1:
        by_a = np.reshape(by_a, (-1, a.shape[0])) if by_a.ndim > 2 else np.reshape(by_a, a.shape)
    if b.ndim == 1:
        by_b = np.reshape(by_b, (-1, b.shape[0])) if by_b.ndim > 2 else np.reshape(by_b, b.shape)
    return by_a, by_b


def _kept(reduced: Any, a: Any, axis: Axis, keepdims: bool) -> Any:
    """The result of a reduction with its reduced axes back, as axes of length 1."""
    if keepdims or axis is None or type(reduced) is float:
        return reduced
    return np.expand_dims(reduced, axis)


def _count(a: Any, axis: Axis) -> float:
    axes = range(a.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    return float(math.prod(a.shape[i] for i in axes))


def _sum_vjp(g: Any, out: Any, a: Any, axis: Axis, keepdims: bool) -> tuple[Any]:
    return (np.broadcast_to(_kept(g, a, axis, keepdims), a.shape),)


def _mean_vjp(g: Any, out: Any, a: Any, axis: Axis, keepdims: bool) -> tuple[Any]:
    return (np.broadcast_to(_kept(g / _count(a, axis), a, axis, keepdims), a.shape),)


def _max_vjp(g: Any, out: Any, a: Any, axis: Axis, keepdims: bool) -> tuple[Any]:
    # Equal maxima share the gradient.
    largest = (a == _kept(out, a, axis, keepdims)) * 1.0
    share = largest / np.sum(largest, axis=axis, keepdims=True)
    return (share * _kept(g, a, axis, keepdims),)


def _log_sum_exp(a: Any, axis: Axis, keepdims: bool) -> Any:
    # Shifted by the maximum, so that no exponential overflows.
    largest = np.max(a, axis=axis, keepdims=True)
    total = np.sum(np.exp(a - largest), axis=axis, keepdims=True)
    result = np.log(total) + largest
    return result if keepdims else np.squeeze(result, axis=axis)


def _log_sum_exp_vjp(g: Any, out: Any, a: Any, axis: Axis, keepdims: bool) -> tuple[Any]:
    softmax = np.exp(a - _kept(out, a, axis, keepdims))
    return (softmax * _kept(g, a, axis, keepdims),)


def scatter(g: Any, shape: tuple[int, ...], index: Any) -> FloatArray:
    """Zeros of a shape, with a gradient added at an index: the reverse of taking it out.

    Args:
        g: The gradient, in the shape of `zeros(shape)[index]`.
        shape: The shape of the result.
        index: Anything NumPy takes as an index; an element named twice receives both.
    """
    if hasattr(g, "record"):
        # A tape notes the call, as NumPy's own functions let it do by themselves.
        noted: FloatArray = g.record(scatter, g, shape, index)
        return noted
    result = np.zeros(shape)
    np.add.at(result, index, g)
    return result


MATMUL = Op("@", np.matmul, _matmul_vjp)
SUM = Op("sum", lambda a, axis, keepdims: np.sum(a, axis=axis, keepdims=keepdims), _sum_vjp)
MEAN = Op("mean", lambda a, axis, keepdims: np.mean(a, axis=axis, keepdims=keepdims), _mean_vjp)
MAX = Op("max", lambda a, axis, keepdims: np.max(a, axis=axis, keepdims=keepdims), _max_vjp)
LOG_SUM_EXP = Op("logsumexp", _log_sum_exp, _log_sum_exp_vjp)
GET_ITEM = Op("[]", operator.getitem, lambda g, out, a, index: (scatter(g, a.shape, index),))
RESHAPE = Op(
    "reshape",
    lambda a, shape: np.reshape(a, shape),
    lambda g, out, a, _: (np.reshape(g, np.shape(a)),),
)
TRANSPOSE = Op("transpose", np.transpose, lambda g, out, a: (np.transpose(g),))

OPS: dict[str, Op] = {
    op.name: op
    for op in (
        ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, POWER_CONSTANT, NEGATE,
        EXP, LOG, SQRT, ABS, SIN, COS,
        TANH, SIGMOID, RELU, LEAKY_RELU, ELU, SOFTPLUS,
        DOT, MATMUL, SUM, MEAN, MAX, LOG_SUM_EXP, GET_ITEM, RESHAPE, TRANSPOSE,
    )
}  # fmt: skip
"""Every operation by its name."""


def unbroadcast(gradient: Any, data: Data) -> Data:
    """Sums a gradient over the axes that broadcasting added, back to its operand's shape.

    Args:
        gradient: An array, or a number, that the operand's shape broadcasts to.
        data: The operand: a float, or an array of any shape.
    """
    if type(data) is float:
        return float(np.sum(gradient))
    shape = np.shape(data)
    extra = np.ndim(gradient) - len(shape)
    if extra > 0:
        gradient = np.sum(gradient, axis=tuple(range(extra)))
    if np.shape(gradient) != shape:
        stretched = (
            tuple(i for i, n in enumerate(shape) if n == 1 and np.shape(gradient)[i] != 1)
            if np.ndim(gradient) == len(shape)
            else ()
        )
        if stretched:
            gradient = np.sum(gradient, axis=stretched, keepdims=True)
        gradient = np.broadcast_to(gradient, shape)
    result: FloatArray = gradient
    return result
