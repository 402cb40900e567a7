"""ONNX: a graph from points in the data's units to outputs, scaling and inputs in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..expression.expression import Apply
from .recipe_data import recipe_data
from .trained import ExportError, TrainedRun

OPSET, IR_VERSION = 18, 8
"""Old enough for the programs that read it."""

# An operator of ONNX where it has one in float64 everywhere; the others are made of these.
OPERATORS = {
    "+": "Add",
    "-": "Sub",
    "*": "Mul",
    "/": "Div",
    "**": "Pow",
    "neg": "Neg",
    "sin": "Sin",
    "cos": "Cos",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "exp": "Exp",
    "log": "Log",
    "sqrt": "Sqrt",
    "abs": "Abs",
}


def export(run: TrainedRun) -> bytes:
    """The bytes of a model: `points`, shape (samples, columns), to `outputs`, and `classes`.

    Everything is float64. `outputs` are in the units of the targets; `classes` are the names that
    are predicted, where the data have classes.

    Raises:
        ExportError: If a weight is not finite, or the package onnx is missing.
    """
    try:
        import onnx
        from onnx import TensorProto, helper
    except ImportError as error:
        raise ExportError(
            "ONNX needs the package onnx: install it with pip install onnx."
        ) from error
    data, layers = run.dataset, run.layers
    graph = _Graph(helper)
    scaled = graph.add("Div", graph.add("Sub", "points", data.input_shift), data.input_scale)
    x = _inputs(graph, run, scaled)
    for layer in layers:
        x = graph.add("Add", graph.add("MatMul", x, layer.weight), layer.bias)
        x = graph.call(layer.activation, x)
    scale = np.array(data.target_scale), np.array(data.target_shift)
    graph.add("Add", graph.add("Mul", x, scale[0]), scale[1], output="outputs")
    results = [helper.make_tensor_value_info("outputs", TensorProto.DOUBLE, ["samples", None])]
    if data.task == "classification":
        _classes(graph, data.classes, "outputs")
        results.append(helper.make_tensor_value_info("classes", TensorProto.STRING, ["samples"]))
    n_columns = len(data.columns)
    points = helper.make_tensor_value_info("points", TensorProto.DOUBLE, ["samples", n_columns])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "toygrad", [points], results, graph.constants),
        producer_name="toygrad",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    helper.set_model_props(model, {"toygrad": json.dumps(recipe_data(run), allow_nan=False)})
    onnx.checker.check_model(model)
    made: bytes = model.SerializeToString()
    return made


class _Graph:
    """Nodes and constants, each with a name of its own.

    Attributes:
        nodes: In their order.
        constants: What they need besides.
    """

    def __init__(self, helper: Any) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._helper = helper

    def add(self, kind: str, *operands: Any, output: str = "", **attributes: Any) -> str:
        """A node of an operator; returns the name of its result."""
        names = [one if isinstance(one, str) else self.constant(one) for one in operands]
        output = output or f"{kind.lower()}{len(self.nodes) + 1}"
        self.nodes.append(self._helper.make_node(kind, names, [output], **attributes))
        return output

    def constant(self, numbers: NDArray[Any] | float | Sequence[str]) -> str:
        """Numbers, or names."""
        name = f"constant{len(self.constants) + 1}"
        if isinstance(numbers, tuple):
            # Whatever can't be encoded became a question mark when it was shown, too.
            texts = [text.encode("utf-8", "replace") for text in numbers]
            kind, shape, values = "STRING", (len(texts),), texts
        else:
            array = np.asarray(numbers)
            kind = "INT64" if array.dtype == np.int64 else "DOUBLE"
            shape, values = array.shape, array.ravel().tolist()
        from onnx import TensorProto

        tensor = self._helper.make_tensor(name, getattr(TensorProto, kind), shape, values)
        self.constants.append(tensor)
        return name

    def call(self, name: str, *operands: Any) -> str:
        """An activation, or an operation of a formula."""
        if name in OPERATORS:
            return self.add(OPERATORS[name], *operands)
        (x,) = operands
        match name:
            case "relu":
                return self.add("Max", x, 0.0)
            case "leaky_relu":
                return self.add("Max", x, self.add("Mul", x, 0.01))
            case "elu":
                below = self.add("Sub", self.add("Exp", self.add("Min", x, 0.0)), 1.0)
                return self.add("Add", self.add("Max", x, 0.0), below)
            case "softplus":
                small = self.add("Exp", self.add("Neg", self.add("Abs", x)))
                return self.add(
                    "Add", self.add("Max", x, 0.0), self.add("Log", self.add("Add", small, 1.0))
                )
            case "silu":
                return self.add("Mul", x, self.add("Sigmoid", x))
            case "gelu":
                cubed = self.add("Mul", self.add("Mul", x, x), self.add("Mul", x, 0.044715))
                inner = self.add("Mul", self.add("Add", x, cubed), float(np.sqrt(2.0 / np.pi)))
                half = self.add("Mul", x, 0.5)
                return self.add("Mul", half, self.add("Add", self.add("Tanh", inner), 1.0))
        return self.add("Identity", x)


def _inputs(graph: _Graph, run: TrainedRun, columns: str) -> str:
    """The network's inputs, of the scaled columns."""
    features = run.state.problem.features
    read = sorted({column for feature in features for column in feature.columns})
    places = {
        f"x{column + 1}": graph.add("Gather", columns, np.array([column]), axis=1)
        for column in read
    }

    def apply(step: Apply, *operands: Any) -> str:
        return graph.call(step.op.name, *operands)

    inputs = [feature.formula.expression.compute(places, apply) for feature in features]
    return graph.add("Concat", *inputs, axis=1)


def _classes(graph: _Graph, names: tuple[str, ...], outputs: str) -> None:
    if len(names) > 2:
        places = graph.add("ArgMax", outputs, axis=1, keepdims=0)
    else:
        is_second = graph.add("Greater", outputs, 0.0)
        number = graph.add("Cast", is_second, to=7)
        places = graph.add("Squeeze", number, np.array([1]))
    graph.add("Gather", names, places, output="classes", axis=0)
