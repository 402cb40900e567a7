"""Native code: LLVM behind one guarded import, and functions that live as long as they are held."""

from __future__ import annotations

import ctypes
import weakref
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import Any

from .program import CannotCompile
from .writer import Target

# What the code may call from the C library.
LIBRARY_FUNCTIONS = ("pow", "sin", "cos")
# Where they are on Linux, on Windows, and where they are part of the process, as on macOS.
LIBRARIES = ("libm.so.6", "ucrtbase", None)


def why_not() -> str:
    """Why nothing can be compiled here, one sentence; empty if it can."""
    try:
        _llvm()
    except CannotCompile as error:
        return str(error)
    return ""


@cache
def _llvm() -> ModuleType:
    """llvmlite's binding, ready for this machine's code."""
    try:
        import llvmlite.binding as llvm
    except ImportError as error:
        raise CannotCompile("llvmlite is not installed: pip install 'toygrad-tui[fast]'") from error
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    for name in LIBRARY_FUNCTIONS:
        llvm.add_symbol(name, _library_function(name))
    return llvm  # type: ignore[no-any-return]


def _library_function(name: str) -> int:
    """The address of a function of the C library."""
    for library in LIBRARIES:
        with suppress(OSError, AttributeError, TypeError):
            function = getattr(ctypes.CDLL(library), name)
            return ctypes.cast(function, ctypes.c_void_p).value or 0
    raise CannotCompile(f"the C library's {name} was not found")


@cache
def host() -> Target:
    """This machine's processor."""
    features = _llvm().get_host_cpu_features()
    if features.get("avx512f") and features.get("avx512vl") and features.get("avx512dq"):
        return Target(vector_bytes=64, n_registers=32)
    if features.get("avx2") and features.get("fma"):
        return Target(vector_bytes=32, n_registers=16)
    is_x86 = "sse2" in features
    return Target(vector_bytes=16, n_registers=16 if is_x86 else 32)


class NativeCode:
    """A compiled module.

    Attributes:
        closed: Whether its memory was given back.
    """

    def __init__(self, assembly: str, *, optimize: int = 1) -> None:
        """Compiles.

        Args:
            assembly: In LLVM's language.
            optimize: LLVM's level, 0 to 3.
        """
        llvm = _llvm()
        # A context of its own, so that closing it frees every type and constant too.
        context = llvm.create_context()
        module = llvm.parse_assembly(assembly, context)
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(),
            features=llvm.get_host_cpu_features().flatten(),
            opt=2,
        )
        tuning = llvm.create_pipeline_tuning_options(speed_level=optimize)
        tuning.loop_vectorization = tuning.slp_vectorization = tuning.loop_unrolling = False
        builder = llvm.create_pass_builder(machine, tuning)
        passes = builder.getModulePassManager()
        passes.run(module, builder)
        for used in (passes, builder, tuning):
            used.close()
        engine = llvm.create_mcjit_compiler(module, machine)
        engine.finalize_object()
        self._engine = engine
        self._finalizer = weakref.finalize(self, _close, engine, context)

    def function(self, name: str) -> Any:
        """A function of the form of `code.run`; not to be called after `close`."""
        address = self._engine.get_function_address(name)
        return ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, *[ctypes.c_void_p] * 4)(address)

    @property
    def closed(self) -> bool:
        return not self._finalizer.alive

    def close(self) -> None:
        """Gives the memory back; also done when nobody holds it any more."""
        self._finalizer()


def _close(engine: Any, context: Any) -> None:
    engine.close()
    context.close()
