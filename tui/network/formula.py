"""A neuron's formula with numbers: `h1[0] = tanh(0.10*1.00 - 0.20*2.00 + 0.10) = -0.197`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from textwrap import wrap
from typing import Final

from .card_facts import cut

MAX_LINES: Final = 3
"""A formula is shortened to this many lines."""
DECIMALS: Final = 2
"""Of weights and inputs; fewer where a formula is too long for its lines with them."""
_TERM: Final = len(" - 0.20*-0.40")
_BIAS: Final = len(" + 0.10")
_ENDS: Final = len(" = () = -0.197") - len(" + ")
_LARGEST_FIXED: Final = 1000.0


def formula_lines(n_products: int, around: int, width: int) -> int:
    """How many lines a formula is given, whatever its numbers are.

    Args:
        n_products: Weights times inputs.
        around: Characters of the neuron's name and its activation.
        width: Characters of a line.
    """
    length = around + _ENDS + _BIAS + _TERM * n_products
    return max(1, min(MAX_LINES, math.ceil(length / max(width, 1))))


def products_shown(n_products: int, around: int, width: int) -> int:
    """How many of the products there is room for; the others are counted only."""
    fit = (MAX_LINES * (width - _TERM // 2) - around - _ENDS - _BIAS) // _TERM
    # What is said of those that are left out takes the room of a term.
    return n_products if n_products <= fit else max(fit - 1, 2)


def formula(
    name: str,
    activation: str,
    terms: list[tuple[float, float]],
    left_out: int,
    bias: float,
    output: float,
    decimals: int = DECIMALS,
) -> str:
    """What a neuron computes for one point.

    Args:
        name: The neuron's.
        activation: The name of its activation; `linear` is not written.
        terms: (weight, input) pairs.
        left_out: How many smaller ones are not among them.
        bias: What is added.
        output: What comes out; it has one decimal more.
        decimals: Of the other numbers.
    """
    text = ""
    for weight, value in terms:
        text += f"{_joined(weight, text, decimals)}*{_short(value, decimals)}"
    if left_out:
        text += f" + {left_out} smaller"
    text += _joined(bias, text, decimals)
    inside = text if activation == "linear" else f"{activation}({text})"
    return f"{name} = {inside} = {_short(output, DECIMALS + 1)}"


def wrapped(texts: Iterable[str], width: int, lines: int, *, ascii: bool) -> list[str]:
    """The first of some texts that fits, in exactly so many lines.

    If none does, dots stand for the end of the last one.
    """
    found: list[str] = []
    for text in texts:
        found = wrap(text, max(width, 4), subsequent_indent="  ") or [""]
        if len(found) <= lines:
            return found + [""] * (lines - len(found))
    rest = " ".join(line.strip() for line in found[lines - 1 :])
    return [*found[: lines - 1], cut(f"  {rest}", width, ascii=ascii)]


def _joined(value: float, before: str, decimals: int) -> str:
    """A number behind others: ` + 0.10`, ` - 0.20`."""
    text = _short(value, decimals)
    if not before:
        return text
    return f" - {text[1:]}" if text.startswith("-") else f" + {text}"


def _short(value: float, decimals: int) -> str:
    if not math.isfinite(value):
        return f"{value}"
    if abs(value) >= _LARGEST_FIXED:
        return f"{value:.{decimals + 1}g}"
    # Adding zero makes a plain zero of a negative one.
    return f"{round(value, decimals) + 0.0:.{decimals}f}"
