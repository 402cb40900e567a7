"""Check: the gradients of a scalar graph against difference quotients, and the cost of both."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..autograd.gradcheck import (
    DEFAULT_STEP,
    DEFAULT_TOLERANCE,
    central_difference,
    relative_error,
)
from ..autograd.numerics import FloatArray
from ..autograd.value import Value
from .planted import NO_BUGS, BackwardBugs
from .replay import Replay, scalar_order

STEP_SIZES: tuple[float, ...] = tuple(10.0 ** (-k / 2) for k in range(2, 25))
"""The step sizes h of the error plot: 1e-1 to 1e-12, two a decade."""

FINER_STEPS = (DEFAULT_STEP, DEFAULT_STEP / 10, DEFAULT_STEP / 100)
"""Tried where a kink lies within h; with finer ones the error is rounding alone."""

KINKED = ("relu", "leaky_relu", "elu", "abs")
"""Operations whose slope jumps, or bends sharply, at 0."""

CURVE_POINTS = 81
"""Of a leaf's curve, in a graph of usual size."""

FEWEST_CURVE_POINTS = 21
"""Of a leaf's curve, in the largest graphs."""

CURVE_WORK = 80_000
"""Operations a curve may take before it gets fewer points: a tenth of a second."""


@dataclass(frozen=True, slots=True, eq=False)
class LeafCheck:
    """One leaf's gradient, computed both ways.

    Attributes:
        leaf: The leaf.
        gradient: By the chain rule.
        numeric: The central difference, (f(x + h) - f(x - h)) / 2h; nan where f is undefined.
        relative_error: As in `gradcheck`; nan where one of the two is not finite.
        is_by_kink: Whether a kink between x - h and x + h, as of a relu at 0, explains why they
            differ: a smaller h agrees, or none is small enough.
    """

    leaf: Value
    gradient: float
    numeric: float
    relative_error: float
    is_by_kink: bool


@dataclass(frozen=True, slots=True, eq=False)
class ErrorCurve:
    """How far difference quotients are from the gradient; nan where f is undefined.

    Attributes:
        steps: h, shape (n,).
        central: The relative error of (f(x + h) - f(x - h)) / 2h, shape (n,).
        one_sided: The relative error of (f(x + h) - f(x)) / h, shape (n,).
    """

    steps: FloatArray
    central: FloatArray
    one_sided: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class LeafCurve:
    """The output as a function of one leaf; nan where it is undefined.

    Attributes:
        x: The leaf, shape (n,).
        y: The output, shape (n,).
        slope: The derivative, by the chain rule, shape (n,).
        at: The leaf's own number.
        value: The output there.
        gradient: The derivative there.
    """

    x: FloatArray
    y: FloatArray
    slope: FloatArray
    at: float
    value: float
    gradient: float

    @property
    def tangent(self) -> FloatArray:
        """The tangent of the curve at the leaf's number, shape (n,)."""
        with np.errstate(all="ignore"):
            line: FloatArray = self.value + self.gradient * (self.x - self.at)
        return line


def leaves(output: Value) -> tuple[Value, ...]:
    """The leaves of a graph that get a gradient, in topological order.

    Raises:
        ValueError: If the graph holds an array.
    """
    return tuple(n for n in scalar_order(output) if n.op is None and not n.constant)


def check_gradients(
    output: Value,
    chosen: Sequence[Value] | None = None,
    *,
    step: float = DEFAULT_STEP,
    bugs: BackwardBugs = NO_BUGS,
) -> tuple[LeafCheck, ...]:
    """Compares the gradients of leaves with central differences.

    Args:
        output: Of a graph of single numbers; it is evaluated twice for each leaf.
        chosen: Which leaves; by default all.
        step: h, above 0.
        bugs: What is wrong with the backward pass.

    Raises:
        ValueError: If the graph holds an array, or h is not above 0.
    """
    if not step > 0.0:
        raise ValueError(f"The step size h must be above 0, such as 1e-6, not {step:g}.")
    replay = Replay(output, bugs)
    gradients = replay.gradients()
    found = []
    for leaf in leaves(output) if chosen is None else chosen:
        numeric = central_difference(replay.value, leaf, (), step)
        error = _relative_error(gradients[leaf], numeric)
        is_by_kink = error > DEFAULT_TOLERANCE and _is_by_kink(replay, leaf, gradients[leaf], step)
        found.append(LeafCheck(leaf, gradients[leaf], numeric, error, is_by_kink))
    return tuple(found)


def _is_by_kink(replay: Replay, leaf: Value, gradient: float, step: float) -> bool:
    if not _crosses_kink(replay, leaf, step):
        return False
    finer = (h for h in FINER_STEPS if h < step and not _crosses_kink(replay, leaf, h))
    h = next(finer, None)
    numeric = math.nan if h is None else central_difference(replay.value, leaf, (), h)
    return not _relative_error(gradient, numeric) > DEFAULT_TOLERANCE


def _crosses_kink(replay: Replay, leaf: Value, step: float) -> bool:
    """Whether an operand of a relu or its like is above 0 at one of x - h and x + h only."""
    at = float(leaf.data)
    try:
        up, down = (replay.numbers({leaf: at + by}) for by in (step, -step))
    except ArithmeticError:
        return False
    return any(
        (up[parent] > 0.0) != (down[parent] > 0.0)
        for node in replay.order
        if node.op is not None and node.op.name in KINKED
        for parent in node.parents
    )


def error_against_h(
    output: Value,
    leaf: Value,
    steps: Sequence[float] = STEP_SIZES,
    *,
    bugs: BackwardBugs = NO_BUGS,
) -> ErrorCurve:
    """The error of difference quotients for one leaf, from large steps to tiny ones.

    With a large h the quotient is not yet the limit; with a tiny one the two values of f agree in
    so many digits that their difference is mostly rounding.

    Raises:
        ValueError: If the graph holds an array.
    """
    replay = Replay(output, bugs)
    gradient, here = replay.gradients()[leaf], replay.value()
    central, one_sided = [], []
    for h in steps:
        central.append(_relative_error(gradient, central_difference(replay.value, leaf, (), h)))
        forward = (replay.value({leaf: float(leaf.data) + h}) - here) / h
        one_sided.append(_relative_error(gradient, forward))
    return ErrorCurve(np.array(steps), np.array(central), np.array(one_sided))


def leaf_range(number: float) -> tuple[float, float]:
    """The range of a leaf's curve: from its number to zero, and as far on the other side.

    The range is finite, and so is its length: it is shorter around the greatest numbers, and around
    zero where the number is not finite.
    """
    if not math.isfinite(number):
        number = 0.0
    greatest = sys.float_info.max
    reach = min(max(2.0, abs(number)), greatest / 4)
    return max(number - reach, -greatest), min(number + reach, greatest)


def leaf_curve(
    output: Value,
    leaf: Value,
    low: float,
    high: float,
    *,
    n: int | None = None,
    bugs: BackwardBugs = NO_BUGS,
) -> LeafCurve:
    """The output, and its derivative, while one leaf goes from low to high.

    Args:
        output: Of a graph of single numbers.
        leaf: The leaf that moves.
        low: Its first number.
        high: Its last.
        n: Points; by default `CURVE_POINTS`, fewer in a large graph.
        bugs: What is wrong with the backward pass.

    Raises:
        ValueError: If the graph holds an array.
    """
    replay = Replay(output, bugs)
    if n is None:
        affordable = CURVE_WORK // len(replay.order)
        n = min(max(affordable, FEWEST_CURVE_POINTS), CURVE_POINTS)
    x = np.linspace(low, high, n)
    points = [replay.value_and_gradients({leaf: at}) for at in x.tolist()]
    value, gradients = replay.value_and_gradients()
    return LeafCurve(
        x,
        np.array([value for value, _ in points]),
        np.array([slopes[leaf] for _, slopes in points]),
        float(leaf.data),
        value,
        gradients[leaf],
    )


def cost(output: Value, h: float) -> str:
    """What central differences and backpropagation cost on a graph, in two sentences.

    Args:
        output: What is differentiated.
        h: How far each leaf is moved to measure, up and down.

    Raises:
        ValueError: If the graph holds an array.
    """
    n_leaves = len(leaves(output))
    n_operations = sum(node.op is not None for node in scalar_order(output))
    return (
        f"Measured by central differences, h = {h:.0e}: 2 x {n_leaves:,} = {2 * n_leaves:,} "
        f"evaluations of {n_operations:,} operations. "
        "Backpropagation: 1 forward and 1 backward pass."
    )


def _relative_error(gradient: float, numeric: float) -> float:
    if not (math.isfinite(gradient) and math.isfinite(numeric)):
        return math.nan
    return float(relative_error(np.asarray(gradient), np.asarray(numeric)))
