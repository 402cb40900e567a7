"""Values as Python source: evaluated, it gives the same value to the bit.

Names come from users and from files. They get into a script by `repr` alone, which has no line
break and no quotation mark that could end it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ...datasets.dataset import Dataset
from ..expression.expression import PYTHON, Style, render
from ..training.features import Feature, column_features
from .trained import TrainedRun

MOST_OF_A_LINE = 92


def number_source(number: float) -> str:
    """A float."""
    return repr(float(number)) if math.isfinite(number) else f'float("{number}")'


def array_source(array: NDArray[np.generic]) -> str:
    """An array of floats, whole numbers or truth values, each row on a line of its own."""
    kind = "" if array.dtype == np.float64 else f", dtype=np.{array.dtype}"
    return f"np.array({_rows(array.tolist())}{kind})"


def _rows(numbers: object) -> str:
    match numbers:
        case [[*_], *_]:
            rows = ",\n    ".join(_rows(row) for row in numbers)
            return f"[\n    {rows},\n]"
        case [*parts]:
            return f"[{', '.join(map(_rows, parts))}]"
        case float():
            return number_source(numbers)
    return repr(numbers)


def call_source(name: str, arguments: Iterable[str]) -> str:
    """A call, one argument a line where one line is too short."""
    parts = list(arguments)
    line = f"{name}({', '.join(parts)})"
    if len(line) <= MOST_OF_A_LINE and "\n" not in line:
        return line
    # No text in it has a line break: `repr` writes none.
    body = "".join(f"{part},\n" for part in parts)
    return f"{name}(\n{indented(body)})"


def indented(text: str) -> str:
    """A text one level deeper."""
    return "".join(f"    {line}" for line in text.splitlines(keepends=True))


# --- What the scripts have in common -----------------------------------------------------------


def scaling_source(dataset: Dataset) -> dict[str, str]:
    """The data set's names and scaling, by the names that they have in the templates."""
    return {
        "columns": repr(list(dataset.columns)),
        "classes": repr(list(dataset.classes)),
        "input_shift": array_source(dataset.input_shift),
        "input_scale": array_source(dataset.input_scale),
        "target_shift": number_source(dataset.target_shift),
        "target_scale": number_source(dataset.target_scale),
    }


def formula_style(module: str, own: Mapping[str, str]) -> Style:
    """How a formula is written with the functions of a module.

    Args:
        module: Its name in the script.
        own: The functions that the script defines itself, by their names in a formula.
    """
    return Style(
        signs=PYTHON.signs,
        number=PYTHON.number,
        call=lambda name, operand: f"{own.get(name, f'{module}.{name}')}({operand})",
        operand_binding=0,
    )


def features_source(run: TrainedRun, style: Style, stack: str) -> str:
    """The body of `features(columns)`, indented.

    Args:
        run: Whose inputs they are.
        style: How formulas are written.
        stack: Puts the inputs side by side, with `{}` for them.
    """
    features = run.state.problem.features
    if [feature.name for feature in features] == [*column_features(len(run.dataset.columns))]:
        return "    return columns"
    read = sorted({column for feature in features for column in feature.columns})
    lines = [f"x{column + 1} = columns[:, {column}]" for column in read]
    inputs = ", ".join(render(f.formula.expression.folded, style) for f in features)
    lines.append(f"return {stack.format(inputs)}")
    return "\n".join(f"    {line}" for line in lines)


def functions_in(features: Iterable[Feature]) -> set[str]:
    """The functions that formulas call."""
    steps = (step for feature in features for step in feature.formula.expression.folded)
    return {op.name for step in steps if (op := getattr(step, "op", None)) is not None}
