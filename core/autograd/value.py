"""Value: one node of the computational graph, and the chain rule backwards through it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, SupportsFloat, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike

from . import ops
from .ops import Axis, Data, FloatArray, Op

Operand: TypeAlias = "Value | ArrayLike"


class Value:
    """A number or an array, that remembers how it was computed.

    A scalar graph and an array graph are the same class with the same operations; operands of
    different shapes broadcast as in NumPy, and their gradients are summed back.

        >>> a, b = Value(-4.0), Value(2.0)
        >>> c = (a * b).tanh() + a**2
        >>> c.backward()
        >>> round(a.grad, 4)
        -8.0

    Attributes:
        data: A Python float, or a float64 NumPy array with at least one axis.
        grad: The gradient of the last output `backward()` was called on, in the shape of `data`.
            On a leaf it adds up until `zero_grad()`; on an inner node it is 0.0 before the first.
        op: The operation it is the result of; None on a leaf.
        parents: The operation's operands, in their order.
        parameters: What else the operation was told: an axis, a constant exponent.
        label: A name for pictures of the graph.
        constant: Whether its gradient is left out: of plain numbers, of data, and of what is
            computed from them alone.
    """

    __slots__ = ("constant", "data", "grad", "label", "op", "parameters", "parents")

    # NumPy leaves `array * value` to this class instead of making an array of objects of it.
    __array_ufunc__ = None

    data: Data
    grad: Any
    op: Op | None
    parents: tuple[Value, ...]
    parameters: tuple[Any, ...]

    def __init__(self, data: ArrayLike, *, label: str = "", constant: bool = False) -> None:
        """Makes a leaf.

        Args:
            data: A number, or anything NumPy makes an array of. A float64 array is not copied.
            label: A name for pictures of the graph.
            constant: Leave its gradient out.

        Raises:
            ValueError: If `data` is not numeric.
        """
        self.data = _as_data(data)
        self.grad = 0.0 if type(self.data) is float else np.zeros_like(self.data)
        self.op = None
        self.parents = ()
        self.parameters = ()
        self.label = label
        self.constant = constant

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self.data}, grad={self.grad}{label})"

    def __float__(self) -> float:
        return float(self.data)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of `data`; `()` for a number."""
        return np.shape(self.data)

    # --- Arithmetic ----------------------------------------------------------------------------

    def __add__(self, other: Operand) -> Value:
        return _binary(ops.ADD, self, other if type(other) is Value else as_value(other))

    def __radd__(self, other: ArrayLike) -> Value:
        return _binary(ops.ADD, as_value(other), self)

    def __sub__(self, other: Operand) -> Value:
        return _binary(ops.SUBTRACT, self, as_value(other))

    def __rsub__(self, other: ArrayLike) -> Value:
        return _binary(ops.SUBTRACT, as_value(other), self)

    def __mul__(self, other: Operand) -> Value:
        return _binary(ops.MULTIPLY, self, other if type(other) is Value else as_value(other))

    def __rmul__(self, other: ArrayLike) -> Value:
        return _binary(ops.MULTIPLY, as_value(other), self)

    def __truediv__(self, other: Operand) -> Value:
        return _binary(ops.DIVIDE, self, as_value(other))

    def __rtruediv__(self, other: ArrayLike) -> Value:
        return _binary(ops.DIVIDE, as_value(other), self)

    def __pow__(self, exponent: Operand) -> Value:
        if isinstance(exponent, Value):
            return _binary(ops.POWER, self, exponent)
        if np.ndim(exponent):
            return _binary(ops.POWER, self, as_value(exponent))
        return _unary(ops.POWER_CONSTANT, self, _as_data(exponent))

    def __rpow__(self, base: ArrayLike) -> Value:
        return _binary(ops.POWER, as_value(base), self)

    def __neg__(self) -> Value:
        return _unary(ops.NEGATE, self)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return _unary(ops.ABS, self)

    # --- Elementary functions ------------------------------------------------------------------

    def exp(self) -> Value:
        """The exponential, e to the power of it."""
        return _unary(ops.EXP, self)

    def log(self) -> Value:
        """The natural logarithm."""
        return _unary(ops.LOG, self)

    def sqrt(self) -> Value:
        """The square root."""
        return _unary(ops.SQRT, self)

    def abs(self) -> Value:
        """The absolute value; its derivative at 0 is 0."""
        return _unary(ops.ABS, self)

    def sin(self) -> Value:
        """The sine, of radians."""
        return _unary(ops.SIN, self)

    def cos(self) -> Value:
        """The cosine, of radians."""
        return _unary(ops.COS, self)

    # --- Activations ---------------------------------------------------------------------------

    def relu(self) -> Value:
        """max(x, 0); its derivative at 0 is 0."""
        return _unary(ops.RELU, self)

    def leaky_relu(self, slope: float = 0.01) -> Value:
        """The value above 0, `slope` times x below (Maas et al. 2013)."""
        return _unary(ops.LEAKY_RELU, self, float(slope))

    def tanh(self) -> Value:
        """The hyperbolic tangent."""
        return _unary(ops.TANH, self)

    def sigmoid(self) -> Value:
        """1 / (1 + exp(-x)), in a form that does not overflow."""
        return _unary(ops.SIGMOID, self)

    def elu(self) -> Value:
        """The value above 0, exp(x) - 1 below (Clevert et al. 2016, alpha 1)."""
        return _unary(ops.ELU, self)

    def softplus(self) -> Value:
        """log(1 + exp(x)), in a form that does not overflow."""
        return _unary(ops.SOFTPLUS, self)

    # --- Arrays --------------------------------------------------------------------------------

    def __matmul__(self, other: Operand) -> Value:
        return _binary(ops.MATMUL, self, as_value(other))

    def __rmatmul__(self, other: ArrayLike) -> Value:
        return _binary(ops.MATMUL, as_value(other), self)

    def __getitem__(self, index: Any) -> Value:
        return _unary(ops.GET_ITEM, self, index)

    def sum(self, axis: Axis = None, *, keepdims: bool = False) -> Value:
        """The sum over one axis, several, or all."""
        return self._reduced(ops.SUM, axis, keepdims)

    def mean(self, axis: Axis = None, *, keepdims: bool = False) -> Value:
        """The mean over one axis, several, or all."""
        return self._reduced(ops.MEAN, axis, keepdims)

    def max(self, axis: Axis = None, *, keepdims: bool = False) -> Value:
        """The maximum over one axis, several, or all; equal maxima share its gradient."""
        return self._reduced(ops.MAX, axis, keepdims)

    def logsumexp(self, axis: Axis = None, *, keepdims: bool = False) -> Value:
        """log(sum(exp(x))), in a form that does not overflow; its gradient is the softmax."""
        return self._reduced(ops.LOG_SUM_EXP, axis, keepdims)

    def reshape(self, *shape: int) -> Value:
        """The same elements in another shape; one length may be -1."""
        return _unary(ops.RESHAPE, self, shape)

    @property
    def T(self) -> Value:
        """The axes in reverse order."""
        return _unary(ops.TRANSPOSE, self)

    def _reduced(self, op: Op, axis: Axis, keepdims: bool) -> Value:
        return self if type(self.data) is float else _unary(op, self, axis, keepdims)

    @staticmethod
    def dot(weights: Sequence[Value], inputs: Sequence[Operand], bias: Value) -> Value:
        """A neuron's sum over scalars, weights . inputs + bias, as one operation.

        It is the same number as the products and sums one by one, from one node in the place of
        2n, which is what makes a scalar network several times as fast.

        Args:
            weights: n scalar Values.
            inputs: n scalar Values or numbers.
            bias: A scalar Value.

        Raises:
            ValueError: If there are not as many inputs as weights.
        """
        if len(weights) != len(inputs):
            raise ValueError(f"{len(weights)} weights cannot meet {len(inputs)} inputs")
        operands = (*weights, *[as_value(x) for x in inputs], bias)
        return _node(ops.DOT, ops.DOT.forward(*[v.data for v in operands]), operands, ())

    # --- Gradients -----------------------------------------------------------------------------

    def backward(self, gradient: ArrayLike | None = None) -> None:
        """Adds the gradient of this output into the `grad` of everything it was computed from.

        Inner nodes start from zero at every call; leaves add up. So a second call doubles the
        leaves' gradients and nothing else, as in PyTorch.

        Args:
            gradient: Where the chain rule starts: the gradient by this output, in its shape.
                Default 1, for which the output has to be a single number.

        Raises:
            ValueError: If the output is an array and no gradient is given, or one that does not
                have its shape.
        """
        start = self._starting_gradient(gradient)
        order = topological_order(self)
        for node in order:
            if node.op is not None:
                node.grad = 0.0
        self.grad = self.grad + start
        for node in reversed(order):
            if node.op is not None and not node.constant:
                _propagate(node, node.op)

    def _starting_gradient(self, gradient: ArrayLike | None) -> Data:
        if gradient is not None:
            start = _as_data(gradient)
            if np.shape(start) != self.shape:
                raise ValueError(
                    f"the gradient has the shape {np.shape(start)}, the output {self.shape}"
                )
            return start
        if type(self.data) is not float:
            raise ValueError(
                f"backward() starts from one number and this output has the shape {self.shape}: "
                "call .sum() or .mean() first, or pass gradient="
            )
        return 1.0

    def zero_grad(self) -> None:
        """Sets the gradient of everything this was computed from, leaves too, to zero."""
        for node in topological_order(self):
            if node.op is None and isinstance(node.grad, np.ndarray):
                node.grad[...] = 0.0
            else:
                node.grad = 0.0


def as_value(x: Operand) -> Value:
    """Returns a Value as it is, and a plain number or array as a constant."""
    return x if isinstance(x, Value) else Value(x, constant=True)


def topological_order(root: Value) -> list[Value]:
    """Every node that an output was computed from, parents before children, the output last.

    The order follows the operands from left to right, the same in every run. It keeps its own
    stack, so that a chain of 100,000 nodes does not meet Python's recursion limit.
    """
    order: list[Value] = []
    seen: set[Value] = set()
    # A None on the stack stands before a node whose parents are all in the order by then.
    stack: list[Value | None] = [root]
    while stack:
        node = stack.pop()
        if node is None:
            order.append(cast("Value", stack.pop()))
        elif node not in seen:
            seen.add(node)
            if node.parents:
                stack.append(node)
                stack.append(None)
                stack.extend(node.parents[::-1])
            else:
                order.append(node)
    return order


def _propagate(node: Value, op: Op) -> None:
    """One step of the chain rule: a node's gradient, handed on to its parents."""
    parents = node.parents
    contributions = op.vjp(node.grad, node.data, *[p.data for p in parents], *node.parameters)
    for parent, contribution in zip(parents, contributions, strict=True):
        if not parent.constant:
            if type(contribution) is not float or type(parent.data) is not float:
                contribution = ops.unbroadcast(contribution, parent.data)
            parent.grad += contribution


def _as_data(data: ArrayLike) -> Data:
    if type(data) is float:
        return data
    if isinstance(data, SupportsFloat) and np.ndim(data) == 0:
        return float(data)
    array: FloatArray = np.asarray(data, dtype=np.float64)
    return array if array.ndim else float(array)


_new = object.__new__


def _node(op: Op, data: Any, parents: tuple[Value, ...], parameters: tuple[Any, ...]) -> Value:
    node: Value = _new(Value)
    # A result of one number may be a NumPy scalar or an array without axes.
    is_ready = type(data) is float or (type(data) is np.ndarray and data.ndim > 0)
    node.data = data if is_ready else _as_data(data)
    node.grad = 0.0
    node.op = op
    node.parents = parents
    node.parameters = parameters
    node.label = ""
    node.constant = False
    return node


def _unary(op: Op, a: Value, *parameters: Any) -> Value:
    node = _node(op, op.forward(a.data, *parameters), (a,), parameters)
    node.constant = a.constant
    return node


def _binary(op: Op, a: Value, b: Value) -> Value:
    node = _node(op, op.forward(a.data, b.data), (a, b), ())
    node.constant = a.constant and b.constant
    return node
