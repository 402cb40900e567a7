"""Axis: one field of a recipe with the values that it takes, read from text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ..training.config import ConfigError
from .fields import FIELDS, NO_LAYERS, Field, Value, field_named, parse_number

MAX_VALUES: Final = 100_000
EXAMPLE: Final = "learning-rate=0.001..10:24:log"


@dataclass(frozen=True, slots=True)
class Axis:
    """A field and its values.

    Attributes:
        name: The field's, as it is typed.
        values: In the order in which they were given; of a range, growing.
        is_log: Whether they are evenly spaced by their logarithms.
    """

    name: str
    values: tuple[Value, ...]
    is_log: bool = False

    def __len__(self) -> int:
        return len(self.values)

    @property
    def field(self) -> Field:
        """What it varies."""
        return field_named(self.name)

    @property
    def order(self) -> tuple[bool, int]:
        """Its place among others: what decides the code of a step comes first."""
        names = list(FIELDS)
        place = names.index(self.name) if self.name in FIELDS else len(names)
        return not self.field.is_structural, place

    @classmethod
    def parse(cls, text: str) -> Axis:
        """Reads `FIELD=a,b,c`, `FIELD=a..b:n` or `FIELD=a..b:n:log`.

        Raises:
            ConfigError: If it is none of these; it says in one sentence what to type.
        """
        name, is_equal, listed = text.partition("=")
        if not is_equal or not name.strip() or not listed.strip():
            raise ConfigError(f"Type a field and its values, as {EXAMPLE}, not {text!r}.")
        field = field_named(name)
        try:
            values, is_log = _values(field, listed.strip())
        except ConfigError as error:
            raise ConfigError(f"{field.name}: {error}") from None
        return cls(field.name, values, is_log)

    def zoomed(self, place: int, factor: float = 0.5) -> Axis:
        """As many values over a smaller range around one of them.

        It is itself for a list of names, and where no two values are left between the ends.

        Args:
            place: Of the value in the middle; at an end of the range, the new one ends there too.
            factor: The new range as a share of the present one.
        """
        field = self.field
        if not field.is_number or len(self.values) < 2:
            return self
        numbers = np.array(self.values, dtype=np.float64)
        scaled = np.log(numbers) if self.is_log else numbers
        first, last = float(scaled.min()), float(scaled.max())
        length = (last - first) * factor
        low = min(max(float(scaled[place]) - length / 2, first), last - length)
        spaced = np.linspace(low, low + length, len(numbers))
        values = _rounded(field, np.exp(spaced) if self.is_log else spaced)
        return Axis(self.name, values, self.is_log) if len(values) > 1 else self


def value_text(value: Value) -> str:
    """A value as it is typed."""
    if isinstance(value, tuple):
        separator = "x" if all(isinstance(part, int) for part in value) else "+"
        return separator.join(map(str, value)) or NO_LAYERS
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _values(field: Field, text: str) -> tuple[tuple[Value, ...], bool]:
    if field.is_number and ".." in text:
        return _range(field, text)
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise ConfigError(f"There is an empty value in {text!r}.")
    if len(parts) > MAX_VALUES:
        raise ConfigError(f"An axis has at most {MAX_VALUES:,} values, not {len(parts):,}.")
    values = tuple(map(field.parse, parts))
    value, count = Counter(values).most_common(1)[0]
    if count > 1:
        raise ConfigError(f"{value_text(value)} is there twice.")
    return values, False


def _range(field: Field, text: str) -> tuple[tuple[Value, ...], bool]:
    parts = text.split(":")
    ends = parts[0].split("..")
    if len(ends) != 2 or len(parts) not in (2, 3) or parts[2:] not in ([], ["log"]):
        raise ConfigError(f"A range is written 0.001..10:24 or 0.001..10:24:log, not {text!r}.")
    low, high = map(parse_number, ends)
    n = parse_number(parts[1])
    if n != int(n) or n < 2:
        raise ConfigError(f"A range has a whole number of values, 2 or more, not {parts[1]}.")
    if n > MAX_VALUES:
        raise ConfigError(f"An axis has at most {MAX_VALUES:,} values, not {int(n):,}.")
    if low >= high:
        said = f"write {ends[1]}..{ends[0]}" if low > high else "write one value"
        raise ConfigError(f"A range goes up, and {ends[0]}..{ends[1]} does not: {said}.")
    is_log = len(parts) == 3
    if is_log and low <= 0.0:
        raise ConfigError(f"A log range begins above 0, not at {ends[0]}.")
    spaced = np.geomspace(low, high, int(n)) if is_log else np.linspace(low, high, int(n))
    return _rounded(field, spaced), is_log


def _rounded(field: Field, numbers: Any) -> tuple[Value, ...]:
    """Numbers that a field takes; of whole ones that round to the same, one."""
    if field.is_whole:
        return tuple(dict.fromkeys(round(number) for number in numbers.tolist()))
    # Twelve digits keep 0.30000000000000004 off the screen, and are the same on every machine.
    return tuple(dict.fromkeys(float(f"{number:.12g}") for number in numbers.tolist()))
