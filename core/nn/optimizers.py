"""Optimizers: what each remembers, and its rule, a pure function that turns gradients into updates.

A rule is written once, for arrays and numbers or for what is traced (`autograd.tape.TracedRule`):
the updater replays it in preallocated buffers, a compiler reads its calls. It has two parts, so
that settings are inputs and not constants: `coefficients` makes numbers of the settings at each
step, and `rule` uses them on the flat vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np

from ..autograd import numerics as num
from ..autograd.numerics import FloatArray

Number: TypeAlias = Any
"""A float, or a traced number."""
Vector: TypeAlias = Any
"""An array of shape (n,), or a traced one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """The settings of all optimizers; the defaults are those of the papers.

    Attributes:
        momentum: Of momentum and Nesterov, and Adam's beta1.
        decay: Of RMSProp's mean of squares.
        beta2: Of Adam's mean of squares.
        epsilon: Keeps a division by a root away from zero.
        weight_decay: Of AdamW, decoupled from the gradient.
    """

    momentum: float = 0.9
    decay: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.01


class Optimizer:
    """What an optimizer remembers; subclasses hold its rule.

    Attributes:
        vectors: The names of the attributes that are arrays of shape (n,), 0 at first.
        numbers: The names of those that are numbers, 1 at first.
    """

    vectors: ClassVar[tuple[str, ...]] = ()
    numbers: ClassVar[tuple[str, ...]] = ()

    def __init__(self, n_parameters: int) -> None:
        """Starts with nothing learned."""
        for name in self.vectors:
            setattr(self, name, np.zeros(n_parameters))
        for name in self.numbers:
            setattr(self, name, 1.0)

    @staticmethod
    def coefficients(
        rate: Number, k: Constants, *numbers: Number
    ) -> tuple[tuple[Number, ...], tuple[Number, ...]]:
        """What the rule needs at this step, and the remembered numbers after it.

        Args:
            rate: The learning rate.
            k: The settings.
            *numbers: What is remembered, in the order of `numbers`.
        """
        raise NotImplementedError

    @staticmethod
    def rule(
        gradient: Vector, parameters: Vector, coefficients: Sequence[Number], *vectors: Vector
    ) -> tuple[Vector, ...]:
        """What to add to the parameters, then the remembered vectors after that.

        Args:
            gradient: Of the loss.
            parameters: What they are before the update.
            coefficients: As `coefficients` returns them.
            *vectors: What is remembered, in the order of `vectors`.
        """
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent: update = -lr g."""

    @staticmethod
    def coefficients(rate: Number, k: Constants, *numbers: Number) -> Any:
        """-lr."""
        return (-rate,), ()

    @staticmethod
    def rule(g: Vector, w: Vector, coefficients: Any, *vectors: Vector) -> tuple[Vector, ...]:
        """See the class."""
        (minus_rate,) = coefficients
        return (g * minus_rate,)


class Momentum(Optimizer):
    """Heavy ball (Polyak 1964; Sutskever et al. 2013, eq. 1-2): v = m v - lr g; update = v."""

    vectors = ("velocity",)
    velocity: FloatArray

    @staticmethod
    def coefficients(rate: Number, k: Constants, *numbers: Number) -> Any:
        """-lr, m."""
        return (-rate, k.momentum), ()

    @staticmethod
    def rule(g: Vector, w: Vector, coefficients: Any, *vectors: Vector) -> tuple[Vector, ...]:
        """See the class."""
        minus_rate, momentum = coefficients
        (velocity,) = vectors
        velocity = velocity * momentum + g * minus_rate
        return velocity, velocity


class Nesterov(Momentum):
    """Nesterov's momentum (Sutskever et al. 2013, eq. 3-4; Bengio et al. 2013, eq. 7).

    In the look-ahead variable, so that the gradient is taken where the parameters are:
    v' = m v - lr g; update = m v' - lr g.
    """

    @staticmethod
    def rule(g: Vector, w: Vector, coefficients: Any, *vectors: Vector) -> tuple[Vector, ...]:
        """See the class."""
        minus_rate, momentum = coefficients
        (velocity,) = vectors
        step = g * minus_rate
        velocity = velocity * momentum + step
        return step + velocity * momentum, velocity


class RMSProp(Optimizer):
    """RMSProp (Tieleman & Hinton 2012): s = d s + (1 - d) g^2; update = -lr g / (sqrt(s) + eps)."""

    vectors = ("mean_square",)
    mean_square: FloatArray

    @staticmethod
    def coefficients(rate: Number, k: Constants, *numbers: Number) -> Any:
        """-lr, d, 1 - d, eps."""
        return (-rate, k.decay, 1.0 - k.decay, k.epsilon), ()

    @staticmethod
    def rule(g: Vector, w: Vector, coefficients: Any, *vectors: Vector) -> tuple[Vector, ...]:
        """See the class."""
        minus_rate, decay, rest, epsilon = coefficients
        (mean_square,) = vectors
        mean_square = mean_square * decay + g * g * rest
        return g / (np.sqrt(mean_square) + epsilon) * minus_rate, mean_square


class Adam(Optimizer):
    """Adam (Kingma & Ba 2015, algorithm 1, in the efficient form at the end of section 2).

    It remembers beta1^t and beta2^t as products: a changed beta counts from that step on.
    """

    vectors = ("mean", "mean_square")
    numbers = ("_beta1_power", "_beta2_power")
    mean: FloatArray
    mean_square: FloatArray
    _beta1_power: float
    _beta2_power: float

    @staticmethod
    def coefficients(rate: Number, k: Constants, *numbers: Number) -> Any:
        """beta1, 1 - beta1, beta2, 1 - beta2, eps' and -lr', both corrected for the start at 0."""
        beta1, beta2 = k.momentum, k.beta2
        beta1_power, beta2_power = numbers[0] * beta1, numbers[1] * beta2
        correction = num.sqrt(1.0 - beta2_power)
        minus_rate = num.divide(-rate * correction, 1.0 - beta1_power)
        coefficients = beta1, 1.0 - beta1, beta2, 1.0 - beta2, k.epsilon * correction, minus_rate
        return coefficients, (beta1_power, beta2_power)

    @staticmethod
    def rule(g: Vector, w: Vector, coefficients: Any, *vectors: Vector) -> tuple[Vector, ...]:
        """See the class."""
        beta1, rest1, beta2, rest2, epsilon, minus_rate = coefficients
        mean, mean_square = vectors
        mean = mean * beta1 + g * rest1
        mean_square = mean_square * beta2 + g * g * rest2
        return mean / (np.sqrt(mean_square) + epsilon) * minus_rate, mean, mean_square


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2)."""

    @staticmethod
    def coefficients(rate: Number, k: Constants, *numbers: Number) -> Any:
        """Adam's, then lr times the weight decay."""
        coefficients, after = Adam.coefficients(rate, k, *numbers)
        return (*coefficients, rate * k.weight_decay), after

    @staticmethod
    def rule(g: Vector, w: Vector, coefficients: Any, *vectors: Vector) -> tuple[Vector, ...]:
        """Adam's update, minus lr times the weight decay times the parameters."""
        *of_adam, shrink_by = coefficients
        update, *vectors_after = Adam.rule(g, w, of_adam, *vectors)
        return update - w * shrink_by, *vectors_after


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
}
"""Every optimizer, by its name; called with the number of parameters."""
