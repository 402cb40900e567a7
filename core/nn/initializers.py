"""Initializers by name: each draws the first weights and biases of a layer."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..autograd.numerics import FloatArray

Initializer = Callable[[np.random.Generator, int, int], tuple[FloatArray, float]]
"""`initializer(rng, fan_in, fan_out)` -> weights of shape (fan_in, fan_out), one bias for all."""


def playground(rng: np.random.Generator, fan_in: int, fan_out: int) -> tuple[FloatArray, float]:
    """U(-0.5, 0.5) whatever the fan-in, biases 0.1: TensorFlow Playground's."""
    return rng.uniform(-0.5, 0.5, (fan_in, fan_out)), 0.1


def micrograd(rng: np.random.Generator, fan_in: int, fan_out: int) -> tuple[FloatArray, float]:
    """U(-1, 1), biases 0: micrograd's."""
    return rng.uniform(-1.0, 1.0, (fan_in, fan_out)), 0.0


def xavier(rng: np.random.Generator, fan_in: int, fan_out: int) -> tuple[FloatArray, float]:
    """U(-b, b) with b = sqrt(6 / (fan_in + fan_out)) (Glorot & Bengio 2010, eq. 16)."""
    bound = math.sqrt(6.0 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out)), 0.0


def he(rng: np.random.Generator, fan_in: int, fan_out: int) -> tuple[FloatArray, float]:
    """N(0, 2 / fan_in), made for relu (He et al. 2015, eq. 10)."""
    return rng.normal(0.0, math.sqrt(2.0 / fan_in), (fan_in, fan_out)), 0.0


def lecun(rng: np.random.Generator, fan_in: int, fan_out: int) -> tuple[FloatArray, float]:
    """N(0, 1 / fan_in) (LeCun et al. 1998, eq. 16)."""
    return rng.normal(0.0, math.sqrt(1.0 / fan_in), (fan_in, fan_out)), 0.0


def zeros(rng: np.random.Generator, fan_in: int, fan_out: int) -> tuple[FloatArray, float]:
    """All zero: the neurons of a layer stay alike, which is the lesson."""
    return np.zeros((fan_in, fan_out)), 0.0


INITIALIZERS: dict[str, Initializer] = {
    "playground": playground,
    "micrograd": micrograd,
    "xavier": xavier,
    "he": he,
    "lecun": lecun,
    "zeros": zeros,
}
"""Every initializer, by its name."""
