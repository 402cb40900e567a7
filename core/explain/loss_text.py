"""The loss of one sample as its formula, and with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from ..autograd import Value
from ..nn import LOSSES
from ..training.problem import network_targets
from ..training.snapshot import Snapshot
from ..training.trace import trace_point

MOST_TERMS: Final = 4
"""Of a sum over more outputs the rest is left out."""

_Terms = Callable[[float, float], str]
_TERMS: Final[dict[str, tuple[str, _Terms]]] = {
    "squared_error": ("(y - t)^2", lambda y, t: f"({_text(y)} - {_in_brackets(t)})^2"),
    "binary_cross_entropy": (
        "log(1 + exp(-t*y))",
        lambda y, t: f"log(1 + exp({_text(-t)}*{_in_brackets(y)}))",
    ),
    "hinge": ("max(0, 1 - t*y)", lambda y, t: f"max(0, 1 - {_in_brackets(t)}*{_in_brackets(y)})"),
}


def loss_text(snapshot: Snapshot, row: int) -> str:
    """Such as `1/2 (y - t)^2 = 1/2 (0.71 - 1)^2 = 0.042`, y the network's output, t the target.

    Args:
        snapshot: The network and its data.
        row: The sample, a row of the data set.
    """
    loss, dataset = snapshot.loss, snapshot.dataset
    outputs = trace_point(snapshot, dataset.points[row]).outputs[-1].tolist()
    targets = network_targets(dataset, np.array([row]))[0].tolist()
    result = f"{float(LOSSES[loss].on_scalars([Value(y) for y in outputs], targets)):.4g}"
    if loss == "softmax_cross_entropy":
        powers = _sum([f"exp({_text(y)})" for y in outputs])
        own = _in_brackets(outputs[targets.index(max(targets))])
        return f"log(sum of exp(y)) - y of its class = log({powers}) - {own} = {result}"
    symbols, term = _TERMS[loss]
    terms = _sum([term(y, t) for y, t in zip(outputs, targets, strict=True)])
    is_sum = len(outputs) > 1
    if is_sum:
        symbols = f"sum of {symbols}"
    if loss == "squared_error":
        symbols = f"1/2 {symbols}"
        terms = f"1/2 ({terms})" if is_sum else f"1/2 {terms}"
    return f"{symbols} = {terms} = {result}"


def _text(number: float) -> str:
    return f"{number:.3g}"


def _in_brackets(number: float) -> str:
    return f"({_text(number)})" if number < 0.0 else _text(number)


def _sum(terms: Sequence[str]) -> str:
    return " + ".join([*terms[:MOST_TERMS], *(["..."] if len(terms) > MOST_TERMS else [])])
