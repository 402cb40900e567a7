"""Whatever the graph: what is computed node by node is what `backward()` computes."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import pytest
from autograd import grad
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from toygrad.core import Value
from toygrad.core.explain.paths import paths
from toygrad.core.explain.replay import Replay
from toygrad.core.explain.stepper import Stepper

LARGEST = 1e6


@dataclass(frozen=True, eq=False)
class Graph:
    """A graph after `backward()`, and how it was made."""

    plan: Plan
    output: Value
    leaves: list[Value]


@dataclass(frozen=True)
class Plan:
    """How a graph is made: for each node after the leaves an operation and its operands."""

    leaves: tuple[float, ...]
    nodes: tuple[tuple[str, int, int], ...]

    def build(self, operations: dict[str, Callable[..., Any]], leaves: Sequence[Any]) -> Any:
        """The last node, with one set of operations."""
        made = list(leaves)
        for name, left, right in self.nodes:
            made.append(operations[name](made[left % len(made)], made[right % len(made)]))
        return made[-1]


OURS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / (b * b + 1.0),
    "power": lambda a, b: (a * a + 0.5) ** (b * 0.5),
    "square": lambda a, b: a**2,
    "negate": lambda a, b: -a,
    "tanh": lambda a, b: a.tanh(),
    "sin": lambda a, b: a.sin() + b,
    "exp": lambda a, b: (a.tanh()).exp(),
    "log": lambda a, b: (a * a + 1.0).log(),
    "sigmoid": lambda a, b: b * a.sigmoid(),
    "relu": lambda a, b: a.relu() + b,
    "twice": lambda a, b: a + a,
    "dot": lambda a, b: Value.dot([a, b], [b, 2.0], a),
}
HIPS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / (b * b + 1.0),
    "power": lambda a, b: (a * a + 0.5) ** (b * 0.5),
    "square": lambda a, b: a**2,
    "negate": lambda a, b: -a,
    "tanh": lambda a, b: anp.tanh(a),
    "sin": lambda a, b: anp.sin(a) + b,
    "exp": lambda a, b: anp.exp(anp.tanh(a)),
    "log": lambda a, b: anp.log(a * a + 1.0),
    "sigmoid": lambda a, b: b / (1.0 + anp.exp(-a)),
    "relu": lambda a, b: anp.where(a > 0.0, a, 0.0) + b,
    "twice": lambda a, b: a + a,
    "dot": lambda a, b: a * b + b * 2.0 + a,
}


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    numbers = draw(st.lists(st.floats(-2.0, 2.0), min_size=1, max_size=4))
    operand = st.integers(0, 30)
    node = st.tuples(st.sampled_from(sorted(OURS)), operand, operand)
    plan = Plan(tuple(numbers), tuple(draw(st.lists(node, min_size=1, max_size=12))))
    leaves = [Value(number, label=f"x{k}") for k, number in enumerate(numbers)]
    try:
        output = plan.build(OURS, leaves)
        output.backward()
    except ArithmeticError:
        reject()
    results = [output.data, *(leaf.grad for leaf in leaves)]
    # What has grown larger cannot be compared to nine digits after the point.
    assume(all(math.isfinite(n) and abs(n) < LARGEST for n in results))
    return Graph(plan, output, leaves)


def bits(number: float | None) -> bytes | None:
    return None if number is None else struct.pack("<d", number)


def state(stepper: Stepper) -> list[tuple[bytes | None, bytes | None, bool]]:
    return [(bits(stepper.data(n)), bits(stepper.grad(n)), stepper.done(n)) for n in stepper.order]


@given(graphs())
def test_stepped_gradients_are_those_of_backward_to_the_bit(graph: Graph) -> None:
    stepper = Stepper(graph.output)
    stepper.jump(stepper.n_steps)
    for node in stepper.order:
        assert bits(stepper.data(node)) == bits(float(node))
        assert bits(stepper.grad(node) or 0.0) == bits(node.grad or 0.0)


@given(graphs())
def test_stepped_gradients_are_those_of_hips_autograd(graph: Graph) -> None:
    stepper = Stepper(graph.output)
    stepper.jump(stepper.n_steps)
    for place, leaf in enumerate(graph.leaves):
        # HIPS autograd warns where the output does not depend on what it derives by.
        if leaf not in stepper.order:
            continue

        def with_one_leaf(x: float, place: int = place) -> Any:
            numbers: list[Any] = list(graph.plan.leaves)
            numbers[place] = x
            return graph.plan.build(HIPS, numbers)

        expected = grad(with_one_leaf)(leaf.data)
        assert stepper.grad(leaf) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(graphs())
def test_stepping_back_restores_every_number_to_the_bit(graph: Graph) -> None:
    stepper = Stepper(graph.output)
    states = [state(stepper)]
    while stepper.phase != "done":
        stepper.step()
        states.append(state(stepper))
    assert state(stepper) == states.pop()
    while states:
        stepper.back()
        assert state(stepper) == states.pop()
    assert stepper.position == 0


@given(graphs())
def test_a_replay_gives_the_numbers_and_gradients_of_the_engine(graph: Graph) -> None:
    replay = Replay(graph.output)
    assert bits(replay.value()) == bits(float(graph.output))
    gradients = replay.gradients()
    assert all(bits(gradients[node]) == bits(node.grad) for node in replay.order)


@given(graphs())
def test_the_products_of_all_paths_add_up_to_the_gradient(graph: Graph) -> None:
    for leaf in graph.leaves:
        found = paths(graph.output, leaf, limit=5)
        products = [path.product for path in found.shown]
        scale = max(1.0, *map(abs, products), abs(found.rest))
        assert found.total == pytest.approx(leaf.grad, rel=1e-9, abs=1e-9 * scale)
        assert sum(products) + found.rest == pytest.approx(leaf.grad, rel=1e-9, abs=1e-9 * scale)
        assert products == sorted(products, key=abs, reverse=True)
        for path in found.shown:
            assert path.product == pytest.approx(math.prod(path.derivatives))
            assert (path.nodes[0], path.nodes[-1]) == (leaf, graph.output)
