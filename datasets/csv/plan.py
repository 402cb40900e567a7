"""What becomes of a table with some options: its target, its inputs, its rows."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

import numpy as np

from ..dataset import PIXEL_NAME
from ..facts import Task
from ..files import shown
from ..table_options import ColumnKind, TableOptions
from .columns import ColumnData, Reader, has_decimal_comma
from .layout import Cells
from .text import csv_error

MAX_NAMES_SHOWN = 10
MAX_NUMBERED_CLASSES = 10
"""Up to this many different whole numbers are classes, more are a quantity."""

_MIN_UNIQUE = 4
_MOST_MISSING = 0.5
"""Of a target that is guessed."""
_MISSING_NAME = "missing"
_TARGET_NAME = re.compile(r"(?i:target|class|label|outcome|response)( \d+)?")


class ReadTable:
    """A file that was read; what its columns are is found out when it is wanted."""

    def __init__(self, file: Path, cells: Cells) -> None:
        self.file = file
        self.cells = cells
        self._read: dict[tuple[int, ColumnKind | None], ColumnData] = {}

    def column(self, place: int, kind: ColumnKind | None) -> ColumnData:
        """A column, read as what is wanted or fits."""
        key = place, kind
        if key not in self._read:
            layout = self.cells.layout
            name = layout.names[place]
            self._read[key] = Reader(
                name,
                self.cells.columns[place],
                kind=kind,
                decimal_comma=self._has_decimal_comma,
                is_first=place == 0,
                is_unnamed=place in layout.unnamed,
            ).read()
        return self._read[key]

    @cached_property
    def _has_decimal_comma(self) -> bool:
        return has_decimal_comma(self.cells.columns)


class Plan:
    """What becomes of a table with some options.

    Args:
        table: What was read.
        options: What the user decides.

    Attributes:
        columns: What each is.
        target: The column that is learned, from 0.
        target_is_guessed: Whether nobody chose it.
        inputs: The columns that it is learned from.

    Raises:
        CsvError: If an option names a column that does not exist.
    """

    def __init__(self, table: ReadTable, options: TableOptions) -> None:
        self.table = table
        self.options = options
        self.name = table.file.name
        self.names = table.cells.layout.names
        kinds = dict(options.kinds)
        for known in (*kinds, *options.left_out, *options.taken):
            self._place(known)
        self.columns = [
            table.column(place, kinds.get(name)) for place, name in enumerate(self.names)
        ]
        self.target_is_guessed = options.target is None
        self.target = self._guess() if options.target is None else self._place(options.target)
        is_free = self.names[self.target] not in kinds
        if options.task == "classification" and is_free and self.columns[self.target].fault:
            # As classes even what is no number can be learned.
            self.columns[self.target] = table.column(self.target, "category")
        self.inputs = self._inputs_without(self.target)

    def _place(self, name: str) -> int:
        """The column of a name.

        Raises:
            CsvError: If there is none.
        """
        if name.strip() in self.names:
            return self.names.index(name.strip())
        names = ", ".join(shown(column) for column in self.names[:MAX_NAMES_SHOWN])
        hidden = len(self.names) - MAX_NAMES_SHOWN
        more = f" and {hidden} more" if hidden > 0 else ""
        problem = f'there is no column "{shown(name)}"'
        raise csv_error(self.name, None, problem, f"Choose one of: {names}{more}")

    def _guess(self) -> int:
        """The column with the name of a target, else the last that can be one."""
        left_out = {self._place(name) for name in self.options.left_out}
        able = [
            place
            for place, column in enumerate(self.columns)
            if place not in left_out
            and column.can_be_guessed
            and column.missing.mean() <= _MOST_MISSING
            and self._inputs_without(place)
        ]
        named = [place for place in able if _TARGET_NAME.fullmatch(self.names[place])]
        return max(named or able or [len(self.names) - 1])

    def _inputs_without(self, target: int) -> list[int]:
        options = self.options
        wanted = [
            place
            for place, name in enumerate(self.names)
            if place != target and name not in options.left_out
        ]
        useful = [
            place
            for place in wanted
            if (not self.why_out(place) or self.names[place] in options.taken)
            and self.columns[place].kind != "empty"
        ]
        # Of a series, the numbers of its rows are what its values depend on.
        return useful or [k for k in wanted if self.columns[k].is_series]

    def why_out(self, place: int) -> str:
        """Why a column is no input; a picture needs all of its pixels."""
        column = self.columns[place]
        is_pixel = column.kind == "constant" and column.name.startswith(PIXEL_NAME)
        return "" if is_pixel else column.reason

    @cached_property
    def rows(self) -> np.ndarray:
        """Shape (n,), whether each row is learned: its target is there, and what else must be."""
        kept = ~self.columns[self.target].missing
        if self.options.missing == "drop":
            for place in self.inputs:
                kept &= ~self.columns[place].missing
        return np.asarray(kept)

    @property
    def task_is_open(self) -> bool:
        """Whether the target could be learned as classes and as numbers."""
        target = self.columns[self.target]
        if target.is_category or not len(target.numbers):
            return False
        if target.is_quantity or target.kind == "date":
            return False
        distinct = np.unique(target.numbers[self.rows])
        # Where no number comes up again, there is hardly a class to learn.
        is_unique = _MIN_UNIQUE <= len(distinct) == int(self.rows.sum())
        is_few = len(distinct) <= MAX_NUMBERED_CLASSES and not is_unique
        return is_few and bool((distinct % 1 == 0).all())

    @property
    def task(self) -> Task:
        """What is learned: as wanted, or by the target."""
        if self.options.task is not None:
            return self.options.task
        is_numbers = not self.columns[self.target].is_category
        return "regression" if is_numbers and not self.task_is_open else "classification"

    def category_names(self, column: ColumnData) -> tuple[str, ...]:
        """The values of a category, with one for missing cells if there are some."""
        if not (column.missing & self.rows).any():
            return column.categories
        name = _MISSING_NAME
        while name in column.categories:
            name = f"({name})"
        return (*column.categories, name)

    # --- What is said ---------------------------------------------------------------------

    def notes(self, task: Task | None) -> tuple[str, ...]:
        """What was decided, a sentence each."""
        target = self.columns[self.target]
        notes = list(self.table.cells.notes)
        if self.target_is_guessed:
            place = ", the last column" if self.target == len(self.names) - 1 else ""
            notes.append(f'The target is "{shown(target.name)}"{place}.')
        if task == "classification" and self.task_is_open and self.options.task is None:
            n = len(np.unique(target.numbers[self.rows]))
            notes.append(f"It has {n} different whole numbers: they are classes.")
        out = [(column.name, self.why_out(place)) for place, column in enumerate(self.columns)]
        left_out = [
            f"{shown(name)} ({why})"
            for place, (name, why) in enumerate(out)
            if why and place not in self.inputs and place != self.target
        ]
        if left_out:
            more = len(left_out) - MAX_NAMES_SHOWN
            end = f" and {more} more" if more > 0 else ""
            notes.append(f"Left out: {'; '.join(left_out[:MAX_NAMES_SHOWN])}{end}.")
        for used in (*self.inputs, self.target):
            notes += self.columns[used].notes
        if [self.columns[place].is_series for place in self.inputs] == [True]:
            name = shown(self.names[self.inputs[0]])
            notes.append(f'The input "{name}" numbers the rows: there is no other.')
        return (*notes, *self._notes_on_missing())

    def _notes_on_missing(self) -> list[str]:
        notes = []
        if n := int(self.columns[self.target].missing.sum()):
            notes.append(f"{n:,} row{_s(n)} without a target dropped.")
        with_target = ~self.columns[self.target].missing
        if n := int((with_target & ~self.rows).sum()):
            notes.append(f"{n:,} row{_s(n)} with missing cells dropped.")
        if n := sum(int((self.columns[k].missing & self.rows).sum()) for k in self.inputs):
            notes.append(f"{n:,} missing cell{_s(n)} filled.")
        return notes

    def check(self, column: ColumnData, what: str) -> None:
        """Checks that a column can be used.

        Args:
            column: Which one.
            what: "column" or "the target".

        Raises:
            CsvError: If a cell keeps it from that.
        """
        if column.fault is not None:
            line = self.table.cells.lines[column.fault.row]
            problem = f'{what} "{shown(column.name)}" {column.fault.problem}'
            raise csv_error(self.name, line, problem, column.fault.remedy)


def _s(n: int) -> str:
    return "" if n == 1 else "s"
