"""Settings as rows of a list: a number, a name out of few, a tick, a section, an action."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


def linear_stops(low: float, high: float, step: float) -> tuple[float, ...]:
    """Evenly spaced stops.

    Args:
        low: The first stop.
        high: The last stop, included whatever the step.
        step: The distance between stops, above zero.

    Returns:
        The stops, ascending.

    Raises:
        ValueError: If the range is empty or the step not positive.
    """
    if not (step > 0 and high > low):
        raise ValueError(f"no stops from {low} to {high} by {step}")
    # Rounding to the step's own digits keeps 0.30000000000000004 off the screen.
    digits = max(0, 12 - math.floor(math.log10(max(abs(low), abs(high)))))
    count = math.floor((high - low) / step + 1e-9)
    stops = [round(low + index * step, digits) for index in range(count + 1)]
    return (*stops, high) if stops[-1] < high else tuple(stops)


def parse_number(text: str) -> float:
    """A finite number from what was typed.

    Raises:
        ValueError: If it is not one; the message is a sentence for the user.
    """
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a number.") from None
    if not math.isfinite(number):
        raise ValueError(f"“{text}” is not a finite number.")
    return number


def parse_whole(text: str) -> float:
    """A whole number from what was typed.

    Raises:
        ValueError: If it is not one; the message is a sentence for the user.
    """
    number = parse_number(text)
    if number != int(number):
        raise ValueError(f"“{text}” is not a whole number.")
    return number


def format_number(value: float) -> str:
    """A number in as few digits as it needs, up to six."""
    return f"{value:g}"


@dataclass(frozen=True)
class Setting:
    """A row with a value.

    Attributes:
        name: Its key in the values.
        label: What it is called on the screen.
        tooltip: What it does, and what to try.
    """

    name: str
    label: str
    tooltip: str

    def turned(self, value: Any, by: int) -> Any:
        """The value after a turn to the right (by > 0) or the left."""
        return value

    def end(self, value: Any, place: int) -> Any:
        """The first value (place 0) or the last one (place -1)."""
        return value


@dataclass(frozen=True)
class Number(Setting):
    """A number to turn from stop to stop, or to type.

    It may lie between the stops or beyond them; the handle is then at the nearest one.

    Attributes:
        stops: The values along the track, ascending. Without any there is no track.
        format: Shows a value.
        parse: Reads what was typed. Raises ValueError with a sentence for the user.

    Raises:
        ValueError: If the stops are not ascending.
    """

    stops: Sequence[float] = ()
    format: Callable[[float], str] = format_number
    parse: Callable[[str], float] = parse_number

    def __post_init__(self) -> None:
        if any(later <= earlier for earlier, later in pairwise(self.stops)):
            raise ValueError(f"stops must be ascending, not {list(self.stops)}")

    def turned(self, value: float, by: int) -> float:
        place = bisect_right(self.stops, value) if by > 0 else bisect_left(self.stops, value) - 1
        return self.stops[place] if 0 <= place < len(self.stops) else value

    def end(self, value: float, place: int) -> float:
        return self.stops[place] if self.stops else value

    def at(self, share: float) -> float:
        """The stop at a share of the track, from 0 to 1."""
        return self.stops[round(max(0.0, min(1.0, share)) * (len(self.stops) - 1))]

    def share(self, value: float) -> float:
        """Where on the track the handle is, from 0 to 1."""
        nearest = min(range(len(self.stops)), key=lambda stop: abs(self.stops[stop] - value))
        return nearest / (len(self.stops) - 1)


@dataclass(frozen=True)
class Choice(Setting):
    """A value out of few.

    Attributes:
        options: What each value is called, in the order of the list.
    """

    options: Sequence[tuple[str, str]] = ()
    """(shown, value) pairs."""

    @property
    def values(self) -> list[str]:
        return [value for _, value in self.options]

    def shown(self, value: str) -> str:
        """What a value is called."""
        return next((shown for shown, known in self.options if known == value), "")

    def place(self, value: str) -> int | None:
        """The place of a value in the list; None for one that is not offered."""
        return self.values.index(value) if value in self.values else None

    def turned(self, value: str, by: int) -> str:
        if (place := self.place(value)) is None:
            return self.values[0]
        return self.values[min(max(place + by, 0), len(self.options) - 1)]

    def end(self, value: str, place: int) -> str:
        return self.values[place]


@dataclass(frozen=True)
class Tick(Setting):
    """A box to tick."""

    def turned(self, value: bool, by: int) -> bool:
        return by > 0


@dataclass(frozen=True)
class Section(Setting):
    """A row that opens and closes those of others; its value is what it says meanwhile.

    While the user has not decided, it is open if everything has room, or stays closed.

    Attributes:
        members: The names of the others, which follow it.
        stays_closed: Whether only the user opens it.
    """

    members: frozenset[str] = frozenset()
    stays_closed: bool = False


@dataclass(frozen=True)
class Action(Setting):
    """A row that does something when it is entered or clicked."""
