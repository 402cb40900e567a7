"""The primitive operations: one table of names, forward rules and gradient rules.

Nothing else in the project knows a derivative. A rule is written once and serves floats and
arrays alike.

A gradient rule is the vector-Jacobian product of its operation: it takes g, the gradient of the
loss by the output, and returns the gradient of the loss by each operand, in order. It may leave a
gradient in the shape of the output: whoever adds it up sums it back over the axes that
broadcasting added.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from . import numerics as num
from .numerics import Axis, Data, FloatArray
from .shapes import scatter, with_axes

Forward: TypeAlias = Callable[..., Data]
GradientRule: TypeAlias = Callable[..., tuple[Data, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Op:
    """One primitive operation.

    Attributes:
        name: What it is called in a graph, `tanh` or `*`.
        forward: `forward(*operands, *parameters) -> output`; an axis or a slope is a parameter.
        vjp: `vjp(gradient, output, *operands, *parameters) -> (gradient by operand, ...)`.
    """

    name: str
    forward: Forward
    vjp: GradientRule


# --- Gradient rules that take more than an expression -------------------------------------------


def _power_constant_vjp(g: Data, out: Data, a: Data, n: float) -> tuple[Data]:
    """By a: n a^(n - 1); 0 where n is 0."""
    if n == 2.0:  # a product costs a fiftieth of NumPy's power
        return (g * 2.0 * a,)
    return (g * (n * num.power(a, n - 1.0)) if n != 0.0 else g * 0.0,)


def _power_vjp(g: Data, out: Data, a: Data, b: Data) -> tuple[Data, Data]:
    """By a: b a^(b - 1), 0 where b is 0. By b: a^b log(a), and its limit 0 where a is 0."""
    less = (b - 1.0 if b else 0.0) if type(b) is float else np.where(b == 0.0, 0.0, b - 1.0)
    return g * b * num.power(a, less), g * out * num.log_or_zero(a)


def _dot_vjp(g: float, out: float, *operands: float) -> tuple[float, ...]:
    """By each weight its input, by each input its weight, by the bias 1."""
    n = len(operands) // 2
    by_weight = [g * x for x in operands[n:-1]]
    by_input = [g * w for w in operands[:n]]
    return (*by_weight, *by_input, g)


def _matmul_vjp(
    g: FloatArray, out: FloatArray, a: FloatArray, b: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Of matrices or stacks of them: by a, g b^T; by b, a^T g."""
    return np.matmul(g, np.swapaxes(b, -1, -2)), np.matmul(np.swapaxes(a, -1, -2), g)


def _sum_vjp(g: Data, out: Data, a: FloatArray, axis: Axis, keepdims: bool) -> tuple[Data]:
    """1 for each element."""
    return (np.broadcast_to(with_axes(g, axis, keepdims), a.shape),)


def _mean_vjp(g: Data, out: Data, a: FloatArray, axis: Axis, keepdims: bool) -> tuple[Data]:
    """1 / n for each of n elements."""
    return _sum_vjp(g / max(num.count(a, out), 1.0), out, a, axis, keepdims)


def _max_vjp(g: Data, out: Data, a: FloatArray, axis: Axis, keepdims: bool) -> tuple[Data]:
    """1 / n for each of n equal maxima, else 0."""
    largest = (a == with_axes(out, axis, keepdims)) * 1.0
    share = largest / np.sum(largest, axis=axis, keepdims=True)
    return (share * with_axes(g, axis, keepdims),)


def _logsumexp_vjp(g: Data, out: Data, a: FloatArray, axis: Axis, keepdims: bool) -> tuple[Data]:
    """The softmax, exp(a - out); nan beside an infinite out, as in PyTorch and JAX."""
    softmax = np.exp(a - with_axes(out, axis, keepdims))
    return (softmax * with_axes(g, axis, keepdims),)


def _along(reduction: Callable[..., Data]) -> Forward:
    return lambda a, axis, keepdims: reduction(a, axis=axis, keepdims=keepdims)


# --- The table, with the derivative beside each rule --------------------------------------------

# Of one operand, element by element.
NEGATE = Op("neg", operator.neg, lambda g, out, a: (-g,))  # -1
EXP = Op("exp", num.exp, lambda g, out, a: (g * out,))  # e^a
LOG = Op("log", num.log, lambda g, out, a: (num.divide(g, a),))  # 1 / a
SQRT = Op("sqrt", num.sqrt, lambda g, out, a: (num.divide(g * 0.5, out),))  # 1 / (2 sqrt(a))
ABS = Op("abs", abs, lambda g, out, a: (g * num.sign(a),))  # sign(a); 0 at 0
SIN = Op("sin", num.sin, lambda g, out, a: (g * num.cos(a),))  # cos(a)
COS = Op("cos", num.cos, lambda g, out, a: (-g * num.sin(a),))  # -sin(a)
TANH = Op("tanh", num.tanh, lambda g, out, a: (g * (1.0 - num.square(out)),))  # 1 - out^2
SIGMOID = Op("sigmoid", num.sigmoid, lambda g, out, a: (g * (out * (1.0 - out)),))  # out (1 - out)
# 1 above 0, else 0; 0 at 0 too, as in PyTorch and TensorFlow Playground.
RELU = Op("relu", num.relu, lambda g, out, a: (g * (out > 0.0),))
# 1 above 0, else the slope (Maas et al. 2013).
LEAKY_RELU = Op(
    "leaky_relu",
    lambda a, slope: a * num.one_or(a, slope),
    lambda g, out, a, slope: (g * num.one_or(a, slope),),
)
# 1 above 0, else e^a, which is out + 1 (Clevert et al. 2016, eq. 1, alpha 1).
ELU = Op("elu", num.elu, lambda g, out, a: (g * num.at_most_one(out + 1.0),))
# sigmoid(a), which is 1 - e^-out.
SOFTPLUS = Op("softplus", num.softplus, lambda g, out, a: (g * -num.expm1(-out),))
# The exponent is a plain number: a parameter, not an operand.
POWER_CONSTANT = Op("**n", num.power, _power_constant_vjp)

# Of two operands, element by element.
ADD = Op("+", operator.add, lambda g, out, a, b: (g, g))  # 1, 1
SUBTRACT = Op("-", operator.sub, lambda g, out, a, b: (g, -g))  # 1, -1
MULTIPLY = Op("*", operator.mul, lambda g, out, a, b: (g * b, g * a))  # b, a
DIVIDE = Op(  # 1 / b, -a / b^2
    "/", num.divide, lambda g, out, a, b: (num.divide(g, b), num.divide(-g * out, b))
)
POWER = Op("**", num.power, _power_vjp)

# Sums of products: a neuron's (n weights, n inputs and a bias), and those of matrices.
DOT = Op("dot", num.dot, _dot_vjp)
MATMUL = Op("@", np.matmul, _matmul_vjp)

# Of arrays: reductions, elements, shapes. What moves elements moves their gradients back.
SUM = Op("sum", _along(np.sum), _sum_vjp)
MEAN = Op("mean", num.mean, _mean_vjp)
MAX = Op("max", _along(np.max), _max_vjp)
LOG_SUM_EXP = Op("logsumexp", num.logsumexp, _logsumexp_vjp)
GET_ITEM = Op("[]", operator.getitem, lambda g, out, a, index: (scatter(g, a.shape, index),))
RESHAPE = Op("reshape", np.reshape, lambda g, out, a, shape: (np.reshape(g, np.shape(a)),))
TRANSPOSE = Op("transpose", np.transpose, lambda g, out, a: (np.transpose(g),))

OPS: dict[str, Op] = {op.name: op for op in tuple(globals().values()) if isinstance(op, Op)}
"""Every operation by its name."""
