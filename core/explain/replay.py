"""Replay: a scalar graph computed again from other numbers, forward and backward.

Nothing here touches the data or the gradients that the graph's Values hold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from ..autograd.value import Value, topological_order
from .planted import NO_BUGS, BackwardBugs

Numbers: TypeAlias = dict[Value, float]

NOTHING_CHANGED: Mapping[Value, float] = {}


def scalar_order(output: Value) -> list[Value]:
    """The topological order of a graph of single numbers.

    Raises:
        ValueError: If one of its nodes is an array.
    """
    order = topological_order(output)
    for node in order:
        if node.shape:
            raise ValueError(
                f"Only graphs of single numbers can be shown node by node, and this one holds an "
                f"array of shape {node.shape}: unroll the network first, with Network.unrolled()."
            )
    return order


def compute(node: Value, data: Mapping[Value, float]) -> float:
    """The result of a node's operation on its parents' numbers.

    Raises:
        ArithmeticError: If finite numbers have no finite result: on overflow, division by zero, or
            where the operation is undefined, like the logarithm of a negative number.
    """
    if node.op is None:
        return float(node.data)
    operands = [data[p] for p in node.parents]
    result = float(node.op.forward(*operands, *node.parameters))
    if not math.isfinite(result) and all(map(math.isfinite, operands)):
        raise ArithmeticError("it would be infinite or undefined")
    return result


def pull_back(node: Value, gradient: float, data: Mapping[Value, float]) -> list[float]:
    """What a node's gradient adds to that of each parent, by the operation's own rule.

    With the gradient 1 these are the local derivatives.

    Raises:
        ArithmeticError: If finite numbers have no finite derivative, as of a square root at 0.
    """
    if node.op is None:
        return []
    operands = [data[p] for p in node.parents]
    contributions = node.op.vjp(gradient, data[node], *operands, *node.parameters)
    pulled = [float(c) for c in contributions]
    needed = [c for c, p in zip(pulled, node.parents, strict=True) if not p.constant]
    if not all(map(math.isfinite, needed)) and all(map(math.isfinite, (gradient, *operands))):
        raise ArithmeticError("it would be infinite or undefined")
    return pulled


def local_derivatives(node: Value, data: Mapping[Value, float]) -> list[float]:
    """The derivative of a node by each of its operands; nan where there is none."""
    return _pull_back_or_nan(node, 1.0, data)


def hands_on(node: Value) -> bool:
    """Whether a node has parents that need a gradient, so that the backward pass visits it."""
    return node.op is not None and not node.constant


class Replay:
    """One graph, evaluated again and again with other numbers in its leaves.

    Attributes:
        order: The nodes, parents before children, the output last.
        output: The last of them.
    """

    def __init__(self, output: Value, bugs: BackwardBugs = NO_BUGS) -> None:
        """Sorts the graph; its gradients are those that the bugs make.

        Raises:
            ValueError: If one of its nodes is an array.
        """
        self.order = scalar_order(output)
        self._bugs = bugs
        self.output = output

    def numbers(self, changed: Mapping[Value, float] = NOTHING_CHANGED) -> Numbers:
        """Every node's number.

        Args:
            changed: Numbers that replace the data of leaves.

        Raises:
            ArithmeticError: As `compute`.
        """
        data: Numbers = {}
        for node in self.order:
            data[node] = changed[node] if node in changed else compute(node, data)
        return data

    def value(self, changed: Mapping[Value, float] = NOTHING_CHANGED) -> float:
        """The output; nan where it has no result."""
        try:
            return self.numbers(changed)[self.output]
        except ArithmeticError:
            return math.nan

    def gradients(self, changed: Mapping[Value, float] = NOTHING_CHANGED) -> Numbers:
        """The gradient of the output by every node, as `backward()` gives it; 0.0 by constants.

        Where a derivative does not exist, everything before it is nan.
        """
        return self.value_and_gradients(changed)[1]

    def value_and_gradients(
        self, changed: Mapping[Value, float] = NOTHING_CHANGED
    ) -> tuple[float, Numbers]:
        """What `value` and `gradients` return, in one pass each way."""
        try:
            data = self.numbers(changed)
        except ArithmeticError:
            return math.nan, dict.fromkeys(self.order, math.nan)
        bugs = self._bugs
        gradients: Numbers = {**dict.fromkeys(self.order, 0.0), **bugs.left_over}
        gradients[self.output] += bugs.first
        for node in bugs.backward_order(self.order):
            if hands_on(node):
                pulled = _pull_back_or_nan(node, gradients[node], data)
                for parent, contribution in zip(node.parents, pulled, strict=True):
                    if not parent.constant:
                        gradients[parent] = bugs.received(parent, gradients[parent], contribution)
        return data[self.output], gradients


def _pull_back_or_nan(node: Value, gradient: float, data: Mapping[Value, float]) -> list[float]:
    try:
        return pull_back(node, gradient, data)
    except ArithmeticError:
        return [math.nan] * len(node.parents)
