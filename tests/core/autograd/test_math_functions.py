"""The compiler's mathematical functions are as precise as it says, and right at the edges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from toygrad.core.autograd.tape.compiler.code import Step
from toygrad.core.autograd.tape.compiler.executable import Executable
from toygrad.core.autograd.tape.compiler.fusion import fuse
from toygrad.core.autograd.tape.compiler.lowering import lower
from toygrad.core.autograd.tape.compiler.memory import Memory
from toygrad.core.autograd.tape.recording import Recording

pytest.importorskip("llvmlite")

ULPS = 2.5
RANGES: dict[str, list[tuple[float, float]]] = {
    "exp": [(-745, 709), (-1, 1)],
    "expm1": [(-60, 709), (-1, 1), (-1e-3, 1e-3)],
    "tanh": [(-25, 25), (-1, 1), (-1e-4, 1e-4)],
    "log": [(0, 10), (0.5, 1.5), (1e300, 1e308), (0, 1e-300)],
    "log1p": [(-1, 1), (-1e-5, 1e-5), (0, 1e10)],
    "sin": [(-10, 10), (-4e5, 4e5), (-1e9, 1e9)],
    "cos": [(-10, 10), (-4e5, 4e5), (-1e9, 1e9)],
}
# fmt: off
EDGES = np.array([
    0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 22.0, 21.9,
    650.0, 709.7, 709.79, 710.0, -708.0, -745.0, -745.2, -750.0, 1e5, 1e7, 1e22, 1e308, -1e308,
    5e-324, -5e-324, 1e-310, 2.3e-308, 1e-20,
])
# fmt: on


def natively(function: Callable[..., Any], *arrays: np.ndarray[Any, Any]) -> Any:
    recording = Recording(arrays[0].dtype)
    result = function(*map(recording.leaf, arrays))
    out = np.zeros(result.shape, result.value.dtype)
    memory = Memory()
    statements = fuse(lower(recording, [(result, out)], memory))
    Executable(memory, Step(statements))()
    return out


@pytest.mark.parametrize("name", RANGES)
def test_within_the_units_in_the_last_place_that_are_promised(name: str) -> None:
    rng = np.random.default_rng(0)
    function = getattr(np, name)
    x = np.concatenate([rng.uniform(low, high, 20_000) for low, high in RANGES[name]])
    # More digits than a double has, where the platform offers them.
    exact = function(x.astype(np.longdouble))
    unit = np.spacing(np.abs(exact).astype(np.float64))
    assert np.max(np.abs(natively(function, x) - exact) / unit) < ULPS


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_zero_infinity_nan_and_the_smallest_numbers(dtype: type) -> None:
    with np.errstate(all="ignore"):
        edges: np.ndarray[Any, Any] = EDGES.astype(dtype)
        a, b = (x.reshape(-1) for x in np.meshgrid(edges, edges))
        for name in RANGES:
            assert_like_numpy(name, edges)
        for name in ("power", "logaddexp", "maximum", "minimum", "fmin", "fmax", "copysign"):
            assert_like_numpy(name, a, b)
        for name in ("sign", "sqrt", "absolute", "isnan", "isinf", "isfinite", "square"):
            assert_like_numpy(name, edges)
        for name in ("greater", "less_equal", "equal", "not_equal"):
            assert_like_numpy(name, a, b)


def assert_like_numpy(name: str, *arrays: np.ndarray[Any, Any]) -> None:
    function = getattr(np, name)
    expected, result = function(*arrays), natively(function, *arrays)
    assert result.dtype == expected.dtype
    np.testing.assert_array_max_ulp(result * 1.0, expected * 1.0, 3 if name != "copysign" else 0)
    # To that, 0 and -0 are the same; 1 divided by them is not. Which of the two is the greater one,
    # NumPy leaves to the processor.
    if name not in ("maximum", "minimum", "fmin", "fmax"):
        zeros = expected == 0
        np.testing.assert_array_equal(
            np.signbit(result[zeros] * 1.0), np.signbit(expected[zeros] * 1.0)
        )


@pytest.mark.parametrize(
    "exponent", [2.0, 3.0, 4.0, 0.5, -1.0, -2.0, 0.0, 1.0, 7.0, 1.5, np.inf, -np.inf, np.nan]
)
def test_known_powers(exponent: float) -> None:
    with np.errstate(all="ignore"):
        # Older versions of NumPy have another power of -inf than its square root.
        expected = np.sqrt(EDGES) if exponent == 0.5 else np.power(EDGES, exponent)
        result = natively(lambda a: np.power(a, exponent), EDGES)
    np.testing.assert_array_max_ulp(result, expected, 2)


def test_truth_values() -> None:
    a = np.array([0.0, 1.0, 2.0, np.nan])
    both = natively(lambda a: np.where((a > 0.5) & ~(a > 1.5) | (a == 0.0), a * 1.0, 7.0), a)
    np.testing.assert_array_equal(both, [0.0, 1.0, 7.0, 7.0])
