"""What of the processor the subjects of a comparison make use of."""

from __future__ import annotations

import importlib.util
import os
from contextlib import suppress

from tests.benchmarks.timing import Worker
from toygrad.core.autograd.tape.compiler import native
from toygrad.core.autograd.tape.compiler.program import CannotCompile

HERE = "tests.benchmarks.machine"
AVX512_BYTES = 64


def vector_bytes() -> int:
    """The width of the registers that compiled steps use; 0 if nothing can be compiled."""
    with suppress(CannotCompile):
        return native.host().vector_bytes
    return 0


def best_blas() -> dict[str, str]:
    """The environment in which OpenBLAS uses all of this processor.

    On one that it does not know it may choose its kernels for AVX2 though there is AVX-512.
    """
    if vector_bytes() < AVX512_BYTES or "OPENBLAS_CORETYPE" in os.environ:
        return {}
    return {"OPENBLAS_CORETYPE": "SKYLAKEX"}


def describe(numpy_worker: Worker, torch_worker: Worker | None) -> str:
    """One line, asked of the processes that are measured."""
    parts = [f"compiled steps use vectors of {vector_bytes()} bytes"] if vector_bytes() else []
    parts.append(f"NumPy multiplies matrices by {numpy_worker.call(HERE, 'numpy_kernels')}")
    if torch_worker:
        parts.append(f"PyTorch uses {torch_worker.call(HERE, 'torch_kernels')}")
    load = os.getloadavg()[0]
    return f"One thread each; {'; '.join(parts)}. {os.cpu_count()} cores, load average {load:.1f}"


def numpy_kernels() -> str:
    """The library behind NumPy's products, and the kernels that it chose."""
    if not importlib.util.find_spec("threadpoolctl"):
        return "a library unknown without threadpoolctl"
    import numpy as np  # noqa: F401  (Loads the library.)
    from threadpoolctl import threadpool_info

    found = [info for info in threadpool_info() if info["user_api"] == "blas"]
    return ", ".join(
        f"{info['internal_api']} {info['version']} ({info.get('architecture', 'unknown')} kernels)"
        for info in found
    )


def torch_kernels() -> str:
    """The instructions that PyTorch chose, and its library for products."""
    import torch

    library = "MKL" if torch.backends.mkl.is_available() else "its own BLAS"
    return f"{torch.backends.cpu.get_cpu_capability()} and {library}"
