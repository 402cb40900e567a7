"""The derivative as a limit: difference quotients from h = 1 down, beside the gradient."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..autograd.gradcheck import central_difference
from ..autograd.numerics import FloatArray
from ..autograd.value import Value
from .check import leaves
from .replay import Replay, scalar_order

STEPS: tuple[float, ...] = tuple(float(f"1e-{k}") for k in range(17))
"""h from 1 to 1e-16, by tenths."""

EXACT = 1e-12
"""An error below this at h = 1 means that the quotient is no limit at all: it is the slope."""


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """The slope of an output by one leaf, as the limit of difference quotients.

    Attributes:
        steps: h, shape (n,), the largest first.
        one_sided: (f(x + h) - f(x)) / h, shape (n,); nan where f is undefined.
        central: (f(x + h) - f(x - h)) / 2h, shape (n,); nan likewise.
        at: x.
        value: f(x).
        slope: The gradient, by one backward pass.
        f: Computes the output from a number for the leaf; nan where it is undefined.
    """

    steps: FloatArray
    one_sided: FloatArray
    central: FloatArray
    at: float
    value: float
    slope: float
    f: Callable[[float], float]

    def best(self, quotients: FloatArray) -> int | None:
        """The place of the h whose quotient is nearest the slope; None if there is no slope."""
        errors = np.abs(quotients - self.slope)
        return None if np.isnan(errors).all() else int(np.nanargmin(errors))

    @property
    def is_central_exact(self) -> bool:
        """Whether the central quotient is the slope at any h, as for a parabola."""
        error = abs(float(self.central[0]) - self.slope)
        return error <= EXACT * max(1.0, abs(self.slope))


@dataclass(frozen=True, slots=True)
class Cost:
    """What all gradients of a graph cost, both ways.

    Attributes:
        n_leaves: Of the leaves with a gradient.
        n_operations: Of one evaluation of the graph.
    """

    n_leaves: int
    n_operations: int

    @property
    def one_sided(self) -> int:
        """Evaluations for one-sided quotients: one for each leaf, and one at x."""
        return self.n_leaves + 1

    @property
    def central(self) -> int:
        """Evaluations for central quotients: two for each leaf."""
        return 2 * self.n_leaves


def limit(output: Value, leaf: Value) -> Limit:
    """Computes the quotients for one leaf from h = 1 down, and the slope they tend to.

    Args:
        output: Of a graph of single numbers.
        leaf: One of its leaves.

    Raises:
        ValueError: If the graph holds an array.
    """
    replay = Replay(output)
    value, gradients = replay.value_and_gradients()
    at = float(leaf.data)

    def f(x: float) -> float:
        return replay.value({leaf: x})

    one_sided = [(f(at + h) - value) / h for h in STEPS]
    central = [central_difference(replay.value, leaf, (), h) for h in STEPS]
    slope = gradients.get(leaf, math.nan)
    return Limit(np.array(STEPS), np.array(one_sided), np.array(central), at, value, slope, f)


def cost_of(output: Value) -> Cost:
    """Counts what all gradients of a graph cost.

    Raises:
        ValueError: If the graph holds an array.
    """
    n_operations = sum(node.op is not None for node in scalar_order(output))
    return Cost(len(leaves(output)), n_operations)
