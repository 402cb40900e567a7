"""Formulas: a graph's nodes in text, as names, numbers and operations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..autograd.ops import Op
from ..autograd.value import Value

SIGNIFICANT_DIGITS = 6

_INFIX = {"+": " + ", "-": " - ", "*": "*", "/": "/", "**": "**"}


def number_text(number: float) -> str:
    """A number as Python writes it, in six significant digits: `-6.0`, `0.707107`, `1e-07`."""
    if not math.isfinite(number):
        return str(float(number))
    text = f"{number:.{SIGNIFICANT_DIGITS}g}"
    return text if "." in text or "e" in text else f"{text}.0"


def node_names(order: Sequence[Value]) -> dict[Value, str]:
    """A name for every node of a graph.

    A label is the name; of several nodes with the same label the later ones are `c_2`, `c_3`. A
    node without one is `node1`, `node2`, ... in order, and a constant is its number. No two names
    are the same, except those of equal constants.

    Args:
        order: The nodes, as `topological_order` gives them.
    """
    taken = {node.label for node in order if node.label}
    labelled: set[str] = set()
    names: dict[Value, str] = {}
    n_generated = 0
    for node in order:
        if node.label:
            name = node.label if node.label not in labelled else _numbered(node.label, taken)
            labelled.add(name)
        elif node.op is None and node.constant and type(node.data) is float:
            names[node] = number_text(node.data)
            continue
        else:
            n_generated += 1
            while f"node{n_generated}" in taken:
                n_generated += 1
            name = f"node{n_generated}"
        taken.add(name)
        names[node] = name
    return names


def _numbered(label: str, taken: set[str]) -> str:
    number = 2
    while f"{label}_{number}" in taken:
        number += 1
    return f"{label}_{number}"


def formula(op: Op, operands: Sequence[str], parameters: Sequence[Any] = ()) -> str:
    """An operation in text: `a + b`, `a**2`, `-a`, `tanh(c)`, `w1*x1 + w2*x2 + b`.

    Args:
        op: The operation.
        operands: Names or numbers, in the operation's order.
        parameters: The operation's own: a constant exponent, a slope.
    """
    if op.name in _INFIX:
        left, right = operands
        return f"{_base(left) if op.name == '**' else left}{_INFIX[op.name]}{right}"
    if op.name == "**n":
        return f"{_base(operands[0])}**{parameters[0]:g}"
    if op.name == "neg":
        return f"-{_base(operands[0])}"
    if op.name == "dot":
        n = len(operands) // 2
        products = [f"{w}*{x}" for w, x in zip(operands[:n], operands[n:-1], strict=True)]
        return " + ".join([*products, operands[-1]])
    others = [number_text(p) if type(p) is float else str(p) for p in parameters]
    return f"{op.name}({', '.join([*operands, *others])})"


def _base(operand: str) -> str:
    return f"({operand})" if operand.startswith("-") else operand


def quotient_text(of: str, by: str) -> str:
    """The derivative of one name by another: `∂d/∂c`, or `∂(layer2[0])/∂b`."""
    return f"{_differential(of)}/{_differential(by)}"


def _differential(name: str) -> str:
    return f"∂{name}" if name.isidentifier() else f"∂({name})"
