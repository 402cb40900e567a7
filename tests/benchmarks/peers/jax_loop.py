"""Many steps in JAX in one compiled call, its best form: a scan over batches, in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from tests.benchmarks.peers.jax_jit import make_update, on_device

# On the caller's thread: the call is long, and handing it over costs more than it gains.
jax.config.update("jax_cpu_enable_async_dispatch", False)

Array = np.ndarray[Any, Any]
STEPS_A_CALL = 100


def make_step(
    parameters: list[tuple[Array, Array]],
    inputs: Array,
    targets: Array,
    loss: str,
    rate: float,
    activation: str = "relu",
) -> Callable[[], Array]:
    """`STEPS_A_CALL` steps, each on a batch of its own, all alike; returns their losses."""
    batches = tuple(jnp.array(np.tile(array, (STEPS_A_CALL, 1, 1))) for array in (inputs, targets))
    layers = on_device(parameters)
    update = make_update(loss, activation, rate)

    def scanned(layers: Any, batches: Any) -> Any:
        return jax.lax.scan(update, layers, batches)

    # The weights given are overwritten by those returned.
    run = jax.jit(scanned, donate_argnums=0)

    def steps() -> Array:
        nonlocal layers
        layers, losses = run(layers, batches)
        return np.asarray(losses)

    return steps
