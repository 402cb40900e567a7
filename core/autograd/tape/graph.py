"""A graph recorded: its calls forward and backward, which a tape replays and the compiler reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from ..shapes import unbroadcast
from ..value import Value, topological_order
from .recording import Array, Recording

Place: TypeAlias = tuple[Array, Array]
"""Where a parameter's numbers are, and where its gradient goes."""


@dataclass(frozen=True, slots=True)
class RecordedGraph:
    """The calls of a graph, forward and backward.

    Attributes:
        recording: The calls.
        dtype: Of every number in it.
        inputs: The leaves of the recording that hold the inputs.
        output: A result of the recording, or the constant that the output is.
        gradients: Each parameter's gradient, a result or a constant, and the array it goes to.
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
    """Records the graph of an output.

    Args:
        output: The end of the graph. With parameters, a single number: the loss.
        parameters: Array leaves, whose gradients go into their `grad`.
        inputs: Array leaves whose contents change, in this order; a parameter among them reads
            these, not its own contents. All other leaves keep the contents they have now.
        buffers: Other places for parameters, in their shapes, of another dtype perhaps. All is
            computed in the dtype of the parameters, or else of the inputs.

    Raises:
        ValueError: If a parameter or an input is not an array leaf, or the output is an array
            and there are parameters.
    """
    if parameters and output.shape:
        raise ValueError(f"gradients need one number to start from, not {output.shape}")
    for leaf in (*parameters, *inputs):
        if leaf.op is not None or not leaf.shape:
            raise ValueError("a tape's parameters and inputs are leaves that hold arrays")
    places = {p: _own_place(p) for p in parameters} | dict(buffers or {})
    arrays = [array for array, _ in places.values()] or [np.asarray(x.data) for x in inputs]
    dtype = np.result_type(*arrays) if arrays else np.dtype(np.float64)
    input_arrays = [np.array(leaf.data, dtype=dtype) for leaf in inputs]

    recording = Recording(dtype)
    contents = {leaf: array for leaf, (array, _) in places.items()}
    contents |= dict(zip(inputs, input_arrays, strict=True))
    traced: dict[Value, Any] = {leaf: recording.leaf(a) for leaf, a in contents.items()}
    order = topological_order(output)
    with np.errstate(all="ignore"):  # what is there yet may be anything
        _record_forward(order, traced, dtype)
        gradients = _record_backward(order, traced, parameters) if parameters else {}
    # Of a parameter that the output does not depend on, 0.
    targets = [(gradients.get(p, 0.0), places[p][1]) for p in parameters]
    return RecordedGraph(recording, dtype, input_arrays, traced[output], targets)


def _own_place(parameter: Value) -> Place:
    if not isinstance(parameter.grad, np.ndarray):  # set to 0, the way of micrograd
        parameter.grad = np.zeros_like(parameter.data)
    return np.asarray(parameter.data), parameter.grad


def _record_forward(order: Sequence[Value], traced: dict[Value, Any], dtype: np.dtype[Any]) -> None:
    """Adds what every node holds: a traced array, or a constant."""
    for node in order:
        if node in traced:
            continue
        if node.op is not None:
            operands = [traced[parent] for parent in node.parents]
            traced[node] = node.op.forward(*operands, *node.parameters)
        elif type(node.data) is float:
            traced[node] = node.data
        else:
            traced[node] = np.array(node.data, dtype=dtype)


def _record_backward(
    order: Sequence[Value], traced: Mapping[Value, Any], parameters: Sequence[Value]
) -> dict[Value, Any]:
    """The gradient by every node that depends on a parameter."""
    depends = set(parameters)
    for node in order:
        if not depends.isdisjoint(node.parents):
            depends.add(node)
    gradients: dict[Value, Any] = {order[-1]: 1.0}
    for node in reversed(order):
        if node.op is None or node not in depends or node not in gradients:
            continue
        operands = [traced[parent] for parent in node.parents]
        contributions = node.op.vjp(gradients[node], traced[node], *operands, *node.parameters)
        for parent, contribution in zip(node.parents, contributions, strict=True):
            if parent in depends:
                fitting: Any = unbroadcast(contribution, np.asarray(parent.data))
                gradients[parent] = gradients[parent] + fitting if parent in gradients else fitting
    return gradients
