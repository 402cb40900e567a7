"""A table as numbers: what it takes to make a ``Dataset`` of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..dataset import Dataset, FloatArray, standard_scaling
from ..facts import MIN_SAMPLES, PLAYGROUND_CLASSES, Task
from ..files import shown
from .columns import MAX_CLASSES, MAX_MAGNITUDE
from .layout import MAX_COLUMNS
from .plan import MAX_NAMES_SHOWN, Plan
from .text import CsvError, csv_error

_MAX_NOTES = 10
_MARGIN = 0.1
"""The share of the data's width that a view adds on each side."""
_MIN_VIEW_SHARE = 0.2
"""A square view is useful if the narrower of two columns fills at least this share of its side."""


@dataclass(frozen=True, eq=False)
class _Target:
    """Targets coded as a ``Dataset`` has them, shape (n,); the classes; the task."""

    targets: FloatArray
    classes: tuple[str, ...]
    task: Task


@dataclass(frozen=True, eq=False)
class _Inputs:
    """The inputs as a ``Dataset`` has them, and which are 0 or 1 for a category."""

    points: FloatArray
    columns: tuple[str, ...]
    groups: tuple[str, ...]
    is_indicator: np.ndarray


def dataset_of(plan: Plan, *, standardise: bool) -> Dataset:
    """The data set of a plan.

    Args:
        plan: What becomes of a table.
        standardise: See ``load_csv``.

    Raises:
        CsvError: If there is something that can't be learned.
    """
    file, cells = plan.table.file, plan.table.cells
    target = plan.columns[plan.target]
    plan.check(target, "the target")
    for place in plan.inputs:
        plan.check(plan.columns[place], "column")
    rows = np.flatnonzero(plan.rows)
    if len(rows) < MIN_SAMPLES:
        n_rows = len(cells.lines)
        problem = f"{len(rows)} of {n_rows:,} rows can be learned, others have missing cells"
        remedy = "Fill in targets first, then other cells, or leave columns out"
        raise csv_error(plan.name, None, problem, remedy)
    if not plan.inputs:
        raise _no_inputs(plan)
    inputs = _inputs(plan, rows)
    learned = _coded(plan, rows)
    sizes = np.abs(inputs.points).sum(axis=1)
    if not (sizes < MAX_MAGNITUDE).all():
        line = cells.lines[int(rows[int(sizes.argmax())])]
        raise csv_error(
            plan.name, line, "the numbers in this line are too large", "Scale them down"
        )
    is_scaled_target = standardise and learned.task == "regression"
    input_shift, input_scale = np.zeros(()), np.ones(())
    target_shift, target_scale = input_shift, input_scale
    if standardise:
        input_shift, input_scale = standard_scaling(inputs.points)
        input_shift = np.where(inputs.is_indicator, 0.0, input_shift)
        input_scale = np.where(inputs.is_indicator, 1.0, input_scale)
    if is_scaled_target:
        target_shift, target_scale = standard_scaling(learned.targets)
    what = "Inputs and target" if is_scaled_target else "Inputs"
    said = [f"{what} standardised on the training samples: mean 0, deviation 1."]
    return Dataset(
        name=shown(_stem(file)),
        points=inputs.points,
        targets=learned.targets,
        columns=inputs.columns,
        groups=inputs.groups,
        classes=learned.classes,
        task=learned.task,
        source=shown(file.name),
        note=" ".join((*_most(plan.notes(learned.task)), *(said if standardise else ()))),
        domain=_view(inputs.points),
        input_shift=input_shift,
        input_scale=input_scale,
        target_shift=float(target_shift),
        target_scale=float(target_scale),
        fits_scaling=standardise,
        file_columns=(target.name, *plan.names),
    )


def _most(notes: tuple[str, ...]) -> tuple[str, ...]:
    """So many notes as a person reads."""
    n_more = len(notes) - _MAX_NOTES
    return notes if n_more <= 0 else (*notes[:_MAX_NOTES], f"{n_more:,} more in its columns.")


def _no_inputs(plan: Plan) -> CsvError:
    out = [f'"{shown(c.name)}" ({c.reason or "you left it out"})' for c in plan.columns]
    del out[plan.target]
    more = len(out) - MAX_NAMES_SHOWN
    end = f" and {more} more" if more > 0 else ""
    problem = f"no column is left as an input: {', '.join(out[:MAX_NAMES_SHOWN])}{end}"
    return csv_error(plan.name, None, problem, "Take one of them, or choose another target")


def _inputs(plan: Plan, rows: np.ndarray) -> _Inputs:
    """The inputs in these rows.

    Raises:
        CsvError: If there are too many.
    """
    parts: list[FloatArray] = []
    columns: list[str] = []
    groups: list[str] = []
    is_indicator: list[bool] = []
    for place in plan.inputs:
        column = plan.columns[place]
        if not column.is_category:
            parts.append(_filled(column.numbers, plan.rows)[rows][:, None])
            columns.append(column.name)
            groups.append(column.name)
            is_indicator.append(False)
            continue
        names = plan.category_names(column)
        codes = np.where(column.missing, len(names) - 1, column.codes)[rows]
        shown_values = range(1, 2) if len(names) == 2 else range(len(names))
        if len(columns) + len(shown_values) > MAX_COLUMNS - 1:
            problem = (
                f'with the {len(names):,} values of "{shown(column.name)}" there are more than '
                f"{MAX_COLUMNS - 1} inputs"
            )
            raise csv_error(plan.name, None, problem, "Leave this column out, or others")
        for value in shown_values:
            parts.append((codes == value).astype(np.float64)[:, None])
            columns.append(
                f"{column.name}={names[value]}"
                if column.kind != "yes/no" or len(names) > 2
                else column.name
            )
            groups.append(column.name)
            is_indicator.append(True)
    points = np.hstack(parts) if parts else np.zeros((len(rows), 0))
    return _Inputs(points, _distinct(columns), tuple(groups), np.array(is_indicator, dtype=bool))


def _coded(plan: Plan, rows: np.ndarray) -> _Target:
    target = plan.columns[plan.target]
    task = plan.task
    if target.is_category:
        if task == "regression":
            remedy = "Choose another column as the target"
            raise _bad_target(plan, rows, "contains names, but regression needs numbers", remedy)
        present = np.unique(target.codes[rows])
        names = [target.categories[code] for code in present.tolist()]
        return _classes(plan, np.searchsorted(present, target.codes[rows]), names)
    values = target.numbers[rows]
    if task == "regression":
        return _Target(values, (), "regression")
    distinct, labels = np.unique(values, return_inverse=True)
    return _classes(plan, labels, [_number_name(value) for value in distinct.tolist()])


def _bad_target(plan: Plan, rows: np.ndarray | None, problem: str, remedy: str) -> CsvError:
    line = None if rows is None else plan.table.cells.lines[int(rows[0])]
    name = plan.names[plan.target]
    return csv_error(plan.name, line, f'the target "{shown(name)}" {problem}', remedy)


def _classes(plan: Plan, labels: np.ndarray, names: list[str]) -> _Target:
    if len(names) == 1:
        remedy = "Use at least two classes, or choose another column as the target"
        raise _bad_target(plan, None, f'is always "{shown(names[0])}"', remedy)
    if len(names) > MAX_CLASSES:
        problem = f"has {len(names):,} classes; the limit is {MAX_CLASSES}"
        raise _bad_target(plan, None, problem, "Choose another column as the target")
    if set(names) == set(PLAYGROUND_CLASSES) and names != list(PLAYGROUND_CLASSES):
        names, labels = list(PLAYGROUND_CLASSES), 1 - labels
    targets = labels.astype(np.float64)
    if len(names) == 2:
        targets = 2.0 * targets - 1.0
    return _Target(targets, tuple(names), "classification")


def _filled(numbers: FloatArray, rows: np.ndarray) -> FloatArray:
    """Numbers with the median of these rows where there is none."""
    gaps = np.isnan(numbers)
    if not gaps.any():
        return numbers
    present = numbers[rows & ~gaps]
    # In the rows that are learned there may be none.
    return np.where(gaps, np.median(present) if len(present) else 0.0, numbers)


def _distinct(names: list[str]) -> tuple[str, ...]:
    known: list[str] = []
    for name in names:
        plain, count = name, 1
        while name in known:
            count += 1
            name = f"{plain} {count}"
        known.append(name)
    return tuple(known)


def _number_name(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _stem(file: Path) -> str:
    stem = file.name.removesuffix(".gz")
    return Path(stem).stem


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
