"""The picture of a graph: whole while it is small, with its repeated parts collapsed after that."""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core import Network, Value
from toygrad.core.autograd import topological_order
from toygrad.core.explain.export import to_dot
from toygrad.core.explain.graph import GraphView, Outline, collapse
from toygrad.core.explain.stepper import Stepper
from toygrad.core.nn.scalar import sum_of_products


def neuron() -> tuple[Value, list[Value]]:
    weights = [Value(w, label=f"w{k}") for k, w in enumerate((0.5, -1.0, 2.0))]
    inputs = [Value(x, label=f"x{k}", constant=True) for k, x in enumerate((1.0, 2.0, 3.0))]
    output = sum_of_products(weights, inputs, Value(0.1, label="b")).tanh()
    output.label = "o"
    return output, weights


def network(*sizes: int) -> Value:
    names = ("tanh",) * (len(sizes) - 1)
    unrolled = Network(sizes, names, rng=np.random.default_rng(0)).unrolled()
    unrolled.record_sums_with(sum_of_products)
    (output,) = unrolled.outputs([Value(x, label=f"x{k}") for k, x in enumerate(range(sizes[0]))])
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
    assert kinds["node1"] == "inner"


def test_nodes_and_edges_are_the_same_every_time() -> None:
    output, _ = neuron()
    first, second = collapse(output), collapse(output)
    assert shape(first) == shape(second)
    assert first.edges == second.edges
    assert [node.id for node in first.nodes] == [f"n{k}" for k in range(len(first.nodes))]


def test_numbers_are_those_of_the_values() -> None:
    a = Value(3.0, label="a")
    output = a * a
    output.backward()
    view = collapse(output)
    assert [(node.data, node.grad) for node in view.nodes] == [(3.0, 6.0), (9.0, 1.0)]


def test_a_neuron_collapses_rule_after_rule() -> None:
    output, weights = neuron()
    outline = Outline(output, weights)
    assert outline.names == ["operations", "sums", "leaves inside", "names"]
    assert [len(outline.view(level).nodes) for level in range(4)] == [14, 9, 2, 1]
    sums = outline.view(1)
    assert shape(sums)[-2][1:] == ("sum", "inner")
    assert sums.note == "14 nodes in 9 boxes"
    (whole,) = outline.view(3).nodes
    assert (whole.op, whole.kind) == ("tanh(sum)", "output")
    assert [row.label for row in whole.rows] == ["b", "w0", "x0", "w1", "x1", "w2", "x2"]


def test_a_box_opens_to_what_it_holds_and_closes_again() -> None:
    output, weights = neuron()
    outline, opened = Outline(output, weights), frozenset[tuple[int, Value]]()
    counts = []
    for _ in range(3):
        largest = max(outline.view(3, opened).nodes, key=lambda node: len(node.members))
        opened = outline.opening(largest, opened)
        counts.append(len(outline.view(3, opened).nodes))
    assert counts == [2, 9, 14]
    for label, count in (("node1", 9), ("b", 2), ("o", 1)):
        (inside,) = [n for n in outline.view(3, opened).nodes if n.label == label]
        opened = outline.closing(inside, opened)
        assert len(outline.view(3, opened).nodes) == count


def test_a_constant_stands_in_the_box_of_its_operation() -> None:
    x = Value(3.0, label="x")
    view = collapse(3 * x**2 - 4 * x + 5)
    assert [node.op for node in view.nodes] == ["", "**2", "3*", "4*", "-", "+5"]


def test_the_derivative_of_a_box_is_that_of_all_it_holds() -> None:
    x = Value(0.5, label="x")
    output = (3 * x + x * x).tanh()
    stepper = Stepper(output)
    (box,) = [n for n in Outline(output).view(1).nodes if n.op == "sum"]
    assert box.derivatives(stepper) == {}
    stepper.jump(stepper.backward_position)
    assert box.derivatives(stepper)[x] == 3.0 + 2 * 0.5


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
    assert {"tanh", "sum"} <= {node.op for node in view.nodes}


def test_operations_in_a_row_become_one_node() -> None:
    x = Value(0.5, label="x")
    output = x
    for _ in range(1_000):
        output = (output * 0.9).sin()
    view = collapse(output)
    assert len(view.nodes) <= 2
    assert view.nodes[-1].op == "2000 ops"


def test_what_cannot_be_collapsed_is_cut_and_said() -> None:
    x = Value(0.5, label="x")
    output = x
    for k in range(500):
        output = output * output
        output.label = f"y{k}"
    view = collapse(output)
    assert len(view.nodes) == 300
    assert view.nodes[-1].value is output
    assert view.note == "501 nodes; only the 300 nearest the output are shown"
    ids = {node.id for node in view.nodes}
    assert all({edge.source, edge.target} <= ids for edge in view.edges)


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
    text = to_dot(collapse(output, limit=1), data=lambda node: None, grad=lambda node: 0.25)
    assert r'[label="o\ntanh(sum)\ngrad 0.25"' in text
    assert '  label="14 nodes in 1 box' in text
