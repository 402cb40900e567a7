"""The step in JAX: one jitted function, called once a step, as it comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

Array = np.ndarray[Any, Any]


def make_step(
    parameters: list[tuple[Array, Array]], inputs: Array, targets: Array, loss: str, rate: float
) -> Callable[[], float]:
    """One training step; `parameters` holds (weight, bias) of each layer."""
    x, t = jnp.asarray(inputs), jnp.asarray(targets)
    layers = [(jnp.asarray(weight), jnp.asarray(bias)) for weight, bias in parameters]
    update = jax.jit(make_update(loss, rate))

    def step() -> float:
        nonlocal layers
        number, layers = update(layers, x, t)
        return float(number)

    return step


def make_update(loss: str, rate: float) -> Callable[[Any, Any, Any], Any]:
    """A step as a function of layers, inputs and targets: its loss, and the layers after it."""

    def loss_of(layers: Any, x: Any, t: Any) -> Any:
        for weight, bias in layers[:-1]:
            x = jax.nn.relu(x @ weight + bias)
        weight, bias = layers[-1]
        outputs = x @ weight + bias
        if loss == "squared_error":
            return jnp.sum((outputs - t) ** 2) * (0.5 / len(x))
        picked = jnp.sum(jnp.where(t > 0.0, outputs, 0.0), axis=1)
        return jnp.mean(jax.nn.logsumexp(outputs, axis=1) - picked)

    def updated(layers: Any, x: Any, t: Any) -> Any:
        number, gradients = jax.value_and_grad(loss_of)(layers, x, t)
        return number, jax.tree.map(lambda p, g: p - rate * g, layers, gradients)

    return updated
