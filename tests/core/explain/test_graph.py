"""The picture of a graph: whole while it is small, with its repeated parts collapsed after that."""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core import MLP, Value
from toygrad.core.autograd import topological_order
from toygrad.core.explain.export import to_dot
from toygrad.core.explain.graph import GraphView, collapse
from toygrad.core.nn.scalar import sum_of_products


def neuron() -> tuple[Value, list[Value]]:
    weights = [Value(w, label=f"w{k}") for k, w in enumerate((0.5, -1.0, 2.0))]
    inputs = [Value(x, label=f"x{k}", constant=True) for k, x in enumerate((1.0, 2.0, 3.0))]
    output = sum_of_products(weights, inputs, Value(0.1, label="b")).tanh()
    output.label = "o"
    return output, weights


def network(*sizes: int) -> Value:
    names = ("tanh",) * (len(sizes) - 1)
    unrolled = MLP(sizes, names, rng=np.random.default_rng(0)).unrolled()
    unrolled.record_sums_with(sum_of_products)
    (output,) = unrolled([Value(x, label=f"x{k}") for k, x in enumerate(range(sizes[0]))])
    return output


def shape(view: GraphView) -> list[tuple[str, str, str]]:
    return [(node.label, node.op, node.kind) for node in view.nodes]


def test_a_small_graph_is_drawn_whole() -> None:
    output, weights = neuron()
    view = collapse(output, parameters=weights)
    assert view.note == ""
    assert [node.value for node in view.nodes] == topological_order(output)
    kinds = {node.label: node.kind for node in view.nodes}
    assert (kinds["w0"], kinds["x0"], kinds["b"], kinds["o"]) == (
        "parameter",
        "constant",
        "leaf",
        "output",
    )
    assert kinds["v1"] == "inner"


def test_nodes_and_edges_are_the_same_every_time() -> None:
    output, _ = neuron()
    first, second = collapse(output), collapse(output)
    assert shape(first) == shape(second)
    assert first.edges == second.edges
    assert [node.id for node in first.nodes] == [f"n{k}" for k in range(len(first.nodes))]


def test_edges_know_which_operands_they_are() -> None:
    a = Value(3.0, label="a")
    view = collapse(a + a)
    assert [(edge.source, edge.target, edge.places) for edge in view.edges] == [
        ("n0", "n1", (0, 1))
    ]


def test_numbers_are_those_of_the_values() -> None:
    a = Value(3.0, label="a")
    output = a * a
    output.backward()
    view = collapse(output)
    assert [(node.data, node.grad) for node in view.nodes] == [(3.0, 6.0), (9.0, 1.0)]


def test_a_neuron_collapses_rule_after_rule() -> None:
    output, weights = neuron()
    eight = collapse(output, parameters=weights, limit=10)
    assert shape(eight)[-1] == ("o", "tanh(sum of 3 products)", "output")
    assert len(eight.nodes) == 8
    assert eight.note == (
        "14 nodes, drawn as 8: sums of products and what is used once are collapsed."
    )
    assert shape(collapse(output, limit=7)) == [("o", "tanh(sum of 3 products)", "output")]


def test_every_node_is_drawn_once() -> None:
    output = network(2, 12, 12, 1)
    view = collapse(output)
    members = [member for node in view.nodes for member in node.members]
    assert sorted(map(id, members)) == sorted(map(id, topological_order(output)))
    assert all(view.node_of(member) is node for node in view.nodes for member in node.members)


@pytest.mark.parametrize("sizes", [(2, 12, 12, 1), (2, 40, 40, 1), (64, 32, 1)])
def test_a_large_network_collapses_to_its_neurons(sizes: tuple[int, ...]) -> None:
    view = collapse(network(*sizes))
    assert len(view.nodes) <= 300
    assert {f"tanh(sum of {n} products)" for n in sizes[:-1]} <= {n.op for n in view.nodes}


def test_operations_in_a_row_become_one_node() -> None:
    x = Value(0.5, label="x")
    output = x
    for _ in range(1_000):
        output = (output * 0.9).sin()
    view = collapse(output)
    assert len(view.nodes) <= 2
    assert view.nodes[-1].op == "2000 operations, sin last"


def test_what_cannot_be_collapsed_is_cut_and_said() -> None:
    x = Value(0.5, label="x")
    output = x
    for k in range(500):
        output = output * output
        output.label = f"y{k}"
    view = collapse(output)
    assert len(view.nodes) == 300
    assert view.nodes[-1].value is output
    assert view.note == "501 nodes; only the 300 nearest the output are shown."
    ids = {node.id for node in view.nodes}
    assert all({edge.source, edge.target} <= ids for edge in view.edges)


def test_the_numbers_of_a_sum_of_one_operation_are_drawn() -> None:
    weights, x = [Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]
    output = Value.dot(weights, x, Value(0.0)).relu()
    assert collapse(output).nodes[-2].op == "sum of 2 products"
    assert collapse(output, limit=6).nodes[-1].op == "relu(sum of 2 products)"


def test_a_picture_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 node, not 0"):
        collapse(Value(1.0), limit=0)
    with pytest.raises(ValueError, match="holds an array"):
        collapse(Value([1.0, 2.0]).sum())


def test_dot_text_names_every_box_and_arrow() -> None:
    a, b = Value(-4.0, label="a"), Value(2.0, label="b")
    output = a * b
    output.label = 'say "c"'
    output.backward()
    assert to_dot(collapse(output, parameters=[b])).splitlines() == [
        "digraph backpropagation {",
        "  rankdir=LR;",
        '  node [fontname="monospace"];',
        r'  n0 [label="a\ndata -4.0\ngrad 2.0", shape=box];',
        r'  n1 [label="b\ndata 2.0\ngrad -4.0", shape=box, style=bold];',
        r'  n2 [label="say \"c\"\n*\ndata -8.0\ngrad 1.0", shape=doubleoctagon];',
        "  n0 -> n2;",
        "  n1 -> n2;",
        "}",
    ]


def test_dot_text_takes_numbers_from_elsewhere_and_says_what_was_collapsed() -> None:
    output, _ = neuron()
    text = to_dot(collapse(output, limit=7), data=lambda node: None, grad=lambda node: 0.25)
    assert r'[label="o\ntanh(sum of 3 products)\ngrad 0.25"' in text
    assert '  label="14 nodes, drawn as 1:' in text
