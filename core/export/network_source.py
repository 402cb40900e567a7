"""What the scripts with weights have in common: names, scaling, layers, inputs, predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..expression.expression import PYTHON, Apply, Style, render
from ..training.features import column_features
from .source import array_source, call_source, indented, number_source
from .trained import Layer, TrainedRun

A_CLASS = "The name of a class for each sample."
PREDICT_TWO = "return [CLASSES[int(output > 0.0)] for output in outputs(points)[:, 0]]"
PREDICT_NUMBERS = "return outputs(points)[:, 0].tolist()"

NETWORK = """\
# predict() takes a row of these for each sample, in their own units.
COLUMNS = $columns
CLASSES = $classes

# The network sees (points - INPUT_SHIFT) / INPUT_SCALE.
INPUT_SHIFT = $input_shift
INPUT_SCALE = $input_scale
TARGET_SHIFT = $target_shift
TARGET_SCALE = $target_scale


$functions


# For each layer its weights, its biases and its activation: weight[i, j] leads from i to j.
LAYERS = [
$layers
]
"""
INPUTS = '''\
def features(columns):
    """The network's inputs, of columns that are scaled already."""
$features
'''
PREDICTION = '''\
def predict(points):
    """$predict_doc"""
$predict


if __name__ == "__main__":
    for step in (-1.0, 0.0, 1.0):
        point = INPUT_SHIFT + step * INPUT_SCALE
        print(point.tolist(), predict(point)[0], outputs(point)[0].tolist())
'''
"""The parts that the templates of scripts share: numbers and layers, inputs, predictions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """How a library of arrays writes what a network computes.

    Attributes:
        module: Its name in a script, in which are the functions of formulas.
        activations: The body of each, by its name; also of functions that the module lacks.
        lacks: The functions of formulas that are not in the module.
        stack: Puts inputs side by side, with `{}` for them.
        largest: The numbers of the largest outputs.
    """

    module: str
    activations: Mapping[str, str]
    lacks: tuple[str, ...]
    stack: str
    largest: str

    @property
    def _style(self) -> Style:
        def call(name: str, operand: str) -> str:
            return f"{name if name in self.lacks else f'{self.module}.{name}'}({operand})"

        return Style(PYTHON.signs, PYTHON.number, call, operand_binding=0)

    def parts(self, run: TrainedRun) -> dict[str, str]:
        """The parts of a script, by the names that they have in its template.

        Raises:
            ExportError: If a weight is not finite.
        """
        data, layers = run.dataset, run.layers
        used = {layer.activation for layer in layers} | self._called(run)
        functions = [
            f"def {name}(x):\n    {body}" for name, body in self.activations.items() if name in used
        ]
        doc, predict = self._prediction(run)
        return {
            "facts": run.facts,
            "columns": repr(list(data.columns)),
            "classes": repr(list(data.classes)),
            "input_shift": array_source(data.input_shift),
            "input_scale": array_source(data.input_scale),
            "target_shift": number_source(data.target_shift),
            "target_scale": number_source(data.target_scale),
            "functions": "\n\n\n".join(functions),
            "layers": "\n".join(map(_layer, layers)),
            "features": indented(self._features(run)),
            "predict_doc": doc,
            "predict": indented(predict),
        }

    def _called(self, run: TrainedRun) -> set[str]:
        """The functions that formulas call and the module lacks."""
        formulas = (feature.formula for feature in run.state.problem.features)
        steps = (step for formula in formulas for step in formula.expression.folded)
        return {step.op.name for step in steps if isinstance(step, Apply)} & {*self.lacks}

    def _features(self, run: TrainedRun) -> str:
        """The body of `features(columns)`."""
        features = run.state.problem.features
        if [feature.name for feature in features] == [*column_features(len(run.dataset.columns))]:
            return "return columns"
        read = sorted({column for feature in features for column in feature.columns})
        lines = [f"x{column + 1} = columns[:, {column}]" for column in read]
        inputs = ", ".join(render(f.formula.expression.folded, self._style) for f in features)
        return "\n".join([*lines, f"return {self.stack.format(inputs)}"])

    def _prediction(self, run: TrainedRun) -> tuple[str, str]:
        """What `predict` says, and its body."""
        if run.dataset.task == "regression":
            return "A number for each sample.", PREDICT_NUMBERS
        if run.dataset.n_classes == 2:
            return A_CLASS, PREDICT_TWO
        return A_CLASS, f"return [CLASSES[k] for k in {self.largest}]"


def _layer(layer: Layer) -> str:
    parts = array_source(layer.weight), array_source(layer.bias), layer.activation
    return indented(call_source("", parts) + ",")
