"""It learns as well as TensorFlow Playground does.

The epochs are a little more than the playground's medians (playground-semantics, "How well it
learns there"); a run in three may be one of the unlucky ones that there are there too.
"""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session
from toygrad.datasets import DATASETS

SEEDS = range(3)
GOOD_LOSS = 0.02

RUNS = [
    ("circle", NetworkSpec(), 130),
    ("circle", NetworkSpec(activation="relu"), 80),
    ("circle", NetworkSpec(hidden=(), inputs=("x1^2", "x2^2")), 50),
    ("xor", NetworkSpec(), 130),
    ("xor", NetworkSpec(hidden=(), inputs=("x1*x2",)), 15),
    ("gauss", NetworkSpec(), 15),
    ("plane", NetworkSpec(), 8),
]


@pytest.mark.parametrize(("data", "network", "epochs"), RUNS, ids=str)
def test_two_runs_in_three_reach_a_good_test_loss(
    data: str, network: NetworkSpec, epochs: int
) -> None:
    losses = []
    for seed in SEEDS:
        dataset = DATASETS[data](rng=np.random.default_rng(seed))
        session = Session(network, dataset, seed=seed)
        session.advance_epochs(epochs)
        losses.append(session.evaluate().test_loss)
    assert sorted(losses)[1] < GOOD_LOSS, losses
