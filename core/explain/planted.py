"""Planted bugs in a graph of single numbers: what they do to its backward pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..autograd.value import Value
from ..training.sabotage import ASSIGN, DROPPED_LAYER, NO_ZERO_GRAD, WRONG_SIGN
from ..training.snapshot import Snapshot

Leaves = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class BackwardBugs:
    """What is wrong with a backward pass; by default nothing is.

    Attributes:
        first: The gradient that the output begins with; 1 is right.
        assigns: Whether a gradient is overwritten where it should be added to.
        left_over: Gradients that are there before the pass begins; none is right.
        dropped: Leaves that no gradient reaches.
    """

    first: float = 1.0
    assigns: bool = False
    left_over: Mapping[Value, float] = field(default_factory=dict)
    dropped: frozenset[Value] = frozenset()

    def received(self, parent: Value, before: float, contribution: float) -> float:
        """A node's gradient once a contribution has arrived."""
        if parent in self.dropped:
            return before
        # Added to 0, as `backward()` does: -0.0 becomes 0.0.
        return (0.0 if self.assigns else before) + contribution


NO_BUGS = BackwardBugs()


def planted_in(snapshot: Snapshot, parameters: Leaves) -> BackwardBugs:
    """The bugs of a run, in the graph of one sample's loss.

    A wrong sign of all gradients comes from a wrong sign at the output.

    Args:
        snapshot: The run; after a step with `NO_ZERO_GRAD` its gradients are those left over.
        parameters: The graph's weights and biases, by name.
    """
    bugs = snapshot.training.sabotage
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
    )
