"""The gradients of a scalar graph against difference quotients, and what each way costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..autograd.gradcheck import DEFAULT_STEP, central_difference, relative_error
from ..autograd.ops import FloatArray
from ..autograd.value import Value
from .replay import Replay

STEP_SIZES: tuple[float, ...] = tuple(10.0 ** (-k / 2) for k in range(2, 25))
"""The h of the error plot: 1e-1 to 1e-12, two a decade."""

CURVE_POINTS = 81
"""Of a leaf's curve, in a graph of ordinary size."""

FEWEST_CURVE_POINTS = 21
"""Of a leaf's curve in the largest ones."""

CURVE_WORK = 80_000
"""Operations that a curve may take before it gets fewer points; a tenth of a second."""


@dataclass(frozen=True, slots=True, eq=False)
class LeafCheck:
    """One leaf's gradient, computed both ways.

    Attributes:
        leaf: The leaf.
        gradient: By the chain rule.
        numeric: The central difference, (f(x + h) - f(x - h)) / 2h; nan where f is not defined.
        relative_error: As `gradcheck` has it.
    """

    leaf: Value
    gradient: float
    numeric: float
    relative_error: float


@dataclass(frozen=True, slots=True, eq=False)
class ErrorCurve:
    """How far difference quotients are from the gradient. Errors are nan where f is not defined.

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
    """The output as a function of one leaf. Everything is nan where it is not defined.

    Attributes:
        x: The leaf, shape (n,).
        y: The output, shape (n,).
        slope: The derivative, by the chain rule, shape (n,).
        at: The number that the leaf has.
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
        """The straight line that touches the curve at the leaf's number, shape (n,)."""
        line: FloatArray = self.value + self.gradient * (self.x - self.at)
        return line


@dataclass(frozen=True, slots=True)
class Cost:
    """What it takes to know every leaf's gradient.

    Attributes:
        n_leaves: N, the leaves that get a gradient.
        n_operations: Operations in the graph, the work of one evaluation.
    """

    n_leaves: int
    n_operations: int

    @property
    def evaluations(self) -> int:
        """Forward evaluations that central differences take: 2N."""
        return 2 * self.n_leaves

    @property
    def sentence(self) -> str:
        """Both ways compared."""
        return (
            f"Central differences: 2 x {self.n_leaves:,} = {self.evaluations:,} evaluations of "
            f"{self.n_operations:,} operations. Backpropagation: 1 forward and 1 backward pass."
        )


def leaves(output: Value) -> tuple[Value, ...]:
    """What the output depends on and has a gradient by: its leaves, in topological order.

    Raises:
        ValueError: If the graph holds an array.
    """
    return tuple(n for n in Replay(output).order if n.op is None and not n.constant)


def check_gradients(
    output: Value, chosen: Sequence[Value] | None = None, *, step: float = DEFAULT_STEP
) -> tuple[LeafCheck, ...]:
    """Compares the gradients of leaves with central differences.

    Args:
        output: Of a graph of single numbers; it is evaluated twice for each leaf.
        chosen: Which leaves; by default all.
        step: h, above 0.

    Raises:
        ValueError: If the graph holds an array, or h is not above 0.
    """
    if not step > 0.0:
        raise ValueError(f"The step h has to be above 0, such as 1e-6, and not {step:g}.")
    replay = Replay(output)
    gradients = replay.gradients()
    found = []
    for leaf in leaves(output) if chosen is None else chosen:
        numeric = central_difference(replay.value, leaf, (), step)
        error = _relative_error(gradients[leaf], numeric)
        found.append(LeafCheck(leaf, gradients[leaf], numeric, error))
    return tuple(found)


def error_against_h(output: Value, leaf: Value, steps: Sequence[float] = STEP_SIZES) -> ErrorCurve:
    """The error of difference quotients for one leaf, from large steps to tiny ones.

    With a large h the quotient is not yet the limit; with a tiny one the two values of f agree in
    so many digits that what is left of their difference is rounding.

    Raises:
        ValueError: If the graph holds an array.
    """
    replay = Replay(output)
    gradient, here = replay.gradients()[leaf], replay.value()
    central, one_sided = [], []
    for h in steps:
        central.append(_relative_error(gradient, central_difference(replay.value, leaf, (), h)))
        forward = (replay.value({leaf: float(leaf.data) + h}) - here) / h
        one_sided.append(_relative_error(gradient, forward))
    return ErrorCurve(np.array(steps), np.array(central), np.array(one_sided))


def leaf_range(number: float) -> tuple[float, float]:
    """From where to where a leaf's curve is worth a look: zero and as far on the other side."""
    reach = max(2.0, abs(number))
    return number - reach, number + reach


def leaf_curve(
    output: Value, leaf: Value, low: float, high: float, *, n: int | None = None
) -> LeafCurve:
    """The output, and its derivative, while one leaf goes from low to high.

    Args:
        output: Of a graph of single numbers.
        leaf: What is moved.
        low: Where it begins.
        high: Where it ends.
        n: How many points; by default `CURVE_POINTS`, fewer where the graph is large.

    Raises:
        ValueError: If the graph holds an array.
    """
    replay = Replay(output)
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


def cost(output: Value) -> Cost:
    """What central differences and backpropagation take on a graph.

    Raises:
        ValueError: If the graph holds an array.
    """
    order = Replay(output).order
    n_leaves = sum(node.op is None and not node.constant for node in order)
    return Cost(n_leaves, sum(node.op is not None for node in order))


def _relative_error(gradient: float, numeric: float) -> float:
    if not (math.isfinite(gradient) and math.isfinite(numeric)):
        return math.nan
    return float(relative_error(np.asarray(gradient), np.asarray(numeric)))
