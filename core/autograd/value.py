"""Value: one node of the computational graph, and the chain rule backwards through it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike

from . import ops
from .numerics import Axis, Data, FloatArray
from .ops import Op
from .shapes import unbroadcast

Operand: TypeAlias = "Value | ArrayLike"


def _comparison(compare: Callable[[Any, Any], Any]) -> Callable[[Value, Operand], Any]:
    def method(self: Value, other: Operand) -> Any:
        return compare(self.data, other.data if isinstance(other, Value) else other)

    method.__name__ = f"__{compare.__name__}__"
    return method


def _elementwise(op: Op, docstring: str) -> Callable[[Value], Value]:
    def method(self: Value) -> Value:
        return _unary(op, self)

    method.__name__, method.__doc__ = op.name, docstring
    return method


class Value:
    """A number or an array that remembers how it was computed.

    Scalar graphs and array graphs use the same class and operations. Operands of different shapes
    broadcast as in NumPy, and their gradients are summed back. `<`, `<=`, `>` and `>=` compare
    data; `==` asks whether it is the same node, so that nodes can be kept in sets.

        >>> a, b = Value(-4.0), Value(2.0)
        >>> c = (a * b).tanh() + a**2
        >>> c.backward()
        >>> round(a.grad, 4)
        -8.0

    Attributes:
        data: A Python float, or a NumPy array of float64 or float32 with at least one axis. What
            is made of floats alone has double precision.
        grad: The gradient of the output that `backward()` was last called on, in the shape of
            `data`. A leaf adds gradients up until `zero_grad()`.
        op: The operation that computed it; None on a leaf.
        parents: The operands of the operation, in order.
        parameters: The other arguments of the operation: an axis, a constant exponent.
        label: A name for pictures of the graph.
        constant: Whether it gets no gradient: plain numbers, data, and what is computed from
            constants alone.
    """

    __slots__ = ("constant", "data", "grad", "label", "op", "parameters", "parents")

    # Makes NumPy leave `array * value` to this class.
    __array_ufunc__ = None

    data: Data
    grad: Any
    op: Op | None
    parents: tuple[Value, ...]
    parameters: tuple[Any, ...]

    def __init__(self, data: ArrayLike, *, label: str = "", constant: bool = False) -> None:
        """Makes a leaf.

        Args:
            data: A number, or anything NumPy makes an array of. An array of float64 or float32 is
                not copied; any other becomes float64.
            label: A name for pictures of the graph.
            constant: Whether it gets no gradient.

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
        return _binary(ops.ADD, self, other if type(other) is Value else as_value(other, self))

    def __radd__(self, other: ArrayLike) -> Value:
        return _binary(ops.ADD, as_value(other, self), self)

    def __sub__(self, other: Operand) -> Value:
        return _binary(ops.SUBTRACT, self, as_value(other, self))

    def __rsub__(self, other: ArrayLike) -> Value:
        return _binary(ops.SUBTRACT, as_value(other, self), self)

    def __mul__(self, other: Operand) -> Value:
        return _binary(ops.MULTIPLY, self, other if type(other) is Value else as_value(other, self))

    def __rmul__(self, other: ArrayLike) -> Value:
        return _binary(ops.MULTIPLY, as_value(other, self), self)

    def __truediv__(self, other: Operand) -> Value:
        return _binary(ops.DIVIDE, self, as_value(other, self))

    def __rtruediv__(self, other: ArrayLike) -> Value:
        return _binary(ops.DIVIDE, as_value(other, self), self)

    def __pow__(self, exponent: Operand) -> Value:
        if isinstance(exponent, Value) or np.ndim(exponent):
            return _binary(ops.POWER, self, as_value(exponent, self))
        return _unary(ops.POWER_CONSTANT, self, _as_data(exponent))

    def __rpow__(self, base: ArrayLike) -> Value:
        return _binary(ops.POWER, as_value(base, self), self)

    def __pos__(self) -> Value:
        return self

    __lt__, __le__ = _comparison(operator.lt), _comparison(operator.le)
    __gt__, __ge__ = _comparison(operator.gt), _comparison(operator.ge)

    # --- Functions of a number, or of each element of an array ---------------------------------

    __neg__ = _elementwise(ops.NEGATE, "The negative.")
    exp = _elementwise(ops.EXP, "e raised to the value.")
    log = _elementwise(ops.LOG, "The natural logarithm.")
    sqrt = _elementwise(ops.SQRT, "The square root.")
    abs = __abs__ = _elementwise(ops.ABS, "The absolute value; its derivative at 0 is 0.")
    sin = _elementwise(ops.SIN, "The sine, of radians.")
    cos = _elementwise(ops.COS, "The cosine, of radians.")
    relu = _elementwise(ops.RELU, "max(x, 0); its derivative at 0 is 0.")
    tanh = _elementwise(ops.TANH, "The hyperbolic tangent.")
    sigmoid = _elementwise(ops.SIGMOID, "1 / (1 + exp(-x)).")
    elu = _elementwise(ops.ELU, "x above 0, exp(x) - 1 below (Clevert et al. 2016, alpha 1).")
    softplus = _elementwise(ops.SOFTPLUS, "log(1 + exp(x)).")

    def leaky_relu(self, slope: float = 0.01) -> Value:
        """X above 0, `slope` times x below (Maas et al. 2013)."""
        return _unary(ops.LEAKY_RELU, self, float(slope))

    # --- Arrays --------------------------------------------------------------------------------

    def __matmul__(self, other: Operand) -> Value:
        return _matmul(self, as_value(other, self))

    def __rmatmul__(self, other: ArrayLike) -> Value:
        return _matmul(as_value(other, self), self)

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
        """log(sum(exp(x))); its gradient is the softmax."""
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
        """A neuron's sum, weights . inputs + bias, as one node.

        Separate products and sums give the same number with 2n nodes, several times as slowly.

        Args:
            weights: n scalar Values.
            inputs: n scalar Values or numbers.
            bias: A scalar Value.

        Raises:
            ValueError: If the numbers of weights and inputs differ.
        """
        if len(weights) != len(inputs):
            raise ValueError(f"{len(weights)} weights need as many inputs, not {len(inputs)}")
        return apply(ops.DOT, (*weights, *[as_value(x) for x in inputs], bias))

    # --- Gradients -----------------------------------------------------------------------------

    def backward(self, gradient: ArrayLike | None = None) -> None:
        """Adds the gradient of this output into the `grad` of everything it was computed from.

        Inner nodes start from zero at every call and leaves add up, as in PyTorch: a second call
        doubles the gradients of the leaves alone.

        Args:
            gradient: The gradient by this output, in its shape, where the chain rule starts.
                Default 1, if the output is a single number.

        Raises:
            ValueError: If the output is an array and no gradient is given, or the gradient has
                another shape.
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
        if gradient is None and np.ndim(self.data):
            raise ValueError(
                f"backward() starts from one number and this output has the shape {self.shape}: "
                "call .sum() or .mean() first, or pass gradient="
            )
        start = 1.0 if gradient is None else as_value(gradient, self).data
        if np.shape(start) != self.shape:
            raise ValueError(
                f"the gradient has the shape {np.shape(start)}, the output {self.shape}"
            )
        return start

    def zero_grad(self) -> None:
        """Sets the gradients of this and of everything it was computed from to zero."""
        for node in topological_order(self):
            if node.op is None and isinstance(node.grad, np.ndarray):
                node.grad[...] = 0.0
            else:
                node.grad = 0.0

    # --- The graph under the names that micrograd's readers know, to be read ---------------------

    @property
    def _prev(self) -> frozenset[Value]:
        return frozenset(self.parents)

    @property
    def _op(self) -> str:
        if self.op is ops.POWER_CONSTANT:
            return f"**{self.parameters[0]:g}"
        return "" if self.op is None else self.op.name

    def _backward(self) -> None:
        if self.op is not None and not self.constant:
            _propagate(self, self.op)


def as_value(x: Operand, beside: Value | None = None) -> Value:
    """Returns a Value as it is, else a constant; an array in the dtype of the array beside it."""
    if isinstance(x, Value):
        return x
    if beside is not None and type(x) is not float and type(beside.data) is np.ndarray:
        x = np.asarray(x, dtype=beside.data.dtype)
    return Value(x, constant=True)


def apply(op: Op, operands: tuple[Value, ...], parameters: tuple[Any, ...] = ()) -> Value:
    """The result of any operation on its operands, as a node of the graph."""
    data = op.forward(*[v.data for v in operands], *parameters)
    return _node(op, data, operands, parameters)


def topological_order(root: Value) -> list[Value]:
    """Every node that an output was computed from, parents before children, the output last.

    Operands come from left to right, so the order is the same in every run. The search keeps its
    own stack: a chain of 100,000 nodes would exceed Python's recursion limit.
    """
    order: list[Value] = []
    seen: set[Value] = set()
    # None marks a node whose parents are all in the order once it is popped.
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
    """One step of the chain rule: adds a node's gradient into its parents'."""
    parents = node.parents
    contributions = op.vjp(node.grad, node.data, *[p.data for p in parents], *node.parameters)
    for parent, contribution in zip(parents, contributions, strict=True):
        if not parent.constant:
            if type(contribution) is not float or type(parent.data) is not float:
                contribution = unbroadcast(contribution, parent.data)
            parent.grad += contribution


def _as_data(data: ArrayLike) -> Data:
    if type(data) is float:
        return data
    array: FloatArray = np.asarray(data)
    if array.dtype != np.float32:
        array = array.astype(np.float64, copy=False)
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


def _matmul(a: Value, b: Value) -> Value:
    """A vector is a matrix of one row on the left, of one column on the right."""
    is_row, is_column = np.ndim(a.data) == 1, np.ndim(b.data) == 1
    if not (is_row or is_column):
        return _binary(ops.MATMUL, a, b)
    left, right = a.reshape(1, -1) if is_row else a, b.reshape(-1, 1) if is_column else b
    product = _binary(ops.MATMUL, left, right)
    *stack, rows, columns = product.shape
    kept = [n for n, is_vector in ((rows, is_row), (columns, is_column)) if not is_vector]
    return product.reshape(*stack, *kept)
