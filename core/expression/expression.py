"""Expression: a formula as a list of instructions, read from Python's syntax tree.

Only the kinds of node that are named here are read; nothing else can run.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, SupportsFloat, TypeAlias, TypeVar

from ..autograd import ops
from ..autograd.ops import Op
from .grammar import Token, python_source
from .vocabulary import CONSTANTS, FUNCTIONS, ExpressionError, no_function

_BINARY: dict[type[ast.operator], Op] = {
    ast.Add: ops.ADD,
    ast.Sub: ops.SUBTRACT,
    ast.Mult: ops.MULTIPLY,
    ast.Div: ops.DIVIDE,
    ast.Pow: ops.POWER,
}


@dataclass(frozen=True, slots=True)
class Number:
    """Puts a number on the stack; `name` is that of a constant, else empty."""

    value: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """Puts the operand of this name on the stack."""

    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Apply:
    """Takes the operands of an operation from the stack and puts its result there."""

    op: Op
    n_operands: int
    column: int


Instruction: TypeAlias = Number | Read | Apply


@dataclass(frozen=True, slots=True)
class Expression:
    """What to compute, operands before their operation.

    Attributes:
        written: As it was typed, in the order of a stack machine.
        folded: The same with every constant part computed.
    """

    written: tuple[Instruction, ...]
    folded: tuple[Instruction, ...]

    @property
    def reads(self) -> tuple[Read, ...]:
        """Every place that reads something by name, in order."""
        return tuple(step for step in self.written if isinstance(step, Read))

    @property
    def constant(self) -> float | None:
        """Its number; None if it reads something."""
        first = self.folded[0]
        return first.value if isinstance(first, Number) and len(self.folded) == 1 else None

    def compute(self, operands: Mapping[str, Any], apply: Callable[..., Any]) -> Any:
        """Carries out the instructions.

        Args:
            operands: What each name stands for.
            apply: Called as `apply(instruction, *operands)` for each operation.
        """
        stack: list[Any] = []
        for step in self.folded:
            if isinstance(step, Number):
                stack.append(step.value)
            elif isinstance(step, Read):
                stack.append(operands[step.name])
            else:
                taken = stack[-step.n_operands :]
                del stack[-step.n_operands :]
                stack.append(apply(step, *taken))
        return stack[0]


def read_expression(tokens: Sequence[Token], end: int, own_names: Collection[str]) -> Expression:
    """Reads an expression.

    Args:
        tokens: As `tokenize` found them.
        end: The column after the last one.
        own_names: Names that take precedence over constants.

    Raises:
        ExpressionError: If it is not an expression, or a constant part has no result.
    """
    text, columns = python_source(tokens, end)
    try:
        root = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(
            "this is too complex to read: split it into smaller parts", tokens[0].column
        ) from None
    written = _instructions(root, columns, own_names)
    return Expression(written, _folded(written))


def _instructions(
    root: ast.expr, columns: Mapping[int, int], own_names: Collection[str]
) -> tuple[Instruction, ...]:
    # A stack of its own, so that a long sum does not meet Python's recursion limit.
    result: list[Instruction] = []
    waiting: list[ast.expr | Instruction] = [root]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, ast.expr):
            result.append(item)
            continue
        column = columns[item.col_offset]
        if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Div):
            # What a division by zero points at.
            column = columns[item.right.col_offset]
        instruction, operands = _read_node(item, column, own_names)
        if instruction is not None:
            waiting.append(instruction)
        waiting.extend(operands[::-1])
    return tuple(result)


def _read_node(
    node: ast.expr, column: int, own_names: Collection[str]
) -> tuple[Instruction | None, list[ast.expr]]:
    """The white list: the instruction of one node, and the nodes of its operands."""
    match node:
        case ast.Constant(value=float(number)):
            return Number(number), []
        case ast.Name(id=name) if name in CONSTANTS and name not in own_names:
            return Number(CONSTANTS[name], name), []
        case ast.Name(id=name):
            return Read(name, column), []
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return None, [operand]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Apply(ops.NEGATE, 1, column), [operand]
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _BINARY:
            return Apply(_BINARY[type(operation)], 2, column), [left, right]
        case ast.Call(func=ast.Attribute(value=operand, attr=name), args=[], keywords=[]):
            return _call(name, column), [operand]
        case ast.Call(func=ast.Name(id=name), args=[operand], keywords=[]):
            return _call(name, column), [operand]
        case ast.Call(func=ast.Attribute(attr=name)):
            raise ExpressionError(f"leave the brackets of .{name}() empty", column)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            _call(name, column)
            raise ExpressionError(f"{name} takes one number, not {len(arguments)}", column)
    raise ExpressionError("this is not a single number: remove the comma", column)


def _call(name: str, column: int) -> Apply:
    if name not in FUNCTIONS:
        raise ExpressionError(no_function(name), column)
    return Apply(FUNCTIONS[name], 1, column)


def _folded(written: Sequence[Instruction]) -> tuple[Instruction, ...]:
    result: list[Instruction] = []
    for step in written:
        numbers = _last_numbers(result, step)
        if isinstance(step, Apply) and numbers:
            del result[-len(numbers) :]
            step = Number(float(checked(step.op.forward, step, *numbers)))
        result.append(step)
    return tuple(result)


def _last_numbers(result: Sequence[Instruction], step: Instruction) -> list[float]:
    """The operands of an operation, if they are all numbers."""
    if not isinstance(step, Apply):
        return []
    # An operand that ends in a Number is that number: what reads something ends in Read or Apply.
    operands = [last.value for last in result[-step.n_operands :] if isinstance(last, Number)]
    return operands if len(operands) == step.n_operands else []


# --- Arithmetic ----------------------------------------------------------------------------------

T = TypeVar("T", bound=SupportsFloat)


def checked(function: Callable[..., T], step: Apply, *operands: SupportsFloat) -> T:
    """The result of one operation, computed by `function` from its operands.

    Raises:
        ExpressionError: If there is no finite result.
    """
    result = function(*operands)
    if math.isfinite(float(result)):
        return result
    numbers = [float(operand) for operand in operands]
    raise ExpressionError(_no_result(step.op.name, numbers[0], numbers[-1]), step.column)


def _no_result(operation: str, first: float, last: float) -> str:
    if operation == "/" and last == 0.0:
        return "division by zero: divide by another number"
    if operation == "log" and first <= 0.0:
        what = "zero" if first == 0.0 else f"a negative number, {first:.6g}"
        return f"log of {what}: use a number above 0"
    if operation == "sqrt" and first < 0.0:
        return f"sqrt of a negative number, {first:.6g}: use 0 or more"
    if operation == "**" and first == 0.0:
        return f"zero to the power {last:.6g} is a division by zero: use a power above 0"
    if operation == "**" and first < 0.0 and not last.is_integer():
        return f"a negative number, {first:.6g}, to the power {last:.6g}: use a whole-number power"
    return "the result is above 1.8e308, the largest number possible: use smaller numbers"


# --- Rendering -----------------------------------------------------------------------------------

# How tightly an operation binds, as in Python and in a textbook.
_SUM, _PRODUCT, _NEGATION, _POWER, _ATOM = range(5)
_BINDING = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "neg": _NEGATION, "**": _POWER}

_Part = tuple[str, int]
"""A text, and how tightly it binds."""


@dataclass(frozen=True, slots=True)
class Style:
    """A way to write an expression.

    Attributes:
        signs: The operators, by the names of their operations.
        number: Writes a number.
        call: Writes a call, from the function's name and its operand's text.
        operand_binding: An operand of a call that binds less tightly gets brackets.
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
