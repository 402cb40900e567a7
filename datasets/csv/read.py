"""Data sets read from the user's own CSV files."""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..dataset import Dataset, FloatArray, Task, standard_scaling
from ..facts import MAX_SAMPLES, MIN_SAMPLES, PLAYGROUND_CLASSES
from ..files import shown
from .layout import (
    MAX_MAGNITUDE,
    MAX_NAME_LENGTH,
    Layout,
    Row,
    as_name,
    find_layout,
    find_target,
    is_number,
    read_rows,
)
from .text import CsvError, csv_error, read_text

MAX_CLASSES = 100
MAX_NUMBERED_CLASSES = 10
"""Up to this many different whole numbers are classes, more are a quantity."""
_MARGIN = 0.1
"""The share of the data's width that a view adds on each side."""
_MIN_VIEW_SHARE = 0.2
"""A square view is useful if the narrower of two columns fills at least this share of its side."""


@dataclass
class _Cells:
    """The rows read so far: inputs in one flat array, targets as text, and the line of each."""

    inputs: array[float] = field(default_factory=lambda: array("d"))
    targets: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def load_csv(
    path: str | os.PathLike[str],
    *,
    target: str | int | None = None,
    task: Task | None = None,
    standardise: bool = True,
) -> Dataset:
    """Reads a data set from a CSV file.

    The file is UTF-8 text, with or without a byte order mark, separated by comma, semicolon or tab,
    with fields quoted or not. It has a header if no field of its first row is a number. All columns
    but the target contain numbers; with semicolon or tab they may have a decimal comma. Blank rows
    are skipped.

    A target of names makes classes. Whole numbers with at most 10 different values make classes
    too; other numbers make a regression. Classes are sorted.

    Limits: 50 MB, 100,000 rows, 256 columns, 100 classes, 100 characters in a name, numbers below
    1e100.

    Args:
        path: A regular file.
        target: The target column by name, or by index as in Python; None is the last.
        task: "classification" or "regression", to override the rule above.
        standardise: Whether the network sees the inputs, and the targets of a regression, with
            mean 0 and deviation 1.

    Returns:
        A data set named after the file, with the numbers of the file. It has a domain if it can be
        drawn: with one input, or with two that fit a square view.

    Raises:
        FileError: If the file can't be read.
        CsvError: If it is not a usable data set; the message is one line that names the file, the
            line if there is one, and what to do.
    """
    file = Path(path)
    text = read_text(file)
    layout = find_layout(text, file.name)
    place = find_target(layout.columns, target, file.name)
    cells = _read_cells(text, layout, place, file.name)
    column = _TargetColumn(cells.targets, cells.lines, layout.columns[place], layout, file.name)
    columns = layout.columns[:place] + layout.columns[place + 1 :]
    points = np.array(cells.inputs, dtype=np.float64).reshape(-1, len(columns))
    return _dataset(file, columns, points, _read_target(column, task), standardise)


def csv_columns(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """The names of all columns of a CSV file, in its order, as ``load_csv`` names them.

    Args:
        path: A regular file.

    Raises:
        FileError: If the file can't be read.
        CsvError: If its first rows are not a table.
    """
    file = Path(path)
    return find_layout(read_text(file), file.name).columns


def _read_cells(text: str, layout: Layout, target: int, name: str) -> _Cells:
    cells = _Cells()
    width = len(layout.columns)
    number = layout.number
    rows = read_rows(text, layout.delimiter, name)
    if layout.has_header:
        next(rows)
    for line, row in rows:
        if len(row) != width:
            problem = f"the number of fields is {len(row):,} here but {width} in the first line"
            raise csv_error(name, line, problem, "Give each line the same number of fields")
        if len(cells.lines) == MAX_SAMPLES:
            problem = f"there are more than {MAX_SAMPLES:,} samples"
            raise csv_error(name, line, problem, "Keep fewer")
        cells.targets.append(as_name(row.pop(target)))
        cells.lines.append(line)
        try:
            values = list(map(number, row))
        except ValueError:
            raise _bad_input((line, row), layout, target, name) from None
        # False for nan and infinity too; one sum is faster than a check of each number.
        if not sum(map(abs, values)) < MAX_MAGNITUDE:
            raise _bad_input((line, row), layout, target, name)
        cells.inputs.extend(values)
    if len(cells.lines) < MIN_SAMPLES:
        found = "is only one sample" if cells.lines else "are no samples below the header"
        raise csv_error(
            name, None, f"there {found}", f"Add more: at least {MIN_SAMPLES} are needed"
        )
    return cells


def _bad_input(row: Row, layout: Layout, target: int, name: str) -> CsvError:
    """The error of the first field of a row that is not a usable number."""
    line, fields = row
    columns = layout.columns[:target] + layout.columns[target + 1 :]
    for column, text in zip(columns, fields, strict=True):
        where = f'column "{shown(column)}"'
        if not text.strip():
            return csv_error(name, line, f"{where} is empty", "Fill it in or remove the line")
        found = f'{where} contains "{shown(text.strip())}"'
        if not is_number(text, layout.number):
            return csv_error(name, line, *_no_number(found, text, layout))
        if not abs(layout.number(text)) < MAX_MAGNITUDE:
            problem = f"{found}, which is not a usable number"
            return csv_error(name, line, problem, "Correct it or remove the line")
    return csv_error(name, line, "the numbers in this line are too large", "Scale them down")


def _no_number(found: str, text: str, layout: Layout) -> tuple[str, str]:
    if layout.decimal_comma and is_number(text.replace(".", ","), layout.number):
        problem = f"{found}, but other numbers in the file have a decimal comma"
        return problem, "Use a comma in all of them, or a point"
    remedy = "Correct it, remove the line, or choose this column as the target"
    if not layout.has_header:
        remedy += "; if the first line is a header, no name in it may be a number"
    return f"{found}, which is not a number", remedy


def _dataset(
    file: Path, columns: tuple[str, ...], points: FloatArray, target: _Target, standardise: bool
) -> Dataset:
    is_scaled_target = standardise and target.task == "regression"
    unscaled = np.zeros(()), np.ones(())
    input_shift, input_scale = standard_scaling(points) if standardise else unscaled
    target_shift, target_scale = standard_scaling(target.targets) if is_scaled_target else unscaled
    what = "Inputs and target" if is_scaled_target else "Inputs"
    return Dataset(
        name=shown(file.stem),
        points=points,
        targets=target.targets,
        columns=columns,
        classes=target.classes,
        task=target.task,
        source=shown(file.name),
        note=f"{what} standardised for the network: mean 0, deviation 1." if standardise else "",
        domain=_view(points),
        input_shift=input_shift,
        input_scale=input_scale,
        target_shift=float(target_shift),
        target_scale=float(target_scale),
    )


def _view(points: FloatArray) -> tuple[float, float] | None:
    """The range of x for one column, or of a square view for two of similar size."""
    if points.shape[1] > 2:
        return None
    low, high = float(points.min()), float(points.max())
    if float(np.ptp(points, axis=0).min()) < _MIN_VIEW_SHARE * (high - low):
        return None
    margin = _MARGIN * (high - low)
    # With a margin lost in rounding, a view shows nothing.
    return (low - margin, high + margin) if low - margin < low < high < high + margin else None


# --- The target column: classes or numbers -------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Target:
    """Targets coded as a ``Dataset`` has them, shape (n,); the classes; the task."""

    targets: FloatArray
    classes: tuple[str, ...]
    task: Task


@dataclass(frozen=True)
class _TargetColumn:
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


def _read_target(source: _TargetColumn, task: Task | None) -> _Target:
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
    return _Target(values, (), "regression")


def _check_present(source: _TargetColumn) -> None:
    for row, text in enumerate(source.fields):
        if not text:
            raise source.error(row, "is empty", "Fill it in or remove the line")
        if len(text) > MAX_NAME_LENGTH:
            raise source.error(row, f"is longer than {MAX_NAME_LENGTH} characters", "Shorten it")


def _finite_numbers(source: _TargetColumn) -> FloatArray:
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


def _coded(source: _TargetColumn, names: Sequence[str], classes: list[str]) -> _Target:
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
    return _Target(targets, tuple(classes), "classification")


# --- The interface that is being built ----------------------------------------------------------


class CsvTable:
    """A file that was read, to be understood with other options without reading it again."""

    def survey(self, options: TableOptions) -> Survey:
        """What the table contains, and what becomes of it with these options.

        Raises:
            CsvError: If an option names a column that does not exist.
        """
        raise NotImplementedError

    def dataset(self, options: TableOptions) -> Dataset:
        """The data set with these options.

        Raises:
            CsvError: If the table is not a usable data set.
        """
        raise NotImplementedError


def read_table(
    path: str | os.PathLike[str],
    *,
    sample: int | None = None,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> CsvTable:
    """Reads a table.

    Args:
        path: A regular file.
        sample: How many rows to draw at random; None for all.
        seed: Decides which.
        progress: Is told the share of the file that was read, 0 to 1.

    Raises:
        FileError: If the file can't be read.
        TooManyRows: If it has more than 100,000 rows and no sample is asked for.
        CsvError: If it is not a table.
    """
    raise NotImplementedError


def survey(path: str | os.PathLike[str], options: TableOptions = TableOptions()) -> Survey:
    """``read_table`` and its survey."""
    return read_table(path, sample=options.sample).survey(options)
