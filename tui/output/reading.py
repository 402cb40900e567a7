"""What the border of the output pane says: what is shown, how good it is, one sample's output."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ...core import Snapshot
from ...core.training import predicted_classes, trace_point
from ...datasets import Dataset, FloatArray
from ..drawing.numbers import signed
from ..selection import Point, Unit
from .look import Look
from .report import fit_of

_NUMBER_WIDTH = 7


def name_of(snapshot: Snapshot, look: Look) -> tuple[str, str]:
    """What is shown, for the title: in full and in brief."""
    unit, drawing = look.unit, ", drawing" if look.brush is not None else ""
    if unit is None:
        return (f"Output{drawing}",) * 2
    if unit.column == 0:
        return (f"Input {snapshot.input_names[unit.unit]}{drawing}",) * 2
    is_last = unit.column == len(snapshot.sizes) - 1
    layer = "output" if is_last else f"layer {unit.column}"
    neuron = f"{layer}, neuron {unit.unit}"
    whose = neuron.replace("output", "the output layer")
    activation = snapshot.shown_activations[unit.column - 1]
    return f"Output of {whose} ({activation}){drawing}", neuron


def score(snapshot: Snapshot) -> list[str]:
    """How well it does on the test samples: briefly, and in full for where there is room."""
    has_tests = len(snapshot.test_rows) > 0
    rows = snapshot.test_rows if has_tests else snapshot.train_rows
    part = "test" if has_tests else "training"
    if snapshot.dataset.task == "regression":
        r_squared = f"R^2 {fit_of(snapshot, rows).r_squared:.3f}"
        return [r_squared, f"{r_squared} on {len(rows):,} {part} samples"]
    e = snapshot.evaluation
    share = e.test_accuracy if has_tests else e.train_accuracy
    wrong = round((1.0 - (share or 0.0)) * len(rows))
    of = f"{wrong:,} of {len(rows):,}"
    return [f"{of} wrong", f"{of} {part} samples wrong"]


def read_row(snapshot: Snapshot, row: int, unit: Unit | None) -> list[str]:
    """A sample: where it is, what comes out, and whether that is correct; the last matters most.

    Args:
        snapshot: Whose network computes.
        row: The sample's.
        unit: The unit that is selected, whose output is given too.
    """
    dataset = snapshot.dataset
    point = tuple(dataset.points[row].tolist())
    outputs = snapshot.outputs[row]
    start = _start(snapshot, point, unit)
    if dataset.task == "regression":
        output, true = float(dataset.from_network(outputs)[0]), float(dataset.targets[row])
        return [*start, f"output {_number(output)}", f"true {_number(true)}"]
    label, predicted = int(dataset.labels[row]), int(predicted_classes(outputs))
    verdict = "correct" if label == predicted else f"wrong, is {dataset.classes[label]}"
    return [*start, *_output(outputs, unit), f"{dataset.classes[predicted]}: {verdict}"]


def read_place(snapshot: Snapshot, point: Point, unit: Unit | None) -> list[str]:
    """A place of a plane or a line: where it is, and what comes out; the last matters most.

    Args:
        snapshot: Whose network computes.
        point: One number a column.
        unit: The unit that is selected, whose output is given too.
    """
    dataset = snapshot.dataset
    outputs = trace_point(snapshot, point).outputs[-1]
    start = _start(snapshot, point, unit)
    if dataset.task == "regression":
        return [*start, f"output {_number(output_at(snapshot, point))}"]
    predicted = int(predicted_classes(outputs))
    return [*start, *_output(outputs, unit), dataset.classes[predicted]]


@lru_cache(maxsize=4)
def row_of(dataset: Dataset, point: Point) -> int | None:
    """The row of a sample with these inputs; None if there is none."""
    same = np.flatnonzero((dataset.points == np.array(point)).all(axis=1))
    return int(same[0]) if len(same) else None


def output_at(snapshot: Snapshot, point: Point) -> float:
    """The network's first output at a place, in the targets' units."""
    outputs = trace_point(snapshot, point).outputs[-1]
    with np.errstate(all="ignore"):
        return float(snapshot.dataset.from_network(outputs)[0])


def _start(snapshot: Snapshot, point: Point, unit: Unit | None) -> list[str]:
    """The coordinates, if they are few, and the output of a unit."""
    columns = snapshot.dataset.columns
    shown = zip(columns, point, strict=True) if len(columns) <= 2 else ()
    items = [f"{name} {value:.3g}" for name, value in shown]
    if unit is not None:
        value = trace_point(snapshot, point).outputs[unit.column][unit.unit]
        items.append(f"neuron {_number(float(value))}")
    return items


def _output(outputs: FloatArray, unit: Unit | None) -> list[str]:
    """The number that decides; beside a unit's, or of many classes, the name says enough."""
    if unit is not None or len(outputs) > 1:
        return []
    return [f"output {_number(float(outputs[0]))}"]


def _number(value: float) -> str:
    return signed(value, _NUMBER_WIDTH)
