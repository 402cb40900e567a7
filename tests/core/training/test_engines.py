"""Engines: one number at a time or whole batches, the same run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toygrad.core import LOSSES, NetworkSpec, Session, TrainingConfig
from toygrad.core.training import ENGINES
from toygrad.datasets import DATASETS

STEPS = 12
# A data set for each loss.
DATA = {
    "squared_error": "plane",
    "binary_cross_entropy": "xor",
    "softmax_cross_entropy": "iris",
    "hinge": "spiral",
}


def losses(engine: str, network: NetworkSpec, data: str, **settings: Any) -> Any:
    dataset = DATASETS[data](40, rng=np.random.default_rng(0))
    session = Session(network, dataset, TrainingConfig(engine=engine, **settings), seed=1)
    result = []
    for _ in range(STEPS):
        session.advance()
        evaluation = session.evaluate()
        result.append((evaluation.train_loss, evaluation.test_loss))
    return result


def assert_engines_agree(network: NetworkSpec, data: str, **settings: Any) -> None:
    expected = losses("scalar", network, data, **settings)
    assert len(set(expected)) == STEPS
    for engine in ENGINES:
        np.testing.assert_allclose(losses(engine, network, data, **settings), expected, rtol=1e-10)


@pytest.mark.parametrize("loss", LOSSES)
def test_engines_agree_on_every_loss(loss: str) -> None:
    assert_engines_agree(NetworkSpec(), DATA[loss], loss=loss, batch_size=7)


@pytest.mark.parametrize("activation", ["relu", "gelu", "sin"])
def test_engines_agree_on_activations_of_several_operations(activation: str) -> None:
    assert_engines_agree(NetworkSpec(activation=activation, hidden=(5, 3)), "circle")


def test_engines_agree_with_every_other_knob_turned() -> None:
    assert_engines_agree(
        NetworkSpec(hidden=(3,), inputs=("x1", "x2", "sin x1"), initializer="xavier"),
        "gauss",
        optimizer="adamw",
        regularization="l1",
        regularization_rate=0.01,
        schedule="cosine",
        batch_size=9,
        learning_rate=0.01,
    )


def test_changing_the_engine_in_the_middle_changes_nothing() -> None:
    dataset = DATASETS["xor"](40, rng=np.random.default_rng(0))
    plain, changed = (Session(NetworkSpec(), dataset) for _ in range(2))
    plain.advance(10)
    changed.advance(4)
    changed.configure(TrainingConfig(engine="scalar"))
    changed.advance(3)
    changed.configure(TrainingConfig(engine="array"))
    changed.advance(3)
    np.testing.assert_allclose(
        plain.snapshot().parameters, changed.snapshot().parameters, rtol=1e-10
    )
