"""The curves are the textbook's, in the textbook's units; networks see them standardised."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from toygrad.datasets import DATASETS, Dataset

CURVES: dict[str, tuple[Callable[[float], float], float, float]] = {
    "parabola": (lambda x: 3 * x * x - 4 * x + 5, -5, 5),
    "sine-squared": (lambda x: math.sin(x) * math.sin(x) + 1, -2 * math.pi, 6 * math.pi),
    "x-sin-x": (lambda x: x * math.sin(x), -5, 5),
    "square": (lambda x: x * x + 1, -5, 5),
}


def make(name: str, noise: float = 0.0, n_samples: int = 300) -> Dataset:
    return DATASETS[name](n_samples, noise=noise, rng=np.random.default_rng(0))


@pytest.mark.parametrize("name", CURVES)
def test_targets_are_the_curve_at_the_points(name: str) -> None:
    curve, low, high = CURVES[name]
    dataset = make(name)
    x = dataset.points[:, 0]
    np.testing.assert_allclose(dataset.targets, [curve(value) for value in x.tolist()])
    assert dataset.domain == (low, high)
    assert low <= x.min() < low + 0.2 * (high - low)
    assert high - 0.2 * (high - low) < x.max() < high
    assert dataset.columns == ("x",)
    assert dataset.task == "regression"


@pytest.mark.parametrize("name", CURVES)
def test_the_network_sees_mean_zero_and_deviation_one(name: str) -> None:
    dataset = make(name)
    for values in (dataset.network_inputs(), dataset.network_targets()):
        assert values.mean() == pytest.approx(0, abs=1e-12)
        assert values.std() == pytest.approx(1)
    np.testing.assert_allclose(dataset.from_network(dataset.network_targets()), dataset.targets)


@pytest.mark.parametrize("name", CURVES)
def test_noise_is_a_fraction_of_the_deviation_and_moves_targets_only(name: str) -> None:
    clean, noisy = make(name, n_samples=20_000), make(name, 0.3, n_samples=20_000)
    np.testing.assert_array_equal(clean.points, noisy.points)
    np.testing.assert_array_equal(clean.network_inputs(), noisy.network_inputs())
    assert clean.target_scale == noisy.target_scale
    moved = noisy.targets - clean.targets
    assert moved.std() == pytest.approx(0.3 * clean.targets.std(), rel=0.03)


def test_the_same_seed_gives_the_same_curve() -> None:
    np.testing.assert_array_equal(make("x-sin-x", 0.1).targets, make("x-sin-x", 0.1).targets)
