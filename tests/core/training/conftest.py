"""Data sets that the tests of training learn."""

import numpy as np
import pytest

from toygrad.datasets import DATASETS, Dataset


def _make(name: str, n_samples: int) -> Dataset:
    return DATASETS[name](n_samples, rng=np.random.default_rng(0))


@pytest.fixture(scope="session")
def two_classes() -> Dataset:
    """60 points of the circle."""
    return _make("circle", 60)


@pytest.fixture(scope="session")
def three_classes() -> Dataset:
    """60 irises: four columns."""
    return _make("iris", 60)


@pytest.fixture(scope="session")
def numbers() -> Dataset:
    """60 points of the plane: regression."""
    return _make("plane", 60)


@pytest.fixture(scope="session")
def curve() -> Dataset:
    """60 points of a parabola: one column, scaled inputs and targets."""
    return _make("parabola", 60)
