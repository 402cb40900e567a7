"""The rule by which each operation hands its gradient on, in a learner's words."""

from __future__ import annotations

from typing import Final

_RULES: Final[dict[str, str]] = {
    "+": "a sum hands its gradient on unchanged, d(a + b)/da = 1",
    "-": "a difference hands it on, to b with the other sign, d(a - b)/db = -1",
    "*": "each factor gets the gradient times the other, d(a*b)/da = b",
    "/": "d(a/b)/da = 1/b, d(a/b)/db = -a/b**2",
    "**": "d(a**b)/da = b*a**(b - 1), d(a**b)/db = a**b * log(a)",
    "**n": "the exponent comes down as a factor, d(a**n)/da = n*a**(n-1)",
    "neg": "the sign is turned round, d(-a)/da = -1",
    "exp": "exp is its own derivative",
    "log": "d log(a)/da = 1/a",
    "sqrt": "d sqrt(a)/da = 1/(2*sqrt(a))",
    "abs": "the sign of a, 1 above zero and -1 below",
    "sin": "d sin(a)/da = cos(a)",
    "cos": "d cos(a)/da = -sin(a)",
    "tanh": "d tanh(a)/da = 1 - tanh(a)**2, near 0 where it is saturated",
    "sigmoid": "d s(a)/da = s(a)*(1 - s(a)), never above 1/4",
    "relu": "a gate: all of the gradient above zero, nothing of it below",
    "leaky_relu": "a gate that leaks: all of the gradient above zero, a little of it below",
    "elu": "all of the gradient above zero, exp(a) of it below",
    "softplus": "d log(1 + exp(a))/da = sigmoid(a)",
}


def rule_in_words(op_name: str) -> str:
    """The rule of an operation, by its name in `OPS`; empty for one without a sentence."""
    return _RULES.get(op_name, "")
