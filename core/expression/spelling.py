"""Spelling: an expression as it was typed, written as Python would write it.

Besides Python's own spellings those of a textbook are understood: `^` and a raised 2 for powers, a
raised dot for a product, `2x` and `2(x + 1)` without one, `sin x` without brackets.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .order import check_order
from .tokens import Token
from .vocabulary import ExpressionError

# Of a number that is too long to be repeated whole.
_SHOWN_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Source:
    """An expression in Python's spelling.

    Attributes:
        text: In ASCII, with a blank between the tokens.
        columns: Where each token begins in `text`, from 0 -> its column as it was typed.
    """

    text: str
    columns: Mapping[int, int]


def python_source(tokens: Sequence[Token], end: int) -> Source:
    """Writes an expression as Python would.

    Args:
        tokens: As `tokenize` found them.
        end: The column after the last one, where something may be missing.

    Raises:
        ExpressionError: At the first token that cannot stand where it stands.
    """
    spelled = _with_implied_signs(tokens)
    check_order(spelled, end)
    pieces: list[str] = []
    columns: dict[int, int] = {}
    place = 0
    for token in spelled:
        piece = _number(token) if token.kind == "number" else token.text
        columns[place] = token.column
        place += len(piece) + 1
        pieces.append(piece)
    return Source(" ".join(pieces), columns)


def _number(token: Token) -> str:
    # Every number is a float: Python's whole numbers have no largest one, and take any time.
    number = float(token.text)
    if math.isinf(number):
        digits = token.text
        shown = digits if len(digits) <= _SHOWN_DIGITS else f"{digits[:_SHOWN_DIGITS]}..."
        raise ExpressionError(f"{shown} is too large: take a number below 1.8e308", token.column)
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
            f"it is not clear what is raised to the power: write {function}({name})^2 or "
            f"{function}({name}^2)",
            tokens[place - 1].column,
        )


def _is_product(left: Token, right: Token, tokens: Sequence[Token], place: int) -> bool:
    is_closed = left.text == ")" or _is_called_without_brackets(tokens, place - 1)
    return (left.kind == "number" or is_closed) and (right.kind == "word" or right.text == "(")
