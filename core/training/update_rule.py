"""UpdateRule: one update of all parameters as a pure function, to be recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..nn.optimizers import Number, Optimizer, Vector


@dataclass(frozen=True, slots=True)
class UpdateRule:
    """w -= f lr (g + rate R'(w)), R'(w) = w for L2 and sign(w) for L1; not for biases.

    TensorFlow Playground's update (playground-semantics), with any optimizer in place of lr g, and
    with f, the rate factor of the parameter's layer, usually 1. Two updates with equal rules are
    computed by the same calls.

    Attributes:
        optimizer: Whose rule it is.
        regularization: "none", "l1" or "l2".
        has_frozen: Whether some parameters stay as they are.
        has_factors: Whether the learning rate is another in some layers.
    """

    optimizer: type[Optimizer]
    regularization: str
    has_frozen: bool
    has_factors: bool = False

    def regularization_per_step(self, rate: Number, regularization_rate: Number) -> Number:
        """What `__call__` takes, of the learning rate and the regularization rate."""
        return rate * regularization_rate if self.regularization == "l1" else regularization_rate

    def __call__(
        self,
        parameters: Vector,
        gradient: Vector,
        is_weight: Vector,
        is_frozen: Vector,
        factors: Vector,
        regularization: Number,
        coefficients: Sequence[Number],
        *vectors: Vector,
    ) -> tuple[Vector, ...]:
        """The parameters after it, what was added to them, and what the optimizer remembers."""
        if self.regularization == "l2":
            gradient = parameters * is_weight * regularization + gradient
        update, *remembered = self.optimizer.rule(gradient, parameters, coefficients, *vectors)
        if self.has_factors:
            # An update is proportional to the learning rate, whatever the optimizer.
            update = update * factors
        if self.has_frozen:
            update = np.where(is_frozen, 0.0, update)
        after = parameters + update
        if self.regularization == "l1":
            # A weight that would cross zero becomes zero.
            shrinking = np.sign(parameters) * is_weight * regularization
            shrunk = after - (shrinking * factors if self.has_factors else shrinking)
            after = np.where(after * shrunk < 0.0, 0.0, shrunk)
            if self.has_frozen:
                after = np.where(is_frozen, parameters, after)
            update = after - parameters
        return after, update, *remembered
