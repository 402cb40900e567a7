"""Order: whether operands and operators take turns, and brackets are paired.

Python's parser would find the same mistakes; here they get a place and a sentence that are the
same in every version of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from keyword import iskeyword

from .tokens import Token
from .vocabulary import ExpressionError

MAX_NESTING = 50
"""Brackets inside brackets; Python's own parser gives up at 200."""

_BINARY = frozenset({"+", "-", "*", "/", "**", ",", "."})
_UNARY = frozenset({"+", "-"})


def check_order(tokens: Iterable[Token], end: int) -> None:
    """Reads an expression once, from left to right.

    Args:
        tokens: Of the whole expression.
        end: The column after the last one.

    Raises:
        ExpressionError: At the first token that cannot stand where it stands.
    """
    order = _Order()
    for token in tokens:
        order.take(token)
    order.finish(end)


class _Order:
    """What has been read so far, and with it what may come next."""

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
            raise ExpressionError("only a function like tanh() can stand after a dot", token.column)
        if self._previous.is_function and token.text != "(":
            name = self._previous.text
            raise ExpressionError(
                f"{name} is a function: write in brackets what it is taken of, as {name}(x)",
                self._previous.column,
            )

    def _take_operand(self, token: Token) -> None:
        if token.kind != "sign":
            if iskeyword(token.text):
                raise ExpressionError(f"{token.text} cannot be a name: take another", token.column)
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
                f"brackets are nested more than {MAX_NESTING} deep: take fewer", token.column
            )

    def _close(self, token: Token) -> None:
        if not self._open:
            raise ExpressionError("this ) has no ( before it: take it away", token.column)
        self._open.pop()
