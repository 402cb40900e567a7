"""The step in JAX without its second thread: a call returns when it has been computed."""

from __future__ import annotations

import jax

from tests.benchmarks.peers.jax_jit import make_step

# By default JAX computes on a thread of its own, and the caller may go on meanwhile.
jax.config.update("jax_cpu_enable_async_dispatch", False)

__all__ = ["make_step"]
