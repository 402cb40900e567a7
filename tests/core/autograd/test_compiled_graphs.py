"""Native code computes what the eager engine does, on random graphs of every operation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from tests.core.autograd.random_graphs import (
    N_GRAPHS,
    Graph,
    Result,
    assert_agree,
    eager,
    random_graph,
)
from toygrad.core.autograd.tape.compiled import CompiledTape
from toygrad.core.autograd.tape.compiler import executable
from toygrad.core.autograd.tape.compiler.llvm_types import Target

pytest.importorskip("llvmlite")

WIDTHS = {"narrow": Target(16, 16), "middle": Target(32, 16), "wide": Target(64, 32)}
# At three widths, so as many in all; compiling a graph takes ten times as long as replaying it.
N_COMPILED = max(N_GRAPHS // len(WIDTHS), 1)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


@pytest.fixture(params=WIDTHS)
def target(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Target:
    """Vectors of every width; LLVM splits those that this processor does not have."""
    chosen = WIDTHS[request.param]
    monkeypatch.setattr(executable, "host", lambda: chosen)
    return chosen


def changed(graph: Graph, contents: Sequence[Any]) -> list[Any]:
    """The first contents, with others where a replay reads others."""
    changing = {*graph.parameters, *graph.inputs}
    pairs = zip(graph.leaves, contents, strict=True)
    return [new if i in changing else old for i, (old, new) in enumerate(pairs)]


def assert_native_agrees(graph: Graph, seed: int, tolerance: float) -> None:
    leaves = graph.values()
    parameters = [leaves[i] for i in graph.parameters]
    inputs = [leaves[i] for i in graph.inputs]
    tape = CompiledTape(graph.output(leaves), parameters, inputs=inputs)
    for contents in (list(graph.leaves), changed(graph, graph.other_contents(seed))):
        for i in graph.parameters:
            np.asarray(leaves[i].data)[...] = contents[i]
        loss = float(tape.replay(*(contents[i] for i in graph.inputs)))
        result = Result(loss, [p.grad.copy() for p in parameters])
        assert_agree(result, eager(graph, contents), tolerance, graph)
    tape.close()


def test_random_graphs(target: Target) -> None:
    for seed in range(target.vector_bytes, N_COMPILED + target.vector_bytes):
        assert_native_agrees(random_graph(seed), seed, 1e-11)


def test_infinities_nan_huge_and_tiny_numbers_come_out_alike() -> None:
    for seed in range(N_COMPILED):
        assert_native_agrees(random_graph(seed, is_extreme=True), seed, 1e-11)


def test_single_precision_stays_single() -> None:
    for seed in range(N_COMPILED):
        graph = random_graph(seed, dtype="float32")
        assert_native_agrees(graph, seed, 2e-3)
