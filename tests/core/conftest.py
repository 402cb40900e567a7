"""Data sets that the tests of training learn, and sessions that learn them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.datasets import DATASETS, Dataset

Make = Callable[..., Session]


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


@pytest.fixture(scope="session")
def make() -> Make:
    """Makes a session in a line: data, hidden layers, then any setting by name."""

    def make_session(
        data: str = "circle",
        hidden: tuple[int, ...] = (4, 2),
        *,
        n_samples: int | None = None,
        noise: float | None = None,
        seed: int = 0,
        **settings: Any,
    ) -> Session:
        shape = {
            name: settings.pop(name)
            for name in ("activation", "initializer", "inputs", "output_activation")
            if name in settings
        }
        dataset = DATASETS[data](n_samples, noise=noise, rng=np.random.default_rng(0))
        network = NetworkSpec(hidden=hidden, **shape)
        return Session(network, dataset, TrainingConfig(**settings), seed=seed)

    return make_session
