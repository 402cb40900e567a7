"""Steps in JAX as it is fastest: a loop of them in one compiled function, its arrays given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from tests.benchmarks.peers.jax_jit import make_update

Array = np.ndarray[Any, Any]


def make_loop(
    parameters: list[tuple[Array, Array]],
    inputs: Array,
    targets: Array,
    loss: str,
    rate: float,
    *,
    steps: int = 100,
) -> Callable[[], float]:
    """Training steps in one call; `parameters` holds (weight, bias) of each layer."""
    x, t = jnp.asarray(inputs), jnp.asarray(targets)
    layers = [(jnp.asarray(weight), jnp.asarray(bias)) for weight, bias in parameters]
    update = make_update(loss, rate)

    def loop(layers: Any, x: Any, t: Any) -> Any:
        def body(layers: Any, _: None) -> Any:
            number, layers = update(layers, x, t)
            return layers, number

        return jax.lax.scan(body, layers, None, length=steps)

    compiled = jax.jit(loop, donate_argnums=0)

    def take_steps() -> float:
        nonlocal layers
        layers, losses = compiled(layers, x, t)
        return float(losses[-1])

    return take_steps


def make_step(*arguments: Any) -> Callable[[], float]:
    """One training step a call."""
    return make_loop(*arguments, steps=1)
