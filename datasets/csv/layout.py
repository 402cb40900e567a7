"""The layout of a CSV text: its delimiter, decimal sign, header and columns.

``csv.Sniffer`` is not used: it takes the comma of "1,5;2,5;a" for the delimiter.
"""

import contextlib
import csv
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..files import shown
from .text import csv_error

MAX_COLUMNS = 256
MAX_NAME_LENGTH = 100
MAX_MAGNITUDE = 1e100
"""Larger numbers are refused: their squares and sums would leave the range of float64."""

MAX_LINE_LENGTH = 1_000_000
"""A longer line is refused before it becomes more fields than memory holds."""
MAX_LINES = 1_000_000
"""Counting blank lines and those inside quotes; a longer file is refused."""

_DELIMITERS = (",", ";", "\t")
_SAMPLE_ROWS = 20
_MAX_NAMES_SHOWN = 10
# A whole field that is a number with a comma. Spaces are matched as such, never as \s: a run of
# line feeds would be searched again from each of them.
_COMMA_NUMBER = re.compile(
    r'(?:^|[;\t"]) *[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)? *(?=[";\t\n]|\Z)', re.MULTILINE
)

Row = tuple[int, list[str]]
"""The line a row begins in, counted from 1, and its fields."""


@dataclass(frozen=True)
class Layout:
    """What it takes to read the rows of a CSV text.

    Attributes:
        delimiter: Comma, semicolon or tab.
        number: From a field to its number; raises ValueError if it is not one.
        decimal_comma: Whether 1.5 is written 1,5.
        columns: The name of each column, including the target's.
        has_header: Whether the first row contains the names.
    """

    delimiter: str
    number: Callable[[str], float]
    decimal_comma: bool
    columns: tuple[str, ...]
    has_header: bool


def find_layout(text: str, name: str) -> Layout:
    """Reads the layout from the first rows of a text.

    The delimiter is the one that splits each of the first rows and leaves the largest share of
    fields that are numbers. A decimal comma is possible if the delimiter is not a comma. The first
    row is a header if none of its fields is a number; columns without one are named "column 1" and
    so on.

    Args:
        text: Not blank.
        name: The file's name, for messages.

    Raises:
        CsvError: If there is only one column, there are too many, or the header does not give each
            column a different name.
    """
    delimiter = max(_DELIMITERS, key=lambda candidate: _fitness(text, candidate))
    decimal_comma = delimiter != "," and _COMMA_NUMBER.search(text) is not None
    number = _number_reader(text, decimal_comma)
    line, first = next(read_rows(text, delimiter, name), (1, []))
    if not first:
        remedy = "Add a line of numbers for each sample, with the target last"
        raise csv_error(name, None, "the file contains only delimiters", remedy)
    if len(first) < 2:
        problem = "there is only one column"
        remedy = "Separate inputs and target by comma, semicolon or tab"
        raise csv_error(name, line, problem, remedy)
    if len(first) > MAX_COLUMNS:
        problem = f"there are {len(first):,} columns; the limit is {MAX_COLUMNS}"
        raise csv_error(name, line, problem, "Remove some")
    has_header = not any(is_number(field, number) for field in first)
    if has_header:
        columns = tuple(as_name(field) for field in first)
        _check_header(columns, line, name)
    else:
        columns = tuple(f"column {place}" for place in range(1, len(first) + 1))
    return Layout(delimiter, number, decimal_comma, columns, has_header)


def read_rows(text: str, delimiter: str, name: str) -> Iterator[Row]:
    """The rows that are not blank, each with the line it begins in.

    Raises:
        CsvError: If quotes do not match, there are too many lines, or a line or a field is too
            long.
    """
    reader = csv.reader(_lines(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    line = 1
    try:
        for row in reader:
            # Only rows with an empty first field can be blank, so most rows need no further check.
            if row and (row[0] or any(map(str.strip, row))):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        problem = f"this line can't be split into fields ({error})"
        raise csv_error(name, line, problem, "Check quotes and line ends from here on") from None


def find_target(columns: Sequence[str], target: str | int | None, name: str) -> int:
    """The index of the target column, 0 to k-1.

    Args:
        columns: All names.
        target: A name; or an index as in Python, negative from the end; None is the last.
        name: The file's name, for messages.

    Raises:
        CsvError: If there is no such column.
    """
    if target is None:
        return len(columns) - 1
    if isinstance(target, str):
        if target.strip() in columns:
            return columns.index(target.strip())
        names = ", ".join(shown(column) for column in columns[:_MAX_NAMES_SHOWN])
        hidden = len(columns) - _MAX_NAMES_SHOWN
        more = f" and {hidden} more" if hidden > 0 else ""
        problem = f'there is no column "{shown(target)}"'
        raise csv_error(name, None, problem, f"Choose one of: {names}{more}")
    if not -len(columns) <= target < len(columns):
        problem = f"there is no column number {target}"
        raise csv_error(name, None, problem, f"Choose a number from 0 to {len(columns) - 1}")
    return target % len(columns)


def as_name(field: str) -> str:
    """A field as a name: stripped, on one line, without tabs."""
    return field.strip().replace("\n", " ").replace("\t", " ")


def is_number(field: str, number: Callable[[str], float]) -> bool:
    """Whether a field is a number, including "nan" and "inf"."""
    try:
        number(field)
    except ValueError:
        return False
    return True


def _lines(text: str) -> Iterator[str]:
    """The lines of a text with their line feeds, one at a time."""
    start = count = 0
    while start < len(text):
        count += 1
        if count > MAX_LINES:
            raise csv.Error(f"the file has more than {MAX_LINES:,} lines")
        end = text.find("\n", start) + 1 or len(text)
        if end - start > MAX_LINE_LENGTH:
            raise csv.Error(f"it is longer than {MAX_LINE_LENGTH:,} characters")
        yield text[start:end]
        start = end


def _fitness(text: str, delimiter: str) -> tuple[bool, float]:
    """Whether a delimiter splits every sampled row, and the share of fields that are numbers."""
    reader = csv.reader(_lines(text), delimiter=delimiter, skipinitialspace=True)
    rows: list[list[str]] = []
    # What is wrong further down is reported when the rows are read.
    with contextlib.suppress(csv.Error):
        rows.extend(itertools.islice(filter(any, reader), _SAMPLE_ROWS))
    fields = [field for row in rows if len(row) > 1 for field in row]
    number = float if delimiter == "," else _float_with_comma_or_point
    share = sum(is_number(field, number) for field in fields) / max(len(fields), 1)
    return bool(rows) and all(len(row) > 1 for row in rows), share


def _number_reader(text: str, decimal_comma: bool) -> Callable[[str], float]:
    if decimal_comma:
        return _float_with_comma
    # Python reads "1_000" as 1000; checked only where an underscore exists.
    return _float_without_underscore if "_" in text else float


def _float_without_underscore(field: str) -> float:
    if "_" in field:
        raise ValueError(field)
    return float(field)


def _float_with_comma(field: str) -> float:
    if "." in field:
        raise ValueError(field)
    return _float_with_comma_or_point(field)


def _float_with_comma_or_point(field: str) -> float:
    return _float_without_underscore(field.replace(",", "."))


def _check_header(columns: tuple[str, ...], line: int, name: str) -> None:
    places: dict[str, int] = {}
    for place, column in enumerate(columns, start=1):
        if not column:
            remedy = "Name it, or remove it if it only numbers the lines"
            raise csv_error(name, line, f"column {place} has no name", remedy)
        if len(column) > MAX_NAME_LENGTH:
            problem = f"the name of column {place} is longer than {MAX_NAME_LENGTH} characters"
            raise csv_error(name, line, problem, "Shorten it")
        if column in places:
            problem = f'columns {places[column]} and {place} are both named "{shown(column)}"'
            raise csv_error(name, line, problem, "Give each column a different name")
        places[column] = place
