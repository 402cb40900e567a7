"""Grammar: a typed expression, cut into tokens, checked and written as Python would write it.

Besides Python's own spellings those of a textbook are understood: `^` and a raised 2 for powers, a
raised dot for a product, `2x` and `2(x + 1)` without one, `sin x` without brackets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from keyword import iskeyword
from typing import Literal

from .vocabulary import FUNCTIONS, ExpressionError

# --- Tokens --------------------------------------------------------------------------------------

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
    """One word or sign of an expression.

    Attributes:
        kind: A number, a word, or a sign: an operator, a bracket, a dot, a comma.
        text: As Python writes it; a number as it was typed.
        column: Of its first character, from 1.
    """

    kind: Literal["number", "word", "sign"]
    text: str
    column: int

    @property
    def is_function(self) -> bool:
        """Whether it names a function."""
        return self.kind == "word" and self.text in FUNCTIONS

    @property
    def is_name(self) -> bool:
        """Whether it names a number."""
        return self.kind == "word" and self.text not in FUNCTIONS


def tokenize(text: str, first_column: int = 1) -> list[Token]:
    """Cuts one line into tokens; its first character has the column `first_column`.

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
                f"{typed!r} is not allowed here: use numbers, names, + - * / ^ ( ) and functions "
                "like sin(x)",
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


# --- Spelling ------------------------------------------------------------------------------------

# How much of a very long number an error repeats.
_SHOWN_DIGITS = 12


def python_source(tokens: Sequence[Token], end: int) -> tuple[str, dict[int, int]]:
    """Writes an expression as Python would.

    Args:
        tokens: As `tokenize` found them.
        end: The column after the last one, where something may be missing.

    Returns:
        The text, in ASCII, with a blank between the tokens; and where each token begins in it, from
        0 -> its column as it was typed.

    Raises:
        ExpressionError: At the first token that is out of place.
    """
    spelled = _with_implied_signs(tokens)
    order = _Order()
    for token in spelled:
        order.take(token)
    order.finish(end)
    text = ""
    columns: dict[int, int] = {}
    for token in spelled:
        columns[len(text)] = token.column
        text += f"{_number(token) if token.kind == 'number' else token.text} "
    return text.rstrip(), columns


def _number(token: Token) -> str:
    # Every number is a float: Python's whole numbers have no largest one, and take any time.
    number = float(token.text)
    if math.isinf(number):
        digits = token.text
        shown = digits if len(digits) <= _SHOWN_DIGITS else f"{digits[:_SHOWN_DIGITS]}..."
        raise ExpressionError(f"{shown} is too large: use a number below 1.8e308", token.column)
    return repr(number)


def _with_implied_signs(tokens: Sequence[Token]) -> list[Token]:
    result: list[Token] = []
    for place, token in enumerate(tokens):
        previous = tokens[place - 1] if place else None
        if _is_called_without_brackets(tokens, place):
            _check_power(tokens, place)
            opening, closing = (Token("sign", bracket, token.column) for bracket in "()")
            result += (opening, token, closing)
            continue
        if previous is not None and _is_product(previous, token, tokens, place):
            result.append(Token("sign", "*", token.column))
        result.append(token)
    return result


def _is_called_without_brackets(tokens: Sequence[Token], place: int) -> bool:
    if not (place and tokens[place].is_name and tokens[place - 1].is_function):
        return False
    return place < 2 or tokens[place - 2].text != "."


def _check_power(tokens: Sequence[Token], place: int) -> None:
    if place + 1 < len(tokens) and tokens[place + 1].text == "**":
        function, name = tokens[place - 1].text, tokens[place].text
        raise ExpressionError(
            f"it is not clear what the power applies to: write {function}({name})^2 or "
            f"{function}({name}^2)",
            tokens[place - 1].column,
        )


def _is_product(left: Token, right: Token, tokens: Sequence[Token], place: int) -> bool:
    is_closed = left.text == ")" or _is_called_without_brackets(tokens, place - 1)
    return (left.kind == "number" or is_closed) and (right.kind == "word" or right.text == "(")


# --- Order ---------------------------------------------------------------------------------------

MAX_NESTING = 50
"""Brackets inside brackets; Python's own parser gives up at 200."""

_BINARY = frozenset({"+", "-", "*", "/", "**", ",", "."})
_UNARY = frozenset({"+", "-"})


class _Order:
    """Checks that operands and operators take turns and brackets are paired, token by token.

    Python's parser would find the same mistakes; here each has a place and a sentence that are the
    same in every version of Python.
    """

    def __init__(self) -> None:
        self._open: list[Token] = []
        self._before = self._previous = Token("sign", "", 1)
        self._needs_operand = True

    def take(self, token: Token) -> None:
        self._check_call(token)
        if self._needs_operand:
            self._take_operand(token)
        else:
            self._take_operator(token)
        self._before, self._previous = self._previous, token

    def finish(self, end: int) -> None:
        self._check_call(Token("sign", "", end))
        if self._needs_operand:
            after = f" after {self._previous.text}" if self._previous.text else ""
            raise ExpressionError(f"a number or a name is missing{after}", end)
        if self._open:
            raise ExpressionError("this ( is not closed: add a )", self._open[-1].column)

    def _check_call(self, token: Token) -> None:
        if self._previous.text == "." and not token.is_function:
            raise ExpressionError("only a function like tanh() can follow a dot", token.column)
        if self._previous.is_function and token.text != "(":
            name = self._previous.text
            raise ExpressionError(
                f"{name} is a function: put its input in brackets, like {name}(x)",
                self._previous.column,
            )

    def _take_operand(self, token: Token) -> None:
        if token.kind != "sign":
            if iskeyword(token.text):
                raise ExpressionError(
                    f"{token.text} is a reserved word: use another name", token.column
                )
            self._needs_operand = False
        elif token.text == "(":
            self._nest(token)
        elif token.text == ")" and self._previous.text == "(" and self._before.kind == "word":
            self._close(token)
            self._needs_operand = False
        elif token.text not in _UNARY:
            raise ExpressionError(
                f"a number or a name is missing before {token.text}", token.column
            )

    def _take_operator(self, token: Token) -> None:
        if token.text in _BINARY:
            self._needs_operand = True
        elif token.text == "(" and self._previous.kind == "word":
            self._nest(token)
            self._needs_operand = True
        elif token.text == ")":
            self._close(token)
        else:
            raise ExpressionError(
                f"an operator like + or * is missing before {token.text}", token.column
            )

    def _nest(self, token: Token) -> None:
        self._open.append(token)
        if len(self._open) > MAX_NESTING:
            raise ExpressionError(
                f"brackets are nested more than {MAX_NESTING} deep: use fewer", token.column
            )

    def _close(self, token: Token) -> None:
        if not self._open:
            raise ExpressionError("this ) has no ( before it: remove it", token.column)
        self._open.pop()
