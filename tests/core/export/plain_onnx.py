"""The part of the package onnx that is used, and the meaning of its operators, in NumPy."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

OPERATORS: dict[str, Any] = {
    "Add": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "Div": np.divide,
    "Pow": np.power,
    "MatMul": np.matmul,
    "Neg": np.negative,
    "Abs": np.abs,
    "Exp": np.exp,
    "Log": np.log,
    "Sqrt": np.sqrt,
    "Sin": np.sin,
    "Cos": np.cos,
    "Tanh": np.tanh,
    "Sigmoid": lambda x: 1.0 / (1.0 + np.exp(-x)),
    "Max": np.maximum,
    "Min": np.minimum,
    "Identity": lambda x: x,
    "Greater": np.greater,
    "Cast": lambda x, to: x.astype({7: np.int64}[to]),
    "Squeeze": lambda x, axes: np.squeeze(x, tuple(axes)),
    "ArgMax": lambda x, axis, keepdims: np.argmax(x, axis=axis, keepdims=bool(keepdims)),
    "Gather": lambda x, places, axis: np.take(x, places, axis=axis),
    "Concat": lambda *parts, axis: np.concatenate(parts, axis=axis),
}


def run(graph: SimpleNamespace, points: Any) -> dict[str, Any]:
    """What a graph computes, by the names of its results; each name is given once."""
    values: dict[str, Any] = {"points": points}
    for tensor in graph.constants:
        assert tensor.name not in values
        values[tensor.name] = np.array(tensor.values, dtype=tensor.kind).reshape(tensor.shape)
    with np.errstate(all="ignore"):
        for node in graph.nodes:
            (output,) = node.outputs
            assert output not in values
            operands = [values[name] for name in node.inputs]
            values[output] = OPERATORS[node.kind](*operands, **node.attributes)
    return {result.name: values[result.name] for result in graph.results}


def install(monkeypatch: pytest.MonkeyPatch) -> list[SimpleNamespace]:
    """Puts it in the package's place; the graphs of models are in the list as they are made."""
    graphs: list[SimpleNamespace] = []

    def make_model(graph: SimpleNamespace, **_: Any) -> SimpleNamespace:
        graphs.append(graph)
        return SimpleNamespace(SerializeToString=lambda: b"a model")

    onnx: Any = ModuleType("onnx")
    onnx.TensorProto = SimpleNamespace(DOUBLE=np.float64, INT64=np.int64, STRING=object)
    onnx.checker = SimpleNamespace(check_model=lambda model: None)
    onnx.helper = SimpleNamespace(
        make_node=lambda kind, inputs, outputs, **attributes: SimpleNamespace(
            kind=kind, inputs=inputs, outputs=outputs, attributes=attributes
        ),
        make_tensor=lambda name, kind, shape, values: SimpleNamespace(
            name=name, kind=kind, shape=shape, values=values
        ),
        make_tensor_value_info=lambda name, kind, shape: SimpleNamespace(name=name),
        make_graph=lambda nodes, name, inputs, results, constants: SimpleNamespace(
            nodes=nodes, results=results, constants=constants
        ),
        make_opsetid=lambda domain, version: (domain, version),
        make_model=make_model,
        set_model_props=lambda model, properties: None,
    )
    monkeypatch.setitem(sys.modules, "onnx", onnx)
    return graphs
