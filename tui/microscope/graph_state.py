"""Looked: a graph in the microscope, with the place that stepping has come to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ...core.autograd import Value
from ...core.explain.graph import GraphView, collapse
from ...core.explain.stepper import StepError, Stepper


@dataclass(frozen=True, eq=False)
class Looked:
    """A graph that is looked at.

    Attributes:
        view: As it is drawn.
        stepper: Where it stands.
    """

    view: GraphView
    stepper: Stepper

    @classmethod
    def at(cls, output: Value, parameters: Collection[Value], before: Looked | None) -> Looked:
        """Looks at a graph, at the step at which another one was.

        Args:
            output: Of the graph.
            parameters: Which of its leaves are weights and biases.
            before: The other one, such as the same with other numbers; None to begin.
        """
        looked = cls(collapse(output, parameters=parameters), Stepper(output))
        if before is not None:
            looked.go_to(min(before.stepper.position, looked.stepper.n_steps))
        return looked

    def go_to(self, target: int | Value) -> str:
        """Steps to a position or a node.

        Returns:
            Why it is not reached, a sentence; empty if it is. It then stands before the step that
            cannot be taken.
        """
        try:
            self.stepper.jump(target)
        except StepError as error:
            return f"{error}."
        return ""
