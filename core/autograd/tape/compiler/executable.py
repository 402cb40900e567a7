"""Executable: a compiled program with the memory that it works on."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

import numpy as np
from numpy.typing import NDArray

from ..recording import Array
from .code import CodeGenerator, Control, Step
from .memory import Memory, address, aligned, first_address
from .native import NativeCode, host
from .program import Buffer


class Executable:
    """Native code that takes steps. One thread at a time may use it.

    Attributes:
        vector_bytes: The width of the vectors it computes with.
    """

    def __init__(self, memory: Memory, step: Step, last: Step | None = None) -> None:
        """Compiles, which takes a tenth of a second or more.

        Args:
            memory: The arrays outside; they are kept alive, and used where they are.
            step: What each step does.
            last: What the last step of an epoch does instead.

        Raises:
            CannotCompile: If this machine can't.
        """
        target = host()
        generator = CodeGenerator(target)
        generator.add_run("run", memory, step, last)
        self.vector_bytes = target.vector_bytes
        self._code = NativeCode(generator.assembly())
        self._run = self._code.function("run")
        self._scratch_bytes = generator.scratch_bytes
        self._never = np.zeros(1, dtype=np.int64)
        self._numbers = {buffer: number for number, buffer in enumerate(memory.buffers)}
        self._arrays = [buffer.array for buffer in memory.buffers]
        self._addresses = np.array(
            [0 if array is None else first_address(array) for array in self._arrays],
            dtype=np.uintp,
        )
        self._use_own_memory()

    def _use_own_memory(self) -> None:
        self._scratch = aligned(self._scratch_bytes)
        self._control = np.zeros(len(Control), dtype=np.int64)
        self._pointers = tuple(
            array.ctypes.data for array in (self._addresses, self._scratch, self._control)
        )

    def twin(self) -> Executable:
        """The same code for another thread, bound to the same arrays at first."""
        new = copy(self)
        new._arrays, new._addresses = list(self._arrays), self._addresses.copy()
        new._use_own_memory()
        return new

    def rebind(self, arrays: Mapping[Buffer, Array]) -> None:
        """Lets other arrays take the place of some.

        Args:
            arrays: Contiguous, of the same dtype, as long as the steps of the next run need.

        Raises:
            ValueError: If an array is not; then none was replaced.
        """
        for buffer, array in arrays.items():
            if array.dtype != buffer.dtype or not array.flags.c_contiguous:
                raise ValueError(f"a contiguous array of {buffer.dtype} is needed")
        for buffer, array in arrays.items():
            number = self._numbers[buffer]
            self._arrays[number] = array
            self._addresses[number] = address(array)

    def __call__(
        self,
        steps: int = 1,
        *,
        batch: int = 0,
        n_batches: int = 0,
        stop: NDArray[np.int64] | None = None,
    ) -> int:
        """Takes steps; other threads run meanwhile.

        Args:
            steps: At most so many.
            batch: The place in its epoch of the first step.
            n_batches: Steps in an epoch; its last one may be another.
            stop: Shape (1,); looked at before each step, anything but 0 ends the run.

        Returns:
            How many it finished.
        """
        self._control[Control.BATCH] = batch
        self._control[Control.N_BATCHES] = n_batches
        flag = self._never if stop is None else stop
        taken: int = self._run(steps, *self._pointers, flag.ctypes.data)
        return taken

    def close(self) -> None:
        """Gives the code's memory back, that of twins too; the next call raises `ValueError`."""
        self._run = _refuse
        self._code.close()


def _refuse(*_: int) -> int:
    raise ValueError("this code was closed")
