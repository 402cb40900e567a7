"""A graph in the DOT language, for Graphviz to draw."""

from __future__ import annotations

from collections.abc import Callable

from .formulas import number_text
from .graph import GraphNode, GraphView, NodeKind

_SHAPES: dict[NodeKind, str] = {
    "leaf": "box",
    "parameter": "box",
    "constant": "plaintext",
    "inner": "ellipse",
    "output": "doubleoctagon",
}

Number = Callable[[GraphNode], float | None]


def _data(node: GraphNode) -> float | None:
    return node.data


def _grad(node: GraphNode) -> float | None:
    return node.grad


def to_dot(view: GraphView, *, data: Number = _data, grad: Number = _grad) -> str:
    """The text of a DOT file: the graph from left to right, boxes for what is given.

    Args:
        view: What to draw.
        data: The number to write in a box; None for none. Default: what the Values hold.
        grad: Likewise the gradient; constants have none.
    """
    lines = ["digraph backpropagation {", "  rankdir=LR;", '  node [fontname="monospace"];']
    for node in view.nodes:
        title = f"{node.label}\n{node.op}" if node.op else node.label
        gradient = None if node.kind == "constant" else grad(node)
        text = f"{title}{_line('data', data(node))}{_line('grad', gradient)}"
        style = ", style=bold" if node.kind == "parameter" else ""
        lines.append(f'  {node.id} [label="{_escaped(text)}", shape={_SHAPES[node.kind]}{style}];')
    lines += [f"  {edge.source} -> {edge.target};" for edge in view.edges]
    if view.note:
        lines.append(f'  label="{_escaped(view.note)}";')
    return "\n".join([*lines, "}", ""])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _line(name: str, number: float | None) -> str:
    return "" if number is None else f"\n{name} {number_text(number)}"
