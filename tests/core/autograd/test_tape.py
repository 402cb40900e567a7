"""The tape replays what the eager engine computes, and allocates nothing."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core import ACTIVATIONS, LOSSES, Network
from toygrad.core.autograd import OPS, Op, Tape, Value
from toygrad.core.autograd.numerics import Data
from toygrad.core.autograd.value import apply

TOLERANCE = 1e-12
Function = Callable[..., Value]

# Every operation but `dot`, which is of numbers, on operands where it is smooth.
OPERATIONS: dict[str, Function] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "**n": lambda a, b: a**2 + b**3.0 + a**0.5 + b**0,
    "neg": lambda a, b: -a * b,
    "exp": lambda a, b: a.exp() + b,
    "log": lambda a, b: a.log() * b,
    "sqrt": lambda a, b: a.sqrt() * b,
    "abs": lambda a, b: (a - 1.5).abs() * b,
    "sin": lambda a, b: a.sin() * b,
    "cos": lambda a, b: a.cos() * b,
    "tanh": lambda a, b: (a * b).tanh(),
    "sigmoid": lambda a, b: (a * b).sigmoid(),
    "relu": lambda a, b: (a - b).relu(),
    "leaky_relu": lambda a, b: (a - b).leaky_relu(0.2),
    "elu": lambda a, b: (a - b).elu(),
    "softplus": lambda a, b: (a - b).softplus(),
    "@": lambda a, b: (a @ b.T) @ a[:, 0],
    "sum": lambda a, b: (a.sum(0) * b).sum(1, keepdims=True),
    "mean": lambda a, b: (a.mean(0) * b).mean((0, 1)) * a,
    "max": lambda a, b: a.max(1, keepdims=True) * b + a.max(),
    "logsumexp": lambda a, b: a.logsumexp(1) * b[:, 0] + (a * b).logsumexp(),
    "[]": lambda a, b: a[1:] * b[[0, 0]] + a[0, 1],
    "reshape": lambda a, b: a.reshape(-1) * b.T.reshape(12),
    "transpose": lambda a, b: a.T * b.T,
}


def leaves() -> tuple[Value, Value]:
    rng = np.random.default_rng(3)
    return Value(rng.uniform(1.0, 2.0, (3, 4))), Value(rng.uniform(1.0, 2.0, (3, 4)))


def assert_tape_agrees(loss: Value, parameters: list[Value], *inputs: Value) -> Tape:
    for parameter in parameters:
        parameter.zero_grad()
    loss.backward()
    eager = [parameter.grad.copy() for parameter in parameters]
    for parameter in parameters:
        parameter.grad[...] = np.nan
    tape = Tape(loss, parameters, inputs=inputs)
    for _ in range(2):
        output = tape.replay(*(np.asarray(leaf.data) for leaf in inputs))
        assert float(output) == pytest.approx(float(loss), abs=TOLERANCE, rel=TOLERANCE)
        for parameter, gradient in zip(parameters, eager, strict=True):
            np.testing.assert_allclose(parameter.grad, gradient, rtol=TOLERANCE, atol=TOLERANCE)
    return tape


def test_every_operation_is_tried() -> None:
    assert set(OPERATIONS) == set(OPS) - {"dot"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_tape_and_eager_agree_on_every_operation(name: str) -> None:
    a, b = leaves()
    assert_tape_agrees(OPERATIONS[name](a, b).sum(), [a, b])


@given(
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    batch=st.integers(1, 7),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    loss=st.sampled_from(sorted(LOSSES)),
    seed=st.integers(0, 1000),
)
def test_tape_and_eager_agree_on_every_network(
    sizes: list[int], batch: int, activation: str, loss: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    network = Network(sizes, [activation] * (len(sizes) - 1), rng=rng, initializer="micrograd")
    x = Value(rng.normal(size=(batch, sizes[0])), constant=True)
    t = Value(np.sign(rng.normal(size=(batch, sizes[-1]))), constant=True)
    assert_tape_agrees(LOSSES[loss].on_arrays(network(x), t), network.parameters(), x, t)


def test_each_replay_uses_the_inputs_and_parameters_of_the_moment() -> None:
    rng = np.random.default_rng(0)
    network = Network((3, 5, 2), ("tanh", "linear"), rng=rng)
    x, t = Value(rng.normal(size=(4, 3))), Value(rng.normal(size=(4, 2)))
    tape = Tape(
        LOSSES["squared_error"].on_arrays(network(x), t), network.parameters(), inputs=(x, t)
    )
    for _ in range(3):
        inputs, targets = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
        network.flat_parameters[...] = rng.normal(size=network.n_parameters)
        loss = float(tape.replay(inputs, targets))
        on_tape = network.flat_gradients.copy()
        network.zero_grad()
        eager = LOSSES["squared_error"].on_arrays(network(inputs), targets)
        eager.backward()
        assert loss == pytest.approx(float(eager), rel=TOLERANCE)
        np.testing.assert_allclose(on_tape, network.flat_gradients, atol=TOLERANCE)


ALIASES: dict[str, Function] = {
    "a node used twice": lambda a, b: (a * b) + (a * b).tanh() * (a * b),
    "a diamond": lambda a, b: (a.tanh() + b) * (a.tanh() - b) + a.tanh(),
    "a square as a product": lambda a, b: (a * a) * (b * b),
    "one leaf on every side": lambda a, b: (a @ a.T) @ (a - b) + a * a,
    "equal gradients": lambda a, b: a + b,
    "a gradient that is a view": lambda a, b: a.T.reshape(4, 3).T + b,
    "views of one buffer": lambda a, b: (a * b).T @ (a * b) + ((a * b).T * (a * b)[0, 0]).sum(),
    "a value needed after its square": lambda a, b: ((a - b) ** 2).tanh() * (a - b),
    "a relu below and above": lambda a, b: (a - b).relu() * (b - a).relu() + (a - b).relu(),
}


@pytest.mark.parametrize("name", ALIASES)
def test_an_alias_never_corrupts_what_is_still_needed(name: str) -> None:
    a, b = leaves()
    assert_tape_agrees(ALIASES[name](a, b).sum(), [a, b])


def test_weights_shared_by_two_layers_get_both_gradients() -> None:
    rng = np.random.default_rng(0)
    weight, bias = Value(rng.normal(size=(3, 3))), Value(rng.normal(size=3))
    x = Value(rng.normal(size=(5, 3)), constant=True)
    hidden = (x @ weight + bias).tanh()
    assert_tape_agrees(((hidden @ weight + bias) ** 2).mean(), [weight, bias], x)


def test_a_parameter_that_the_loss_does_not_use_has_gradient_zero() -> None:
    a, b = leaves()
    b.grad[...] = 7.0
    Tape((a * 2.0).sum(), [a, b]).replay()
    np.testing.assert_array_equal(b.grad, 0.0)
    np.testing.assert_array_equal(a.grad, 2.0)


def test_each_replay_writes_every_gradient() -> None:
    a, b = leaves()
    b.grad = 0  # the way of micrograd
    tape = Tape((a * 2.0).sum(), [a, b])
    b.grad[...] = 7.0
    tape.replay()
    np.testing.assert_array_equal(b.grad, 0.0)


def test_a_leaf_may_be_both_input_and_parameter() -> None:
    a, b = leaves()
    before = np.array(a.data)
    tape = Tape((a * a * b).sum(), [a, b], inputs=(a,))
    for new in (np.full((3, 4), 5.0), np.full((3, 4), np.nan)):
        np.testing.assert_array_equal(tape.replay(new), np.sum(new * new * b.data))
        np.testing.assert_array_equal(a.grad, 2.0 * new * b.data)
        np.testing.assert_array_equal(b.grad, new * new)
    np.testing.assert_array_equal(a.data, before)


def test_parameters_of_two_dtypes_get_gradients_of_their_own() -> None:
    a, b = leaves()
    single = Value(np.ones((4, 3), dtype=np.float32))
    tape = Tape(((a @ single).sum() + (b @ single).tanh().sum()), [single, a])
    assert tape.replay().dtype == np.float64
    assert (single.grad.dtype, a.grad.dtype) == (np.float32, np.float64)
    np.testing.assert_allclose(a.grad, 3 * [[3.0] * 4])


def test_the_tape_asks_the_operation_for_its_gradient_rule_once() -> None:
    asked = []

    def rule(g: Data, out: Data, a: Data) -> tuple[Data]:
        asked.append(True)
        return (g * (5.0 * a),)

    double = Op("double", lambda a: a + a, rule)
    a, _ = leaves()
    loss = apply(double, (a,)).sum()
    tape = Tape(loss, [a])
    assert len(asked) == 1
    tape.replay()
    np.testing.assert_allclose(a.grad, 5.0 * np.asarray(a.data))
    assert len(asked) == 1


def test_a_replay_allocates_no_array() -> None:
    rng = np.random.default_rng(0)
    rows = 4000
    network = Network((20, 50, 50, 10), ("tanh", "relu", "linear"), rng=rng)
    x = Value(rng.normal(size=(rows, 20)), constant=True)
    t = Value(np.sign(rng.normal(size=(rows, 10))), constant=True)
    # Inside a call NumPy goes through a piece of memory of its own, of at most 8,192 numbers an
    # operand; the smallest array of this batch that is no vector is larger.
    smallest_array = rows * 10 * 8
    for name in LOSSES:
        tape = Tape(LOSSES[name].on_arrays(network(x), t), network.parameters(), inputs=(x, t))
        inputs, targets = np.asarray(x.data), np.asarray(t.data)
        tape.replay(inputs, targets)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(5):
            tape.replay(inputs, targets)
        after, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak - before < smallest_array, name
        # NumPy keeps a few small pieces of memory for later.
        assert after - before < 2_000, name


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_single_precision_is_close_to_double(activation: str) -> None:
    rng = np.random.default_rng(0)
    network = Network((4, 6, 3), (activation, "linear"), rng=rng)
    x = Value(rng.normal(size=(9, 4)), constant=True)
    t = Value(np.sign(rng.normal(size=(9, 3))), constant=True)
    for name in LOSSES:
        loss = LOSSES[name].on_arrays(network(x), t)
        places = {
            p: (np.asarray(p.data, dtype=np.float32), np.zeros(p.shape, dtype=np.float32))
            for p in network.parameters()
        }
        tape = Tape(loss, network.parameters(), inputs=(x, t), buffers=places)
        assert tape.replay(np.asarray(x.data), np.asarray(t.data)).dtype == np.float32
        network.zero_grad()
        loss.backward()
        for p in network.parameters():
            np.testing.assert_allclose(places[p][1], p.grad, rtol=1e-4, atol=1e-5)


def test_single_precision_of_indices_and_constants() -> None:
    places = np.ones((3, 2), dtype=np.float32), np.zeros((3, 2), dtype=np.float32)
    a = Value(np.ones((3, 2)))
    loss = (a[[0, 0, 2]].T @ np.arange(6.0).reshape(3, 2)).sum()
    assert Tape(loss, [a], buffers={a: places}).replay().dtype == np.float32
    np.testing.assert_allclose(places[1], [[6.0, 6.0], [0.0, 0.0], [9.0, 9.0]])


def test_gradients_of_an_array_and_buffers_for_a_number_are_refused() -> None:
    a, _ = leaves()
    with pytest.raises(ValueError, match="gradients need one number"):
        Tape(a * 2.0, [a])
    number = Value(1.0)
    with pytest.raises(ValueError, match="leaves that hold arrays"):
        Tape(number * 2.0, [number])


def test_a_tape_without_parameters_only_computes_its_output() -> None:
    a, b = leaves()
    tape = Tape(a * b, inputs=(a, b))
    np.testing.assert_array_equal(tape.replay(np.ones((3, 4)), np.full((3, 4), 3.0)), 3.0)
