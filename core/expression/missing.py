"""Missing: why a name is not there when a line reads it, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from .expression import Expression
from .lines import Line
from .vocabulary import CONSTANTS, closest


class Missing:
    """Knows where a program gives names, and which of these lines failed so far."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._given: dict[str, Line] = {}
        for line in lines:
            self._given.setdefault(line.name, line)
        # Name -> the number of the line whose error is the first cause.
        self._causes: dict[str, int] = {}

    def note_failure(self, line: Line) -> None:
        """What a line names is not there, from now on."""
        inherited = (self._causes[name] for name in _reads(line) if name in self._causes)
        self._causes[line.name] = next(inherited, line.number)

    def note_success(self, line: Line) -> None:
        """What a line names is there, from now on."""
        self._causes.pop(line.name, None)

    def sentence(self, name: str, line: Line) -> str:
        """Why a name that a line reads is not there."""
        given = self._given.get(name)
        if name in self._causes:
            return f"{name} is not there because line {self._causes[name]} has an error"
        if given is None:
            return self._unknown(name, line)
        if name == line.name:
            return f"{name} is used to compute itself: give it a number on a line above"
        if self._leads_to(given, line.name):
            return (
                f"{line.name} and {name} need each other (lines {line.number} and "
                f"{given.number}): give one of them a number first"
            )
        return f"{name} gets its number only on line {given.number}: move that line up"

    def _unknown(self, name: str, line: Line) -> str:
        above = [other for other, given in self._given.items() if given.number < line.number]
        if meant := closest(name, (*above, *CONSTANTS)):
            return f"there is no {name}: take {meant}"
        return f"there is no {name}: give it a number on a line above, like {name} = 1"

    def _leads_to(self, start: Line, name: str) -> bool:
        seen: set[str] = set()
        waiting = [*_reads(start)]
        while waiting:
            reached = waiting.pop()
            if reached not in seen and reached in self._given:
                seen.add(reached)
                waiting += _reads(self._given[reached])
        return name in seen


def _reads(line: Line) -> tuple[str, ...]:
    content = line.content
    return tuple(r.name for r in content.reads) if isinstance(content, Expression) else ()
