"""Recording a graph: what both the tape and the compiled tape start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..value import Value, topological_order
from .recording import Array, Recording, Traced
from .tape import Place, _record_backward, _record_forward


@dataclass(frozen=True, slots=True)
class RecordedGraph:
    """A graph's calls, forward and backward.

    Attributes:
        recording: The calls.
        dtype: What is computed in.
        inputs: The arrays that are read in place of the input leaves.
        output: The output, or the constant that it is.
        gradients: For each parameter its gradient, and the array that it goes to.
    """

    recording: Recording
    dtype: np.dtype[Any]
    inputs: list[Array]
    output: Any
    gradients: list[tuple[Any, Array]]


def record(
    output: Value,
    parameters: Sequence[Value] = (),
    *,
    inputs: Sequence[Value] = (),
    buffers: Mapping[Value, Place] | None = None,
) -> RecordedGraph:
    """Records the graph of an output; see `Tape`."""
    places = {p: (np.asarray(p.data), p.grad) for p in parameters} | dict(buffers or {})
    numbers = [array for array, _ in places.values()] or [leaf.data for leaf in inputs]
    dtype = np.result_type(*numbers) if numbers else np.dtype(np.float64)
    input_arrays = [np.array(leaf.data, dtype=dtype) for leaf in inputs]
    recording = Recording(dtype)
    arrays = {leaf: array for leaf, (array, _) in places.items()}
    arrays |= dict(zip(inputs, input_arrays, strict=True))
    traced: dict[Value, Any] = {leaf: recording.leaf(a) for leaf, a in arrays.items()}
    order = topological_order(output)
    _record_forward(order, traced, dtype)
    gradients = _record_backward(order, traced, parameters) if parameters else {}
    targets = [(gradients.get(p, 0.0), places[p][1]) for p in parameters]
    return RecordedGraph(recording, dtype, input_arrays, traced[output], targets)
