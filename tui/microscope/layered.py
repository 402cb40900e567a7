"""A layered layout of a graph: columns, an order with few crossings, rows (Sugiyama, 1981)."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from statistics import fmean
from typing import Final, TypeVar

Node = TypeVar("Node", bound=Hashable)

_ORDER_SWEEPS: Final = 8
_ROW_SWEEPS: Final = 2
# A node without neighbours in the next column gives way to those that have some.
_FREE_WEIGHT: Final = 0.01


def columns_of(nodes: Sequence[Node], arrows: Iterable[tuple[Node, Node]]) -> dict[Node, int]:
    """The column of each node, from 0: as far right as its arrows allow.

    Args:
        nodes: All of them.
        arrows: (source, target) pairs without a cycle.
    """
    targets = _neighbours(arrows)
    steps_to_end: dict[Node, int] = {}
    waiting = list(nodes)
    while waiting:
        node = waiting[-1]
        unknown = [target for target in targets[node] if target not in steps_to_end]
        waiting += unknown
        if not unknown:
            waiting.pop()
            steps = (steps_to_end[target] + 1 for target in targets[node])
            steps_to_end[node] = max(steps, default=0)
    last = max(steps_to_end.values())
    return {node: last - steps_to_end[node] for node in nodes}


def rows_of(
    heights: Mapping[Node, int], columns: Mapping[Node, int], arrows: Sequence[tuple[Node, Node]]
) -> dict[Node, float]:
    """Where the middle of each node is, in rows; the first may be above 0.

    Args:
        heights: The rows that each node takes.
        columns: The column of each node.
        arrows: (source, target) pairs, each from one column to the next.
    """
    before, after = _neighbours((target, source) for source, target in arrows), _neighbours(arrows)
    order = _with_few_crossings(_first_order(columns, before), before, after)
    middles = dict.fromkeys(heights, 0.0)
    both = {node: before[node] + after[node] for node in heights}
    # From the right and from the left, between both, and at last beside what each node needs.
    for near in [*[after, before] * _ROW_SWEEPS, both, before]:
        for column in order if near is before else order[::-1]:
            wanted = [
                fmean(middles[other] for other in near[node]) if near[node] else middles[node]
                for node in column
            ]
            weights = [len(near[node]) or _FREE_WEIGHT for node in column]
            placed = _spread(wanted, weights, [heights[node] for node in column])
            middles.update(zip(column, placed, strict=True))
    return middles


def _neighbours(arrows: Iterable[tuple[Node, Node]]) -> dict[Node, list[Node]]:
    found: dict[Node, list[Node]] = defaultdict(list)
    for here, there in arrows:
        found[here].append(there)
    return found


def _first_order(
    columns: Mapping[Node, int], before: Mapping[Node, list[Node]]
) -> list[list[Node]]:
    """The nodes of each column as a walk from the right meets them: a tree has no crossings."""
    order: list[list[Node]] = [[] for _ in range(max(columns.values()) + 1)]
    seen: set[Node] = set()
    waiting = sorted(columns, key=lambda node: columns[node])
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            order[columns[node]].append(node)
            waiting += reversed(before[node])
    return order


def _with_few_crossings(
    order: list[list[Node]], before: Mapping[Node, list[Node]], after: Mapping[Node, list[Node]]
) -> list[list[Node]]:
    """The best order of several sweeps that sort by barycentres, from the left or the right."""
    best, fewest = order, _crossings(order, after)
    for sweep in range(_ORDER_SWEEPS):
        if not fewest:
            break
        order = [list(column) for column in order]
        is_rightwards = sweep % 2 == 0
        for fixed, moved in pairwise(order if is_rightwards else order[::-1]):
            _sort(moved, fixed, before if is_rightwards else after)
        crossings = _crossings(order, after)
        if crossings < fewest:
            best, fewest = order, crossings
    return best


def _sort(moved: list[Node], fixed: list[Node], neighbours: Mapping[Node, list[Node]]) -> None:
    """Sorts a column by the mean place of each node's neighbours."""
    place = {node: k for k, node in enumerate(fixed)}
    wanted = {
        node: fmean(place[other] for other in neighbours[node]) if neighbours[node] else float(k)
        for k, node in enumerate(moved)
    }
    moved.sort(key=wanted.__getitem__)


def _crossings(order: list[list[Node]], after: Mapping[Node, list[Node]]) -> int:
    """How many arrows cross: pairs that start in one order and end in the other."""
    found = 0
    for left, right in pairwise(order):
        place = {node: k for k, node in enumerate(right)}
        ends: list[int] = []
        for node in left:
            targets = [place[target] for target in after[node]]
            found += sum(len(ends) - bisect_right(ends, target) for target in targets)
            for target in targets:
                insort(ends, target)
    return found


def _spread(wanted: list[float], weights: list[float], heights: list[int]) -> list[float]:
    """Middles that do not overlap, with the least squares from those wanted.

    Isotonic regression by pooling adjacent violators: nodes that would overlap form a block.
    """
    offsets = list(accumulate(((a + b) / 2 for a, b in pairwise(heights)), initial=0.0))
    blocks: list[tuple[float, float, int]] = []
    for at, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, count = at - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, other_weight, other_count = blocks.pop()
            mean = (mean * weight + other * other_weight) / (weight + other_weight)
            weight, count = weight + other_weight, count + other_count
        blocks.append((mean, weight, count))
    means = (mean for mean, _, count in blocks for _ in range(count))
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
