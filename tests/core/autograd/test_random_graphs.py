"""The eager engine, the tape and HIPS autograd agree on random graphs of every operation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from tests.core.autograd.random_graphs import (
    N_GRAPHS,
    OPERATIONS,
    Graph,
    Result,
    assert_agree,
    eager,
    random_graph,
    reference,
)
from toygrad.core.autograd import OPS, Tape

BLOCKS = 2


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


def block(number: int) -> range:
    """A part of the seeds, so that several processes share them."""
    return range(number * N_GRAPHS // BLOCKS, (number + 1) * N_GRAPHS // BLOCKS)


def replayed(graph: Graph, rounds: Sequence[Sequence[Any]]) -> list[Result]:
    """A tape of the graph, recorded once and replayed with each round of contents."""
    leaves = graph.values()
    parameters = [leaves[i] for i in graph.parameters]
    tape = Tape(graph.output(leaves), parameters, inputs=[leaves[i] for i in graph.inputs])
    results = []
    for contents in rounds:
        for i in graph.parameters:
            # What is an input too is read from what the replay is given.
            np.asarray(leaves[i].data)[...] = np.nan if i in graph.inputs else contents[i]
        loss = float(tape.replay(*(contents[i] for i in graph.inputs)))
        results.append(Result(loss, [p.grad.copy() for p in parameters]))
    return results


def rounds_of(graph: Graph, seed: int) -> list[list[Any]]:
    """The first contents, others, and some with a nan."""
    changing = {*graph.parameters, *graph.inputs}
    other = [
        new if i in changing else old
        for i, (new, old) in enumerate(zip(graph.other_contents(seed), graph.leaves, strict=True))
    ]
    with_nan = [np.array(x) for x in other]
    place = graph.parameters[seed % len(graph.parameters)] if graph.parameters else 0
    with_nan[place].flat[:1] = np.nan
    return [list(graph.leaves), other, with_nan if changing else other]


def assert_tape_agrees(graph: Graph, seed: int, tolerance: float) -> None:
    rounds = rounds_of(graph, seed)
    for contents, result in zip(rounds, replayed(graph, rounds), strict=True):
        assert_agree(result, eager(graph, contents), tolerance, graph)


def test_every_operation_is_drawn() -> None:
    assert set(OPERATIONS) == set(OPS)
    drawn = {s.name for seed in range(N_GRAPHS) for s in random_graph(seed).steps}
    assert drawn == set(OPS)


@pytest.mark.parametrize("number", range(BLOCKS))
def test_eager_and_tape_agree_with_hips_autograd(number: int) -> None:
    for seed in block(number):
        graph = random_graph(seed)
        assert_agree(eager(graph), reference(graph), 1e-9, graph)
        assert_tape_agrees(graph, seed, 1e-11)


@pytest.mark.parametrize("number", range(BLOCKS))
def test_infinities_nan_huge_and_tiny_numbers_come_out_alike(number: int) -> None:
    for seed in block(number):
        assert_tape_agrees(random_graph(seed, is_extreme=True), seed, 1e-11)


@pytest.mark.parametrize("number", range(BLOCKS))
def test_single_precision_stays_single(number: int) -> None:
    for seed in block(number):
        graph = random_graph(seed, dtype="float32")
        assert_tape_agrees(graph, seed, 2e-3)
        for gradient in eager(graph).gradients:
            assert gradient.dtype == np.float32
