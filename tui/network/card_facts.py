"""Facts: what a card tells of one part of a network, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from textwrap import wrap
from typing import Final, Protocol

from rich.segment import Segment
from rich.style import Style

from ..drawing.numbers import signed
from ..selection import Part

NUMBER_WIDTH: Final = 8
"""Characters of a number in a column."""
POINT_LINES: Final = 2


class Look(Enum):
    """How a piece of text looks."""

    PLAIN = auto()
    QUIET = auto()
    STRONG = auto()
    NEGATIVE = auto()
    POSITIVE = auto()


Looks = Mapping[Look, Style]
Line = list[Segment]


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to do with what is shown.

    Attributes:
        key: The key as it is called on the screen.
        words: What it does.
        action: The action's name.
    """

    key: str
    words: str
    action: str


class Facts(Protocol):
    """What a card shows: lines, some of which stand for a part that can be selected."""

    @property
    def part(self) -> Part:
        """What it is about."""

    @property
    def title(self) -> str:
        """The part's name."""

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What can be done with it."""

    def height(self, width: int) -> int:
        """The number of lines at a width; as long as it is the same part, always the same."""

    def line(self, y: int, width: int, looks: Looks) -> Line:
        """One line, not wider than the width."""

    def part_at(self, y: int, width: int) -> Part | None:
        """The part that a line stands for."""


def number(value: float, looks: Looks) -> Segment:
    """A signed number in its column and its colour."""
    look = Look.NEGATIVE if value < 0 else Look.POSITIVE if value > 0 else Look.PLAIN
    return Segment(signed(value, NUMBER_WIDTH), looks[look])


# A card asks several times a line.
@lru_cache(maxsize=16)
def point_lines(point: str, width: int, *, ascii: bool) -> tuple[str, ...]:
    """For which point the numbers are, in at most two lines."""
    lines = wrap(f"for {point}", max(width, 4)) or [""]
    return tuple(cut(line, width, ascii=ascii) for line in lines[:POINT_LINES])


def cut(text: str, width: int, *, ascii: bool) -> str:
    """A text in as many characters as there are, with dots where something is missing."""
    dots = ".." if ascii else "…"
    if len(text) <= width:
        return text
    return text[: max(width - len(dots), 0)] + dots[: max(width, 0)]
