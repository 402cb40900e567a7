"""Native code computes what the tape does, and says what it can't."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from toygrad.core import ACTIVATIONS, LOSSES, Network
from toygrad.core.autograd import Op, Tape, Value
from toygrad.core.autograd.tape.compiled import CompiledTape
from toygrad.core.autograd.tape.compiled_rows import CompiledRows
from toygrad.core.autograd.tape.compiler import native
from toygrad.core.autograd.tape.compiler.program import CannotCompile
from toygrad.core.autograd.value import apply

pytest.importorskip("llvmlite")

TOLERANCES = {"float64": 1e-12, "float32": 1e-4}


def places(network: Network, dtype: str) -> dict[Value, tuple[Any, Any]]:
    """Copies of a network's parameters, with gradients of nan."""
    return {
        p: (np.array(p.data, dtype=dtype), np.full(p.shape, np.nan, dtype=dtype))
        for p in network.parameters()
    }


def assert_native_is_tape(
    sizes: tuple[int, ...], activations: tuple[str, ...], loss: str, batch: int, dtype: str
) -> None:
    rng = np.random.default_rng(batch)
    network = Network(sizes, activations, rng=rng, initializer="micrograd")
    x = Value(rng.normal(size=(batch, sizes[0])), constant=True)
    t = Value(np.sign(rng.normal(size=(batch, sizes[-1]))), constant=True)
    output = LOSSES[loss].on_arrays(network(x), t)
    results = []
    for kind in (Tape, CompiledTape):
        own = places(network, dtype)
        tape = kind(output, network.parameters(), inputs=(x, t), buffers=own)
        replayed = tape.replay(np.asarray(x.data) * 0.5, np.asarray(t.data))
        assert replayed.dtype == dtype
        results.append([np.array(replayed), *(gradient for _, gradient in own.values())])
    for one, other in zip(*results, strict=True):
        largest = max(float(np.abs(one).max()), 1.0)
        np.testing.assert_allclose(other, one, rtol=0, atol=TOLERANCES[dtype] * largest)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_activation_and_loss(loss: str, dtype: str) -> None:
    activations = tuple(ACTIVATIONS)
    assert_native_is_tape((3, *[5] * (len(activations) - 1), 3), activations, loss, 7, dtype)


@pytest.mark.parametrize(
    ("sizes", "batch"),
    [
        ((2, 4, 2, 1), 1),
        ((1, 1, 1), 3),
        ((5, 17, 33), 2),
        ((2, 4, 1), 4096),
        ((300, 70, 70, 10), 5),
        ((70, 300, 3), 12),
    ],
    ids=str,
)
def test_networks_and_batches_of_every_size(sizes: tuple[int, ...], batch: int) -> None:
    activations = ("tanh",) * (len(sizes) - 1)
    assert_native_is_tape(sizes, activations, "squared_error", batch, "float64")


def test_products_of_every_layout() -> None:
    rng = np.random.default_rng(0)
    shapes = [
        (1, 1, 1),
        (1, 9, 4),
        (9, 1, 4),
        (9, 4, 1),
        (3, 70, 130),
        (40, 300, 50),
        (20, 300, 50),
    ]
    shapes += [(2, 3, 0)]
    for m, k, n in shapes:
        for a_turned in (False, True):
            for b_turned in (False, True):
                a = Value(rng.normal(size=(k, m) if a_turned else (m, k)))
                b = Value(rng.normal(size=(n, k) if b_turned else (k, n)))
                product = (a.T if a_turned else a) @ (b.T if b_turned else b)
                own = {v: (np.asarray(v.data), v.grad) for v in (a, b)}
                tape = CompiledTape(product, buffers=own)
                expected = np.asarray(product.data)
                np.testing.assert_allclose(tape.replay(), expected, rtol=1e-12, atol=1e-12)


def test_gradients_go_to_arrays_of_any_layout() -> None:
    a = Value(np.arange(6.0).reshape(2, 3))
    turned = np.full((3, 2), np.nan).T
    loss = (a[[1, 1, 0]] * np.arange(9.0).reshape(3, 3)).sum()
    CompiledTape(loss, [a], buffers={a: (np.asarray(a.data), turned)}).replay()
    np.testing.assert_array_equal(turned, [[6.0, 7.0, 8.0], [3.0, 5.0, 7.0]])


def test_an_index_that_names_nothing_adds_nothing() -> None:
    x, y = Value(np.array([[1.0, 2.0, 3.0]])), Value(np.array([[4.0], [5.0]]))
    output = (x + y)[0:0].exp().sum() + (x * y).sum()
    output.backward()
    expected = [x.grad.copy(), y.grad.copy()]
    tape = CompiledTape(output, [x, y])
    assert float(tape.replay()) == float(output.data)
    np.testing.assert_array_equal(x.grad, expected[0])
    np.testing.assert_array_equal(y.grad, expected[1])


def test_inference_by_blocks_of_rows_follows_the_parameters_and_the_inputs() -> None:
    rng = np.random.default_rng(0)
    for n in (3, 64, 200):
        network = Network((2, 5, 3), ("tanh", "linear"), rng=rng)
        inputs = rng.normal(size=(n, 2))
        own = {p: (np.asarray(p.data), p.grad) for p in network.parameters()}
        rows = CompiledRows(network, inputs, buffers=own)
        for _ in range(2):
            network.flat_parameters[...] = rng.normal(size=network.n_parameters)
            inputs[...] = rng.normal(size=inputs.shape)
            expected = np.asarray(network(inputs).data)
            np.testing.assert_allclose(rows(), expected, rtol=1e-12, atol=1e-12)


def test_a_call_without_code_is_named() -> None:
    a = Value(np.ones(3))
    arctan = Op("arctan", np.arctan, lambda g, out, a: (g / (1.0 + a * a),))
    with pytest.raises(CannotCompile, match="no code for arctan"):
        CompiledTape(apply(arctan, (a,)).sum(), [a])


@pytest.fixture(params=[None, "raise OSError('wrong ELF class')"])
def bad_llvmlite(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[str]:
    """llvmlite missing, or installed and broken; yields what is to be typed then."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "llvmlite"]:
        monkeypatch.delitem(sys.modules, name)
    if request.param is None:
        monkeypatch.setitem(sys.modules, "llvmlite", None)
    else:
        (tmp_path / "llvmlite.py").write_text(request.param)
        monkeypatch.syspath_prepend(tmp_path)
    cached = (native.load_llvm, native.host)
    for function in cached:
        function.cache_clear()
    is_missing = request.param is None
    yield "'toygrad-tui[fast]'" if is_missing else "--force-reinstall llvmlite"
    for function in cached:
        function.cache_clear()


def test_without_llvmlite_that_works_one_sentence_says_what_to_install(bad_llvmlite: str) -> None:
    a = Value(np.ones(3))
    with pytest.raises(CannotCompile, match=re.escape(f"pip install {bad_llvmlite}")):
        CompiledTape(a.sum(), [a])
    assert "llvmlite" in native.why_not()


def test_compiled_code_is_disposed_of() -> None:
    assert native.why_not() == ""
    network = Network((2, 4, 1), ("tanh", "linear"), rng=np.random.default_rng(0))
    x = np.ones((5, 2))

    def edit() -> int:
        CompiledTape((network(x) ** 2).sum(), network.parameters()).replay()
        memory: int = psutil.Process(os.getpid()).memory_info().rss
        return memory

    first = [edit() for _ in range(5)][-1]
    # One of these programs takes half a megabyte while it lives.
    assert [edit() for _ in range(15)][-1] - first < 4_000_000
