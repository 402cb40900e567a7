"""Collapse: which nodes of a large graph are drawn inside another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from ..autograd import ops
from ..autograd.value import Value

Owners = dict[Value, Value]
Rule = Callable[[Value, Value], bool]
"""Whether a node goes into its only child."""


def owners(order: Sequence[Value], limit: int) -> Owners:
    """Which node each node of a graph is drawn in.

    Only a node with a single use goes into another, and one with a label stays by itself. Rule
    after rule is taken until the rest is small enough: a sum of products and the function of it;
    the leaves used only there; operations in a row.

    Args:
        order: The graph, parents before children, the output last.
        limit: How many nodes may be left. It can be more where the rules find nothing.

    Returns:
        For each node the one it is drawn in, itself where it is drawn.
    """
    uses = Counter(parent for node in order for parent in node.parents)
    child = {parent: node for node in order for parent in node.parents if uses[parent] == 1}
    is_inside: set[Value] = set()
    for rule in RULES:
        if len(order) - len(is_inside) <= limit:
            break
        is_inside.update(n for n in order if n in child and rule(n, child[n]))
    found: Owners = {}
    for node in reversed(order):
        found[node] = found[child[node]] if node in is_inside else node
    return found


def _is_part_of_a_neuron(node: Value, child: Value) -> bool:
    if node.label:
        return False
    if child.op is ops.ADD:
        return node.op in (ops.ADD, ops.MULTIPLY)
    return node.op in (ops.ADD, ops.DOT) and len(child.parents) == 1


def _is_leaf_used_once(node: Value, child: Value) -> bool:
    return node.op is None


def _is_in_a_row(node: Value, child: Value) -> bool:
    inputs = [p for p in node.parents if not p.constant]
    return not node.label and node.op is not None and len(inputs) == 1


RULES: tuple[Rule, ...] = (
    _is_part_of_a_neuron,
    _is_leaf_used_once,
    _is_in_a_row,
)
