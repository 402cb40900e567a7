"""Paths: every way from a node to the output, and what each adds to the node's gradient."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

from ..autograd.value import Value
from .replay import NOTHING_CHANGED, Numbers, Replay, local_derivatives

MAX_PATHS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """One way from a node to the output.

    Attributes:
        nodes: From the node to the output.
        derivatives: Of each node after the first by the one before it.
        product: Of all derivatives: what this path adds to the gradient.
    """

    nodes: tuple[Value, ...]
    derivatives: tuple[float, ...]
    product: float


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """All paths from a node to the output. Their products add up to the gradient.

    Attributes:
        shown: Those with the largest products, the largest first.
        n_paths: Of all paths.
        rest: The sum of those not shown; 0.0 if all are.
        total: The sum of all: the gradient.
    """

    shown: tuple[Path, ...]
    n_paths: int
    rest: float
    total: float

    @property
    def n_more(self) -> int:
        """The number of paths not shown."""
        return self.n_paths - len(self.shown)


NO_PATHS = Paths((), 0, 0.0, 0.0)
"""Of a constant, or of a node the output does not depend on."""


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """A path up to some node, as its last edge and the way before that."""

    product: float
    node: Value
    derivative: float
    before: _Way | None


def paths(output: Value, start: Value, *, limit: int = MAX_PATHS) -> Paths:
    """Finds the paths from a node to an output.

    There can be too many to list (each `a + a` doubles them), so they are counted and summed along
    the graph, and only the largest are kept: those of a node are among the largest of its parents',
    each times one derivative.

    Args:
        output: Of a graph of single numbers.
        start: A node of it.
        limit: The most that are shown.

    Raises:
        ValueError: If the graph holds an array.
        ArithmeticError: If a node has no result.
    """
    replay = Replay(output)
    data = replay.numbers(NOTHING_CHANGED)
    if start.constant:
        return NO_PATHS
    counts: dict[Value, int] = {start: 1}
    totals: Numbers = {start: 1.0}
    best: dict[Value, list[_Way]] = {start: [_Way(1.0, start, 1.0, None)]}
    for node in replay.order:
        if not any(parent in counts for parent in node.parents):
            continue
        steps = [
            (parent, derivative)
            for parent, derivative in zip(node.parents, local_derivatives(node, data), strict=True)
            if parent in counts
        ]
        counts[node] = sum(counts[parent] for parent, _ in steps)
        totals[node] = sum(totals[parent] * derivative for parent, derivative in steps)
        ways = (
            _Way(way.product * derivative, node, derivative, way)
            for parent, derivative in steps
            for way in best[parent]
        )
        best[node] = heapq.nlargest(limit, ways, key=_size)
    if output not in counts:
        return NO_PATHS
    shown = tuple(_path(way) for way in best[output])
    n_paths, total = counts[output], totals[output]
    rest = total - sum(path.product for path in shown) if n_paths > len(shown) else 0.0
    return Paths(shown, n_paths, rest, total)


def _size(way: _Way) -> float:
    return -1.0 if math.isnan(way.product) else abs(way.product)


def _path(end: _Way) -> Path:
    ways = [end]
    while ways[-1].before is not None:
        ways.append(ways[-1].before)
    ways.reverse()
    return Path(
        tuple(way.node for way in ways),
        tuple(way.derivative for way in ways[1:]),
        end.product,
    )
