"""What the network makes of one point, in one line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...core import Snapshot
from ...core.training import predicted_classes, trace_point
from ..drawing.numbers import signed
from ..selection import Point, Unit

FloatArray = NDArray[np.float64]

_NUMBER_WIDTH = 7


def read_row(snapshot: Snapshot, row: int, unit: Unit | None) -> str:
    """A point of the data: where it is, what comes out, and whether that is right.

    Args:
        snapshot: Whose network computes.
        row: The point's row.
        unit: The unit that is selected, whose output is told too.
    """
    dataset = snapshot.dataset
    point = tuple(dataset.points[row].tolist())
    outputs = snapshot.outputs[row]
    start = _start(snapshot, point, unit)
    if dataset.task == "regression":
        predicted, true = float(dataset.from_network(outputs)[0]), float(dataset.targets[row])
        return f"{start}output {_number(predicted)}  true {_number(true)}"
    label, told = int(dataset.labels[row]), int(predicted_classes(outputs))
    verdict = "right" if label == told else f"wrong, is {dataset.classes[label]}"
    return f"{start}{_output(outputs, unit)}{dataset.classes[told]}: {verdict}"


def read_place(snapshot: Snapshot, point: Point, unit: Unit | None) -> str:
    """A place of a plane or a line: where it is, and what comes out.

    Args:
        snapshot: Whose network computes.
        point: One number a column.
        unit: The unit that is selected, whose output is told too.
    """
    dataset = snapshot.dataset
    outputs = trace_point(snapshot, point).outputs[-1]
    start = _start(snapshot, point, unit)
    if dataset.task == "regression":
        return f"{start}output {_number(output_at(snapshot, point))}"
    told = int(predicted_classes(outputs))
    return f"{start}{_output(outputs, unit)}{dataset.classes[told]}"


def output_at(snapshot: Snapshot, point: Point) -> float:
    """The network's first output at a place, in the targets' units."""
    outputs = trace_point(snapshot, point).outputs[-1]
    with np.errstate(all="ignore"):
        return float(snapshot.dataset.from_network(outputs)[0])


def _start(snapshot: Snapshot, point: Point, unit: Unit | None) -> str:
    """The coordinates, where they are few, and the output of a unit."""
    columns = snapshot.dataset.columns
    shown = zip(columns, point, strict=True) if len(columns) <= 2 else ()
    text = "".join(f"{name} {value:.3g}  " for name, value in shown)
    if unit is not None:
        value = trace_point(snapshot, point).outputs[unit.column][unit.unit]
        text += f"neuron {_number(float(value))}  "
    return text


def _output(outputs: FloatArray, unit: Unit | None) -> str:
    """The number that decides; beside a unit's, or of many classes, the name says enough."""
    if unit is not None or len(outputs) > 1:
        return ""
    return f"output {_number(float(outputs[0]))}  "


def _number(value: float) -> str:
    return signed(value, _NUMBER_WIDTH)
