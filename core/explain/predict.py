"""Predict, then see: asks for the number of the next step, and finds the slip in a wrong answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import add, mul, sub
from typing import Any, Final, Literal

from ..autograd import ops
from ..autograd.numerics import divide, power
from ..autograd.value import Value
from .formulas import number_text, quotient_text
from .stepper import StepError, Stepper

Asked = Literal["gradients", "values"]

TOLERANCE: Final = 0.02
"""The largest relative error of a right answer: a user reads rounded numbers."""
# What is left of numbers that cancel each other is known only to a part of them.
_LEFT_OVER: Final = 1e-6


class Slip(StrEnum):
    """What went wrong in an answer; the value is what it is called."""

    SIGN = "sign"
    MISSING_PATH = "missing path"
    LOCAL_DERIVATIVE = "local derivative"
    OWN_FACTOR = "own factor"
    UNCHANGED = "unchanged"
    OTHER_OPERATION = "other operation"
    MISSING_TERM = "missing term"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """What one use of a node adds to its gradient.

    Attributes:
        user: The node that uses it.
        derivative: The user's local derivative by the node.
        incoming: The user's gradient.
    """

    user: Value
    derivative: float
    incoming: float

    @property
    def product(self) -> float:
        """The derivative times what flows in."""
        return self.derivative * self.incoming


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One number to predict.

    Attributes:
        asked: Whether it is a gradient or a value.
        node: Of which node.
        answer: The number that the stepper computes.
        contributions: What the gradient is the sum of; of a value none.
        slips: What each slip would give, the likelier ones first.
        scale: The largest number that the answer is made of.
    """

    asked: Asked
    node: Value
    answer: float
    contributions: tuple[Contribution, ...]
    slips: tuple[tuple[Slip, float], ...]
    scale: float

    def slip(self, number: float) -> Slip | None:
        """The likely slip that led to a number; None if the number is right."""
        if self._is_near(number, self.answer):
            return None
        return next((s for s, wrong in self.slips if self._is_near(number, wrong)), Slip.UNKNOWN)

    def _is_near(self, number: float, other: float) -> bool:
        allowed = TOLERANCE * abs(other) + _LEFT_OVER * self.scale
        return math.isfinite(other) and abs(number - other) <= allowed


def questions(stepper: Stepper, asked: Asked) -> tuple[Question, ...]:
    """What the next step of a stepper will show: a value, or the gradients that it completes.

    Args:
        stepper: It stays at its step.
        asked: What is predicted. Neither the output's own gradient, 1, nor a number that is not
            finite is asked for.

    Returns:
        One for each number; empty if the next step completes none, or cannot be taken.
    """
    try:
        step = stepper.step()
    except (StepError, IndexError):
        return ()
    found: list[Question] = []
    if asked == "values" and step.kind == "forward":
        found = [_value_question(stepper, step.node)]
    elif asked == "gradients" and step.kind == "backward":
        parents = dict.fromkeys(push.parent for push in step.pushes)
        found = [_gradient_question(stepper, p) for p in parents if stepper.done(p)]
    stepper.back()
    return tuple(question for question in found if math.isfinite(question.answer))


# --- Gradients -----------------------------------------------------------------------------------


def _gradient_question(stepper: Stepper, node: Value) -> Question:
    """Of a node whose gradient is complete."""
    parts = tuple(_contributions(stepper, node))
    answer = stepper.grad(node)
    assert answer is not None
    scale = max((abs(part.product) for part in parts), default=0.0)
    slips = tuple(_gradient_slips(stepper, node, parts, answer))
    return Question("gradients", node, answer, parts, slips, scale)


def _contributions(stepper: Stepper, node: Value) -> Iterator[Contribution]:
    for user in stepper.order:
        if node in user.parents:
            incoming = stepper.grad(user) or 0.0
            by_operand = zip(user.parents, stepper.derivatives(user), strict=True)
            for parent, derivative in by_operand:
                if parent is node:
                    yield Contribution(user, derivative, incoming)


def _gradient_slips(
    stepper: Stepper, node: Value, parts: tuple[Contribution, ...], answer: float
) -> Iterator[tuple[Slip, float]]:
    yield Slip.SIGN, -answer
    for part in parts if len(parts) > 1 else ():
        yield Slip.MISSING_PATH, part.product
        yield Slip.MISSING_PATH, answer - part.product
    yield Slip.LOCAL_DERIVATIVE, sum(part.derivative for part in parts)
    own = stepper.data(node) or 0.0
    as_factor = [
        own * part.incoming if part.user.op in (ops.MULTIPLY, ops.DOT) else part.product
        for part in parts
    ]
    yield Slip.OWN_FACTOR, sum(as_factor)
    yield Slip.UNCHANGED, sum(part.incoming for part in parts)


# --- Values --------------------------------------------------------------------------------------

_OPERATIONS: Final[tuple[Callable[..., Any], ...]] = (add, sub, mul, divide, power)


def _value_question(stepper: Stepper, node: Value) -> Question:
    """Of a node that is computed."""
    answer = stepper.data(node)
    assert answer is not None
    operands = [stepper.data(parent) or 0.0 for parent in node.parents]
    terms = _terms(node, operands)
    scale = max(map(abs, terms), default=0.0)
    slips = tuple(_value_slips(node, operands, terms, answer))
    return Question("values", node, answer, (), slips, scale)


def _terms(node: Value, operands: list[float]) -> list[float]:
    """What a sum adds up; of another operation nothing."""
    if node.op is ops.DOT:
        n = len(operands) // 2
        return [*map(mul, operands[:n], operands[n:-1]), operands[-1]]
    return operands if node.op in (ops.ADD, ops.SUBTRACT) else []


def _value_slips(
    node: Value, operands: list[float], terms: list[float], answer: float
) -> Iterator[tuple[Slip, float]]:
    yield Slip.SIGN, -answer
    if node.op is ops.DOT:
        yield from ((Slip.MISSING_TERM, answer - term) for term in terms)
        return
    if node.op is ops.POWER_CONSTANT:
        yield Slip.OTHER_OPERATION, operands[0] * node.parameters[0]
    yield from ((Slip.UNCHANGED, operand) for operand in operands)
    if len(operands) == 2:
        left, right = operands
        for operation in _OPERATIONS:
            yield Slip.OTHER_OPERATION, float(operation(left, right))
            yield Slip.OTHER_OPERATION, float(operation(right, left))


# --- In words ------------------------------------------------------------------------------------


def ask(stepper: Stepper, question: Question) -> str:
    """The question in a sentence or two, with all that is needed to answer it."""
    node, name = question.node, stepper.names[question.node]
    if question.asked == "values":
        return f"What is {name}? {stepper.equation(node)}"
    users = dict.fromkeys(part.user for part in question.contributions)
    known = "; ".join(
        f"{stepper.names[user]} = {stepper.formula(user)}, {stepper.names[user]}.grad = "
        f"{number_text(stepper.grad(user) or 0.0)}"
        for user in users
    )
    n_uses = len(question.contributions)
    used = f"It is used {n_uses} times: " if n_uses > 1 else ""
    return f"What is {name}.grad? {used}{known}"


def explain(stepper: Stepper, question: Question, slip: Slip | None) -> str:
    """What a slip was, and what to do; of a right answer the calculation."""
    if slip is None:
        return f"Right: {_calculation(stepper, question)}."
    if question.asked == "values":
        return _VALUE_SLIPS[slip]
    by, parts = stepper.names[question.node], question.contributions
    of = {stepper.names[part.user]: part for part in parts}
    if len(of) > 1:
        slope, flows = "of each use", "to each use"
    else:
        name, part = next(iter(of.items()))
        slope, flows = quotient_text(name, by), f"{name}.grad = {number_text(part.incoming)}"
    return _GRADIENT_SLIPS[slip].format(flows=flows, slope=slope, by=by, n=len(parts))


_GRADIENT_SLIPS: Final = {
    Slip.SIGN: "Only the sign is wrong.",
    Slip.MISSING_PATH: (
        "You forgot a path: {by} is used {n} times, and what each use passes back adds up."
    ),
    Slip.LOCAL_DERIVATIVE: (
        "That is the local derivative {slope}, not yet times what flows in: {flows}."
    ),
    Slip.OWN_FACTOR: "You multiplied by {by} itself: a product passes on the other factor.",
    Slip.UNCHANGED: "That is what flows in, {flows}, not yet times the local derivative {slope}.",
    Slip.UNKNOWN: "Not yet: multiply what flows in, {flows}, by the local derivative {slope}.",
}
_VALUE_SLIPS: Final = {
    Slip.SIGN: "Only the sign is wrong.",
    Slip.UNCHANGED: "That is the operand, unchanged: apply the operation to it.",
    Slip.OTHER_OPERATION: "That is another operation on the same numbers: look at the formula.",
    Slip.MISSING_TERM: "You left out a term of the sum: each product counts, and so does the bias.",
    Slip.UNKNOWN: "Not yet: put the numbers into the formula.",
}


def _calculation(stepper: Stepper, question: Question) -> str:
    name, result = stepper.names[question.node], number_text(question.answer)
    if question.asked == "values":
        return f"{stepper.equation(question.node)} = {result}"
    products = " + ".join(
        f"{number_text(part.incoming)} * {number_text(part.derivative)}"
        for part in question.contributions
    )
    return f"{name}.grad = {products} = {result}"
