"""What the cells of one column are: numbers, dates, a category, or nothing to learn from."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..dataset import FloatArray, IntArray
from ..files import shown
from ..table_options import ColumnKind
from .dates import dated, decimal_year
from .layout import MAX_NAME_LENGTH, as_name
from .numbers import (
    HALF_DAYS,
    HOURS,
    MISSING,
    MONEY,
    NO_NUMBER,
    Written,
    hours_of,
    in_full,
    is_number,
    written,
)

MAX_MAGNITUDE = 1e100
"""Larger numbers are refused: their squares and sums would leave the range of float64."""
MAX_CATEGORIES = 50
"""A text column with more values is left out."""
MAX_CLASSES = 100

_MOST = 0.5
"""If this share of the cells are numbers, or dates, all should be."""
_FEW = 10
"""So many values are a category however few rows there are."""
_ROWS_PER_CATEGORY = 5
_MAX_UNITS = 3
_MOST_EXAMPLES = 3
_WORDS_OF_TEXT = 4
_LEAST_SHARE = 0.01
_CODES = (-9.0, -99.0, -999.0, -9999.0, -99999.0, 999.0, 9999.0, 99999.0)
"""What people write for a number that they don't have."""
_YES_NO = (("no", "yes"), ("false", "true"), ("n", "y"), ("f", "t"), ("off", "on"))
# A number that can't be one with a decimal point.
_NEEDS_COMMA = re.compile(r"[-+]?\d*,(?:\d{1,2}|\d{4,})")
# A computer writes 1.2, or as many digits behind every point: 1.200 beside 900 may be 1200.
_ENDS_IN_0 = re.compile(r"\.\d\d0$", re.MULTILINE)
_HAS_NO_POINT = re.compile(r"^[^.\n]+$", re.MULTILINE)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ID_NAME = re.compile(
    r"(?i:id|index|idx|rows?|row ?names?|row ?(?:id|number|num|no)|no\.?|nr\.?|#|key|uuid|guid|"
    r"unnamed: ?\d+)|.*[_ .-](?i:id)|.*[a-z]I[dD]"
)
# Units that change what a number is worth: they stand with all of them or with none.
_WORTH = re.compile(r"[%\u2030kKmMbBT]|[$€£¥]?[kKmMbBT]n?")


@dataclass(frozen=True, eq=False)
class Fault:
    """What is wrong with a column in one row; neither sentence has a full stop."""

    row: int
    problem: str
    remedy: str


@dataclass(eq=False)
class ColumnData:
    """A column, understood.

    Attributes:
        name: Of the column.
        kind: See `Column.kind`.
        missing: Shape (n,), which cells are.
        numbers: Shape (n,), nan where missing; of numbers, dates and their parts.
        codes: Shape (n,), the number of each cell's category, -1 where missing; else empty.
        categories: Their names, in order.
        kinds: What it can be read as; the first is in force.
        unit: What stands with its numbers.
        is_quantity: Whether they are written as nobody writes a class: "1,200", "$5", "3 km".
        reason: Why it is no input; empty if it is one.
        fault: What keeps it from being used.
        notes: What was decided, a sentence each.
        cells: Its texts.
    """

    name: str
    kind: str
    missing: np.ndarray
    cells: Sequence[str]
    numbers: FloatArray = field(default_factory=lambda: np.zeros(0))
    codes: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    categories: tuple[str, ...] = ()
    kinds: tuple[ColumnKind, ...] = ()
    unit: str = ""
    is_quantity: bool = False
    reason: str = ""
    fault: Fault | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def is_series(self) -> bool:
        """Whether it numbers the rows."""
        return self.kind == "row numbers" and not self.is_category

    @property
    def can_be_guessed(self) -> bool:
        """Whether it can be a target that nobody chose."""
        if self.kind == "text":
            # What has too many values for an input may still be classes.
            n = len(self.categories)
            return n <= MAX_CLASSES and n * _ROWS_PER_CATEGORY <= len(self.cells)
        return self.kind not in ("row numbers", "identifier", "constant", "empty")

    @property
    def is_category(self) -> bool:
        """Whether its values are categories."""
        return bool(len(self.codes))

    @property
    def histogram(self) -> tuple[int, ...]:
        """Counts in ten equal bins of its numbers, or of its ten commonest values."""
        finite = self.numbers[np.isfinite(self.numbers)]
        if len(finite):
            scale = float(np.abs(finite).max()) or 1.0
            return tuple(np.histogram(finite / scale, bins=10)[0].tolist())
        present = [n for text, n in Counter(self.cells).items() if text.lower() not in MISSING]
        return tuple(sorted(present, reverse=True)[:10])

    @property
    def examples(self) -> tuple[str, ...]:
        """Its first three different cells."""
        found: list[str] = []
        for text in self.cells:
            plain = text.strip()
            if plain not in found and plain.lower() not in MISSING:
                found.append(plain)
            if len(found) == _MOST_EXAMPLES:
                break
        return tuple(shown(as_name(text)) for text in found)


def has_decimal_comma(columns: Sequence[Sequence[str]]) -> bool:
    """Whether as many numbers of a table need a decimal comma as need a point, and some do.

    It settles what "1.200" is where a column leaves it open.
    """
    commas = points = 0
    for column in columns:
        for text in set(column[:1000]):
            if "," in text or "." in text:
                found = written(text.strip())
                commas += found is not None and found.point is None
                points += found is not None and found.comma is None
    return commas > 0 and commas >= points


class Reader:
    """Reads one column.

    Args:
        name: Of the column.
        cells: Stripped.
        kind: What the user wants it read as; None to decide by the cells.
        decimal_comma: Whether numbers that leave it open have one.
        is_first: Whether it is the first column of the table, which may number the rows.
        is_unnamed: Whether it alone has no name in the header.
    """

    def __init__(
        self,
        name: str,
        cells: Sequence[str],
        *,
        kind: ColumnKind | None = None,
        decimal_comma: bool = False,
        is_first: bool = False,
        is_unnamed: bool = False,
    ) -> None:
        self._name = name
        self._cells = cells
        self._wanted = kind
        self._decimal_comma = decimal_comma
        self._is_first = is_first
        self._is_unnamed = is_unnamed
        self._n_present = 0

    @cached_property
    def _counts(self) -> Counter[str]:
        """How often each text comes up, in the order of the file; without blanks around it."""
        counts = Counter(self._cells)
        if any(text != text.strip() for text in counts):
            self._cells = [text.strip() for text in self._cells]
            counts = Counter(self._cells)
        return counts

    def read(self) -> ColumnData:
        """The column, as the kind that was wanted or that fits."""
        is_open = self._wanted in (None, "number")
        if is_open and (column := self._read_quickly()) is not None:
            return column
        missing = {text for text in self._counts if text.lower() in MISSING}
        self._n_present = len(self._cells) - sum(self._counts[text] for text in missing)
        if not self._n_present:
            column = self._column("empty", missing)
            column.reason = "every cell is empty"
            return column
        column = self._by_kind(missing)
        texts = [text for text in self._counts if text.lower() not in MISSING]
        self._judge(column, len(texts), texts[0])
        return column

    def _read_quickly(self) -> ColumnData | None:
        """The column if all cells are numbers as computers write them; else None."""
        if (numbers := self._plain_numbers(self._cells)) is None:
            return None
        none = np.zeros(len(numbers), dtype=np.bool_)
        kinds: tuple[ColumnKind, ...] = ("number", "category")
        column = ColumnData(self._name, "number", none, self._cells, numbers, kinds=kinds)
        ordered = np.sort(numbers)
        n_different = 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))
        self._judge(column, n_different, self._cells[0].strip())
        return column

    def _by_kind(self, missing: set[str]) -> ColumnData:
        wanted = self._wanted
        if wanted in ("number", "decimal comma"):
            return self._numbers(missing)
        if wanted in ("date", "day first", "year", "month", "weekday"):
            return self._dates(missing)
        if wanted == "category":
            return self._categories(missing)
        present = [text for text in self._counts if text not in missing]
        share = self._share(present, written)
        if share >= _MOST:
            return self._numbers(missing)
        if self._share(present, dated) >= _MOST:
            return self._dates(missing)
        column = self._categories(missing)
        if share:
            column.notes.append(f'"{shown(self._name)}" has numbers among names: all are names.')
        return column

    def _share(self, texts: Sequence[str], parse: Callable[[str], object]) -> float:
        """The share of the cells that can be read so."""
        # Of many different texts the first ones tell.
        some = texts[:2000]
        n_all = sum(self._counts[text] for text in some)
        return sum(self._counts[text] for text in some if parse(text) is not None) / max(n_all, 1)

    def _column(self, kind: str, missing: set[str], **parts: object) -> ColumnData:
        mask = np.fromiter(map(missing.__contains__, self._cells), np.bool_, len(self._cells))
        return ColumnData(self._name, kind, mask, self._cells, **parts)  # type: ignore[arg-type]

    # --- Numbers ---------------------------------------------------------------------------

    def _numbers(self, missing: set[str]) -> ColumnData:
        missing = missing | {text for text in self._counts if text.lower() in NO_NUMBER}
        texts = [text for text in self._counts if text not in missing]
        if (plain := self._plain_numbers(texts)) is not None:
            kinds: tuple[ColumnKind, ...] = ("number", "category")
            numbers = self._spread(dict(zip(texts, plain.tolist(), strict=True)), missing)
            return self._column("number", missing, numbers=numbers, kinds=kinds)
        as_written = {text: written(text) for text in texts}
        found = in_full(as_written)
        units = Counter[str]()
        for text, number in found.items():
            if number is not None:
                units[number.unit] += self._counts[text]
        unit = max(units, key=lambda unit: (bool(unit), units[unit]), default="")
        if len([other for other in units if other]) > _MAX_UNITS:
            # Texts that begin with numbers, as "3 apples" and "2 pears".
            column = self._categories(missing)
            column.notes.append(f'"{shown(self._name)}" has {len(units)} units: it is a category.')
            return column
        if units[unit] < units[""]:
            # A letter after a few numbers is no unit, as in "12a".
            unit = ""
        comma, is_open = self._style(found)
        values: dict[str, float] = {}
        fault = None
        for text, number in found.items():
            value = None if number is None else (number.comma if comma else number.point)
            is_unit = (
                number is None
                or number.unit == unit
                or (not number.unit and not _WORTH.fullmatch(unit))
            )
            if value is None or not is_unit or not abs(value) < MAX_MAGNITUDE:
                fault = fault or self._no_number(text, number, comma, unit)
                value = np.nan
            values[text] = value
        if fault and self._wanted is None and self._is_few(len(texts)):
            column = self._categories(missing)
            odd = shown(self._cells[fault.row])
            column.notes.append(f'"{shown(self._name)}" is a category, for "{odd}" is no number.')
            return column
        numbers = self._spread(values, missing)
        kinds = ("number", "category")
        if is_open:
            both: tuple[ColumnKind, ...] = ("number", "decimal comma")
            kinds = (*(reversed(both) if comma else both), "category")
        column = self._column(
            "number", missing, numbers=numbers, kinds=kinds, unit=unit, fault=fault
        )
        full = [text for text in texts if _values(found[text]) != _values(as_written[text])]
        if full:
            example = max(full, key=lambda text: np.nan_to_num(abs(values[text])))
            said = f'"{shown(example)}" is {values[example]:,.12g}'
            column.notes.append(f'"{shown(self._name)}" has numbers with K, M or B: {said}.')
        if unit in (HOURS, HALF_DAYS):
            times = (t for t in texts if hours_of(t) is not None and np.isfinite(values[t]))
            for example in itertools.islice(times, 1):
                said = f'read as hours: "{shown(example)}" is {values[example]:.4g}'
                column.notes.append(f'"{shown(self._name)}" has times, {said}.')
        column.is_quantity = bool(unit) or any(not text.lstrip("-+").isdecimal() for text in found)
        if unit and units[""]:
            said = f"{units['']:,} of its numbers without"
            column.notes.append(f'"{shown(self._name)}" is in {shown(unit)}, {said}.')
        if is_open:
            example = next(t for t, w in found.items() if w and w.point != w.comma)
            sign = "comma" if comma else "point"
            said = f'"{shown(example)}" is {values[example]:g}'
            column.notes.append(f'"{shown(self._name)}" is read with a decimal {sign}: {said}.')
        return column

    def _plain_numbers(self, texts: Sequence[str]) -> FloatArray | None:
        """The numbers if all are as computers write them, which is quick; else None."""
        joined = "\n".join(texts)
        if "_" in joined or self._wanted == "decimal comma":
            return None
        if self._decimal_comma:
            needs_comma = "," not in joined or any(map(_NEEDS_COMMA.fullmatch, texts))
            if "." in joined or not needs_comma:
                return None
            joined = joined.replace(",", ".")
        elif _may_be_groups(joined):
            return None
        try:
            numbers = np.array(list(map(float, joined.split("\n"))))
        except ValueError:
            return None
        # False for nan and infinity too.
        is_usable = len(numbers) == len(texts) and np.abs(numbers).max() < MAX_MAGNITUDE
        # Adding 0 makes a negative zero positive, so that it is not a class of its own.
        return numbers + 0.0 if is_usable else None

    def _is_few(self, n_different: int) -> bool:
        """Whether so many values come up often enough to be those of a category."""
        return n_different <= min(MAX_CATEGORIES, self._n_present / _ROWS_PER_CATEGORY)

    def _spread(self, values: dict[str, float], missing: set[str]) -> FloatArray:
        """The numbers of all cells, by their texts; adding 0 makes a negative zero positive."""
        value_of = values | dict.fromkeys(missing, np.nan)
        cells = map(value_of.__getitem__, self._cells)
        return np.fromiter(cells, np.float64, len(self._cells)) + 0.0

    def _style(self, found: dict[str, Written | None]) -> tuple[bool, bool]:
        """Whether there is a decimal comma, and whether that is open."""
        commas = sum(self._counts[t] for t, w in found.items() if w and w.point is None)
        points = sum(self._counts[t] for t, w in found.items() if w and w.comma is None)
        either = [w for w in found.values() if w and w.point != w.comma]
        if commas != points:
            return commas > points, False
        is_open = len(either) > commas + points and any(w.point is not None for w in either)
        # A comma between groups of three is a decimal comma only where others are.
        if self._wanted == "decimal comma":
            return True, is_open
        return self._decimal_comma and self._wanted is None, is_open and not self._is_plain(found)

    def _is_plain(self, found: dict[str, Written | None]) -> bool:
        """Whether all numbers are as computers write them: 1.25, not $1.250, 1.200 or 1,250."""
        if self._decimal_comma or any("," in text for text in found):
            return False
        units = {number.unit for number in found.values() if number is not None}
        return not any(map(MONEY.fullmatch, units)) and not _may_be_groups("\n".join(found))

    def _no_number(self, text: str, number: Written | None, comma: bool, unit: str) -> Fault:
        row = self._cells.index(text)
        said = f'contains "{shown(text)}"'
        if number is None:
            remedy = "Correct it, remove the line, or leave this column out"
            return Fault(row, f"{said}, which is not a number", remedy)
        value = number.comma if comma else number.point
        if value is None:
            other = "comma" if comma else "point"
            remedy = "Use a comma in all of them, or a point"
            return Fault(row, f"{said}, but other numbers in it have a decimal {other}", remedy)
        if number.unit != unit:
            others = f'"{shown(unit)}"' if unit else "no unit"
            remedy = "Write all of them in one unit, or leave this column out"
            return Fault(row, f"{said}, but other numbers in it have {others}", remedy)
        remedy = "Correct it or remove the line"
        return Fault(row, f"{said}, which is not a usable number", remedy)

    # --- Dates -----------------------------------------------------------------------------

    def _dates(self, missing: set[str]) -> ColumnData:
        missing = missing | {text for text in self._counts if text.lower() in NO_NUMBER}
        found = {text: dated(text) for text in self._counts if text not in missing}
        known = [date for date in found.values() if date is not None]
        n_day = sum(date.day_first is not None for date in known)
        n_month = sum(date.month_first is not None for date in known)
        is_open = n_day == n_month and any(date.day_first != date.month_first for date in known)
        day_first = self._wanted == "day first" or n_day > n_month
        values: dict[str, float] = {}
        days: dict[str, int] = dict.fromkeys(missing, -1)
        fault = None
        for text, date in found.items():
            when = None if date is None else (date.day_first if day_first else date.month_first)
            if when is None:
                remedy = "Correct it, remove the line, or leave this column out"
                problem = f'contains "{shown(text)}", which is not a date like the others'
                fault = fault or Fault(self._cells.index(text), problem, remedy)
                values[text], days[text] = np.nan, -1
            else:
                parts = {"year": when.year, "month": when.month}
                values[text] = parts.get(self._wanted or "", decimal_year(when))
                days[text] = when.weekday()
        kinds: tuple[ColumnKind, ...] = ("date", "year", "month", "weekday", "category")
        if is_open:
            kinds = ("date", "day first", *kinds[1:])
        if self._wanted in kinds:
            kinds = (self._wanted, *(kind for kind in kinds if kind != self._wanted))
        if self._wanted == "weekday":
            present = sorted(set(days.values()) - {-1})
            place = {day: k for k, day in enumerate(present)} | {-1: -1}
            codes = np.array([place[days[text]] for text in self._cells], dtype=np.int64)
            names = tuple(_DAYS[day] for day in present)
            return self._column(
                "weekday", missing, codes=codes, categories=names, kinds=kinds, fault=fault
            )
        kind = self._wanted if self._wanted in ("year", "month") else "date"
        numbers = self._spread(values, missing)
        column = self._column(kind, missing, numbers=numbers, kinds=kinds, fault=fault)
        if is_open:
            order = "day" if day_first else "month"
            column.notes.append(
                f'The dates of "{shown(self._name)}" are read with the {order} first.'
            )
        return column

    # --- Categories ------------------------------------------------------------------------

    def _categories(self, missing: set[str]) -> ColumnData:
        named = {text: as_name(text) for text in self._counts if text not in missing}
        fault: Fault | None = None
        for text, plain in named.items():
            if len(plain) > MAX_NAME_LENGTH:
                problem = f"has a value that is longer than {MAX_NAME_LENGTH} characters"
                fault = fault or Fault(self._cells.index(text), problem, "Shorten it")
        pair = _yes_and_no(set(named.values()))
        categories = pair or _in_order(set(named.values()))
        if pair:
            named = {text: plain.lower() for text, plain in named.items()}
        place = {(name.lower() if pair else name): code for code, name in enumerate(categories)}
        code_of = {text: place[name] for text, name in named.items()} | dict.fromkeys(missing, -1)
        codes = np.fromiter(map(code_of.__getitem__, self._cells), np.int64, len(self._cells))
        kind = "yes/no" if pair else "category"
        return self._column(
            kind, missing, codes=codes, categories=categories, kinds=("category",), fault=fault
        )

    # --- What is no input -----------------------------------------------------------------

    def _judge(self, column: ColumnData, n_different: int, first: str) -> None:
        """Says why a column with so many different values is no input, if it isn't."""
        is_unique = n_different == len(self._cells) > 2
        numbers = column.numbers
        if self._numbers_the_rows(column, is_unique):
            column.kind, column.reason = "row numbers", "it only numbers the rows"
        elif n_different == 1:
            column.kind, column.reason = "constant", f'always "{shown(first)}"'
        elif (
            is_unique
            and _ID_NAME.fullmatch(self._name)
            and (column.is_category or bool((numbers % 1 == 0).all()))
        ):
            column.kind, column.reason = "identifier", "a different one in every row"
        elif column.is_category and self._wanted is None:
            self._judge_text(column, n_different, is_unique)
        elif len(numbers) and (code := _code_for_missing(numbers)) is not None:
            share = (numbers == code).mean()
            said = f"is {code:g} in {share:.0%} of the rows, far from its other numbers"
            remedy = "if that means missing, empty those cells"
            column.notes.append(f'"{shown(self._name)}" {said}: {remedy}.')

    def _numbers_the_rows(self, column: ColumnData, is_unique: bool) -> bool:
        if not (self._is_first and is_unique) or column.fault:
            return False
        if column.is_category:
            return self._is_unnamed
        steps = np.diff(column.numbers)
        is_named_so = self._is_unnamed or _ID_NAME.fullmatch(self._name) is not None
        return is_named_so and bool((steps == 1).all() or (self._is_unnamed and (steps > 0).all()))

    def _judge_text(self, column: ColumnData, n_different: int, is_unique: bool) -> None:
        if is_unique and n_different > _FEW:
            column.kind, column.reason = "identifier", "a different one in every row"
        elif n_different > _FEW and not self._is_few(n_different):
            column.kind = "text"
            some = [text for text in list(self._counts)[:200]]
            words = sum(len(text.split()) for text in some) / len(some)
            what = "free text, " if words > _WORDS_OF_TEXT else ""
            column.reason = f"{what}{n_different:,} different values"
        if column.reason:
            column.fault = None


def _code_for_missing(numbers: FloatArray) -> float | None:
    """The number that may stand for missing cells, as -999 does; None if there is none."""
    present = numbers[np.isfinite(numbers)]
    for code in (float(present.min()), float(present.max())) if len(present) else ():
        others = present[present != code]
        is_often = len(present) - len(others) >= max(2, _LEAST_SHARE * len(numbers))
        if code not in _CODES or not is_often or not len(others):
            continue
        if np.abs(others - code).min() > max(float(np.ptp(others)), 1.0):
            return code
    return None


def _may_be_groups(lines: str) -> bool:
    """Whether points may part groups of three digits, as people who use a decimal comma do it."""
    return bool(_ENDS_IN_0.search(lines) and _HAS_NO_POINT.search(lines))


def _values(number: Written | None) -> tuple[float | None, float | None]:
    return (None, None) if number is None else number[:2]


def _yes_and_no(names: set[str]) -> tuple[str, ...]:
    """Both answers where there are no others, in whatever case; else nothing."""
    for pair in _YES_NO:
        if {name.lower() for name in names} == set(pair):
            return tuple(next(n for n in sorted(names) if n.lower() == answer) for answer in pair)
    return ()


def _in_order(names: set[str]) -> tuple[str, ...]:
    """Categories by number or by name."""
    return tuple(sorted(names, key=_value if all(map(is_number, names)) else None))


def _value(text: str) -> tuple[float, str]:
    number = written(text)
    value = number and (number.point if number.point is not None else number.comma)
    return (value if value is not None and value == value else np.inf), text
