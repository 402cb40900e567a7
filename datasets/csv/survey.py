"""A table as it was understood, before anything is learned from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..facts import Task
from ..files import shown
from ..table_options import ColumnKind
from .coding import dataset_of
from .columns import ColumnData
from .plan import Plan
from .text import CsvError

Role = Literal["input", "target", "left out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        name: Unique in its table.
        kind: "number", "yes/no", "category", "date", "year", "month", "weekday", "text",
            "identifier", "row numbers", "constant" or "empty".
        role: What becomes of it.
        values: Its first three different cells, as they are in the file.
        histogram: Counts in ten equal bins of its numbers, or of its ten commonest values.
        missing: How many of its cells are missing.
        encoding: How the network sees it, as "one input for each of 3 values"; empty if it doesn't.
        reason: Why it is left out; empty if it isn't.
        fault: Why it can't be used as it is, with the line and what to do; empty if it can.
        kinds: What it can be read as, see `TableOptions.kinds`; the first is in force.
    """

    name: str
    kind: str
    role: Role
    values: tuple[str, ...]
    histogram: tuple[int, ...]
    missing: int
    encoding: str = ""
    reason: str = ""
    fault: str = ""
    kinds: tuple[ColumnKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a table contains and what becomes of it.

    Attributes:
        name: The file's name.
        n_rows: Rows that were read, including those that are dropped.
        n_samples: Rows that are learned.
        n_inputs: What the network gets of each; 0 with a fault.
        columns: In the order of the file.
        task: What is learned.
        target: The name of the target column.
        target_is_guessed: Whether nobody chose it.
        task_is_guessed: Whether nobody chose it and it could be the other.
        notes: What was decided, a sentence each.
        fault: Why the table can't be learned with these options; empty if it can.
    """

    name: str
    n_rows: int
    n_samples: int
    n_inputs: int
    columns: tuple[Column, ...]
    task: Task
    target: str
    target_is_guessed: bool
    task_is_guessed: bool
    notes: tuple[str, ...]
    fault: str = ""


def survey_of(plan: Plan) -> Survey:
    """Everything, with what is wrong in words."""
    fault, task, n_inputs = "", plan.task, 0
    try:
        n_inputs = len(dataset_of(plan, standardise=False).columns)
    except CsvError as error:
        fault = str(error)
    return Survey(
        name=plan.name,
        n_rows=len(plan.table.cells.lines),
        n_samples=int(plan.rows.sum()),
        n_inputs=n_inputs,
        columns=tuple(_column(plan, place) for place in range(len(plan.columns))),
        task=task,
        target=plan.names[plan.target],
        target_is_guessed=plan.target_is_guessed,
        task_is_guessed=plan.options.task is None and plan.task_is_open,
        notes=plan.notes(task),
        fault=fault,
    )


def _column(plan: Plan, place: int) -> Column:
    column = plan.columns[place]
    role: Role = "target" if place == plan.target else "left out"
    encoding = reason = ""
    if place in plan.inputs:
        role, encoding = "input", _encoding(plan, column)
    elif role == "target":
        encoding = _target_encoding(plan, column)
    else:
        reason = plan.why_out(place) or "you left it out"
    return Column(
        name=column.name,
        kind=column.kind,
        role=role,
        values=column.examples,
        histogram=column.histogram,
        missing=int(column.missing.sum()),
        encoding=encoding,
        reason=reason,
        fault=_fault_text(plan, column) if column.fault else "",
        kinds=_kinds(plan, place),
    )


def _kinds(plan: Plan, place: int) -> tuple[ColumnKind, ...]:
    """What a column can be read as; the first is in force."""
    offered = plan.table.column(place, None).kinds
    wanted = dict(plan.options.kinds).get(plan.names[place])
    if wanted is None:
        return offered
    return (wanted, *(kind for kind in offered if kind != wanted))


def _encoding(plan: Plan, column: ColumnData) -> str:
    n_missing = int((column.missing & plan.rows).sum())
    if not column.is_category:
        unit = f" in {shown(column.unit)}" if column.unit else ""
        what = "year" if column.kind == "date" else "number"
        filled = ", missing ones the median" if n_missing else ""
        return f"its {what}{unit}{filled}"
    names = plan.category_names(column)
    if len(names) == 2:
        return f"1 for {shown(names[1])}, 0 for {shown(names[0])}"
    return f"one input for each of {len(names)} values"


def _target_encoding(plan: Plan, column: ColumnData) -> str:
    if plan.task == "regression":
        unit = f" in {shown(column.unit)}" if column.unit else ""
        return f"its number{unit}"
    values = column.codes if column.is_category else column.numbers
    if not len(values):
        # An empty column; its fault says so.
        return ""
    return f"{len(np.unique(values[plan.rows]))} classes"


def _fault_text(plan: Plan, column: ColumnData) -> str:
    try:
        plan.check(column, "column")
    except CsvError as error:
        return str(error)
    return ""
