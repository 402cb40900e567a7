"""Arithmetic: an operation that has no result says so, in one sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import SupportsFloat, TypeVar

from ..autograd.ops import Op
from .vocabulary import ExpressionError

T = TypeVar("T", bound=SupportsFloat)


def checked(compute: Callable[[], T], op: Op, operands: Sequence[SupportsFloat], column: int) -> T:
    """The result of an operation on numbers.

    Args:
        compute: Carries it out.
        op: Which one it is.
        operands: What it is carried out on.
        column: Where it stands.

    Raises:
        ExpressionError: If there is no finite result.
    """
    try:
        result = compute()
    except (ArithmeticError, ValueError):
        raise _no_result(op, operands, column) from None
    if not math.isfinite(float(result)):
        raise _no_result(op, operands, column)
    return result


def _no_result(op: Op, operands: Sequence[SupportsFloat], column: int) -> ExpressionError:
    first, last = float(operands[0]), float(operands[-1])
    sentence = "this is above 1.8e308, the largest number there is: take smaller numbers"
    if op.name == "/" and last == 0.0:
        sentence = "division by zero: divide by another number"
    elif op.name == "log" and first <= 0.0:
        what = "zero" if first == 0.0 else f"a negative number, {first:.6g}"
        sentence = f"log of {what}: take a number above 0"
    elif op.name == "sqrt" and first < 0.0:
        sentence = f"sqrt of a negative number, {first:.6g}: take 0 or more"
    elif op.name == "**" and first == 0.0:
        sentence = f"zero to the power {last:.6g} is a division by zero: take a power above 0"
    elif op.name == "**" and first < 0.0 and not last.is_integer():
        sentence = (
            f"a negative number, {first:.6g}, to the power {last:.6g}: take a whole number as power"
        )
    return ExpressionError(sentence, column)
