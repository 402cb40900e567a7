"""A traced rule computes in place what its function returns."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core.autograd.tape import TracedRule

Function = Callable[..., tuple[Any, ...]]

N = 5
ELEMENTWISE: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b,
    lambda a, b: a * b - 0.5,
    lambda a, b: np.where(a > 0.0, b, a),
    lambda a, b: np.where(b > 0.0, 0.0, a),
    lambda a, b: np.sqrt(a * a + b * b),
    lambda a, b: a[::-1] - b,
    lambda a, b: a[0] * b,
    lambda a, b: np.maximum(a, 0.0) + np.sum(b),
]


def contents() -> list[Any]:
    return list(np.random.default_rng(0).normal(size=(3, N)))


def assert_works_in_place(function: Function, targets: list[int]) -> None:
    """The rule against its function; a target is the number of a leaf, or from 3 on another one."""
    arrays = [*contents(), *np.zeros((3, N))]
    program = TracedRule.trace(function, arrays[:3], [arrays[i] for i in targets]).bind()
    expected = [array.copy() for array in arrays]
    for _ in range(3):
        results = [np.array(result) for result in function(*expected[:3])]
        for target, result in zip(targets, results, strict=True):
            expected[target][...] = result
        for call in program:
            call()
        for i in (0, 1, 2, *targets):
            np.testing.assert_array_equal(arrays[i], expected[i])


IN_PLACE: dict[str, tuple[Function, list[int]]] = {
    "a state and what follows from it": (lambda a, b, c: (a * 0.5 + b, a * 0.5 + b + c), [0, 2]),
    "two leaves change places": (lambda a, b, c: (b, a), [0, 1]),
    "a leaf in reverse": (lambda a, b, c: (a[::-1], a + 1.0), [0, 1]),
    "an old value that is read last": (lambda a, b, c: (b + 1.0, a * a), [0, 3]),
    "one result in two places": (lambda a, b, c: (a + b, a + b), [3, 0]),
    "constants": (lambda a, b, c: (0.0, a + b), [0, 3]),
    "itself": (lambda a, b, c: (a, a + b), [0, 1]),
    "a choice from what is overwritten": (lambda a, b, c: (np.where(b > 0, a, b * c),), [0]),
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_results_may_overwrite_operands(name: str) -> None:
    assert_works_in_place(*IN_PLACE[name])


@given(
    steps=st.lists(
        st.tuples(st.integers(0, len(ELEMENTWISE) - 1), st.integers(0, 9), st.integers(0, 9)),
        min_size=1,
        max_size=8,
    ),
    results=st.lists(st.integers(0, 9), min_size=1, max_size=4),
    order=st.permutations(range(6)),
)
def test_any_rule_works_in_place(
    steps: list[tuple[int, int, int]], results: list[int], order: list[int]
) -> None:
    def function(*leaves: Any) -> tuple[Any, ...]:
        nodes = list(leaves)
        for number, i, j in steps:
            nodes.append(np.tanh(ELEMENTWISE[number](nodes[i % len(nodes)], nodes[j % len(nodes)])))
        return tuple(nodes[-1 - (i % len(nodes))] for i in results)

    assert_works_in_place(function, order[: len(results)])


def test_a_run_allocates_nothing() -> None:
    arrays = list(np.ones((3, 10_000)))

    def function(a: Any, b: Any, c: Any) -> tuple[Any, ...]:
        mean = a * 0.9 + b * 0.1
        return mean, np.where(c > 0.0, 0.0, mean / (np.sqrt(b * b) + 1.0)), c - mean

    program = TracedRule.trace(function, arrays, [arrays[0], np.zeros(10_000), arrays[2]]).bind()
    tracemalloc.start()
    for call in program:
        call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # A bool is the smallest element.
    assert peak < 10_000
