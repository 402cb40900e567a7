"""The meaning of a target column: classes or numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..dataset import FloatArray, Task
from ..planar import PLAYGROUND_CLASSES
from .layout import MAX_MAGNITUDE, MAX_NAME_LENGTH, Layout, is_number
from .text import CsvError, csv_error, shown

MAX_CLASSES = 100
MAX_NUMBERED_CLASSES = 10
"""Up to this many different whole numbers are classes, more are a quantity."""


@dataclass(frozen=True, eq=False)
class Target:
    """Targets coded as a ``Dataset`` has them, shape (n,); the classes; the task."""

    targets: FloatArray
    classes: tuple[str, ...]
    task: Task


@dataclass(frozen=True)
class TargetColumn:
    """The target column as it is in the file.

    Attributes:
        fields: One text for each row, stripped.
        lines: The line of each row.
        column: The column's name.
        layout: The layout of the file.
        name: The file's name, for messages.
    """

    fields: Sequence[str]
    lines: Sequence[int]
    column: str
    layout: Layout
    name: str

    def error(self, row: int | None, problem: str, remedy: str) -> CsvError:
        """What is wrong with the column in one row, or in all."""
        line = None if row is None else self.lines[row]
        return csv_error(self.name, line, f'the target "{shown(self.column)}" {problem}', remedy)


def read_target(source: TargetColumn, task: Task | None) -> Target:
    """Decides what the targets are and codes them.

    Names are classes. Whole numbers (3 and 3.0 alike) with at most 10 different values are
    classes; other numbers are a quantity. Classes are sorted, by number or by name, but "orange"
    and "blue" keep the playground's order: -1 and +1.

    Args:
        source: The column.
        task: Overrides that rule if given.

    Raises:
        CsvError: If a target is missing or too large, numbers are mixed with names, or there is
            only one class or more than 100.
    """
    _check_present(source)
    are_numbers = [is_number(field, source.layout.number) for field in source.fields]
    if task != "classification" and any(are_numbers) and not all(are_numbers):
        row = are_numbers.index(False)
        problem = f'is "{shown(source.fields[row])}" here but a number elsewhere'
        raise source.error(row, problem, "Use only numbers or only names")
    if task == "regression" and not any(are_numbers):
        problem = "contains names, but regression needs numbers"
        raise source.error(0, problem, "Choose another column as the target")
    if not all(are_numbers):
        return _coded(source, source.fields, sorted(set(source.fields)))
    values = _finite_numbers(source)
    distinct = np.unique(values)
    is_numbered = len(distinct) <= MAX_NUMBERED_CLASSES and bool((distinct % 1 == 0).all())
    if task == "classification" or (task is None and is_numbered):
        names = [_number_name(value) for value in values.tolist()]
        return _coded(source, names, [_number_name(value) for value in distinct.tolist()])
    return Target(values, (), "regression")


def _check_present(source: TargetColumn) -> None:
    for row, field in enumerate(source.fields):
        if not field:
            raise source.error(row, "is empty", "Fill it in or remove the line")
        if len(field) > MAX_NAME_LENGTH:
            raise source.error(row, f"is longer than {MAX_NAME_LENGTH} characters", "Shorten it")


def _finite_numbers(source: TargetColumn) -> FloatArray:
    values = np.fromiter(map(source.layout.number, source.fields), np.float64)
    usable = np.abs(values) < MAX_MAGNITUDE
    if not usable.all():
        row = int(usable.argmin())
        problem = f'is "{shown(source.fields[row])}", which is not a usable number'
        raise source.error(row, problem, "Correct it or remove the line")
    # Adding 0 makes a negative zero positive, so that it is not a class of its own.
    return values + 0.0


def _number_name(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _coded(source: TargetColumn, names: Sequence[str], classes: list[str]) -> Target:
    if len(classes) == 1:
        remedy = "Use at least two classes, or choose another column as the target"
        raise source.error(None, f'is always "{shown(classes[0])}"', remedy)
    if len(classes) > MAX_CLASSES:
        problem = f"has {len(classes):,} classes; the limit is {MAX_CLASSES}"
        raise source.error(None, problem, "Choose another column as the target")
    if set(classes) == set(PLAYGROUND_CLASSES):
        classes = list(PLAYGROUND_CLASSES)
    codes = [-1.0, 1.0] if len(classes) == 2 else [float(code) for code in range(len(classes))]
    code_of = dict(zip(classes, codes, strict=True))
    targets = np.array([code_of[name] for name in names], dtype=np.float64)
    return Target(targets, tuple(classes), "classification")
