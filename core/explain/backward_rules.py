"""Backward rules in words: the derivative of each operation, as a formula and with its numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from ..autograd import ops
from ..autograd.value import Value
from .formulas import formula, number_text, quotient_text
from .replay import local_derivatives

MOST_PARTIALS: Final = 2
"""A sum of many products has more derivatives than anyone reads."""


class BackwardRule(NamedTuple):
    """The derivative of one operation.

    Attributes:
        partials: By each operand `a`, `b`; `out` is the result, `n` the operation's own number.
        words: The same in words; may be empty.
    """

    partials: tuple[str, ...]
    words: str = ""


BACKWARD_RULES: Final[dict[str, BackwardRule]] = {
    "+": BackwardRule(("1", "1"), "a sum passes its gradient on unchanged"),
    "-": BackwardRule(("1", "-1"), "a difference passes it on, to the second with a minus"),
    "*": BackwardRule(("b", "a"), "each factor gets the gradient times the other factor"),
    "/": BackwardRule(("1/b", "-a/b**2")),
    "**": BackwardRule(("b*a**(b - 1)", "out*log(a)")),
    "**n": BackwardRule(("n*a**(n - 1)",), "the exponent comes down as a factor"),
    "neg": BackwardRule(("-1",), "the sign flips"),
    "exp": BackwardRule(("out",), "exp is its own derivative"),
    "log": BackwardRule(("1/a",)),
    "sqrt": BackwardRule(("1/(2*out)",)),
    "abs": BackwardRule(("sign(a)",), "1 above zero, -1 below"),
    "sin": BackwardRule(("cos(a)",)),
    "cos": BackwardRule(("-sin(a)",)),
    "tanh": BackwardRule(("1 - out**2",), "near 0 where tanh saturates"),
    "sigmoid": BackwardRule(("out*(1 - out)",), "never above 1/4"),
    "relu": BackwardRule(("1 if a > 0 else 0",), "a gate: everything passes, or nothing"),
    "leaky_relu": BackwardRule(("1 if a > 0 else n",), "a leaky gate"),
    "elu": BackwardRule(("1 if a > 0 else exp(a)",)),
    "softplus": BackwardRule(("sigmoid(a)",)),
    "dot": BackwardRule((), "each factor gets the gradient times the other factor"),
}
"""By the operation's name in `ops.OPS`: those of single numbers."""

_POWER: Final = re.compile(r"\*\*\((-?[0-9][0-9.e+-]*) - 1\)")
_TOKEN: Final = re.compile(r"(-\s*)?\b(a|b|n|out)\b(\*\*)?")


def partials_of(node: Value) -> tuple[str, ...]:
    """The formula of a node's derivative by each operand; empty if it has no written rule.

    Operands are `a` and `b`; of a sum of products they are `x0`, `x1`, ... in its order.
    """
    assert node.op is not None
    if node.op is ops.DOT:
        n = len(node.parents) // 2
        return (*(f"x{n + k}" for k in range(n)), *(f"x{k}" for k in range(n)), "1")
    rule = BACKWARD_RULES.get(node.op.name)
    return () if rule is None else rule.partials


def rule_text(node: Value, names: Mapping[Value, str], data: Mapping[Value, float]) -> str:
    """A node's own backward rule with its numbers: `∂o/∂n = 1 - tanh(n)**2 = ... = 0.5`.

    Args:
        node: One that is computed.
        names: Of it and its operands.
        data: Their numbers.
    """
    of, derivatives = names[node], local_derivatives(node, data)
    symbols = _filling([names[p] for p in node.parents], node, data=None)
    numbers = _filling([number_text(data[p]) for p in node.parents], node, data=data[node])
    found: dict[str, None] = {}
    for parent, partial, derivative in zip(
        node.parents, partials_of(node), derivatives, strict=False
    ):
        if not parent.constant:
            in_words = [_filled(partial, symbols), _filled(partial, numbers)]
            found[_equation(quotient_text(of, names[parent]), in_words, derivative)] = None
    shown = list(found)[:MOST_PARTIALS]
    return ", ".join([*shown, "..."] if len(found) > len(shown) else shown)


def _equation(left: str, steps: Sequence[str], derivative: float) -> str:
    result = number_text(derivative)
    different = [
        text for text in dict.fromkeys(steps) if text not in (result, result.removesuffix(".0"))
    ]
    return " = ".join([left, *different, result.removesuffix(".0")])


def _filling(operands: Sequence[str], node: Value, data: float | None) -> dict[str, str]:
    """What stands for each letter of a formula."""
    assert node.op is not None
    whole = formula(node.op, operands, node.parameters) if data is None else number_text(data)
    letters = dict(zip("ab", operands, strict=False))
    own = {"n": f"{node.parameters[0]:g}"} if node.parameters else {}
    return {"out": whole, **own, **letters, **{f"x{k}": text for k, text in enumerate(operands)}}


def _filled(partial: str, filling: Mapping[str, str]) -> str:
    if partial in filling:
        return filling[partial]

    def put(match: re.Match[str]) -> str:
        minus, letter, power = (match[1] or "", match[2], match[3] or "")
        text = filling[letter]
        if text.startswith("-") and (minus or power):
            text = f"({text})"
        return f"{minus}{text}{power}"

    return _POWER.sub(_lower_power, _TOKEN.sub(put, partial))


def _lower_power(match: re.Match[str]) -> str:
    """`**2` for `**(3 - 1)`, nothing for `**(2 - 1)`."""
    power = float(match[1]) - 1.0
    return "" if power == 1.0 else f"**{power:g}" if power >= 0.0 else f"**({power:g})"
