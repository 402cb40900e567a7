"""Every operation's gradient, against central differences and against HIPS autograd."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays, mutually_broadcastable_shapes
from hypothesis.strategies import SearchStrategy

from toygrad.core import Value, gradcheck
from toygrad.core.autograd import OPS, topological_order

Shape = tuple[int, ...]

ANY = st.floats(-3.0, 3.0)
POSITIVE = st.floats(0.2, 3.0)
OFF_ZERO = st.floats(0.2, 3.0) | st.floats(-3.0, -0.2)
FEW = settings(max_examples=12)


@dataclass(frozen=True)
class Case:
    """An operation of ours and the same one written for HIPS autograd."""

    name: str
    ours: Callable[..., Value]
    reference: Callable[..., Any]
    domains: tuple[SearchStrategy[float], ...] = (ANY,)

    def __str__(self) -> str:
        return self.name


ELEMENTWISE = [
    Case("neg", lambda a: -a, lambda a: -a),
    Case("exp", Value.exp, anp.exp),
    Case("log", Value.log, anp.log, (POSITIVE,)),
    Case("sqrt", Value.sqrt, anp.sqrt, (POSITIVE,)),
    Case("abs", Value.abs, anp.abs, (OFF_ZERO,)),
    Case("builtin abs", abs, anp.abs, (OFF_ZERO,)),
    Case("sin", Value.sin, anp.sin),
    Case("cos", Value.cos, anp.cos),
    Case("tanh", Value.tanh, anp.tanh),
    Case("sigmoid", Value.sigmoid, lambda a: 1.0 / (1.0 + anp.exp(-a))),
    Case("relu", Value.relu, lambda a: anp.maximum(a, 0.0), (OFF_ZERO,)),
    Case("leaky_relu", Value.leaky_relu, lambda a: anp.where(a > 0, a, 0.01 * a), (OFF_ZERO,)),
    Case(
        "leaky_relu steeper below",
        lambda a: a.leaky_relu(2.5),
        lambda a: anp.where(a > 0, a, 2.5 * a),
        (OFF_ZERO,),
    ),
    Case("elu", Value.elu, lambda a: anp.where(a > 0, a, anp.exp(a) - 1.0), (OFF_ZERO,)),
    Case("softplus", Value.softplus, lambda a: anp.log(1.0 + anp.exp(a))),
    Case("square", lambda a: a**2, lambda a: a**2),
    Case("cube", lambda a: a**3, lambda a: a**3),
    Case("power 0", lambda a: a**0, lambda a: a**0, (OFF_ZERO,)),
    Case("power 0.5", lambda a: a**0.5, lambda a: a**0.5, (POSITIVE,)),
    Case("power -1.5", lambda a: a**-1.5, lambda a: a**-1.5, (POSITIVE,)),
    Case("2 ** a", lambda a: 2**a, lambda a: 2.0**a),
    Case("1 / a", lambda a: 1 / a, lambda a: 1 / a, (OFF_ZERO,)),
    Case("3 - a", lambda a: 3 - a, lambda a: 3 - a),
]
BINARY = [
    Case("+", lambda a, b: a + b, lambda a, b: a + b, (ANY, ANY)),
    Case("-", lambda a, b: a - b, lambda a, b: a - b, (ANY, ANY)),
    Case("*", lambda a, b: a * b, lambda a, b: a * b, (ANY, ANY)),
    Case("/", lambda a, b: a / b, lambda a, b: a / b, (ANY, OFF_ZERO)),
    Case("**", lambda a, b: a**b, lambda a, b: a**b, (POSITIVE, ANY)),
    Case("a * a + a * b", lambda a, b: a * a + a * b, lambda a, b: a * a + a * b, (ANY, ANY)),
]
MATMUL_SHAPES: list[tuple[Shape, Shape]] = [
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 4)),
    ((1, 3), (3, 1)),
    ((2, 2, 3), (3, 4)),
    ((2, 3), (2, 3, 2)),
    ((2, 2, 3), (2, 3, 2)),
    ((1, 2, 3), (2, 3, 2)),
    ((3,), (2, 3, 2)),
    ((2, 2, 3), (3,)),
    ((2, 1, 2, 3), (3, 3, 2)),
]
REDUCED_AXES = [None, 0, 1, -1, (0, 1), (2, 0), (0, 1, 2)]
REDUCTIONS = [
    Case("sum", Value.sum, anp.sum),
    Case("mean", Value.mean, anp.mean),
    Case("max", Value.max, anp.max),
    Case(
        "logsumexp",
        Value.logsumexp,
        lambda a, axis, keepdims: anp.log(anp.sum(anp.exp(a), axis=axis, keepdims=keepdims)),
    ),
]
INDICES: list[Any] = [
    0,
    -1,
    (1, 2),
    slice(None, None, 2),
    (slice(None), 1),
    [0, 0, 2],
    ([0, 0, 1], [3, 3, 2]),
    (slice(None), [1, 1]),
    np.arange(12).reshape(3, 4) % 3 == 0,
    (..., None, 2),
]


def numbers(shape: Shape, domain: SearchStrategy[float]) -> SearchStrategy[Any]:
    return arrays(np.float64, shape, elements=domain) if shape else domain


def data_of(shape: Shape, seed: int = 0) -> Any:
    # Distinct, and far enough apart for a central difference to see one maximum.
    order = np.random.default_rng(seed).permutation(int(np.prod(shape)))
    return np.linspace(-2.0, 2.0, order.size)[order].reshape(shape)


def assert_gradients_agree(case: Case, *data: Any) -> None:
    values = [Value(array) for array in data]
    # Unequal, so that a gradient that ends up at another element is seen.
    output = case.ours(*values)
    weights = 1.5 + np.cos(np.arange(np.size(output.data))).reshape(output.shape)

    gradcheck(lambda *v: case.ours(*v) * weights, *values)
    (output * weights).sum().backward()
    for position, value in enumerate(values):
        expected = grad(lambda *a: anp.sum(case.reference(*a) * weights), position)(*data)
        np.testing.assert_allclose(value.grad, expected, rtol=1e-9, atol=1e-11)
        assert np.shape(value.grad) == value.shape
    np.testing.assert_allclose(output.data, case.reference(*data), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("case", ELEMENTWISE, ids=str)
@FEW
@given(data=st.data())
def test_elementwise_operation(case: Case, data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from([(), (), (3,), (2, 1, 2)]))
    assert_gradients_agree(case, data.draw(numbers(shape, case.domains[0])))


@pytest.mark.parametrize("case", BINARY, ids=str)
@FEW
@given(data=st.data(), shapes=mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
def test_binary_operation_sums_gradients_back_over_what_was_broadcast(
    case: Case, data: st.DataObject, shapes: Any
) -> None:
    drawn = [
        data.draw(numbers(shape, domain))
        for shape, domain in zip(shapes.input_shapes, case.domains, strict=True)
    ]
    assert_gradients_agree(case, *drawn)


@pytest.mark.parametrize(("left", "right"), MATMUL_SHAPES)
def test_matrix_product_of_vectors_matrices_and_batches(left: Shape, right: Shape) -> None:
    case = Case("@", lambda a, b: a @ b, anp.matmul)
    assert_gradients_agree(case, data_of(left, 1), data_of(right, 2))


def test_a_product_of_matrices_is_one_node() -> None:
    a, b = Value(data_of((2, 3))), Value(data_of((3, 2)))
    product = a @ b
    assert (product.op, product.parents) == (OPS["@"], (a, b))


def test_a_product_with_a_vector_is_one_of_matrices() -> None:
    output = Value(data_of((3,))) @ Value(data_of((3, 2)))
    assert output.shape == (2,)
    names = [node.op.name for node in topological_order(output) if node.op]
    assert names == ["reshape", "@", "reshape"]


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", REDUCED_AXES, ids=str)
@pytest.mark.parametrize("case", REDUCTIONS, ids=str)
def test_reduction_over_any_axes(case: Case, axis: Any, keepdims: bool) -> None:
    reduction = Case(
        case.name,
        lambda a: case.ours(a, axis, keepdims=keepdims),
        lambda a: case.reference(a, axis=axis, keepdims=keepdims),
    )
    assert_gradients_agree(reduction, data_of((2, 3, 2)))


@pytest.mark.parametrize("case", REDUCTIONS, ids=str)
def test_reduction_of_a_vector_is_a_number_and_of_a_number_itself(case: Case) -> None:
    reduced = case.ours(Value([1.0, 2.0, 4.0]), 0)
    assert type(reduced.data) is float
    number = Value(3.0)
    assert case.ours(number) is number


@pytest.mark.parametrize("index", INDICES, ids=lambda index: str(index)[:20])
def test_indexing(index: Any) -> None:
    case = Case("[]", lambda a: a[index], lambda a: a[index])
    assert_gradients_agree(case, data_of((3, 4)))


@pytest.mark.parametrize("shape", [(12,), (4, 3), (2, -1), (2, 1, 6)])
def test_reshape(shape: Shape) -> None:
    case = Case("reshape", lambda a: a.reshape(*shape), lambda a: anp.reshape(a, shape))
    assert_gradients_agree(case, data_of((3, 4)))


def test_a_number_can_be_reshaped_and_transposed() -> None:
    value = Value(3.0)
    (value.reshape(1, 1).T * 2.0).sum().backward()
    assert value.grad == 2.0
    assert type(value.T.data) is float
    assert type(Value([3.0]).reshape().data) is float


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4)])
def test_transpose(shape: Shape) -> None:
    case = Case("transpose", lambda a: a.T, anp.transpose)
    assert_gradients_agree(case, data_of(shape))


@FEW
@given(operands=st.integers(1, 4).flatmap(lambda n: st.tuples(*[ANY] * (2 * n + 1))))
def test_neuron_sum_in_one_operation(operands: tuple[float, ...]) -> None:
    n = len(operands) // 2
    case = Case(
        "dot",
        lambda *v: Value.dot(v[:n], v[n:-1], v[-1]),
        lambda *a: sum(w * x for w, x in zip(a[:n], a[n:-1], strict=True)) + a[-1],
    )
    assert_gradients_agree(case, *operands)


def test_neuron_sum_needs_an_input_for_each_weight() -> None:
    with pytest.raises(ValueError, match="2 weights need as many inputs, not 1"):
        Value.dot([Value(1.0), Value(2.0)], [3.0], Value(0.0))


def test_every_operation_is_checked_here() -> None:
    matrix = Value(data_of((2, 2)))
    outputs = [
        *(case.ours(Value(0.7)) for case in ELEMENTWISE),
        *(case.ours(Value(0.7), Value(0.3)) for case in BINARY),
        *(case.ours(matrix) for case in REDUCTIONS),
        matrix @ matrix,
        matrix[0],
        matrix.reshape(4),
        matrix.T,
        Value.dot([Value(1.0)], [2.0], Value(0.0)),
    ]
    checked = {node.op.name for out in outputs for node in topological_order(out) if node.op}
    assert checked == set(OPS)
