"""What is typed in micrograd's lecture works here, and gives its numbers.

Source: A. Karpathy, "The spelled-out intro to neural networks and backpropagation" (2022): its
expressions, its neuron and its four samples.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from toygrad.core import MLP, Value

SAMPLES = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
TARGETS = [1.0, -1.0, -1.0, 1.0]


def test_the_first_expression() -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c, f = Value(10.0, label="c"), Value(-2.0, label="f")
    e = a * b
    d = e + c
    e.label, d.label = "e", "d"
    loss = d * f
    loss.label = "L"
    assert loss.data == -8.0
    loss.backward()
    assert [v.grad for v in (loss, d, f, e, c, a, b)] == [1.0, -2.0, 4.0, -2.0, -2.0, 6.0, -4.0]
    for leaf in (a, b, c, f):
        leaf.data += 0.01 * leaf.grad
    assert ((a * b + c) * f).data == pytest.approx(-7.286496)


class Neuron:
    """Two inputs, two weights and a bias, each step with a name."""

    def __init__(self) -> None:
        self.x1, self.x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
        self.w1, self.w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
        self.b = Value(6.8813735870195432, label="b")
        self.x1w1, self.x2w2 = self.x1 * self.w1, self.x2 * self.w2
        self.sum = self.x1w1 + self.x2w2
        self.n = self.sum + self.b
        self.n.label = "n"

    def gradients(self) -> Any:
        return pytest.approx([v.grad for v in (self.x1, self.w1, self.x2, self.w2, self.b)])


GRADIENTS = [-1.5, 1.0, 0.5, 0.0, 0.5]


def test_a_neuron_backwards_by_itself() -> None:
    neuron = Neuron()
    o = neuron.n.tanh()
    assert o.data == pytest.approx(0.7071067811865476)
    o.backward()
    assert neuron.gradients() == GRADIENTS


def test_a_neuron_backwards_node_by_node() -> None:
    neuron = Neuron()
    o = neuron.n.tanh()
    o.grad = 1.0
    for node in (o, neuron.n, neuron.b, neuron.sum, neuron.x2w2, neuron.x1w1):
        node._backward()
    assert neuron.gradients() == GRADIENTS


def test_a_neuron_backwards_in_an_order_found_by_hand() -> None:
    neuron = Neuron()
    o = neuron.n.tanh()
    order: list[Value] = []
    visited: set[Value] = set()

    def visit(node: Value) -> None:
        if node not in visited:
            visited.add(node)
            for operand in node._prev:
                visit(operand)
            order.append(node)

    visit(o)
    o.grad = 1.0
    for node in reversed(order):
        node._backward()
    assert neuron.gradients() == GRADIENTS


def test_tanh_in_pieces_has_the_same_gradients() -> None:
    neuron = Neuron()
    e = (2 * neuron.n).exp()
    o = (e - 1) / (e + 1)
    assert o.data == pytest.approx(0.7071067811865476)
    o.backward()
    assert neuron.gradients() == GRADIENTS


def test_a_node_used_twice_adds_up_its_gradients() -> None:
    a = Value(3.0)
    (a + a).backward()
    assert a.grad == 2.0
    a, b = Value(-2.0), Value(3.0)
    f = (a * b) * (a + b)
    f.backward()
    assert (f.data, a.grad, b.grad) == (-6.0, -3.0, -8.0)


def test_numbers_stand_on_either_side() -> None:
    a = Value(2.0)
    assert [v.data for v in (a + 1, 1 + a, 2 * a, a * 2, a / 4, 1 - a, a**3, 6 / a, -a)] == [
        3.0, 3.0, 4.0, 4.0, 0.5, -1.0, 8.0, 3.0, -2.0
    ]  # fmt: skip


# --- Pictures ------------------------------------------------------------------------------------


def trace(root: Value) -> tuple[set[Value], set[tuple[Value, Value]]]:
    nodes: set[Value] = set()
    edges: set[tuple[Value, Value]] = set()

    def collect(node: Value) -> None:
        if node not in nodes:
            nodes.add(node)
            for operand in node._prev:
                edges.add((operand, node))
                collect(operand)

    collect(root)
    return nodes, edges


class Digraph:
    """As much of graphviz as the lecture uses."""

    def __init__(self) -> None:
        self.labels: dict[str, str] = {}
        self.arrows: set[tuple[str, str]] = set()

    def node(self, name: str, label: str, shape: str = "ellipse") -> None:
        self.labels[name] = label

    def edge(self, tail: str, head: str) -> None:
        self.arrows.add((tail, head))


def draw_dot(root: Value) -> Digraph:
    dot = Digraph()
    nodes, edges = trace(root)
    for n in nodes:
        text = "{ %s | data %.4f | grad %.4f }" % (n.label, n.data, n.grad)  # noqa: UP031
        dot.node(name=str(id(n)), label=text, shape="record")
        if n._op:
            dot.node(name=str(id(n)) + n._op, label=n._op)
            dot.edge(str(id(n)) + n._op, str(id(n)))
    for operand, result in edges:
        dot.edge(str(id(operand)), str(id(result)) + result._op)
    return dot


def test_trace_and_draw_dot_find_every_node_and_arrow() -> None:
    neuron = Neuron()
    o = neuron.n.tanh()
    o.label = "o"
    o.backward()
    dot = draw_dot(o)
    assert "{ o | data 0.7071 | grad 1.0000 }" in dot.labels.values()
    assert "{ w1 | data -3.0000 | grad 1.0000 }" in dot.labels.values()
    assert sorted(label for label in dot.labels.values() if "|" not in label) == [
        "*", "*", "+", "+", "tanh"
    ]  # fmt: skip
    # Ten nodes, of which five are results: an arrow out of each operation, and nine into them.
    assert len(dot.labels) == 10 + 5
    assert len(dot.arrows) == 5 + 9
    assert {name for arrow in dot.arrows for name in arrow} == set(dot.labels)


# --- Training ------------------------------------------------------------------------------------


def loss_of(network: MLP) -> Value:
    outputs = [network(x) for x in SAMPLES]
    total: Any = sum((out - target) ** 2 for target, out in zip(TARGETS, outputs, strict=True))
    assert isinstance(total, Value)
    return total


def descend(network: MLP, *, rate: float) -> list[float]:
    losses = []
    for _ in range(20):
        loss = loss_of(network)
        for p in network.parameters():
            p.grad = 0.0
        loss.backward()
        for p in network.parameters():
            p.data += -rate * p.grad
        losses.append(float(loss))
    return losses


@pytest.mark.parametrize("seed", range(5))
def test_four_samples_are_learned_in_twenty_steps(seed: int) -> None:
    network = MLP(3, [4, 4, 1], activation="tanh", nonlin=True, rng=random.Random(seed))
    losses = descend(network, rate=0.1)
    assert losses[-1] < 0.1 < losses[0]
    for x, target in zip(SAMPLES, TARGETS, strict=True):
        assert network(x).data == pytest.approx(target, abs=0.3)


def test_without_zero_grad_the_gradients_of_all_steps_add_up() -> None:
    network = MLP(3, [4, 4, 1], activation="tanh", rng=random.Random(0))
    loss_of(network).backward()
    once = [p.grad for p in network.parameters()]
    loss_of(network).backward()
    assert [p.grad for p in network.parameters()] == pytest.approx([2 * g for g in once])
    network.zero_grad()
    loss_of(network).backward()
    assert [p.grad for p in network.parameters()] == once
