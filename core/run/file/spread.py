"""Spread: which moments of a run to keep if there is room for some."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator


def spread(ticks: list[int]) -> Iterator[int]:
    """The numbers of all ticks, those to keep first: the last one, then older ones, farther apart.

    Args:
        ticks: In ascending order.
    """
    left = set(range(len(ticks)))
    for i in range(4 * len(ticks)):
        age = (ticks[-1] - ticks[0]) * _between(i) ** 2
        place = max(bisect_right(ticks, ticks[-1] - age) - 1, 0)
        if place in left:
            left.remove(place)
            yield place
    yield from sorted(left, reverse=True)


def _between(i: int) -> float:
    """0, 1/2, 1/4, 3/4, 1/8, ...: van der Corput's sequence."""
    share, place = 0.0, 0.5
    while i:
        share += place * (i % 2)
        i, place = i // 2, place / 2
    return share
