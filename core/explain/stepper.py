"""Stepper: forward and backward through a scalar graph one node at a time, and back again.

It runs the operations of ops.py in the order of `Value.backward`, so its gradients are the same to
the last bit. It keeps its own numbers and never writes to the graph's Values.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from ..autograd.value import Value
from .backward_rules import rule_text
from .formulas import formula, node_names, number_text, quotient_text
from .planted import NO_BUGS, BackwardBugs
from .replay import Numbers, Replay, compute, hands_on, local_derivatives, pull_back, scalar_order

Phase = Literal["forward", "backward", "done"]
Kind = Literal["forward", "start", "backward"]


class StepError(ArithmeticError):
    """A node without a result, or without a derivative there."""


@dataclass(frozen=True, slots=True, eq=False)
class Push:
    """What a node adds to the gradient of one operand.

    Attributes:
        parent: The operand.
        derivative: The node's local derivative by it.
        contribution: What is added to its gradient.
        before: Its gradient before; None if nothing had arrived yet, which counts as 0.
        after: Its gradient after.
    """

    parent: Value
    derivative: float
    contribution: float
    before: float | None
    after: float


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one step did.

    Attributes:
        kind: "forward": a node was computed. "start": the output got the gradient 1. "backward": a
            node passed its gradient on to its parents.
        node: That node.
        number: The node's number (forward), or its gradient (start, backward).
        pushes: Backward, one for each operand that needs a gradient, in order; `a + a` has two.
    """

    kind: Kind
    node: Value
    number: float
    pushes: tuple[Push, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class TakenEarly:
    """What goes wrong if a node passes its gradient on before all of it has arrived.

    Attributes:
        passed_on: The part of its gradient that it has by then.
        receiver: Its first operand.
        wrong: The receiver's gradient at the end.
        right: What that should be.
    """

    passed_on: float
    receiver: Value
    wrong: float
    right: float


class Stepper:
    """Steps through the graph behind one output.

    Every operation goes forward, parents before children; then the output's gradient is set to 1;
    then every operation goes backward, the output first. Leaves have their number from the start.

        >>> a, b = Value(-4.0, label="a"), Value(2.0, label="b")
        >>> stepper = Stepper(a * b)
        >>> stepper.sentences(stepper.step())
        ('node1 = a*b = -4.0*2.0 = -8.0',)
        >>> stepper.jump(2)
        >>> stepper.sentences(stepper.step())[0]
        'a.grad += node1.grad * ∂node1/∂a = 1.0 * 2.0 = 2.0   (was 0, now 2.0)'

    Attributes:
        output: The node whose gradients are computed.
        bugs: What is wrong with its backward pass.
        beside: What is wrong with the pass that it is compared with; None for no comparison.
        order: The nodes, parents before children, the output last.
        names: The name of each node, see `node_names`.
        plan: Every step from start to end: its kind and its node.
        n_steps: The length of the plan.
        backward_position: Where everything is computed and the backward pass begins.
    """

    def __init__(
        self, output: Value, bugs: BackwardBugs = NO_BUGS, beside: BackwardBugs | None = None
    ) -> None:
        """Prepares the steps.

        Raises:
            ValueError: If the graph holds an array.
        """
        self.output, self.bugs, self.beside = output, bugs, beside
        self.order = tuple(scalar_order(output))
        self.names: Mapping[Value, str] = node_names(self.order)
        computed = [node for node in self.order if node.op is not None]
        self.plan: tuple[tuple[Kind, Value], ...] = (
            *(("forward", node) for node in computed),
            ("start", output),
            *(("backward", node) for node in bugs.backward_order(self.order) if hands_on(node)),
        )
        self.n_steps = len(self.plan)
        self.backward_position = len(computed)
        self._n_uses = Counter(p for n in computed if hands_on(n) for p in n.parents)
        self._computed_at = {node: i for i, node in enumerate(computed, start=1)}
        self._settled_at = self._find_settled()
        self._data: Numbers = {n: float(n.data) for n in self.order if n.op is None}
        self._grads: Numbers = dict(bugs.left_over)
        self._taken: list[Step] = []

    def _find_settled(self) -> dict[Value, int]:
        """The number of steps after which each gradient is complete."""
        settled = {self.output: self.backward_position + 1}
        for position, (kind, node) in enumerate(self.plan, start=1):
            if kind == "backward":
                settled.update((p, position) for p in node.parents if not p.constant)
        return settled

    # --- Where it is ---------------------------------------------------------------------------

    @property
    def position(self) -> int:
        """Steps taken so far, 0 to `n_steps`."""
        return len(self._taken)

    @property
    def phase(self) -> Phase:
        """The phase of the next step."""
        if self.position == self.n_steps:
            return "done"
        return "forward" if self.position < self.backward_position else "backward"

    @property
    def last(self) -> Step | None:
        """The last step; None at the start."""
        return self._taken[-1] if self._taken else None

    @property
    def current(self) -> Value | None:
        """The node of the last step; None at the start."""
        return self._taken[-1].node if self._taken else None

    def data(self, node: Value) -> float | None:
        """A node's number; None before it is computed."""
        return self._data.get(node)

    def grad(self, node: Value) -> float | None:
        """A node's gradient so far; None before anything arrived."""
        return self._grads.get(node)

    @cached_property
    def right_grads(self) -> Mapping[Value, float]:
        """The gradients at the end that are others without what is wrong; empty if not compared."""
        if self.beside is None:
            return {}
        wrong, right = (Replay(self.output, b).gradients() for b in (self.bugs, self.beside))
        return {n: g for n, g in right.items() if not math.isclose(g, wrong[n], rel_tol=1e-9)}

    def right_grad(self, node: Value) -> float | None:
        """What a node's gradient would be; None before it is complete, and if it is right."""
        return self.right_grads.get(node) if self.phase != "forward" and self.done(node) else None

    def n_uses(self, node: Value) -> int:
        """From how many places a node's gradient comes; `a*a` is two."""
        return self._n_uses[node]

    def taken_early(self, node: Value) -> TakenEarly | None:
        """What would go wrong without the topological order; None where nothing would.

        Args:
            node: One whose gradient is complete.
        """
        receiver = next((p for p in node.parents if not p.constant), None)
        users = sum(node in user.parents for user in self.order if hands_on(user))
        if receiver is None or users < 2 or self.bugs.early is not None:
            return None
        too_early = Stepper(self.output, replace(self.bugs, early=node))
        try:
            too_early.jump(too_early.n_steps)
        except StepError:
            return None
        passed_on = next(
            s.number for s in too_early._taken if (s.kind, s.node) == ("backward", node)
        )
        right = Replay(self.output, self.bugs).gradients()
        return TakenEarly(passed_on, receiver, too_early._grads[receiver], right[receiver])

    def done(self, node: Value) -> bool:
        """Whether a node is computed (forward), or its gradient is complete (backward)."""
        if self.phase == "forward":
            return node in self._data
        return self.position >= self._settled_at.get(node, 0)

    def derivatives(self, node: Value) -> tuple[float, ...]:
        """The local derivatives of a node by its operands; none before it is computed."""
        if node not in self._data:
            return ()
        return tuple(local_derivatives(node, self._data))

    # --- Moving --------------------------------------------------------------------------------

    def step(self) -> Step:
        """Takes the next step.

        Raises:
            StepError: If the node has no result or no derivative; nothing changes.
            IndexError: At the end.
        """
        if self.position == self.n_steps:
            raise IndexError("already at the end")
        kind, node = self.plan[self.position]
        if kind == "forward":
            step = Step(kind, node, self._computed(node))
            self._data[node] = step.number
        elif kind == "start":
            step = Step(kind, node, self.bugs.first)
            self._grads[node] = step.number
        else:
            step = Step(kind, node, self._grads.get(node, 0.0), self._pushes(node))
            self._grads.update((push.parent, push.after) for push in step.pushes)
        self._taken.append(step)
        return step

    def back(self) -> Step:
        """Undoes the last step and returns it; every number is what it was before.

        Raises:
            IndexError: At the start.
        """
        if not self._taken:
            raise IndexError("already at the start")
        step = self._taken.pop()
        if step.kind == "forward":
            del self._data[step.node]
        elif step.kind == "start":
            del self._grads[step.node]
        for push in reversed(step.pushes):
            if push.before is None:
                del self._grads[push.parent]
            else:
                self._grads[push.parent] = push.before
        return step

    def jump(self, target: int | Value) -> None:
        """Steps forward or back to a position, or to a node.

        Args:
            target: A position. Or a node: in the forward pass the position just after it is
                computed, later the one where its gradient is complete.

        Raises:
            StepError: As `step`; it then stays before the step that failed.
            IndexError: If the position does not exist.
        """
        position = self._position_of(target) if isinstance(target, Value) else target
        if not 0 <= position <= self.n_steps:
            raise IndexError(f"positions go from 0 to {self.n_steps}, not {position}")
        while self.position > position:
            self.back()
        while self.position < position:
            self.step()

    def _position_of(self, node: Value) -> int:
        if self.position <= self.backward_position:
            return self._computed_at.get(node, 0)
        return self._settled_at.get(node, self.position)

    # --- The steps themselves ------------------------------------------------------------------

    def _computed(self, node: Value) -> float:
        try:
            return compute(node, self._data)
        except ArithmeticError as error:
            raise StepError(f"{self.equation(node)} has no result: {error}") from error

    def _pushes(self, node: Value) -> tuple[Push, ...]:
        try:
            contributions = pull_back(node, self._grads.get(node, 0.0), self._data)
        except ArithmeticError as error:
            raise StepError(
                f"{self.equation(node)} has no derivative there: change a number to continue"
            ) from error
        so_far: dict[Value, float | None] = {p: self._grads.get(p) for p in node.parents}
        pushes = []
        for parent, derivative, contribution in zip(
            node.parents, local_derivatives(node, self._data), contributions, strict=True
        ):
            if not parent.constant:
                before = so_far[parent]
                after = self.bugs.received(parent, before or 0.0, contribution)
                pushes.append(Push(parent, derivative, contribution, before, after))
                so_far[parent] = after
        return tuple(pushes)

    # --- In words ------------------------------------------------------------------------------

    def formula(self, node: Value) -> str:
        """What a node computes, in names: `a*b`, `tanh(c)`; a leaf's own name."""
        if node.op is None:
            return self.names[node]
        return formula(node.op, [self.names[p] for p in node.parents], node.parameters)

    def rule(self, node: Value) -> str:
        """The node's own backward rule with its numbers, see `rule_text`."""
        return rule_text(node, self.names, self._data)

    def sentences(self, step: Step) -> tuple[str, ...]:
        """What a step did, with its numbers.

        Forward in one sentence: `c = a + b = -4.0 + 2.0 = -2.0`. Backward as the chain rule for
        each operand: `c.grad += d.grad * ∂d/∂c = 2.0 * -3.0 = -6.0   (was 0, now -6.0)`.
        """
        name = self.names[step.node]
        if step.kind == "forward":
            return (f"{self.equation(step.node)} = {number_text(step.number)}",)
        if step.kind == "start":
            first = f"{quotient_text(name, name)} = {number_text(step.number)}"
            if step.number < 0.0:
                first = f"-{first}"
            return (f"{name}.grad = {first}   (the chain rule starts)",)
        return tuple(self._chain_rule(step, push) for push in step.pushes)

    def equation(self, node: Value) -> str:
        """What a computed node computes, in names and numbers: `c = a + b = 1.0 + 2.0`."""
        assert node.op is not None
        numbers = [number_text(self._data[p]) for p in node.parents]
        in_numbers = formula(node.op, numbers, node.parameters)
        return f"{self.names[node]} = {self.formula(node)} = {in_numbers}"

    def _chain_rule(self, step: Step, push: Push) -> str:
        name, parent = self.names[step.node], self.names[push.parent]
        before = "0" if push.before is None else number_text(push.before)
        if push.parent in self.bugs.dropped and not self.bugs.is_hidden:
            return f"{parent}.grad gets nothing from {name}: it stays {before}"
        sign = "=" if self.bugs.assigns and not self.bugs.is_hidden else "+="
        return (
            f"{parent}.grad {sign} {name}.grad * {quotient_text(name, parent)} = "
            f"{number_text(step.number)} * {number_text(push.derivative)} = "
            f"{number_text(push.contribution)}   (was {before}, now {number_text(push.after)})"
        )
