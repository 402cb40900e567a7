"""Compiled tapes: the recording of a graph as native code that computes the same.

What the compiler has no code for raises `CannotCompile`, and stays on the tape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..numerics import FloatArray
from ..value import Value
from .compiler.code import Step
from .compiler.executable import Executable
from .compiler.fusion import fuse
from .compiler.lowering import lower
from .compiler.memory import Memory
from .compiler.program import BY_ROW, Elementwise, Move, Statement, contiguous, scratch
from .graph import Place, record
from .recording import Array
from .rule import TracedRule


class CompiledTape:
    """As `Tape`, in native code.

    Attributes:
        output: The output's buffer, 0-d for a loss; its contents change with every replay.
    """

    def __init__(
        self,
        output: Value,
        parameters: Sequence[Value] = (),
        *,
        inputs: Sequence[Value] = (),
        buffers: Mapping[Value, Place] | None = None,
    ) -> None:
        """Records the graph of an output and compiles it; arguments and errors as `Tape` has them.

        Raises:
            CannotCompile: If a call has no translation, or this machine no compiler.
        """
        recorded = record(output, parameters, inputs=inputs, buffers=buffers)
        self._inputs = recorded.inputs
        self.output = np.zeros(np.shape(output.data), recorded.dtype)
        memory = Memory()
        outputs = [(recorded.output, self.output), *recorded.gradients]
        statements = lower(recorded.recording, outputs, memory)
        self._executable = Executable(memory, Step(fuse(statements)))

    def replay(self, *inputs: Array) -> Array:
        """As `Tape.replay`."""
        for buffer, array in zip(self._inputs, inputs, strict=True):
            buffer[...] = array
        self._executable()
        return self.output

    def close(self) -> None:
        """Gives the code's memory back; no replay after that."""
        self._executable.close()


@dataclass(frozen=True, slots=True)
class Batch:
    """The graph of one batch.

    Attributes:
        loss: Its end, one number.
        inputs: The leaves that hold the samples, each of shape (batch, ...), of two axes.
    """

    loss: Value
    inputs: Sequence[Value]


class CompiledLoop:
    """Many training steps in one call."""

    def __init__(
        self,
        batches: Sequence[Batch],
        parameters: Sequence[Value],
        sources: Sequence[Array],
        rules: Sequence[TracedRule],
        rate: Array,
        *,
        buffers: Mapping[Value, Place] | None = None,
        before: Sequence[tuple[Array, Array]] = (),
        after: Sequence[tuple[Array, Array]] = (),
    ) -> None:
        """Compiles a step.

        Args:
            batches: The graph of a batch; then that of an epoch's last one, if it is smaller.
            parameters: The leaves to differentiate by.
            sources: For each input of a batch the matrix that its rows are taken from, float64.
            rules: What follows the gradients, in this order, unless the loss is not finite: the
                update of the parameters, and before it perhaps what changes the gradients.
            rate: The operand of the rules that is the learning rate, shape ().
            buffers: Other places for parameters, of another dtype perhaps, as `Tape` has them.
            before: (from, to): what is copied before each step, for such places.
            after: What is copied after the gradients, before the loss is judged.

        Raises:
            CannotCompile: See `CompiledTape`.
        """
        memory = Memory()
        self._order = memory.add(np.zeros(1, dtype=np.int64), advance=BY_ROW)
        self._rates = memory.add(np.zeros(1), advance=1)
        self._losses = memory.add(np.zeros(1), advance=1)
        memory.replace(rate, self._rates)
        following: list[Statement] = []
        for rule in rules:
            following += lower(rule.recording, rule.outputs, memory)
        following = fuse(following)
        steps = []
        for batch in batches:
            recorded = record(batch.loss, parameters, inputs=batch.inputs, buffers=buffers)
            n = len(recorded.inputs[0])
            order = contiguous(self._order, (n,))
            taken: list[Statement] = []
            for leaf, source in zip(recorded.inputs, sources, strict=True):
                rows = scratch(leaf.dtype, leaf.shape)
                memory.replace(leaf, rows.buffer)
                taken.append(Move(memory.ref(source), order, rows, adds=False))
            loss = self._losses.array
            assert loss is not None
            outputs = [(recorded.output, loss.reshape(())), *recorded.gradients]
            statements = lower(recorded.recording, outputs, memory)
            steps.append(
                Step(
                    fuse([*taken, *_copies(before, memory), *statements, *_copies(after, memory)]),
                    memory.ref(loss),
                    following,
                    rows=n,
                )
            )
        self._memory = memory
        self._sources = list(sources)
        self._n_rows = min(map(len, sources))
        self._batch_rows = [step.rows for step in steps]
        self._executable = Executable(memory, *steps)

    def twin(self) -> CompiledLoop:
        """The same code for another thread, bound to the same arrays at first."""
        new = copy(self)
        new._executable = self._executable.twin()
        return new

    def rebind(self, arrays: Sequence[tuple[Array, Array]]) -> None:
        """Lets other arrays take the place of those that it was compiled with.

        Args:
            arrays: (array then, array now): of the same dtype and shape, contiguous; sources may
                have another number of rows.

        Raises:
            ValueError: If an array does not fit; then none was replaced.
        """
        check_shapes(arrays, of_any_length=self._sources)
        self._executable.rebind(self._memory.buffers_of(arrays))
        now = {id(old): new for old, new in arrays}
        self._n_rows = min(len(now.get(id(source), source)) for source in self._sources)

    def run(
        self,
        steps: int,
        order: NDArray[np.int64],
        rates: FloatArray,
        losses: FloatArray,
        *,
        batch: int = 0,
        n_batches: int = 0,
        stop: NDArray[np.int64] | None = None,
    ) -> int:
        """Takes steps.

        Args:
            steps: At most so many.
            order: The rows of the sources in the order in which batches take them.
            rates: The learning rate of each step, shape (steps,).
            losses: Gets the loss of each batch before its update, shape (steps,).
            batch: The place in its epoch of the first step.
            n_batches: How many make an epoch.
            stop: Shape (1,); looked at before each step, anything but 0 ends the run.

        Returns:
            How many it took. The loss after the last of them stands in `losses` too if it is not
            finite: its batch changed nothing but the gradients.

        Raises:
            ValueError: If an array is too short, or a row or the first batch does not exist.
        """
        if steps < 0 or not 0 <= batch < max(n_batches, 1):
            raise ValueError(f"there are no {steps} steps from batch {batch} of {n_batches}")
        if len(rates) < steps or len(losses) < steps:
            raise ValueError(f"{steps} steps need as many learning rates and places for losses")
        n_last = (batch + steps) // n_batches if n_batches else 0
        n_rows = (steps - n_last) * self._batch_rows[0] + n_last * self._batch_rows[-1]
        if len(order) < n_rows:
            raise ValueError(f"{steps} steps take {n_rows} rows, and the order has {len(order)}")
        if n_rows and not 0 <= order[:n_rows].min() <= order[:n_rows].max() < self._n_rows:
            raise ValueError(f"the rows of the order are 0 to {self._n_rows - 1}")
        self._executable.rebind({self._order: order, self._rates: rates, self._losses: losses})
        return self._executable(steps, batch=batch, n_batches=n_batches, stop=stop)

    def close(self) -> None:
        """Gives the code's memory back; no run after that."""
        self._executable.close()


def check_shapes(arrays: Sequence[tuple[Array, Array]], of_any_length: Sequence[Array]) -> None:
    """Raises unless (array then, array now) are alike: native code checks nothing."""
    free = {id(array) for array in of_any_length}
    for old, new in arrays:
        start = int(id(old) in free)
        if new.ndim != old.ndim or new.shape[start:] != old.shape[start:]:
            raise ValueError(f"an array of shape {new.shape} does not fit one of {old.shape}")


def _copies(pairs: Sequence[tuple[Array, Array]], memory: Memory) -> list[Statement]:
    return [
        Elementwise("positive", (memory.ref(source),), memory.ref(target))
        for source, target in pairs
    ]
