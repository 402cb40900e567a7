"""Numbers as people write them: 1,200 or 1.200,5 or $12 or 12 % or 5 km."""

from __future__ import annotations

import re
from typing import NamedTuple

MISSING = frozenset(
    {"", "na", "n/a", "#n/a", "<na>", "null", "nan", "?", "-", "--", "\u2013", "\u2014"}
)
"""What a missing cell contains, in lower case."""
NO_NUMBER = MISSING | {"none", ".", "missing", "unknown", "#div/0!", "#value!"}
"""What is missing where numbers are; elsewhere it may be a value like others."""

_CURRENCY = r"[$€£¥₹₽₩]"
_CODE = r"(?:USD|EUR|GBP|CHF|JPY)"
MONEY = re.compile(rf"{_CURRENCY}|{_CODE}")
_BLANK = "[ \u00a0\u202f]"
_WORD = r"(?:(?:[kcm]?m|ft|in)[23]|[^\W\d_]{1,12}[\u00b2\u00b3]?)"
_TIME = re.compile(
    r"(?:(?P<half_day>0?\d|1[0-2])|(?P<hours>\d|[01]\d|2[0-3]|24(?=:00(?::00)?$)))"
    r":(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?"
    r"(?(half_day)(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?)"
)
_UNIT = rf"[%\u2030]|{_CURRENCY}|\u00b0[CF]?|{_WORD}(?:/{_WORD})?\.?"
_WRITTEN = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+\u2212]?){_BLANK}?"
    rf"(?P<before>{_CURRENCY}|{_CODE})?{_BLANK}?(?P<inner>[-+\u2212]?)"
    rf"(?P<body>[.,]?\d[\d.,'\u2019 \u00a0\u202f]*?)(?P<power>[eE][-+]?\d+)?"
    rf"{_BLANK}?(?P<after>{_UNIT})?(?P<close>\))?"
)
# "1st" is a place in an order, not a quantity.
_ORDINALS = ("st", "nd", "rd", "th")
# Groups of three digits, in India of two after the first; apart by a sign of its own.
_BY_BLANK = r"\d{1,3}(?:['\u2019 \u00a0\u202f]\d{3})+"
_POINT = re.compile(rf"\d+\.?\d*|\.\d+|(?:\d{{1,3}}(?:,\d{{2,3}})*,\d{{3}}|{_BY_BLANK})(?:\.\d*)?")
_COMMA = re.compile(rf"\d+,?\d*|,\d+|(?:\d{{1,3}}(?:\.\d{{3}})+|{_BY_BLANK})(?:,\d*)?")
_WORTH = re.compile(rf"(?P<sign>{_CURRENCY}?)(?P<letter>[kKMB]?)")
_WORTHS = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9}
_THOUSAND = 1_000.0
HOURS, HALF_DAYS = "h", "am/pm"
"""The units of a time of day, with 24 hours and with twice 12."""
_NOT_OF_POINT = re.compile(r"[^\d.]")
_NOT_OF_COMMA = re.compile(r"[^\d,]")


class Written(NamedTuple):
    """A number as it was written.

    Attributes:
        point: Its value with a decimal point; None if it is none.
        comma: Its value with a decimal comma; None if it is none.
        unit: The currency, percent sign or unit beside it; empty without one.
    """

    point: float | None
    comma: float | None
    unit: str


def written(text: str) -> Written | None:
    """Reads a number, with a decimal point and with a decimal comma; None if it is neither.

    Args:
        text: Stripped.
    """
    try:
        value = float(text)
    except ValueError:
        return _written_otherwise(text)
    if "_" in text:
        return None
    if "." not in text:
        return Written(value, value, "")
    # With a decimal comma its points part groups of three.
    is_grouped = _COMMA.fullmatch(text.lstrip("-+"))
    return Written(value, float(text.replace(".", "")) if is_grouped else None, "")


def _written_otherwise(text: str) -> Written | None:
    if (hours := hours_of(text)) is not None:
        return Written(hours, hours, HALF_DAYS if text[-1] in "mM." else HOURS)
    found = _WRITTEN.fullmatch(text)
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    if found["after"] in _ORDINALS:
        return None
    sign = found["sign"] + found["inner"]
    if len(sign) > 1:
        return None
    body, power = found["body"], found["power"] or ""
    factor = -1.0 if found["open"] or sign in ("-", "\u2212") else 1.0
    point = comma = None
    if _POINT.fullmatch(body):
        point = factor * float(_NOT_OF_POINT.sub("", body) + power)
    if _COMMA.fullmatch(body):
        comma = factor * float(_NOT_OF_COMMA.sub("", body).replace(",", ".") + power)
    if point is comma is None:
        return None
    return Written(point, comma, (found["before"] or "") + (found["after"] or ""))


def hours_of(text: str) -> float | None:
    """The hours of a time of day: 10.5 of "10:30" and of "10:30 am"; None if it is none."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hours = int(found["half_day"] or found["hours"])
    if found["half"]:
        hours = hours % 12 + 12 * (found["half"] in "Pp")
    return hours + int(found["minutes"]) / 60 + int(found["seconds"] or 0) / 3600


def in_full(found: dict[str, Written | None]) -> dict[str, Written | None]:
    """Numbers with K, M or B written out, if all are consistent: 900, 1.5K and 3M.

    They are if there are two of the letters, and nobody wrote 1,000 or more before or without one.
    """
    numbers = [number for number in found.values() if number is not None]
    parts = [_WORTH.fullmatch(number.unit) for number in numbers]
    letters = {part["letter"].upper() for part in parts if part is not None}
    signs = {part["sign"] for part in parts if part is not None}
    values = (value for number in numbers for value in number[:2] if value is not None)
    is_small = all(abs(value) < _THOUSAND for value in values)
    if (
        None not in parts
        and letters - {""} == {"K"}
        and len({n.unit[-1:] for n in numbers} - {""}) > 1
    ):
        # 1K and 2k are of one unit.
        return {t: n and n._replace(unit=n.unit.replace("k", "K")) for t, n in found.items()}
    if None in parts or len(letters - {""}) < 2 or len(signs) > 1 or not is_small:
        return found
    full: dict[str, Written | None] = {}
    for text, number in found.items():
        part = None if number is None else _WORTH.fullmatch(number.unit)
        if number is None or part is None:
            full[text] = number
            continue
        point, comma, worth = number.point, number.comma, _WORTHS[part["letter"].upper()]
        full[text] = Written(
            None if point is None else point * worth,
            None if comma is None else comma * worth,
            part["sign"],
        )
    return full


def is_number(text: str) -> bool:
    """Whether a stripped text is a number, including "nan" and "inf", in whatever style."""
    return written(text) is not None
