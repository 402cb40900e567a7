"""Program: assignments, one a line, evaluated on Values; a line that is wrong stops no other."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..autograd import ops
from ..autograd.ops import Op
from ..autograd.value import Value
from .expression import PYTHON, Apply, Expression, checked, render
from .lines import Line, read_lines
from .vocabulary import CONSTANTS, FUNCTIONS, ExpressionError, closest

_ON_VALUES: dict[Op, Callable[..., Value]] = {
    ops.ADD: operator.add,
    ops.SUBTRACT: operator.sub,
    ops.MULTIPLY: operator.mul,
    ops.DIVIDE: operator.truediv,
    ops.POWER: operator.pow,
    ops.NEGATE: operator.neg,
    **{op: getattr(Value, name) for name, op in FUNCTIONS.items()},
}


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One line that is not blank.

    Attributes:
        line: Its number, from 1.
        name: What it assigns; empty if that is unreadable.
        source: As typed, without its comment and the blanks around it.
        value: What the name stands for after it; None if there is an error.
        error: What is wrong; None if nothing is.
        is_leaf: Whether it has a value and reads no name: the value is a parameter to change.
        python: The same statement for a Python script that imports Value from toygrad.core; empty
            if there is an error.
    """

    line: int
    name: str
    source: str
    value: Value | None
    error: ExpressionError | None
    is_leaf: bool
    python: str


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """What a text computes.

    Attributes:
        statements: One for each line that is not blank or a comment, in order.
    """

    statements: tuple[Statement, ...]

    @property
    def values(self) -> dict[str, Value]:
        """What each name stands for at the end, without those whose last line has an error."""
        last = {statement.name: statement.value for statement in self.statements}
        return {name: value for name, value in last.items() if value is not None}

    @property
    def leaves(self) -> dict[str, Value]:
        """The parameters by name, in order.

        Where several have the same name, the last has the plain name and the others their line
        with it: `a (line 1)`.
        """
        found = [(s.name, s.line, s.value) for s in self.statements if s.is_leaf]
        last = {name: line for name, line, _ in found}
        return {
            name if line == last[name] else f"{name} (line {line})": value
            for name, line, value in found
            if value is not None
        }

    @property
    def output(self) -> Value | None:
        """The result of the last line without an error; None if there is none."""
        values = [s.value for s in self.statements if s.value is not None]
        return values[-1] if values else None

    @property
    def errors(self) -> tuple[ExpressionError, ...]:
        """One for each wrong line, in order."""
        return tuple(s.error for s in self.statements if s.error is not None)


def run_program(text: str) -> Program:
    """Evaluates any text as a program; what is wrong with it is in `Program.errors`.

    A line assigns an expression to a name: `c = a*b + 1`, `d += c.relu()`. A line that reads no
    name makes a leaf; numbers inside other lines are constants of the graph. A name may be assigned
    again; lines below see the new value. The label of a Value is the first name it was given.

    Args:
        text: Lines, with comments after `#`.
    """
    lines = read_lines(text)
    run = _Run(lines)
    return Program(tuple(run.statement(line) for line in lines))


class _Run:
    """What the lines so far have given: values, and the names that are missing, with the cause."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._values: dict[str, Value] = {}
        self._assigned: dict[str, Line] = {}
        for line in lines:
            self._assigned.setdefault(line.name, line)
        # Name -> the number of the line whose error is the first cause.
        self._causes: dict[str, int] = {}

    def statement(self, line: Line) -> Statement:
        """Evaluates one line."""
        try:
            expression = self._readable(line)
            value = _evaluate(expression, self._values)
        except ExpressionError as error:
            self._values.pop(line.name, None)
            inherited = (self._causes[name] for name in _reads(line) if name in self._causes)
            self._causes[line.name] = next(inherited, line.number)
            placed = ExpressionError(error.sentence, error.column, line.number)
            return Statement(line.number, line.name, line.source, None, placed, False, "")
        self._values[line.name] = value
        self._causes.pop(line.name, None)
        value.label = value.label or line.name
        is_leaf = expression.constant is not None
        python = f"{line.name} = {_python(expression)}"
        return Statement(line.number, line.name, line.source, value, None, is_leaf, python)

    def _readable(self, line: Line) -> Expression:
        if isinstance(line.content, ExpressionError):
            raise line.content
        for read in line.content.reads:
            if read.name not in self._values:
                raise ExpressionError(self._why_missing(read.name, line), read.column)
        return line.content

    def _why_missing(self, name: str, line: Line) -> str:
        assigned = self._assigned.get(name)
        if name in self._causes:
            return f"{name} is undefined because line {self._causes[name]} has an error"
        if assigned is None:
            above = [other for other, at in self._assigned.items() if at.number < line.number]
            meant = closest(name, (*above, *CONSTANTS))
            remedy = f"use {meant}" if meant else f"assign it on a line above, like {name} = 1"
            return f"unknown name {name}: {remedy}"
        if name == line.name:
            return f"{name} depends on itself: give it a number on a line above"
        if self._leads_to(assigned, line.name):
            return (
                f"{line.name} and {name} depend on each other (lines {line.number} and "
                f"{assigned.number}): give one of them a number first"
            )
        return f"{name} is assigned only on line {assigned.number}: move that line up"

    def _leads_to(self, start: Line, name: str) -> bool:
        seen: set[str] = set()
        waiting = [*_reads(start)]
        while waiting:
            reached = waiting.pop()
            if reached not in seen and reached in self._assigned:
                seen.add(reached)
                waiting += _reads(self._assigned[reached])
        return name in seen


def _reads(line: Line) -> tuple[str, ...]:
    content = line.content
    return tuple(r.name for r in content.reads) if isinstance(content, Expression) else ()


def _evaluate(expression: Expression, values: Mapping[str, Value]) -> Value:
    if expression.constant is not None:
        return Value(expression.constant)
    value: Value = expression.compute(values, _apply_to_values)
    return value


def _apply_to_values(step: Apply, *operands: Value | float) -> Value:
    return checked(_ON_VALUES[step.op], step, *operands)


def _python(expression: Expression) -> str:
    if expression.constant is not None:
        return f"Value({expression.constant!r})"
    return render(expression.folded, PYTHON)
