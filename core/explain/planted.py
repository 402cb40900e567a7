"""Planted bugs in a graph of single numbers: what they do to its backward pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ..autograd.value import Value
from ..training.sabotage import ASSIGN, DROPPED_LAYER, NO_ZERO_GRAD, WRONG_SIGN
from ..training.snapshot import Snapshot

Leaves = Mapping[str, Value]
WhatIf = Literal["overwritten", "early"]
"""`=` in place of `+=`, or a node that passes its gradient on before all of it has arrived."""


@dataclass(frozen=True, slots=True)
class BackwardBugs:
    """What is wrong with a backward pass; by default nothing is.

    Attributes:
        first: The gradient that the output begins with; 1 is right.
        assigns: Whether a gradient is overwritten where it should be added to.
        left_over: Gradients that are there before the pass begins; none is right.
        dropped: Leaves that no gradient reaches.
        early: A node that passes its gradient on after the first of its uses, not the last.
        is_hidden: Whether no sentence may tell of them; the numbers do.
    """

    first: float = 1.0
    assigns: bool = False
    left_over: Mapping[Value, float] = field(default_factory=dict)
    dropped: frozenset[Value] = frozenset()
    early: Value | None = None
    is_hidden: bool = False

    def received(self, parent: Value, before: float, contribution: float) -> float:
        """A node's gradient once a contribution has arrived."""
        if parent in self.dropped:
            return before
        # Added to 0, as `backward()` does: -0.0 becomes 0.0.
        return (0.0 if self.assigns else before) + contribution

    def backward_order(self, order: Sequence[Value]) -> list[Value]:
        """The nodes of a graph as the pass visits them.

        Args:
            order: The nodes, parents before children.
        """
        visited = list(reversed(order))
        if self.early is not None:
            first = next(k for k, node in enumerate(visited) if self.early in node.parents)
            visited.remove(self.early)
            visited.insert(first + 1, self.early)
        return visited


NO_BUGS = BackwardBugs()


def what_ifs(bugs: BackwardBugs, order: Sequence[Value]) -> dict[WhatIf, BackwardBugs]:
    """What can be supposed of a backward pass, so that it would give other gradients.

    Args:
        bugs: What is wrong with it already.
        order: The nodes of a graph, parents before children.
    """
    found: dict[WhatIf, BackwardBugs] = {}
    passing = [node for node in order if node.op is not None and not node.constant]
    receivers = [p for node in passing for p in node.parents if not p.constant]
    if len(set(receivers)) < len(receivers):
        found["overwritten"] = replace(bugs, assigns=True)
    early = can_be_early(order)
    if early is not None:
        found["early"] = replace(bugs, early=early)
    return found


def can_be_early(order: Sequence[Value]) -> Value | None:
    """The first node on the way back that passes something on and waits for several others.

    Args:
        order: The nodes of a graph, parents before children.
    """
    users: dict[Value, int] = {}
    for node in reversed(order):
        if node.op is not None and not node.constant:
            if users.get(node, 0) > 1:
                return node
            for parent in set(node.parents):
                users[parent] = users.get(parent, 0) + 1
    return None


def planted_in(snapshot: Snapshot, parameters: Leaves) -> BackwardBugs:
    """The bugs of a run, in the graph of one sample's loss.

    A wrong sign of all gradients comes from a wrong sign at the output.

    Args:
        snapshot: The run; after a step with `NO_ZERO_GRAD` its gradients are those left over.
        parameters: The graph's weights and biases, by name.
    """
    bugs = snapshot.training.mistakes
    left_over = {}
    if NO_ZERO_GRAD in bugs:
        by_name = zip(snapshot.parameter_names(), snapshot.gradients.tolist(), strict=True)
        left_over = {parameters[name]: number for name, number in by_name if name in parameters}
    dropped = (leaf for name, leaf in parameters.items() if name.startswith("layer1."))
    return BackwardBugs(
        first=-1.0 if WRONG_SIGN in bugs else 1.0,
        assigns=ASSIGN in bugs,
        left_over=left_over,
        dropped=frozenset(dropped if DROPPED_LAYER in bugs else ()),
        is_hidden=bool(snapshot.training.hidden_sabotage),
    )
