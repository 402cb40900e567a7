"""Formula: one expression over columns, evaluated on arrays."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..autograd import ops
from ..autograd.numerics import FloatArray
from .expression import TEXTBOOK, Apply, Expression, Read, checked, read_expression, render
from .grammar import Token, tokenize
from .vocabulary import FUNCTIONS, ExpressionError, closest

MAX_FORMULA_LENGTH = 200
"""Characters of a formula."""

_SQUARED = "squared"
# Of a number at the end of a name: x01 is x1.
_LEADING_ZEROS = re.compile(r"(?<=[a-z_])0+(?=\d+$)")


@dataclass(frozen=True, slots=True)
class Formula:
    """One number for each sample, computed from columns.

    Attributes:
        text: In the one spelling that is shown: `x1^2`, `sin x1`, `x1*sin(x2)`.
        names: The columns it reads, each once, in the order it reads them.
        expression: How it is computed.
    """

    text: str
    names: tuple[str, ...]
    expression: Expression

    def __call__(self, *columns: FloatArray) -> FloatArray:
        """Computes every sample, shape (n,); nan or inf where the result is not finite.

        Args:
            *columns: The columns of `names`, each of shape (n,).
        """
        with np.errstate(all="ignore"):
            result = self.expression.compute(self._named(columns), _apply_to_arrays)
        return np.array(result, dtype=np.float64)

    def at(self, *numbers: float) -> float:
        """Computes one sample.

        Args:
            *numbers: The sample's numbers in the columns of `names`.

        Raises:
            ExpressionError: If there is no finite result; it says why and where.
        """
        operands = self._named([float(number) for number in numbers])
        return float(self.expression.compute(operands, _apply_to_floats))

    def _named(self, operands: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(self.names, operands, strict=True))


def parse_formula(text: str, names: Collection[str]) -> Formula:
    """Reads a formula, in any spelling: `x1*sin(x2)`, `x1 sin x2`, `x1²`, `sinx1`.

    Capitals count as small letters. `pi` and `e` are numbers, unless they are among the names.

    Args:
        text: As typed.
        names: The columns it may read, in small letters, without leading zeros in a number at the
            end.

    Raises:
        ExpressionError: If it is not a formula, reads an unknown name, or reads no column; or if
            its `text` would not be read again, since that is longer than what was typed.
    """
    if text in names:
        return _plain(text)
    formula = _read(text, names)
    if formula.text != text:
        _check_read_again(formula.text, names)
    return formula


def _check_read_again(canonical: str, names: Collection[str]) -> None:
    try:
        _read(canonical, names)
    except ExpressionError:
        raise ExpressionError(
            f"this is too long once it is written out ({canonical[:12]}...): make it shorter", 1
        ) from None


def _read(text: str, names: Collection[str]) -> Formula:
    if len(text) > MAX_FORMULA_LENGTH:
        raise ExpressionError(
            f"a formula has at most {MAX_FORMULA_LENGTH} characters, not {len(text):,}",
            MAX_FORMULA_LENGTH + 1,
        )
    known = dict.fromkeys(names)
    pieces = [piece for token in tokenize(text) for piece in _known_words(token, known)]
    expression = read_expression(_with_products(pieces), len(text.rstrip()) + 1, known)
    for read in expression.reads:
        if read.name not in known:
            raise ExpressionError(_no_column(read.name, list(known)), read.column)
    if not expression.reads:
        raise ExpressionError("no column is used: a constant is the same for every sample", 1)
    read_names = tuple(dict.fromkeys(read.name for read in expression.reads))
    return Formula(_canonical(expression), read_names, expression)


def _plain(name: str) -> Formula:
    # The most common formula by far, and there may be thousands.
    steps = (Read(name, 1),)
    return Formula(name, (name,), Expression(steps, steps))


def _no_column(name: str, names: Sequence[str]) -> str:
    columns = " to ".join(dict.fromkeys((*names[:1], *names[-1:])))
    return f"unknown name {name}: use {closest(name, FUNCTIONS) or columns}"


def _canonical(expression: Expression) -> str:
    match expression.written:
        case (Read(name=name), Apply(op=op)) if op.name in FUNCTIONS:
            return f"{op.name} {name}"
    return render(expression.written, TEXTBOOK)


# --- Spellings that only a formula has -----------------------------------------------------------


def _known_words(token: Token, names: Collection[str]) -> list[Token]:
    """A word, or the words that were written together: `sinx1`, `x1x2`, `x1squared`."""
    if token.kind != "word":
        return [token]
    pieces: list[Token] = []
    word, column = token.text.lower(), token.column
    while word:
        length = next((n for n in range(len(word), 0, -1) if _is_known(word[:n], names)), 0)
        if not length:
            return [Token("word", _spelled(token.text), token.column)]
        pieces += _piece(_spelled(word[:length]), column)
        word, column = word[length:], column + length
    return pieces


def _is_known(word: str, names: Collection[str]) -> bool:
    return _spelled(word) in names or word in FUNCTIONS or word == _SQUARED


def _spelled(word: str) -> str:
    return _LEADING_ZEROS.sub("", word.lower())


def _piece(word: str, column: int) -> list[Token]:
    if word == _SQUARED:
        return [Token("sign", "**", column), Token("number", "2", column)]
    return [Token("word", word, column)]


def _with_products(tokens: Sequence[Token]) -> list[Token]:
    """Adds the sign of `x1 x2`."""
    result = list(tokens[:1])
    for left, right in pairwise(tokens):
        if left.is_name and right.kind == "word":
            result.append(Token("sign", "*", right.column))
        result.append(right)
    return result


# --- Computing -----------------------------------------------------------------------------------


def _apply_to_arrays(step: Apply, *operands: Any) -> Any:
    op = step.op
    if op is ops.POWER and isinstance(operands[1], float):
        op = ops.POWER_CONSTANT
    return op.forward(*operands)


def _apply_to_floats(step: Apply, *operands: float) -> float:
    return float(checked(step.op.forward, step, *operands))
