"""Exports: a graph in the DOT language for Graphviz, and a program as a Python script."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ..expression import Program, Statement
from .formulas import number_text
from .graph import GraphNode, GraphView, NodeKind

# --- DOT -----------------------------------------------------------------------------------------

_SHAPES: dict[NodeKind, str] = {
    "leaf": "box",
    "parameter": "box",
    "constant": "plaintext",
    "inner": "ellipse",
    "output": "doubleoctagon",
}

Number = Callable[[GraphNode], float | None]


def to_dot(
    view: GraphView,
    *,
    data: Number = lambda node: node.data,
    grad: Number = lambda node: node.grad,
) -> str:
    """The text of a DOT file: the graph from left to right, with boxes for leaves.

    Args:
        view: What to draw.
        data: The number in a box, or None for no number; by default that of the Value.
        grad: Likewise the gradient; constants have none.
    """
    lines = ["digraph backpropagation {", "  rankdir=LR;", '  node [fontname="monospace"];']
    for node in view.nodes:
        text = "\n".join(box_lines(node, data(node), grad(node)))
        style = ", style=bold" if node.kind == "parameter" else ""
        lines.append(f'  {node.id} [label="{_escaped(text)}", shape={_SHAPES[node.kind]}{style}];')
    lines += [f"  {edge.source} -> {edge.target};" for edge in view.edges]
    if view.note:
        lines.append(f'  label="{_escaped(view.note)}";')
    return "\n".join([*lines, "}", ""])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def box_lines(node: GraphNode, data: float | None, grad: float | None) -> list[str]:
    """What stands in a box: its name, its operation, its number and its gradient if it has one."""
    # A layer's box stands for many values; a constant has no gradient.
    data = None if node.is_many else data
    grad = None if node.is_many or node.kind == "constant" else grad
    titles = [node.label, node.op] if node.op else [node.label]
    return titles + [
        f"{k} {number_text(n)}" for k, n in (("data", data), ("grad", grad)) if n is not None
    ]


# --- Script --------------------------------------------------------------------------------------


def to_script(program: Program) -> str:
    """The program as Python on `toygrad.core`; it prints the value of the last line.

    Then it prints a line for each leaf: its name, number and gradient, with all digits. Lines with
    an error are comments.

    Args:
        program: As `run_program` returns it.
    """
    kept = _kept_leaves(program)
    lines = ["from toygrad.core import Value", ""]
    for statement in program.statements:
        lines += _lines(statement, kept.get(statement.line, ""))
    output = next((s.name for s in reversed(program.statements) if s.value is not None), None)
    if output is None:
        return "\n".join([*lines, ""])
    leaves = [statement for statement in program.statements if statement.is_leaf]
    lines += ["", f"{output}.backward()", f'print("{output}", {output}.data)']
    for statement in leaves:
        name = kept.get(statement.line, statement.name)
        lines.append(f'print("{name}", {name}.data, {name}.grad)')
    return "\n".join([*lines, ""])


def _lines(statement: Statement, kept_as: str) -> list[str]:
    if statement.error is not None:
        return [f"# {statement.source}", f"# {statement.error}"]
    return [statement.python, f"{kept_as} = {statement.name}"] if kept_as else [statement.python]


def _kept_leaves(program: Program) -> dict[int, str]:
    """A second name for each leaf whose own name is assigned again later, by line."""
    taken = {statement.name for statement in program.statements}
    last = {statement.name: statement.line for statement in program.statements if statement.python}
    kept: dict[int, str] = {}
    for statement in program.statements:
        if statement.is_leaf and last[statement.name] != statement.line:
            kept[statement.line] = _free_name(f"{statement.name}_line{statement.line}", taken)
            taken.add(kept[statement.line])
    return kept


def _free_name(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name += "_"
    return name
