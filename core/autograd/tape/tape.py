"""Tape: the calls of one graph, forward and backward, ready to be replayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..value import Value
from .buffers import bind
from .graph import Place, record
from .recording import Array


class Tape:
    """A recorded computation of one output and, for given parameters, its gradients.

    Attributes:
        output: The output's buffer, 0-d for a loss; its contents change with every replay.
    """

    output: Array

    def __init__(
        self,
        output: Value,
        parameters: Sequence[Value] = (),
        *,
        inputs: Sequence[Value] = (),
        buffers: Mapping[Value, Place] | None = None,
    ) -> None:
        """Records the graph of an output; see `record` for the arguments and what is raised."""
        graph = record(output, parameters, inputs=inputs, buffers=buffers)
        self._inputs = graph.inputs
        self.output = np.empty(output.shape, dtype=graph.dtype)
        outputs = [(graph.output, self.output), *graph.gradients]
        self._program = bind(graph.recording, outputs)

    def replay(self, *inputs: Array) -> Array:
        """Computes the output and the gradients for new inputs and the present parameters.

        Args:
            *inputs: Arrays in the shapes of the recorded inputs.

        Returns:
            `output`, which the next replay overwrites.
        """
        for buffer, array in zip(self._inputs, inputs, strict=True):
            buffer[...] = array
        for call in self._program:
            call()
        return self.output
