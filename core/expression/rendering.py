"""Rendering: instructions as text, with the brackets that are needed and no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .expression import Apply, Instruction, Number

# How tightly an operation binds, as in Python and in a textbook.
_SUM, _PRODUCT, _NEGATION, _POWER, _ATOM = range(5)
_BINDING = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "neg": _NEGATION, "**": _POWER}

_Part = tuple[str, int]
"""A text, and how tightly it binds."""


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of text is written.

    Attributes:
        signs: The operators, by the name of their operation.
        number: Writes a number.
        call: Writes a call, from the function's name and its operand's text.
        operand_binding: An operand that binds less tightly is put in brackets before the call.
    """

    signs: Mapping[str, str]
    number: Callable[[Number], str]
    call: Callable[[str, str], str]
    operand_binding: int


TEXTBOOK = Style(
    signs={"+": "+", "-": "-", "*": "*", "/": "/", "**": "^", "neg": "-"},
    number=lambda number: number.name or repr(number.value).removesuffix(".0"),
    call=lambda name, operand: f"{name}({operand})",
    operand_binding=_SUM,
)
"""`x1+sin(x2)^2`."""

PYTHON = Style(
    signs={"+": " + ", "-": " - ", "*": "*", "/": "/", "**": "**", "neg": "-"},
    number=lambda number: repr(number.value),
    call=lambda name, operand: f"{operand}.{name}()",
    operand_binding=_ATOM,
)
"""`x1 + x2.sin()**2.0`, for Values that have these names."""


def render(instructions: Sequence[Instruction], style: Style) -> str:
    """Writes an expression; reading the text again gives the same instructions."""
    stack: list[_Part] = []
    for step in instructions:
        if isinstance(step, Number):
            text = style.number(step)
            stack.append((text, _NEGATION if text.startswith("-") else _ATOM))
        elif isinstance(step, Apply):
            operands = stack[-step.n_operands :]
            del stack[-step.n_operands :]
            stack.append(_applied(step.op.name, operands, style))
        else:
            stack.append((step.name, _ATOM))
    return stack[0][0]


def _applied(name: str, operands: Sequence[_Part], style: Style) -> _Part:
    if name not in _BINDING:
        return style.call(name, _bracketed(operands[0], style.operand_binding)), _ATOM
    binding, sign = _BINDING[name], style.signs[name]
    if name == "neg":
        return sign + _bracketed(operands[0], _POWER), binding
    left, right = operands
    # Equal ones are read from the left, powers from the right.
    if name == "**":
        return f"{_bracketed(left, _ATOM)}{sign}{_bracketed(right, _NEGATION)}", binding
    tightest = _POWER if right[1] == _NEGATION else binding + 1
    return f"{_bracketed(left, binding)}{sign}{_bracketed(right, tightest)}", binding


def _bracketed(part: _Part, binding: int) -> str:
    text, own_binding = part
    return text if own_binding >= binding else f"({text})"
