"""What NumPy's elementwise functions are in code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from . import math_functions as m
from .term import Term


def _in_double(function: Callable[..., Term]) -> Callable[..., Term]:
    def call(*operands: Term) -> Term:
        wide = [x.to("double") if isinstance(x, Term) else x for x in operands]
        return function(*wide).to(operands[0].scalar)

    return call


def _compare(relation: str) -> Callable[[Term, Term], Term]:
    return lambda a, b: a.is_(relation, b)


def _logical(operation: str) -> Callable[[Term, Term], Term]:
    return lambda a, b: a.logical(operation, b)


def _not(a: Term) -> Term:
    return a.logical("xor", 1)


def _is_finite(x: Term) -> Term:
    return (x - x).is_("oeq", 0.0)


FUNCTIONS: Mapping[str, Callable[..., Term]] = {
    "positive": lambda a: a,
    "negative": lambda a: -a,
    "absolute": abs,
    "fabs": abs,
    "sign": m.sign,
    "square": lambda a: a * a,
    "sqrt": Term.sqrt,
    "reciprocal": lambda a: 1.0 / a,
    "exp": _in_double(m.exp),
    "expm1": _in_double(m.expm1),
    "log": _in_double(m.log),
    "log1p": _in_double(m.log1p),
    "sin": _in_double(m.sin),
    "cos": _in_double(m.cos),
    "tanh": _in_double(m.tanh),
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": _in_double(m.power),
    "logaddexp": _in_double(m.logaddexp),
    "maximum": m.maximum,
    "minimum": m.minimum,
    "fmax": m.fmax,
    "fmin": m.fmin,
    "copysign": Term.with_sign_of,
    "greater": _compare("ogt"),
    "greater_equal": _compare("oge"),
    "less": _compare("olt"),
    "less_equal": _compare("ole"),
    "equal": _compare("oeq"),
    "not_equal": _compare("une"),
    "isnan": lambda a: a.is_("uno", a),
    "isfinite": _is_finite,
    "isinf": lambda a: abs(a).is_("oeq", np.inf),
    "logical_and": _logical("and"),
    "logical_or": _logical("or"),
    "logical_xor": _logical("xor"),
    "logical_not": _not,
    "bitwise_and": _logical("and"),
    "bitwise_or": _logical("or"),
    "bitwise_xor": _logical("xor"),
    "invert": _not,
    "where": Term.choose,
}
"""NumPy's elementwise functions, by their names there."""

LOGICAL = frozenset(
    {f"{kind}_{name}" for kind in ("logical", "bitwise") for name in ("and", "or", "xor")}
    | {"logical_not", "invert"}
)
"""Those of truth values."""
