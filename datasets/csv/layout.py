"""The layout of a table's text: comments, delimiter, header; and its rows.

``csv.Sniffer`` is not used: it takes the comma of "1,5;2,5;a" for the delimiter.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TypeVar

from ..facts import MAX_SAMPLES, MIN_SAMPLES
from ..files import printable, shown
from ..table_options import Progress
from .dates import dated
from .numbers import MISSING, hours_of, is_number
from .plain import PlainRows, Row, plain_rows
from .text import Text, csv_error

MAX_COLUMNS = 256
MAX_NAME_LENGTH = 100
MAX_CELLS = 10_000_000
"""More would not fit into memory as texts."""
MAX_LINE_LENGTH = 1_000_000
"""A longer line is refused before it becomes more fields than memory holds."""
MAX_LINES = 3_000_000
"""Counting blank lines and those inside quotes; a longer file is refused."""

_COMMENT = "#"
_BLANKS = " "
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 50
_MOST_PREAMBLE = 20
_LINES_AT_A_TIME = 20_000
_BLANK = re.compile(r"\s")
_WORDS = re.compile(r'"(?:[^"]|"")*"|[^\s"]\S*')
_NOTHING = re.compile(rb"[ \t\n,;|]*")
_NO_TABLE = "Add a line of numbers for each sample, with the target last"

_Item = TypeVar("_Item", Row, int)


@dataclass
class Layout:
    """What it takes to read the rows of a table.

    Attributes:
        delimiter: Comma, semicolon, tab or bar; a blank for one or more.
        first_line: The line where the table begins, from 1: before it are comments and titles.
        names: Of the columns; generated where there is no header.
        unnamed: Those without a name in the header, numbered from 0.
        has_header: Whether its first row contains the names.
        has_row_names: Whether the rows have one field more than the header, in front.
        notes: What was decided, a sentence each.
    """

    delimiter: str
    first_line: int = 1
    names: tuple[str, ...] = ()
    unnamed: tuple[int, ...] = ()
    has_header: bool = False
    has_row_names: bool = False
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Cells:
    """The rows that were read, column by column; and how many were to be drawn, None for all."""

    layout: Layout
    columns: list[tuple[str, ...]]
    lines: list[int]
    notes: tuple[str, ...]
    sample: int | None = None


def read_cells(
    text: Text,
    name: str,
    *,
    sample: int | None = None,
    offered: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Cells:
    """Reads the cells of a table.

    Args:
        text: Not blank.
        name: The file's name, for messages.
        sample: How many rows to draw at random; None for all.
        offered: How many to draw if there are too many for all.
        seed: Decides which.
        progress: Is told the share of the text that was read.

    Raises:
        CsvError: If it is not a table, or has more than 100,000 rows and no sample is asked for or
            offered.
    """
    if text.data.count(b"\n") > MAX_LINES:
        problem = f"the file has more than {MAX_LINES:,} lines"
        raise csv_error(name, MAX_LINES + 1, problem, "Keep fewer of them")
    layout = find_layout(text.data, name)
    body = _Body(text.data, layout, name, progress)
    most = min(MAX_SAMPLES, MAX_CELLS // len(layout.names))
    if sample is not None and not MIN_SAMPLES <= sample <= most:
        problem = f"a sample of {sample:,} rows is impossible"
        raise csv_error(name, None, problem, f"Take from {MIN_SAMPLES} to {most:,}")
    if sample is None and (line := body.line_after(most)) is not None:
        if offered is None:
            problem = f"there are more than {most:,} samples"
            remedy = f"Keep fewer, or read a sample of them: --sample {most}"
            raise csv_error(name, line, problem, remedy)
        sample = min(offered, most)
    if sample is None:
        rows = body.all()
    else:
        rows = body.drawn(sample, random.Random(seed))
        body.notes.append(f"{len(rows):,} of {body.n_rows:,} rows drawn at random.")
    if len(rows) < MIN_SAMPLES:
        found = "is only one sample" if rows else "are no samples below the header"
        remedy = f"Add more: at least {MIN_SAMPLES} are needed"
        raise csv_error(name, None, f"there {found}", remedy)
    if progress is not None:
        progress(1.0)
    lines = [line for line, _ in rows]
    columns = list(zip(*(row for _, row in rows), strict=True))
    notes = (*text.notes, *layout.notes, *body.notes, *body.said())
    return Cells(layout, columns, lines, notes, sample)


def as_name(field: str) -> str:
    """A field as a name: on one line, all of it visible, without blanks around it."""
    return printable(_BLANK.sub(" ", field.strip()))


# --- The layout --------------------------------------------------------------------------------


def find_layout(data: bytes, name: str) -> Layout:
    """Reads the layout from the first rows of a text.

    Comments and titles above the table are skipped. The delimiter is the one that splits the first
    rows into the same number of fields, and leaves the largest share of numbers. The first row is a
    header if none of its fields is a number and they don't come up again below, or if most are
    names above columns of numbers. Columns without a name are called "column 1" and so on.

    Raises:
        CsvError: If there is only one column, or there are too many.
    """
    begin = len(_NOTHING.match(data)[0])  # type: ignore[index]
    if begin == len(data):
        raise csv_error(name, None, "the file contains only delimiters", _NO_TABLE)
    blank = data.count(b"\n", 0, begin)
    comments = _comments(data, blank)
    skipped = blank + len(comments)
    layouts = [_tried(data, delimiter, skipped) for delimiter in (*_DELIMITERS, _BLANKS)]
    fit = max(layouts[:-1], key=lambda tried: tried.fitness)
    if not fit.is_consistent and layouts[-1].is_consistent:
        fit = layouts[-1]
    if not fit.rows:
        # Without rows there is nothing, or what can't be split; then this says where.
        next(_rows(_lines(data, skipped), fit.delimiter, name, skipped), None)
        raise csv_error(name, skipped + 1, "no table begins here", _NO_TABLE)
    layout = Layout(fit.delimiter)
    rows = _without_titles(fit, layout)
    line, first = rows[0]
    width = len(first) if len(rows) == 1 else len(_trimmed(rows[1][1], len(first)))
    if width < 2:
        problem = "there is only one column"
        remedy = "Separate inputs and target by comma, semicolon or tab"
        raise csv_error(name, line, problem, remedy)
    if width > MAX_COLUMNS:
        problem = f"there are {width:,} columns; the limit is {MAX_COLUMNS}"
        raise csv_error(name, line, problem, "Remove some")
    below = [row for _, row in rows[1:] if len(row) == width]
    if _are_sizes(first, below):
        layout.notes.append(f"Line {line} has sizes, not names.")
        (line, first), below = rows[1], below[1:]
    layout.first_line = line
    if layout.has_row_names:
        layout.has_header = True
        layout.notes.append(f"Line {line} has no name for the first column.")
        first = ["", *first]
    else:
        first = _trimmed(first, width)
        layout.has_header = _is_header(first, below)
    if layout.has_header:
        layout.unnamed = tuple(k for k, field in enumerate(first) if not field.strip())
    if not layout.has_header and comments:
        _take_header_from_comment(comments[-1], width, layout)
    else:
        layout.names = _names(first if layout.has_header else [""] * width, layout)
    return layout


@dataclass
class _Tried:
    """The first rows as a delimiter splits them."""

    delimiter: str
    rows: list[Row]
    width: int

    @property
    def is_consistent(self) -> bool:
        """Whether it splits all but a few rows above into the same number of fields, 2 or more."""
        return self.width > 1 and self._share > 0.5

    @property
    def _share(self) -> float:
        alike = sum(len(row) == self.width for _, row in self.rows)
        return alike / max(len(self.rows), 1)

    @property
    def fitness(self) -> tuple[bool, bool, float, int]:
        """How well it fits: consistent, without exception, many numbers, many fields."""
        fields = [cell.strip() for _, row in self.rows if len(row) > 1 for cell in row]
        share = sum(map(is_number, fields)) / max(len(fields), 1)
        splits = self.width > 1
        return splits, self.is_consistent and self._share == 1.0, share, self.width


def _tried(data: bytes, delimiter: str, skipped: int) -> _Tried:
    rows: list[Row] = []
    # What is wrong further down is reported when the rows are read.
    with contextlib.suppress(csv.Error):
        lines = itertools.islice(_lines(data, skipped), 4 * _SAMPLE_ROWS)
        rows.extend(itertools.islice(_split(lines, delimiter, skipped), _SAMPLE_ROWS))
    widths = Counter(len(row) for _, row in rows)
    return _Tried(delimiter, rows, max(widths, key=lambda width: (widths[width], width), default=0))


def _comments(data: bytes, skipped: int) -> list[str]:
    """The lines above the table that begin with a number sign; none if most lines do."""
    head: list[str] = []
    with contextlib.suppress(csv.Error):
        head.extend(itertools.islice(_lines(data, skipped), _SAMPLE_ROWS))
    leading = list(itertools.takewhile(lambda line: line.startswith(_COMMENT), head))
    rest = [line for line in head[len(leading) :] if line.strip()]
    if not rest or sum(line.startswith(_COMMENT) for line in rest) * 2 > len(rest):
        return []
    return leading


def _without_titles(fit: _Tried, layout: Layout) -> list[Row]:
    """The rows from the header on: titles above have another number of fields."""
    rows, width = fit.rows, fit.width
    place = next(place for place, (_, row) in enumerate(rows) if len(row) == width)
    if place > _MOST_PREAMBLE or len(rows) - place < 2 or not fit.is_consistent:
        return rows
    above = rows[place - 1][1] if place else []
    if _is_short_header(above, rows[place:], width):
        place -= 1
        layout.has_row_names = any(row[-1].strip() for _, row in rows[place + 1 :])
    elif len(above) > 1 and not any(is_number(name.strip()) for name in above):
        # A header after all, unless another one follows: what doesn't fit it is found below.
        alike = [row for _, row in rows[place:] if len(row) == width]
        place -= not _is_header(alike[0], alike[1:])
    if place:
        first, last = rows[0][0], rows[place - 1][0]
        lines = f"line {first} is" if first == last else f"lines {first} to {last} are"
        layout.notes.append(
            f"{lines[0].upper()}{lines[1:]} not part of the table, by the number of fields."
        )
    return rows[place:]


def _is_short_header(names: list[str], rows: Sequence[Row], width: int) -> bool:
    """Whether it is a header in which one column has no name, as R writes tables."""
    alike = [row for _, row in rows if len(row) == width]
    firsts = {row[0] for row in alike}
    return (
        len(names) == width - 1 > 1
        and not any(is_number(name.strip()) for name in names)
        and len(firsts) == len(alike)
        and not _is_header(alike[0], alike[1:])
    )


def _take_header_from_comment(comment: str, width: int, layout: Layout) -> None:
    """The names in the line above the table, where it is a comment with as many fields."""
    with contextlib.suppress(csv.Error):
        for _, names in _split([comment.lstrip(_COMMENT + " ")], layout.delimiter, 0):
            if len(names) == width and not any(is_number(name.strip()) for name in names):
                layout.names = _names(names, layout)
                layout.notes.append("The comment above the table has the names of its columns.")
                return
    layout.names = _names([""] * width, layout)


def _are_sizes(first: list[str], below: list[list[str]]) -> bool:
    """Whether it is the first line of scikit-learn's files: rows, inputs, names of classes."""
    cells = [cell.strip() for cell in first]
    if len(cells) < 3 or not below or not cells[0].isdecimal():
        return False
    columns = [[cell.strip() for cell in column] for column in zip(*below, strict=True)]
    are_names = not any(map(is_number, cells[2:])) and all(map(_are_numbers, columns[2:]))
    return are_names and cells[1] == str(len(columns) - 1)


def _is_header(first: list[str], below: list[list[str]]) -> bool:
    cells = [cell.strip() for cell in first]
    columns = [[cell.strip() for cell in column] for column in zip(*below, strict=True)]
    # A time above other things is a name, as in a timetable.
    below_times = [any(map(hours_of, column)) for column in columns] + [False] * len(cells)
    numbers = [
        is_number(cell) and (is_below or hours_of(cell) is None)
        for cell, is_below in zip(cells, below_times, strict=False)
    ]
    if not any(numbers):
        if any(map(dated, cells)):
            return False
        # Without a header, names of a category come up again.
        again = [cell in column for cell, column in zip(cells, columns, strict=False)]
        return not again or sum(again) < len(again) / 2 or _has_numbers(columns)
    names = [place for place, is_one in enumerate(numbers) if not is_one]
    if len(names) * 2 > len(cells) and columns:
        filled = [k for k in names if k < len(columns) and cells[k].lower() not in MISSING]
        return bool(filled) and all(_are_numbers(columns[place]) for place in filled)
    return _are_years(cells, names, columns)


def _are_years(cells: list[str], names: list[int], columns: list[list[str]]) -> bool:
    """Whether numbers in the first row are years in a row, above other numbers."""
    years = [(place, cell) for place, cell in enumerate(cells) if place not in names]
    if len(years) < 2 or not all(cell.isdecimal() and len(cell) == 4 for _, cell in years):
        return False
    steps = {int(b) - int(a) for (_, a), (_, b) in itertools.pairwise(years)}
    return bool(columns) and len(steps) == 1 and steps != {0} and bool(names)


def _has_numbers(columns: list[list[str]]) -> bool:
    return any(_are_numbers(column) for column in columns)


def _are_numbers(column: Sequence[str]) -> bool:
    present = [cell for cell in column if cell.lower() not in MISSING]
    return bool(present) and sum(map(is_number, present)) > 0.8 * len(present)


def _names(fields: list[str], layout: Layout) -> tuple[str, ...]:
    """A different name for every column, none too long."""
    names: list[str] = []
    for place, text in enumerate(fields, start=1):
        plain = as_name(text)
        if len(plain) > MAX_NAME_LENGTH:
            plain = f"{plain[: MAX_NAME_LENGTH - 1]}…"
            layout.notes.append(f'The long name of column {place} is cut to "{shown(plain)}".')
        plain = plain or f"column {place}"
        name, count = plain, 1
        while name in names:
            count += 1
            name = f"{plain} {count}"
        if count > 1:
            layout.notes.append(
                f'Column {place} is called "{shown(name)}": "{shown(plain)}" is taken.'
            )
        names.append(name)
    return tuple(names)


def _trimmed(row: list[str], width: int) -> list[str]:
    """A row without the empty fields that it has too many of."""
    return row[:width] if not any(map(str.strip, row[width:])) else row


# --- The rows ----------------------------------------------------------------------------------


class _Body:
    """The rows below the header, checked."""

    def __init__(self, data: bytes, layout: Layout, name: str, progress: Progress | None) -> None:
        self._data = data
        self._layout = layout
        self._name = name
        self._progress = progress
        self._comments = 0
        self._first: list[Row] = []
        self.n_rows = 0
        self.notes: list[str] = []

    def line_after(self, n: int) -> int | None:
        """The line of the row that comes after so many; None if there are no more."""
        if (plain := self._plain) is not None:
            return plain.line(n) if len(plain) > n else None
        self._first = list(itertools.islice(self._rows(), n + 1))
        return self._first[n][0] if len(self._first) > n else None

    def all(self) -> list[Row]:
        """All rows, of which it is known that they are not too many."""
        return self._first if self._plain is None else self._plain.read(slice(None))

    def drawn(self, n: int, rng: random.Random) -> list[Row]:
        """So many rows at random, of all."""
        if (plain := self._plain) is not None:
            self.n_rows = len(plain)
            return plain.read(_drawn(iter(range(len(plain))), n, rng))
        # They are to be gone from memory before others are read.
        self._first = []
        return _drawn(self._rows(), n, rng)

    @cached_property
    def _plain(self) -> PlainRows | None:
        """The rows, if it is easily seen where they are."""
        layout = self._layout
        if layout.delimiter == _BLANKS:
            return None
        first = layout.first_line + layout.has_header
        width = len(layout.names)
        return plain_rows(self._data, layout.delimiter, width, first, self._progress)

    def said(self) -> list[str]:
        """What was skipped."""
        n = self._comments
        return [f"{n:,} comment{'s' if n > 1 else ''} between the rows skipped."] if n else []

    def _rows(self) -> Iterator[Row]:
        """Every row of the table, one after the other.

        Raises:
            CsvError: If one can't be split, or has another number of fields.
        """
        layout, width = self._layout, len(self._layout.names)
        self.n_rows = self._comments = 0
        skipped = layout.first_line - 1
        lines = _lines(self._data, skipped, self._progress)
        rows = _rows(lines, layout.delimiter, self._name, skipped)
        if layout.has_header:
            next(rows, None)
        for line, row in rows:
            if len(row) != width:
                if row[0].lstrip().startswith(_COMMENT):
                    self._comments += 1
                    continue
                row = _trimmed(row, width)
                if len(row) != width:
                    self._refuse(line, len(row))
            self.n_rows += 1
            yield line, row

    def _refuse(self, line: int, found: int) -> None:
        width = len(self._layout.names)
        problem = f"the number of fields is {found:,} here but {width} in the first line"
        raise csv_error(self._name, line, problem, "Give each line the same number of fields")


def _drawn(rows: Iterator[_Item], n: int, rng: random.Random) -> list[_Item]:
    """So many items at random, each as likely, in their order (Li's algorithm L)."""
    kept = list(itertools.islice(rows, n))
    weight = 1.0
    while len(kept) == n:
        weight *= math.exp(math.log(1.0 - rng.random()) / n)
        skip = math.log(1.0 - rng.random()) / math.log1p(-weight) if weight < 1.0 else 0.0
        following = next(itertools.islice(rows, int(min(skip, MAX_LINES)), None), None)
        if following is None:
            break
        kept[rng.randrange(n)] = following
    return sorted(kept)


def _rows(lines: Iterator[str], delimiter: str, name: str, skipped: int) -> Iterator[Row]:
    """The rows that are not blank, each with the line it begins in.

    Raises:
        CsvError: If quotes do not match, there are too many lines, or a line or a field is too
            long.
    """
    rows, line = _split(lines, delimiter, skipped), skipped + 1
    try:
        for line, row in rows:
            yield line, row
    except csv.Error as error:
        where, why = getattr(error, "line", line), str(error)
        if "field limit" in why:
            limit = f"{csv.field_size_limit():,} characters"
            remedy = "Shorten it, or look for a quote that is missing"
            raise csv_error(name, where, f"a field is longer than {limit}", remedy) from None
        problem = f"this line can't be split into fields ({why})"
        raise csv_error(name, where, problem, "Check quotes and line ends from here on") from None


def _split(lines: Iterator[str] | Sequence[str], delimiter: str, skipped: int) -> Iterator[Row]:
    """The rows that are not blank; a `csv.Error` tells the line where its row begins."""
    if delimiter == _BLANKS:
        lines, delimiter = ("\t".join(_WORDS.findall(line)) + "\n" for line in lines), "\t"
    # After a tab, a blank may be a value that is missing.
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    line = 1
    try:
        for row in reader:
            # Only rows with an empty first field can be blank, so most rows need no further check.
            if row and (row[0] or any(map(str.strip, row))):
                yield line + skipped, row
            line = reader.line_num + 1
    except csv.Error as error:
        error.line = line + skipped  # type: ignore[attr-defined]
        raise


def _lines(data: bytes, skipped: int, progress: Progress | None = None) -> Iterator[str]:
    """The lines of a text with their line feeds, one at a time."""
    buffer = io.BytesIO(data)
    text = io.TextIOWrapper(buffer, "utf-8", newline="\n")
    for count, line in enumerate(iter(partial(text.readline, MAX_LINE_LENGTH + 1), ""), start=1):
        if len(line) > MAX_LINE_LENGTH:
            raise csv.Error(f"it is longer than {MAX_LINE_LENGTH:,} characters")
        if progress is not None and not count % _LINES_AT_A_TIME:
            progress(buffer.tell() / len(data))
        if count > skipped:
            yield line
