"""Dates and times as people write them, as decimal years."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_TIME = r"(?:[T ,]+(?P<h>\d{1,2}):(?P<min>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)? ?(?P<half>[AaPp][Mm])?"
_TIME += r" ?(?:Z|UTC|[-+]\d\d:?\d\d)?)?"
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})(?:[-/.](?P<d>\d{{1,2}}){_TIME})?")
_YEAR_LAST = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|\d\d){_TIME}"
)
_DAY_NAME = re.compile(
    rf"(?P<d>\d{{1,2}})[-. ]+(?P<name>[A-Za-z]{{3,9}})\.?[-, ]+(?P<y>\d{{4}}|\d\d){_TIME}"
)
_NAME_DAY = re.compile(
    rf"(?P<name>[A-Za-z]{{3,9}})\.?[- ]+(?P<d>\d{{1,2}}),?[- ]+(?P<y>\d{{4}}){_TIME}"
)
_NAME_YEAR = re.compile(r"(?P<name>[A-Za-z]{3,9})\.?[- ]+(?P<y>\d{4})")
_QUARTER = re.compile(r"(?P<y>\d{4})[- ]?[Qq](?P<quarter>[1-4])")
# Two digits of a year: from 1969 to 2068, as everywhere.
_CENTURY_TURNS = 69


class Dated(NamedTuple):
    """A date as it was written, with the month first and with the day first; None if it is none."""

    month_first: datetime | None
    day_first: datetime | None


def dated(text: str) -> Dated | None:
    """Reads a date, with or without a time; None if it is none.

    Args:
        text: Stripped.
    """
    if not text[:1].isalnum() or len(text) > 40:
        return None
    if found := _YEAR_FIRST.fullmatch(text):
        when = _when(found, found["m"], found["d"])
    elif found := _YEAR_LAST.fullmatch(text):
        day_first = _when(found, found["b"], found["a"])
        # Points stand between day and month, never between month and day.
        month_first = None if found["sep"] == "." else _when(found, found["a"], found["b"])
        return Dated(month_first, day_first) if month_first or day_first else None
    elif found := (_DAY_NAME.fullmatch(text) or _NAME_DAY.fullmatch(text)):
        when = _when(found, _month(found["name"]), found["d"])
    elif found := _QUARTER.fullmatch(text):
        when = _when(found, str(3 * int(found["quarter"]) - 2), None)
    elif found := _NAME_YEAR.fullmatch(text):
        when = _when(found, _month(found["name"]), None)
    else:
        return None
    return Dated(when, when) if when else None


def decimal_year(when: datetime) -> float:
    """The middle of 2020 is about 2020.5."""
    begin = datetime(when.year, 1, 1)
    days = 366 if when.year % 4 == 0 and (when.year % 100 or when.year % 400 == 0) else 365
    return when.year + (when - begin) / timedelta(days=days)


def _month(name: str) -> str:
    begins = "sep" if name.lower() == "sept" else name.lower()
    known = (number for number, month in enumerate(_MONTHS, 1) if month.startswith(begins))
    return str(next(known, 0))


def _when(found: re.Match[str], month: str, day: str | None) -> datetime | None:
    parts = found.groupdict()
    year = int(parts["y"])
    if len(parts["y"]) == 2:
        year += 1900 if year >= _CENTURY_TURNS else 2000
    hour = int(parts.get("h") or 0)
    if parts.get("half"):
        hour = hour % 12 + (12 if parts["half"].lower() == "pm" else 0)
    try:
        return datetime(
            year,
            int(month),
            int(day or 1),
            hour,
            int(parts.get("min") or 0),
            int(parts.get("s") or 0),
        )
    except ValueError:
        return None
