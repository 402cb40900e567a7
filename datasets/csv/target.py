"""What a target column means: classes or numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..dataset import FloatArray, Task
from ..planar import PLAYGROUND_CLASSES
from .layout import MAX_MAGNITUDE, MAX_NAME_LENGTH, Layout, is_number
from .text import csv_error, shown

MAX_CLASSES = 100
MAX_NUMBERED_CLASSES = 10
"""Up to so many different whole numbers are taken for classes, more for a quantity."""


@dataclass(frozen=True, eq=False)
class Target:
    """Targets coded as a ``Dataset`` has them, shape (n,); the classes; the task."""

    targets: FloatArray
    classes: tuple[str, ...]
    task: Task


@dataclass(frozen=True)
class TargetColumn:
    """The target column as it stands in the file.

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


def read_target(source: TargetColumn, task: Task | None) -> Target:
    """Decides what the targets are and codes them.

    Names are classes. Whole numbers (3 and 3.0 alike) with at most 10 different values are
    classes; other numbers are a quantity. Classes are sorted, by number or by name, but "orange"
    and "blue" keep the playground's order: -1 and +1.

    Args:
        source: The column.
        task: Overrules that rule if given.

    Raises:
        CsvError: If a target is missing or too large, numbers are mixed with names, there is one
            class only or more than 100.
    """
    _check_present(source)
    are_numbers = [is_number(field, source.layout.number) for field in source.fields]
    if task != "classification" and any(are_numbers):
        _check_all_numbers(source, are_numbers)
    if task == "regression" and not any(are_numbers):
        problem = f'the target "{shown(source.column)}" holds names, and regression needs numbers'
        raise csv_error(
            source.name, source.lines[0], problem, "Choose another column as the target"
        )
    if not all(are_numbers):
        return _coded(source, list(source.fields), sorted(set(source.fields)))
    values = _finite_numbers(source)
    distinct = np.unique(values)
    is_numbered = len(distinct) <= MAX_NUMBERED_CLASSES and bool((distinct % 1 == 0).all())
    if task == "classification" or (task is None and is_numbered):
        names = [_number_name(value) for value in values.tolist()]
        return _coded(source, names, [_number_name(value) for value in distinct.tolist()])
    return Target(values, (), "regression")


def _check_present(source: TargetColumn) -> None:
    for field, line in zip(source.fields, source.lines, strict=True):
        if not field:
            problem = f'the target "{shown(source.column)}" is empty'
            raise csv_error(source.name, line, problem, "Fill it in or remove the line")
        if len(field) > MAX_NAME_LENGTH:
            problem = (
                f'the target "{shown(source.column)}" is longer than {MAX_NAME_LENGTH} characters'
            )
            raise csv_error(source.name, line, problem, "Shorten it")


def _check_all_numbers(source: TargetColumn, are_numbers: list[bool]) -> None:
    if all(are_numbers):
        return
    row = are_numbers.index(False)
    problem = (
        f'the target "{shown(source.column)}" is "{shown(source.fields[row])}" here '
        "and a number elsewhere"
    )
    remedy = "Use numbers only or names only"
    raise csv_error(source.name, source.lines[row], problem, remedy)


def _finite_numbers(source: TargetColumn) -> FloatArray:
    values = np.fromiter(map(source.layout.number, source.fields), np.float64)
    usable = np.abs(values) < MAX_MAGNITUDE
    if not usable.all():
        row = int(usable.argmin())
        problem = (
            f'the target "{shown(source.column)}" is "{shown(source.fields[row])}", '
            "which is not a number to learn from"
        )
        raise csv_error(source.name, source.lines[row], problem, "Correct it or remove the line")
    # Adding 0 makes a negative zero positive, so that it is no class of its own.
    return values + 0.0


def _number_name(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _coded(source: TargetColumn, names: list[str], classes: list[str]) -> Target:
    if len(classes) == 1:
        problem = f'every target "{shown(source.column)}" is "{shown(classes[0])}"'
        remedy = "Give it at least two classes, or choose another column as the target"
        raise csv_error(source.name, None, problem, remedy)
    if len(classes) > MAX_CLASSES:
        problem = (
            f'the target "{shown(source.column)}" has {len(classes):,} classes, '
            f"and {MAX_CLASSES} are the limit"
        )
        raise csv_error(source.name, None, problem, "Choose another column as the target")
    if set(classes) == set(PLAYGROUND_CLASSES):
        classes = list(PLAYGROUND_CLASSES)
    codes = [-1.0, 1.0] if len(classes) == 2 else [float(code) for code in range(len(classes))]
    code_of = dict(zip(classes, codes, strict=True))
    targets = np.array([code_of[name] for name in names], dtype=np.float64)
    return Target(targets, tuple(classes), "classification")
