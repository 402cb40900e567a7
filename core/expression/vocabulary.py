"""Vocabulary: the functions and constants an expression may use, and its error."""

from __future__ import annotations

import math
from collections.abc import Iterable
from difflib import get_close_matches

from ..autograd import ops
from ..autograd.ops import Op

FUNCTIONS: dict[str, Op] = {
    op.name: op
    for op in (
        ops.SIN,
        ops.COS,
        ops.TANH,
        ops.SIGMOID,
        ops.RELU,
        ops.EXP,
        ops.LOG,
        ops.SQRT,
        ops.ABS,
        ops.SOFTPLUS,
        ops.ELU,
    )
}
"""Every function an expression may call, by name: those of ops.py that take one number."""

CONSTANTS = {"pi": math.pi, "e": math.e}
"""Numbers with a name, unless a column or a line has that name."""


class ExpressionError(ValueError):
    """A place in a text that is not an expression, or has no result.

    Attributes:
        sentence: What is wrong and what to do, without the place and the full stop.
        column: The character in its line, from 1.
        line: From 1.
    """

    sentence: str
    column: int
    line: int

    def __init__(self, sentence: str, column: int, line: int = 1) -> None:
        super().__init__(f"line {line}, column {column}: {sentence}")
        self.sentence = sentence
        self.column = column
        self.line = line


def no_function(name: str) -> str:
    """What is wrong with a call of something that is not a function."""
    known = closest(name, FUNCTIONS) or f"{', '.join(FUNCTIONS)}, or write * for a product"
    return f"unknown function {name}: use {known}"


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant; empty if none is similar."""
    return next(iter(get_close_matches(name, list(known), n=1)), "")
