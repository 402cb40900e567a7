"""Native code: LLVM behind one guarded import, and functions that live as long as they are held.

The assembly is written with registers, vectors and tiles in place, so that LLVM's optimizing
passes would double the time to compile and gain nothing; its code generator alone is used.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import cast

from .llvm_types import Target
from .program import CannotCompile

# What the code may call from the C library.
LIBRARY_FUNCTIONS = ("pow", "sin", "cos")
# Where they are on Linux, on Windows, and where they are part of the process, as on macOS.
LIBRARIES = ("libm.so.6", "ucrtbase", None)

Run = Callable[..., int]
"""`run(steps, addresses, scratch, control, stop) -> steps finished`, as `code` has it."""


def why_not() -> str:
    """Why nothing can be compiled here, one sentence; empty if it can."""
    try:
        load_llvm()
    except CannotCompile as error:
        return str(error)
    return ""


@cache
def host() -> Target:
    """This machine's processor.

    Raises:
        CannotCompile: If llvmlite is not installed.
    """
    features = load_llvm().get_host_cpu_features()
    if all(features.get(name) for name in ("avx512f", "avx512dq", "avx512vl")):
        return Target(vector_bytes=64, n_registers=32)
    if features.get("avx2") and features.get("fma"):
        return Target(vector_bytes=32, n_registers=16)
    # SSE2 has 16 registers, NEON 32.
    return Target(vector_bytes=16, n_registers=16 if "sse2" in features else 32)


class NativeCode:
    """A compiled module."""

    def __init__(self, assembly: str) -> None:
        """Compiles.

        Args:
            assembly: In LLVM's language.

        Raises:
            CannotCompile: If llvmlite is not installed.
        """
        llvm = load_llvm()
        # In a context of its own, so that closing it frees its types and constants too.
        context = llvm.create_context()
        module = llvm.parse_assembly(assembly, context)
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2
        )
        self._engine = llvm.create_mcjit_compiler(module, machine)
        self._engine.finalize_object()
        # The code is all that is needed now.
        self._engine.remove_module(module)
        module.close()
        context.close()
        self._close = weakref.finalize(self, self._engine.close)
        # A thread may be inside when the process ends, which frees all of it anyway.
        self._close.atexit = False

    def function(self, name: str) -> Run:
        """A function of the module. The caller holds this object as long as it calls it."""
        form = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, *[ctypes.c_void_p] * 4)
        return cast("Run", form(self._engine.get_function_address(name)))

    def close(self) -> None:
        """Gives the memory back, as happens too when nobody holds it any more."""
        self._close()


@cache
def load_llvm() -> ModuleType:
    """The binding of llvmlite, ready for this machine."""
    try:
        import llvmlite.binding as llvm
    except ImportError as error:
        raise CannotCompile("Compiling needs llvmlite: pip install 'toygrad-tui[fast]'") from error
    except Exception as error:
        # As when its library was built for another system.
        raise CannotCompile(
            f"Compiling needs llvmlite, which does not load here ({error}): "
            "pip install --force-reinstall llvmlite"
        ) from error
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    for name in LIBRARY_FUNCTIONS:
        llvm.add_symbol(name, _library_function(name))
    return cast("ModuleType", llvm)


def _library_function(name: str) -> int:
    """The address of a function of the C library."""
    for library in LIBRARIES:
        with suppress(OSError, AttributeError, TypeError):
            function = getattr(ctypes.CDLL(library), name)
            return ctypes.cast(function, ctypes.c_void_p).value or 0
    raise CannotCompile(f"Compiling needs the C library's function {name}")
