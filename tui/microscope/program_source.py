"""ProgramLook: a program that the microscope looks at, and which line each value belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ...core.autograd import Value, topological_order
from ...core.expression import Program, run_program


@dataclass(frozen=True)
class ProgramLook:
    """One program, evaluated.

    Attributes:
        program: What its text computes.
    """

    program: Program

    @classmethod
    def of(cls, text: str) -> ProgramLook:
        """Evaluates a text."""
        return cls(run_program(text))

    @property
    def graph(self) -> tuple[Value, tuple[Value, ...]] | None:
        """The output of the graph, which has no weights; None if nothing could be computed."""
        output = self.program.output
        return None if output is None else (output, ())

    @cached_property
    def lines(self) -> dict[Value, int]:
        """The line, from 1, that each value is computed on: the first that needs it."""
        found: dict[Value, int] = {}
        for statement in self.program.statements:
            if statement.value is not None:
                for value in topological_order(statement.value):
                    found.setdefault(value, statement.line)
        return found
