"""The case by hand: loss and gradients of a 2-2-1 network, to nine digits.

Source: playground-semantics, worked out from tensorflow/playground, where a row of weights leads
to one neuron; here a row leads from one.
"""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.training import ENGINES
from toygrad.datasets import Dataset

POINTS = [(1.0, 2.0), (-1.0, 0.5), (0.3, -2.0), (2.0, 2.0), (0.0, -1.0)]
LABELS = [1.0, -1.0, 1.0, -1.0, 1.0]
PARAMETERS = {
    "layer1.weight": np.array([[0.1, -0.2], [0.3, 0.4]]).T,
    "layer1.bias": np.array([0.1, 0.1]),
    "layer2.weight": np.array([[0.5, -0.5]]).T,
    "layer2.bias": np.array([0.1]),
}
LOSS = 0.402408403
GRADIENTS = {
    "layer1.weight": np.array([[-0.119655307, 0.027886953], [0.128290865, -0.093671463]]).T,
    "layer1.bias": np.array([-0.030910619, -0.006595259]),
    "layer2.weight": np.array([[-0.047158101, -0.034854791]]).T,
    "layer2.bias": np.array([-0.091973189]),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_loss_gradients_and_update_are_those_of_the_playground(engine: str) -> None:
    dataset = Dataset(
        name="five points",
        points=np.array(POINTS),
        targets=np.array(LABELS),
        columns=("x1", "x2"),
        classes=("orange", "blue"),
        task="classification",
    )
    session = Session(
        NetworkSpec(hidden=(2,)),
        dataset,
        TrainingConfig(train_share=1.0, batch_size=5, engine=engine),
    )
    session.set_parameters(PARAMETERS)
    assert session.evaluate().train_loss == pytest.approx(LOSS, abs=1e-9)

    session.advance()
    snapshot = session.snapshot()
    expected = np.concatenate([array.ravel() for array in GRADIENTS.values()])
    np.testing.assert_allclose(snapshot.gradients, expected, atol=1e-9)
    for name, array in session.parameters().items():
        moved = PARAMETERS[name] - 0.03 * GRADIENTS[name]
        np.testing.assert_allclose(array, moved, atol=1e-10)
