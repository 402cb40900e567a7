"""Optimizers: each turns the flat gradient into the flat update, in preallocated buffers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..autograd.numerics import FloatArray


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
    """Turns a gradient into an update; subclasses write `_write`."""

    def __init__(self, n_parameters: int) -> None:
        """Starts with a state of zeros."""

    def update(
        self,
        out: FloatArray,
        gradient: FloatArray,
        parameters: FloatArray,
        learning_rate: float,
        constants: Constants,
    ) -> None:
        """Writes into `out` what to add to the parameters; all arrays have the shape (n,)."""
        self._write(out, gradient, learning_rate, constants)

    def _write(self, out: FloatArray, gradient: FloatArray, rate: float, k: Constants) -> None:
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent: update = -lr g."""

    def _write(self, out: FloatArray, gradient: FloatArray, rate: float, k: Constants) -> None:
        np.multiply(gradient, -rate, out)


class Momentum(Optimizer):
    """Heavy ball (Polyak 1964; Sutskever et al. 2013, eq. 1-2): v = m v - lr g; update = v."""

    def __init__(self, n_parameters: int) -> None:
        self.velocity = np.zeros(n_parameters)

    def _write(self, out: FloatArray, gradient: FloatArray, rate: float, k: Constants) -> None:
        np.multiply(gradient, -rate, out)
        self.velocity *= k.momentum
        self.velocity += out
        out[...] = self.velocity


class Nesterov(Momentum):
    """Nesterov's momentum (Sutskever et al. 2013, eq. 3-4; Bengio et al. 2013, eq. 7).

    In the look-ahead variable, so that the gradient is taken where the parameters are:
    v' = m v - lr g; update = m v' - lr g.
    """

    def _write(self, out: FloatArray, gradient: FloatArray, rate: float, k: Constants) -> None:
        np.multiply(gradient, -rate, out)
        self.velocity *= k.momentum
        self.velocity += out
        out += k.momentum * self.velocity


class RMSProp(Optimizer):
    """RMSProp (Tieleman & Hinton 2012): s = d s + (1 - d) g^2; update = -lr g / (sqrt(s) + eps)."""

    def __init__(self, n_parameters: int) -> None:
        self.mean_square = np.zeros(n_parameters)
        self._scratch = np.zeros(n_parameters)

    def _write(self, out: FloatArray, gradient: FloatArray, rate: float, k: Constants) -> None:
        scratch = self._scratch
        np.multiply(gradient, gradient, scratch)
        scratch *= 1.0 - k.decay
        self.mean_square *= k.decay
        self.mean_square += scratch
        np.sqrt(self.mean_square, scratch)
        scratch += k.epsilon
        np.divide(gradient, scratch, out)
        out *= -rate


class Adam(Optimizer):
    """Adam (Kingma & Ba 2015, algorithm 1, in the efficient form at the end of section 2)."""

    def __init__(self, n_parameters: int) -> None:
        self.mean = np.zeros(n_parameters)
        self.mean_square = np.zeros(n_parameters)
        self._scratch = np.zeros(n_parameters)
        # beta1^t and beta2^t, kept as products: a changed beta counts from that step on.
        self._beta1_power = 1.0
        self._beta2_power = 1.0

    def _write(self, out: FloatArray, gradient: FloatArray, rate: float, k: Constants) -> None:
        beta1, beta2, scratch = k.momentum, k.beta2, self._scratch
        self._beta1_power *= beta1
        self._beta2_power *= beta2
        np.multiply(gradient, 1.0 - beta1, scratch)
        self.mean *= beta1
        self.mean += scratch
        np.multiply(gradient, gradient, scratch)
        scratch *= 1.0 - beta2
        self.mean_square *= beta2
        self.mean_square += scratch
        correction = np.sqrt(1.0 - self._beta2_power)
        np.sqrt(self.mean_square, scratch)
        scratch += k.epsilon * correction
        np.divide(self.mean, scratch, out)
        out *= -rate * correction / (1.0 - self._beta1_power)


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2)."""

    def update(
        self,
        out: FloatArray,
        gradient: FloatArray,
        parameters: FloatArray,
        learning_rate: float,
        constants: Constants,
    ) -> None:
        """As Adam's, minus lr times the weight decay times the parameters."""
        super().update(out, gradient, parameters, learning_rate, constants)
        np.multiply(parameters, learning_rate * constants.weight_decay, self._scratch)
        out -= self._scratch


OPTIMIZERS: dict[str, Callable[[int], Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
}
"""Every optimizer, by its name; called with the number of parameters."""
