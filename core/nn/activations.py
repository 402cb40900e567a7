"""Activations by name: functions of a Value, a number or an array."""

from __future__ import annotations

import math
from collections.abc import Callable

from ..autograd import Value

Activation = Callable[[Value], Value]


def linear(x: Value) -> Value:
    """The value itself."""
    return x


def gelu(x: Value) -> Value:
    """The Gaussian error linear unit, in its tanh form (Hendrycks & Gimpel 2016, section 2)."""
    inner = (x + 0.044715 * (x * x * x)) * math.sqrt(2.0 / math.pi)
    return 0.5 * x * (1.0 + inner.tanh())


def silu(x: Value) -> Value:
    """The input times its sigmoid, also called swish (Elfwing et al. 2017, eq. 5)."""
    return x * x.sigmoid()


ACTIVATIONS: dict[str, Activation] = {
    "linear": linear,
    "relu": Value.relu,
    "leaky_relu": Value.leaky_relu,
    "tanh": Value.tanh,
    "sigmoid": Value.sigmoid,
    "elu": Value.elu,
    "gelu": gelu,
    "silu": silu,
    "softplus": Value.softplus,
    "sin": Value.sin,
}
"""Every activation a layer can have, by its name."""
