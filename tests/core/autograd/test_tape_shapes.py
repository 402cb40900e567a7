"""The tape on every shape: axes, indices, products, single elements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from toygrad.core.autograd import Tape, Value

TOLERANCE = 1e-12
Shape = tuple[int, ...]


def assert_replay_agrees(function: Callable[..., Value], *shapes: Shape) -> None:
    """The tape, recorded on other numbers than it is replayed on, against a new eager graph."""
    rng = np.random.default_rng(0)
    leaves = [Value(rng.uniform(0.5, 2.0, shape)) for shape in shapes]
    tape = Tape(weighted_sum(function(*leaves)), leaves)
    for leaf in leaves:
        np.asarray(leaf.data)[...] = rng.uniform(0.5, 2.0, leaf.shape)
    loss = float(tape.replay())
    fresh = [Value(np.array(leaf.data)) for leaf in leaves]
    eager = weighted_sum(function(*fresh))
    eager.backward()
    assert loss == pytest.approx(float(eager), rel=TOLERANCE)
    for leaf, other in zip(leaves, fresh, strict=True):
        np.testing.assert_allclose(leaf.grad, other.grad, rtol=TOLERANCE, atol=TOLERANCE)


def weighted_sum(output: Value) -> Value:
    # Unequal, so that a gradient that ends up at another element is seen.
    weights = 1.5 + np.cos(np.arange(np.size(output.data))).reshape(output.shape)
    return (output * weights).sum()


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1), (2, 0), (0, 1, 2), ()], ids=str)
@pytest.mark.parametrize("name", ["sum", "mean", "max", "logsumexp"])
def test_reductions_along_every_axis(name: str, axis: Any, keepdims: bool) -> None:
    assert_replay_agrees(
        lambda a: getattr(a, name)(axis, keepdims=keepdims).tanh() * 2.0, (2, 3, 4)
    )


def test_reductions_of_what_is_not_contiguous() -> None:
    assert_replay_agrees(lambda a: a.T.sum(0) + a.T.mean(1).sum() + a[:, ::2].sum(0)[0], (3, 3))


@pytest.mark.parametrize(
    "index",
    [
        0,
        -1,
        (1, 2),
        slice(None, None, 2),
        (slice(None), 1),
        (slice(1, None), slice(None, None, -1)),
        [0, 0, 2],
        ([0, 0, 1], [3, 3, 2]),
        np.arange(12).reshape(3, 4) % 3 == 0,
        (..., None, 2),
        slice(0, 0),
    ],
    ids=str,
)
def test_indices(index: Any) -> None:
    assert_replay_agrees(lambda a: a[index].tanh().sum() * a + a[index].sum(), (3, 4))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3, 4)),
        ((1, 3), (3, 1)),
        ((1, 1), (1, 1)),
        ((2, 2, 3), (3, 4)),
        ((2, 3), (2, 3, 2)),
        ((1, 2, 3), (2, 3, 2)),
        ((3,), (2, 3, 2)),
        ((2, 2, 3), (3,)),
        ((2, 1, 2, 3), (3, 3, 2)),
    ],
)
def test_products_of_matrices_and_vectors(first: Shape, second: Shape) -> None:
    assert_replay_agrees(lambda a, b: a @ b, first, second)


@settings(max_examples=40)
@given(shapes=mutually_broadcastable_shapes(num_shapes=2, min_dims=1, max_dims=3, max_side=3))
def test_broadcasting_sums_gradients_back(shapes: Any) -> None:
    assert_replay_agrees(
        lambda a, b: a * b - (a / b).tanh() + b**a + (a - b).relu(), *shapes.input_shapes
    )


@pytest.mark.parametrize("shape", [(1,), (1, 1), (4, 1), (1, 4)])
def test_single_elements_and_single_rows(shape: Shape) -> None:
    assert_replay_agrees(lambda a, b: (a * b + b.tanh()).sigmoid() + b.T.exp() * a, shape, (1, 1))


def test_views_of_views_and_back() -> None:
    assert_replay_agrees(lambda a: (a.T.exp() * a.T).T.reshape(4, 6).T[1:] ** 2, (2, 3, 4))


@pytest.mark.parametrize("shape", [(2, 3), (4, 1, 3), (1, 3), (2, 1)])
def test_a_constant_array_of_equal_numbers_broadcasts_like_any_other(shape: Shape) -> None:
    assert_replay_agrees(lambda a: (a * np.ones(shape)).sum() + (np.ones(shape) / a).sum(), (1, 3))


def test_a_uniform_gradient_keeps_the_shape_that_broadcasting_gave_it() -> None:
    assert_replay_agrees(lambda x, y: (x.tanh() * y).sum(), (2, 1), (2, 1, 3))
    assert_replay_agrees(lambda x: (x + np.zeros(3)).sum() ** 2, (1,))


def test_zeros_of_either_sign_stay_apart() -> None:
    a = Value([1.0, 2.0])
    with np.errstate(all="ignore"):
        tape = Tape(
            1.0 / (a * 0.0) - 1.0 / (a * -0.0) + 1.0 / (a * np.array([0.0, -0.0])), inputs=(a,)
        )
        np.testing.assert_array_equal(tape.replay(np.ones(2)), [np.inf, np.nan])


def test_a_mask_times_one_is_a_number() -> None:
    a = Value([-0.5, 1.0, 2.0])
    tape = Tape(((a + 1.0) * 1.0).relu().sum() + (a * 1.0).relu().sum(), [a])
    tape.replay()
    np.testing.assert_array_equal(a.grad, [1.0, 2.0, 2.0])


def test_each_replay_finds_the_ties_of_a_maximum() -> None:
    a = Value([[1.0, 2.0], [3.0, 4.0]])
    tape = Tape(a.max(), [a])
    np.asarray(a.data)[...] = [[5.0, 5.0], [1.0, 0.0]]
    tape.replay()
    np.testing.assert_array_equal(a.grad, [[0.5, 0.5], [0.0, 0.0]])


def test_a_leaf_that_is_neither_input_nor_parameter_keeps_its_contents() -> None:
    a, b = Value(np.arange(3.0)), Value(np.arange(1.0, 4.0), constant=True)
    tape = Tape((a * b).sum(), [a])
    np.asarray(b.data)[...] = 0.0
    assert float(tape.replay()) == 8.0
    np.testing.assert_array_equal(a.grad, [1.0, 2.0, 3.0])


def test_a_wrong_number_of_inputs_is_refused() -> None:
    a = Value(np.arange(3.0))
    tape = Tape(a * 2.0, inputs=(a,))
    with pytest.raises(ValueError, match="argument"):
        tape.replay()


@pytest.mark.parametrize("columns", [256, 300, 512])
def test_products_with_large_matrices(columns: int) -> None:
    rng = np.random.default_rng(0)
    x, weight = Value(rng.normal(size=(5, 300))), Value(rng.normal(size=(300, columns)))
    tape = Tape(x @ weight, inputs=(x, weight))
    a, b = np.asarray(x.data), np.asarray(weight.data)
    np.testing.assert_allclose(tape.replay(a, b), a @ b, rtol=1e-12, atol=1e-12)
