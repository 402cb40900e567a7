"""Compiled rows: a function of the rows of a matrix as native code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..numerics import FloatArray
from ..value import Value
from .compiled import check_shapes
from .compiler.code import Step
from .compiler.executable import Executable
from .compiler.fusion import fuse
from .compiler.lowering import lower
from .compiler.memory import Memory
from .compiler.program import Elementwise, scratch
from .graph import Place, record
from .recording import Array

# So many rows at a time that a layer's outputs stay in the first cache.
ROWS_AT_A_TIME = 64


class CompiledRows:
    """A function of the rows of a matrix, computed block by block of rows.

    Attributes:
        outputs: Shape (rows, ...); each call overwrites it.
    """

    def __init__(
        self,
        function: Callable[[Value], Value],
        inputs: FloatArray,
        *,
        buffers: Mapping[Value, Place],
    ) -> None:
        """Compiles the function.

        Args:
            function: Makes outputs, one row for each, of a leaf of some rows.
            inputs: Shape (rows, columns), contiguous; read at each call.
            buffers: Where the parameters are that it reads.

        Raises:
            CannotCompile: See `CompiledTape`.
        """
        memory = Memory()
        n_full, rest = divmod(len(inputs), ROWS_AT_A_TIME)
        self._n_blocks = n_full + bool(rest)
        self.outputs = np.zeros((len(inputs), *function(Value(inputs[:1])).shape[1:]))
        self._inputs = inputs
        self._memory = memory
        self._given = memory.add(inputs, advance=inputs[:ROWS_AT_A_TIME].size)
        self._made = memory.add(self.outputs, advance=self.outputs[:ROWS_AT_A_TIME].size)
        steps = []
        for n in [ROWS_AT_A_TIME] * bool(n_full) + [rest] * bool(rest):
            leaf = Value(inputs[:n], constant=True)
            recorded = record(function(leaf), inputs=(leaf,), buffers=buffers)
            (rows,) = recorded.inputs
            copied = scratch(rows.dtype, rows.shape)
            memory.replace(rows, copied.buffer)
            copy = Elementwise("positive", (memory.ref(inputs[:n]),), copied)
            outputs = [(recorded.output, self.outputs[:n])]
            steps.append(Step(fuse([copy, *lower(recorded.recording, outputs, memory)])))
        self._executable = Executable(memory, *steps)

    def rebind(
        self, inputs: FloatArray, outputs: FloatArray, arrays: Sequence[tuple[Array, Array]]
    ) -> None:
        """Lets other arrays take the place of those that it was compiled with.

        Args:
            inputs: A whole number of blocks of rows, as those then.
            outputs: As many rows.
            arrays: (array then, array now), of the parameters; see `CompiledLoop.rebind`.

        Raises:
            ValueError: If the inputs are no whole number of blocks, or an array does not fit.
        """
        n_blocks, rest = divmod(len(inputs), ROWS_AT_A_TIME)
        if rest or len(outputs) != len(inputs):
            raise ValueError(f"inputs and outputs are blocks of {ROWS_AT_A_TIME} rows")
        rows = [(self._inputs, inputs), (self.outputs, outputs)]
        check_shapes([*rows, *arrays], of_any_length=(self._inputs, self.outputs))
        self._n_blocks, self.outputs = n_blocks, outputs
        places = {self._given: inputs, self._made: outputs}
        self._executable.rebind(places | self._memory.buffers_of(arrays))

    def __call__(self) -> FloatArray:
        """The outputs for the present inputs and parameters."""
        self._executable(self._n_blocks, n_batches=self._n_blocks)
        return self.outputs

    def close(self) -> None:
        """Gives the code's memory back; no call after that."""
        self._executable.close()
