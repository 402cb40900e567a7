"""What the user decides about a table: its target, its inputs, and what becomes of its cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from .facts import Task

Progress = Callable[[float], None]
"""Is told the share of a file that was read, 0 to 1."""
Missing = Literal["fill", "drop"]
ColumnKind = Literal[
    "number", "decimal comma", "category", "date", "day first", "year", "month", "weekday"
]
"""What the cells of a column can be read as. "decimal comma" and "day first" settle what numbers
and dates leave open; "year", "month" and "weekday" are parts of a date."""

MISSING: tuple[Missing, ...] = get_args(Missing)
COLUMN_KINDS: tuple[ColumnKind, ...] = get_args(ColumnKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """What the user decides about a table; the defaults leave everything to the evidence.

    Attributes:
        target: The target column by name; None to guess.
        left_out: Names of columns that are no inputs.
        taken: Names of columns that would be left out and are inputs all the same.
        missing: Whether missing cells are filled (with the median, or as a category of their own)
            or their rows dropped.
        task: None to decide by the target.
        kinds: What columns are read as, by name.
        sample: Read only so many of the rows, drawn at random; None for all.
    """

    target: str | None = None
    left_out: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    missing: Missing = "fill"
    task: Task | None = None
    kinds: tuple[tuple[str, ColumnKind], ...] = ()
    sample: int | None = None


AS_FOUND = TableOptions()
"""Nothing is decided by the user."""
