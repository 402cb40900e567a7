"""Lines: a program's text, read line by line without computing anything."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from keyword import iskeyword

from .expression import Expression, read_expression
from .grammar import Token, tokenize
from .vocabulary import FUNCTIONS, ExpressionError

MAX_LINES = 1000
"""Lines of a program, blank ones and comments included."""

MAX_LINE_LENGTH = 500
"""Characters of one of them, a comment left out."""

MAX_CHARACTERS = 20_000
"""Characters of all lines, comments left out; as many take about a tenth of a second."""

MAX_OPERATIONS = 3000
"""Numbers, names and operations; the graph has no more nodes than that."""

_ASSIGNMENT = re.compile(r"\s*([A-Za-z_]\w*)\s*(\*\*|\^|[-+*/])?=(?!=)", re.ASCII)
_NAME = re.compile(r"\s*([A-Za-z_]\w*)", re.ASCII)
# How micrograd writes a leaf.
_LEAF = "Value"


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment.

    Attributes:
        number: From 1.
        source: As it was typed, without its comment and the blanks around it.
        name: The name on the left; empty if there is none.
        content: The expression on the right, or what is wrong with it.
    """

    number: int
    source: str
    name: str
    content: Expression | ExpressionError


def read_lines(text: str) -> list[Line]:
    """Reads a program, without blank lines and comments.

    If it is too long, the first line too many is an error, and the last in the list.
    """
    typed = text.splitlines()
    codes = [line.partition("#")[0].rstrip() for line in typed[:MAX_LINES]]
    names = _assigned_names(codes)
    lines: list[Line] = []
    room = _Room()
    for number, code in enumerate(codes, 1):
        if code.strip():
            lines.append(_line(number, code, names))
            if excess := room.take(lines[-1]):
                return [*lines[:-1], _unread(number, excess)]
    if len(typed) > MAX_LINES:
        excess = f"a program has at most {MAX_LINES:,} lines, not {len(typed):,}: shorten it"
        lines.append(_unread(MAX_LINES + 1, excess))
    return lines


@dataclass(slots=True)
class _Room:
    """What a program may still contain."""

    operations: int = MAX_OPERATIONS
    characters: int = MAX_CHARACTERS

    def take(self, line: Line) -> str:
        """What there is too much of with this line; empty if it fits."""
        self.characters -= len(line.source)
        if isinstance(line.content, Expression):
            self.operations -= len(line.content.written)
        if self.operations < 0:
            return f"a program has at most {MAX_OPERATIONS:,} numbers, names and signs: shorten it"
        if self.characters < 0:
            return f"a program has at most {MAX_CHARACTERS:,} characters: shorten it"
        return ""


def _unread(number: int, sentence: str) -> Line:
    return Line(number, "", "", ExpressionError(sentence, 1))


def _assigned_names(codes: Sequence[str]) -> set[str]:
    return {match[1] for code in codes if (match := _ASSIGNMENT.match(code))}


def _line(number: int, code: str, names: Collection[str]) -> Line:
    found = _ASSIGNMENT.match(code[:MAX_LINE_LENGTH])
    name = found[1] if found else ""
    content: Expression | ExpressionError
    try:
        content = _read(code, found, names)
    except ExpressionError as error:
        content = error
    return Line(number, code.strip(), name, content)


def _read(code: str, found: re.Match[str] | None, names: Collection[str]) -> Expression:
    if len(code) > MAX_LINE_LENGTH:
        raise ExpressionError(
            f"a line has at most {MAX_LINE_LENGTH} characters, not {len(code):,}: split it",
            MAX_LINE_LENGTH + 1,
        )
    if found is None:
        raise _no_assignment(code)
    column = found.start(1) + 1
    name, operator = found.groups()
    if name in FUNCTIONS or name == _LEAF or iskeyword(name):
        raise ExpressionError(f"{name} is reserved: use another name", column)
    tokens = _without_leaf_calls(tokenize(code[found.end() :], found.end() + 1))
    if operator:
        tokens = _with_itself(name, operator, tokens, column)
    return read_expression(tokens, len(code) + 1, names)


def _no_assignment(code: str) -> ExpressionError:
    start = len(code) - len(code.lstrip()) + 1
    if "=" not in code:
        return ExpressionError(
            "the result has no name: write it like y = a*b, or remove this line", start
        )
    if (name := _NAME.match(code)) and code[name.end() :].lstrip().startswith("=="):
        return ExpressionError("== compares: use one = to assign", code.index("=") + 1)
    return ExpressionError(
        "write one name to the left of =, with the letters a to z, digits and _", start
    )


def _without_leaf_calls(tokens: Sequence[Token]) -> list[Token]:
    return [
        token
        for place, token in enumerate(tokens)
        if not (
            token.text == _LEAF and [after.text for after in tokens[place + 1 : place + 2]] == ["("]
        )
    ]


def _with_itself(name: str, operator: str, tokens: Sequence[Token], column: int) -> list[Token]:
    """`c += d` as `c = c + (d)`."""
    if not tokens:
        return []
    sign = Token("sign", operator.replace("^", "**"), column)
    first, last = tokens[0].column, tokens[-1].column
    opening, closing = Token("sign", "(", first), Token("sign", ")", last)
    return [Token("word", name, column), sign, opening, *tokens, closing]
