"""The step in JAX: one jitted function, called once a step, as it comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

Array = np.ndarray[Any, Any]

# What the hidden layers compute.
ACTIVATIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh}


def make_step(
    parameters: list[tuple[Array, Array]],
    inputs: Array,
    targets: Array,
    loss: str,
    rate: float,
    activation: str = "relu",
) -> Callable[[], float]:
    """One training step; `parameters` holds (weight, bias) of each layer."""
    x, t = jnp.asarray(inputs), jnp.asarray(targets)
    layers = on_device(parameters)
    update = jax.jit(make_update(loss, activation, rate))

    def step() -> float:
        nonlocal layers
        layers, number = update(layers, (x, t))
        return float(number)

    return step


def on_device(parameters: list[tuple[Array, Array]]) -> Any:
    """Copies of the weights and biases as JAX's arrays."""
    return [(jnp.array(weight), jnp.array(bias)) for weight, bias in parameters]


def make_update(loss: str, activation: str, rate: float) -> Callable[[Any, Any], tuple[Any, Any]]:
    """A step as a pure function: layers and (inputs, targets) to the next layers and the loss."""
    activate = ACTIVATIONS[activation]

    def loss_of(layers: Any, x: Any, t: Any) -> Any:
        for weight, bias in layers[:-1]:
            x = activate(x @ weight + bias)
        weight, bias = layers[-1]
        outputs = x @ weight + bias
        if loss == "squared_error":
            return jnp.sum((outputs - t) ** 2) * (0.5 / len(x))
        picked = jnp.sum(jnp.where(t > 0.0, outputs, 0.0), axis=1)
        return jnp.mean(jax.nn.logsumexp(outputs, axis=1) - picked)

    def update(layers: Any, batch: Any) -> tuple[Any, Any]:
        number, gradients = jax.value_and_grad(loss_of)(layers, *batch)
        return jax.tree.map(lambda p, g: p - rate * g, layers, gradients), number

    return update
