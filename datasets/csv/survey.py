"""A table as it was understood, before anything is learned from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..dataset import Task
from ..table_options import ColumnKind

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
        n_inputs: What the network gets of each.
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
