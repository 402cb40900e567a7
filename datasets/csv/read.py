"""Data sets read from the user's own tables."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ..dataset import PIXEL_NAME, Dataset, FloatArray, Task, standard_scaling
from ..facts import MIN_SAMPLES, PLAYGROUND_CLASSES
from ..files import shown
from ..table_options import AS_FOUND, ColumnKind, Progress, TableOptions
from .columns import MAX_CLASSES, MAX_MAGNITUDE, ColumnData, Reader, has_decimal_comma
from .layout import MAX_COLUMNS, Cells, read_cells
from .survey import Column, Role, Survey
from .text import CsvError, csv_error, read_text

MAX_NUMBERED_CLASSES = 10
"""Up to this many different whole numbers are classes, more are a quantity."""
_MIN_UNIQUE = 4
_MAX_NAMES_SHOWN = 10
_MISSING_NAME = "missing"
_TARGET_NAME = re.compile(r"(?i:target|class|label|outcome|response)( \d+)?")
_MARGIN = 0.1
"""The share of the data's width that a view adds on each side."""
_MIN_VIEW_SHARE = 0.2
"""A square view is useful if the narrower of two columns fills at least this share of its side."""


def load_csv(
    path: str | os.PathLike[str],
    options: TableOptions = AS_FOUND,
    *,
    standardise: bool = True,
    seed: int = 0,
    progress: Progress | None = None,
) -> Dataset:
    """Reads a data set from a file with a table.

    The file is text, packed with gzip or not, in UTF-8 or as a byte order mark or its bytes say;
    the fields are separated by comma, semicolon, tab, bar or blanks, and quoted or not. Numbers may
    have thousands separators, a decimal comma, a currency, a percent sign or one unit. Blank rows
    and comments are skipped.

    Texts of few values become one input for each value, dates become years. Columns that number the
    rows, are always the same, or are different in every row are left out. Missing cells are filled.
    The options change all that.

    The target is the last column that can be one, or the one called target, class, label, outcome
    or response. Names make classes. Whole numbers with at most 10 different values make classes
    too; other numbers make a regression. Classes are sorted.

    Limits: 250 MB, 100,000 rows, 256 columns, 100 classes, 100 characters in a name, numbers below
    1e100.

    Args:
        path: A regular file.
        options: What to do otherwise.
        standardise: Whether the network sees numbers, and the targets of a regression, with mean 0
            and deviation 1; what is 0 or 1 for a category stays.
        seed: Decides the rows of a sample.
        progress: Is told the share of the file that was read, 0 to 1.

    Returns:
        A data set named after the file, with the numbers of the file. It has a domain if it can be
        drawn: with one input, or with two that fit a square view.

    Raises:
        FileError: If the file can't be read.
        CsvError: If it is not a usable data set; the message is one line that names the file, the
            line and the column if there is one, and what to do.
    """
    table = read_table(path, sample=options.sample, seed=seed, progress=progress)
    return table.dataset(options, standardise=standardise)


def survey(path: str | os.PathLike[str], options: TableOptions = AS_FOUND) -> Survey:
    """What a file with a table contains, and what ``load_csv`` makes of it.

    Raises:
        FileError: If the file can't be read.
        CsvError: If it is not a table, or an option names a column that does not exist.
    """
    return read_table(path, sample=options.sample).survey(options)


def read_table(
    path: str | os.PathLike[str],
    *,
    sample: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> CsvTable:
    """Reads a file once; what it means with one option or another takes no further reading.

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
    file = Path(path)
    text = read_text(file)
    return CsvTable(file, read_cells(text, file.name, sample=sample, seed=seed, progress=progress))


class CsvTable:
    """A file that was read, to be understood with one option or another."""

    def __init__(self, file: Path, cells: Cells) -> None:
        self.file = file
        self.cells = cells
        self._read: dict[tuple[int, ColumnKind | None], ColumnData] = {}

    def survey(self, options: TableOptions = AS_FOUND) -> Survey:
        """What it contains, and what becomes of it with these options.

        Raises:
            CsvError: If an option names a column that does not exist.
        """
        return _Plan(self, options).survey()

    def dataset(self, options: TableOptions = AS_FOUND, *, standardise: bool = True) -> Dataset:
        """The data set with these options, see ``load_csv``.

        Raises:
            CsvError: If it is not a usable data set.
        """
        return _Plan(self, options).dataset(standardise)

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


@dataclass(frozen=True, eq=False)
class _Target:
    """Targets coded as a ``Dataset`` has them, shape (n,); the classes; the task."""

    targets: FloatArray
    classes: tuple[str, ...]
    task: Task


class _Plan:
    """What becomes of a table with some options."""

    def __init__(self, table: CsvTable, options: TableOptions) -> None:
        self._table = table
        self._options = options
        self._name = table.file.name
        self._names = table.cells.layout.names
        kinds = dict(options.kinds)
        for known in (*kinds, *options.left_out, *options.taken):
            self._place(known)
        self.columns = [
            table.column(place, kinds.get(name)) for place, name in enumerate(self._names)
        ]
        self.target_is_guessed = options.target is None
        self.target = self._guess() if options.target is None else self._place(options.target)
        is_free = self._names[self.target] not in kinds
        if options.task == "classification" and is_free and self.columns[self.target].fault:
            # As classes even what is no number can be learned.
            self.columns[self.target] = table.column(self.target, "category")
        self.inputs = self._inputs_without(self.target)

    # --- Which column is what ------------------------------------------------------------------

    def _place(self, name: str) -> int:
        """The column of a name.

        Raises:
            CsvError: If there is none.
        """
        if name.strip() in self._names:
            return self._names.index(name.strip())
        names = ", ".join(shown(column) for column in self._names[:_MAX_NAMES_SHOWN])
        hidden = len(self._names) - _MAX_NAMES_SHOWN
        more = f" and {hidden} more" if hidden > 0 else ""
        problem = f'there is no column "{shown(name)}"'
        raise csv_error(self._name, None, problem, f"Choose one of: {names}{more}")

    def _guess(self) -> int:
        """The column with the name of a target, else the last that can be one."""
        last = len(self._names) - 1
        left_out = {self._place(name) for name in self._options.left_out}
        able = [
            place
            for place, column in enumerate(self.columns)
            if place not in left_out
            and column.kind not in ("row numbers", "identifier", "text", "constant", "empty")
            and self._inputs_without(place)
        ]
        named = [place for place in able if _TARGET_NAME.fullmatch(self._names[place])]
        return max(named or able, default=last)

    def _inputs_without(self, target: int) -> list[int]:
        options = self._options
        return [
            place
            for place, name in enumerate(self._names)
            if place != target
            and name not in options.left_out
            and (not self._why_out(place) or name in options.taken)
            and self.columns[place].kind != "empty"
        ]

    def _why_out(self, place: int) -> str:
        """Why a column is no input; a picture needs all of its pixels."""
        column = self.columns[place]
        is_pixel = column.kind == "constant" and column.name.startswith(PIXEL_NAME)
        return "" if is_pixel else column.reason

    # --- Which rows ---------------------------------------------------------------------------

    @cached_property
    def rows(self) -> np.ndarray:
        """Shape (n,), whether each row is learned: its target is there, and what else must be."""
        kept = ~self.columns[self.target].missing
        if self._options.missing == "drop":
            for place in self.inputs:
                kept &= ~self.columns[place].missing
        return np.asarray(kept)

    # --- What is said -------------------------------------------------------------------------

    def notes(self, task: Task | None) -> tuple[str, ...]:
        """What was decided, a sentence each."""
        target = self.columns[self.target]
        notes = list(self._table.cells.notes)
        if self.target_is_guessed:
            place = ", the last column" if self.target == len(self._names) - 1 else ""
            notes.append(f'The target is "{shown(target.name)}"{place}.')
        if task == "classification" and self._task_is_open and self._options.task is None:
            n = len(np.unique(target.numbers[self.rows]))
            notes.append(f"It has {n} different whole numbers: they are classes.")
        out = [(column.name, self._why_out(place)) for place, column in enumerate(self.columns)]
        left_out = [
            f"{shown(name)} ({why})"
            for place, (name, why) in enumerate(out)
            if why and place not in self.inputs and place != self.target
        ]
        if left_out:
            more = len(left_out) - _MAX_NAMES_SHOWN
            end = f" and {more} more" if more > 0 else ""
            notes.append(f"Left out: {'; '.join(left_out[:_MAX_NAMES_SHOWN])}{end}.")
        for used in (*self.inputs, self.target):
            notes += self.columns[used].notes
        return (*notes[:_MAX_NAMES_SHOWN], *self._notes_on_missing())

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

    @property
    def _task_is_open(self) -> bool:
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

    # --- The survey ---------------------------------------------------------------------------

    def survey(self) -> Survey:
        """Everything, with what is wrong in words."""
        fault, task = "", self._task
        n_inputs = 0
        try:
            n_inputs = len(self._inputs(np.ones(0, dtype=np.int64)).columns)
            self.dataset(standardise=False)
        except CsvError as error:
            fault = str(error)
        return Survey(
            name=self._name,
            n_rows=len(self._table.cells.lines),
            n_samples=int(self.rows.sum()),
            n_inputs=n_inputs,
            columns=tuple(map(self._column, range(len(self.columns)))),
            task=task,
            target=self._names[self.target],
            target_is_guessed=self.target_is_guessed,
            task_is_guessed=self._options.task is None and self._task_is_open,
            notes=self.notes(task),
            fault=fault,
        )

    @property
    def _task(self) -> Task:
        if self._options.task is not None:
            return self._options.task
        is_numbers = not self.columns[self.target].is_category
        return "regression" if is_numbers and not self._task_is_open else "classification"

    def _column(self, place: int) -> Column:
        column = self.columns[place]
        role: Role = "target" if place == self.target else "left out"
        encoding = reason = ""
        if place in self.inputs:
            role, encoding = "input", self._encoding(column)
        elif role == "target":
            encoding = self._target_encoding(column)
        else:
            reason = self._why_out(place) or "you left it out"
        return Column(
            name=column.name,
            kind=column.kind,
            role=role,
            values=column.examples,
            histogram=column.histogram,
            missing=int(column.missing.sum()),
            encoding=encoding,
            reason=reason,
            fault=self._fault_text(column) if column.fault else "",
            kinds=self._kinds(place),
        )

    def _kinds(self, place: int) -> tuple[ColumnKind, ...]:
        """What a column can be read as; the first is in force."""
        offered = self._table.column(place, None).kinds
        wanted = dict(self._options.kinds).get(self._names[place])
        if wanted is None:
            return offered
        return (wanted, *(kind for kind in offered if kind != wanted))

    def _encoding(self, column: ColumnData) -> str:
        n_missing = int((column.missing & self.rows).sum())
        if not column.is_category:
            unit = f" in {shown(column.unit)}" if column.unit else ""
            what = "year" if column.kind == "date" else "number"
            filled = ", missing ones the median" if n_missing else ""
            return f"its {what}{unit}{filled}"
        names = self._category_names(column)
        if len(names) == 2:
            return f"1 for {shown(names[1])}, 0 for {shown(names[0])}"
        return f"one input for each of {len(names)} values"

    def _target_encoding(self, column: ColumnData) -> str:
        if self._task == "regression":
            unit = f" in {shown(column.unit)}" if column.unit else ""
            return f"its number{unit}"
        values = column.codes if column.is_category else column.numbers
        return f"{len(np.unique(values[self.rows]))} classes"

    # --- The data set -------------------------------------------------------------------------

    def dataset(self, standardise: bool) -> Dataset:
        """The data set.

        Raises:
            CsvError: If there is something that can't be learned.
        """
        file, cells = self._table.file, self._table.cells
        target = self.columns[self.target]
        self._check(target, "the target")
        for place in self.inputs:
            self._check(self.columns[place], "column")
        rows = np.flatnonzero(self.rows)
        if len(rows) < MIN_SAMPLES:
            n_rows = len(cells.lines)
            problem = f"{len(rows)} of {n_rows:,} rows can be learned, others have missing cells"
            remedy = "Fill in targets first, then other cells, or leave columns out"
            raise csv_error(self._name, None, problem, remedy)
        if not self.inputs:
            raise self._no_inputs()
        inputs = self._inputs(rows)
        learned = self._coded(rows)
        sizes = np.abs(inputs.points).sum(axis=1)
        if not (sizes < MAX_MAGNITUDE).all():
            line = cells.lines[int(rows[int(sizes.argmax())])]
            raise csv_error(
                self._name, line, "the numbers in this line are too large", "Scale them down"
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
        said = [f"{what} standardised for the network: mean 0, deviation 1."] if standardise else []
        return Dataset(
            name=shown(_stem(file)),
            points=inputs.points,
            targets=learned.targets,
            columns=inputs.columns,
            groups=inputs.groups,
            classes=learned.classes,
            task=learned.task,
            source=shown(file.name),
            note=" ".join((*self.notes(learned.task), *said)),
            domain=_view(inputs.points),
            input_shift=input_shift,
            input_scale=input_scale,
            target_shift=float(target_shift),
            target_scale=float(target_scale),
        )

    def _check(self, column: ColumnData, what: str) -> None:
        if column.fault is not None:
            line = self._table.cells.lines[column.fault.row]
            problem = f'{what} "{shown(column.name)}" {column.fault.problem}'
            raise csv_error(self._name, line, problem, column.fault.remedy)

    def _fault_text(self, column: ColumnData) -> str:
        try:
            self._check(column, "column")
        except CsvError as error:
            return str(error)
        return ""

    def _no_inputs(self) -> CsvError:
        out = [f'"{shown(c.name)}" ({c.reason or "you left it out"})' for c in self.columns]
        del out[self.target]
        more = len(out) - _MAX_NAMES_SHOWN
        end = f" and {more} more" if more > 0 else ""
        problem = f"no column is left as an input: {', '.join(out[:_MAX_NAMES_SHOWN])}{end}"
        return csv_error(self._name, None, problem, "Take one of them, or choose another target")

    # --- Inputs -------------------------------------------------------------------------------

    def _category_names(self, column: ColumnData) -> tuple[str, ...]:
        """The values of a category, with one for missing cells if there are some."""
        if not (column.missing & self.rows).any():
            return column.categories
        name = _MISSING_NAME
        while name in column.categories:
            name = f"({name})"
        return (*column.categories, name)

    def _inputs(self, rows: np.ndarray) -> _Inputs:
        """The inputs in these rows.

        Raises:
            CsvError: If there are too many.
        """
        parts: list[FloatArray] = []
        columns: list[str] = []
        groups: list[str] = []
        is_indicator: list[bool] = []
        for place in self.inputs:
            column = self.columns[place]
            if not column.is_category:
                parts.append(_filled(column.numbers, self.rows)[rows][:, None])
                columns.append(column.name)
                groups.append(column.name)
                is_indicator.append(False)
                continue
            names = self._category_names(column)
            codes = np.where(column.missing, len(names) - 1, column.codes)[rows]
            shown_values = range(1, 2) if len(names) == 2 else range(len(names))
            if len(columns) + len(shown_values) > MAX_COLUMNS - 1:
                problem = (
                    f'with the {len(names):,} values of "{shown(column.name)}" there are more than '
                    f"{MAX_COLUMNS - 1} inputs"
                )
                raise csv_error(self._name, None, problem, "Leave this column out, or others")
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
        return _Inputs(
            points, _distinct(columns), tuple(groups), np.array(is_indicator, dtype=bool)
        )

    # --- The target ---------------------------------------------------------------------------

    def _coded(self, rows: np.ndarray) -> _Target:
        target = self.columns[self.target]
        task = self._task
        if target.is_category:
            if task == "regression":
                remedy = "Choose another column as the target"
                raise self._bad_target(rows, "contains names, but regression needs numbers", remedy)
            present = np.unique(target.codes[rows])
            names = [target.categories[code] for code in present.tolist()]
            return self._classes(np.searchsorted(present, target.codes[rows]), names)
        values = target.numbers[rows]
        if task == "regression":
            return _Target(values, (), "regression")
        distinct, labels = np.unique(values, return_inverse=True)
        return self._classes(labels, [_number_name(value) for value in distinct.tolist()])

    def _bad_target(self, rows: np.ndarray | None, problem: str, remedy: str) -> CsvError:
        line = None if rows is None else self._table.cells.lines[int(rows[0])]
        name = self._names[self.target]
        return csv_error(self._name, line, f'the target "{shown(name)}" {problem}', remedy)

    def _classes(self, labels: np.ndarray, names: list[str]) -> _Target:
        if len(names) == 1:
            remedy = "Use at least two classes, or choose another column as the target"
            raise self._bad_target(None, f'is always "{shown(names[0])}"', remedy)
        if len(names) > MAX_CLASSES:
            problem = f"has {len(names):,} classes; the limit is {MAX_CLASSES}"
            raise self._bad_target(None, problem, "Choose another column as the target")
        if set(names) == set(PLAYGROUND_CLASSES) and names != list(PLAYGROUND_CLASSES):
            names, labels = list(PLAYGROUND_CLASSES), 1 - labels
        targets = labels.astype(np.float64)
        if len(names) == 2:
            targets = 2.0 * targets - 1.0
        return _Target(targets, tuple(names), "classification")


@dataclass(frozen=True, eq=False)
class _Inputs:
    """The inputs as a ``Dataset`` has them, and which are 0 or 1 for a category."""

    points: FloatArray
    columns: tuple[str, ...]
    groups: tuple[str, ...]
    is_indicator: np.ndarray


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


def _s(n: int) -> str:
    return "" if n == 1 else "s"


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
