"""Tokens: a typed expression, cut into its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from .vocabulary import FUNCTIONS, ExpressionError

# What a symbol of textbooks stands for.
_SYMBOLS = {
    "^": ("**",),
    "\N{SUPERSCRIPT TWO}": ("**", "2"),
    "\N{SUPERSCRIPT THREE}": ("**", "3"),
    "\N{MIDDLE DOT}": ("*",),
    "\N{DOT OPERATOR}": ("*",),
    "\N{MULTIPLICATION SIGN}": ("*",),
    "\N{DIVISION SIGN}": ("/",),
    "\N{MINUS SIGN}": ("-",),
    "\N{GREEK SMALL LETTER PI}": ("pi",),
}
_BLANK = r"\s\N{NO-BREAK SPACE}"
_TOKEN = re.compile(
    rf"""[{_BLANK}]*(?:
        (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
        |(?P<word>[A-Za-z_]\w*)
        |(?P<sign>\*\*|[-+*/(),.])
        |(?P<symbol>[{"".join(map(re.escape, _SYMBOLS))}])
        |(?P<other>[^{_BLANK}])
    )""",
    re.ASCII | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression.

    Attributes:
        kind: A number, a word, or a sign: an operator, a bracket, a dot, a comma.
        text: As Python writes it; of a number, as it was typed.
        column: Its first character's, from 1.
    """

    kind: Literal["number", "word", "sign"]
    text: str
    column: int

    @property
    def is_function(self) -> bool:
        """Whether it is the name of a function."""
        return self.kind == "word" and self.text in FUNCTIONS

    @property
    def is_name(self) -> bool:
        """Whether it names a number."""
        return self.kind == "word" and self.text not in FUNCTIONS


def tokenize(text: str, first_column: int = 1) -> list[Token]:
    """Cuts an expression into its words.

    Args:
        text: One line.
        first_column: The column at which it begins.

    Raises:
        ExpressionError: At a character that no expression has.
    """
    return list(chain.from_iterable(_tokens(text, first_column)))


def _tokens(text: str, first_column: int) -> Iterator[list[Token]]:
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        typed = match[kind]
        column = first_column + match.start(kind)
        if kind == "other":
            raise ExpressionError(
                f"{typed!r} cannot be used here: write with numbers, names, + - * / ^ ( ) and "
                "functions like sin(x)",
                column,
            )
        if kind == "number":
            yield [Token("number", typed, column)]
        elif kind == "word":
            yield [Token("word", typed, column)]
        else:
            yield [_token(text, column) for text in _SYMBOLS.get(typed, (typed,))]


def _token(text: str, column: int) -> Token:
    if text.isdigit():
        return Token("number", text, column)
    return Token("word" if text.isalpha() else "sign", text, column)
