"""Every entry makes what it says, and refuses what it cannot make."""

import numpy as np
import pytest

from toygrad.datasets import DATASETS

ORDER = [
    "circle",
    "xor",
    "gauss",
    "spiral",
    "moons",
    "plane",
    "multi-gauss",
    "parabola",
    "sine-squared",
    "x-sin-x",
    "square",
    "iris",
    "digits",
]


def test_the_order_is_the_one_offered() -> None:
    assert list(DATASETS) == ORDER


@pytest.mark.parametrize("name", ORDER)
def test_an_entry_makes_what_it_says(name: str) -> None:
    entry = DATASETS[name]
    dataset = entry(rng=np.random.default_rng(0))
    assert entry.name == dataset.name == name
    assert dataset.task == entry.task
    assert dataset.points.shape == (entry.n_samples, entry.n_columns)
    assert dataset.classes == entry.classes
    assert dataset.source == entry.source
    assert entry.title
    assert len(entry.description) <= 40


@pytest.mark.parametrize(
    ("name", "n_samples"),
    [("circle", 500), ("moons", 500), ("plane", 1200), ("multi-gauss", 1200), ("parabola", 300)],
)
def test_the_default_size_is_the_makers(name: str, n_samples: int) -> None:
    entry = DATASETS[name]
    assert entry.n_samples == n_samples
    assert entry.make(rng=np.random.default_rng(0)).n_samples == n_samples


def test_the_default_noise_is_the_entrys() -> None:
    moons = DATASETS["moons"]
    np.testing.assert_array_equal(
        moons(rng=np.random.default_rng(0)).points,
        moons(noise=0.1, rng=np.random.default_rng(0)).points,
    )


@pytest.mark.parametrize("name", ORDER)
@pytest.mark.parametrize("n_samples", [-1, 0, 1, 100_001])
def test_a_size_out_of_range_is_refused(name: str, n_samples: int) -> None:
    with pytest.raises(ValueError, match=r"the number of samples must be 2 to [\d,]+, not "):
        DATASETS[name](n_samples, rng=np.random.default_rng(0))


@pytest.mark.parametrize("name", ORDER)
@pytest.mark.parametrize("noise", [-0.01, 0.51, float("nan"), float("inf")])
def test_noise_out_of_range_is_refused(name: str, noise: float) -> None:
    with pytest.raises(ValueError, match=r"the noise must be 0 to 0\.5, not "):
        DATASETS[name](noise=noise, rng=np.random.default_rng(0))


@pytest.mark.parametrize("name", ORDER)
def test_the_smallest_size_works(name: str) -> None:
    assert DATASETS[name](2, noise=0.5, rng=np.random.default_rng(0)).n_samples == 2


def test_the_largest_size_works() -> None:
    assert DATASETS["multi-gauss"](100_000, rng=np.random.default_rng(0)).n_samples == 100_000


def test_a_newcomer_begins_with_the_playgrounds_defaults() -> None:
    start = DATASETS["circle"].start
    assert (start.hidden, start.activation, start.learning_rate) == ((4, 2), "tanh", 0.03)
    assert (start.batch_size, start.train_share, start.initializer) == (10, 0.5, "playground")
    assert start.optimizer == "sgd"
    assert DATASETS["spiral"].start.hidden == (8, 8)
