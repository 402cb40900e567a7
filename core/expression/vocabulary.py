"""Vocabulary: the functions and constants that an expression may name, and what is wrong in it."""

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
"""Every function an expression may call, by its name: those of ops.py that take one number."""

CONSTANTS = {"pi": math.pi, "e": math.e}
"""Numbers with a name, where nothing else has been given that name."""


class ExpressionError(ValueError):
    """A place in a text that cannot be read or computed.

    Attributes:
        sentence: What is wrong and what to do, without the place and without a full stop.
        column: The place's character in its line, from 1.
        line: Its line, from 1.
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
    """The sentence about a function that does not exist."""
    if meant := closest(name, FUNCTIONS):
        return f"there is no function {name}: take {meant}"
    return f"there is no function {name}: take {', '.join(FUNCTIONS)}, or write * for a product"


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant; empty if none is like it."""
    return next(iter(get_close_matches(name, list(known), n=1)), "")
