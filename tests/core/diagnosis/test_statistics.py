"""Each tensor in a few numbers, and each layer in a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core.diagnosis.layers import layer_health, layer_verdicts
from toygrad.core.diagnosis.statistics import tensor_layout, tensor_stats

if TYPE_CHECKING:
    from tests.core.conftest import Make


def test_the_layout_is_that_of_the_flat_vector(make: Make) -> None:
    run = make(hidden=(4, 2))
    layout = tensor_layout(run.snapshot().sizes)
    flat = run.snapshot().parameters
    for tensor, (name, array) in enumerate(run.parameters().items()):
        assert layout.names[tensor] == name
        assert layout.shapes[tensor] == array.shape
        np.testing.assert_array_equal(flat[layout.part(tensor)], array.ravel())
        assert {layout.holder(k) for k in range(*layout.part(tensor).indices(99))} == {tensor}
    assert layout.sizes.sum() == len(flat)
    assert len(layout) == 6


def test_stats_are_those_of_each_tensor_alone(make: Make) -> None:
    run = make("plane", (8, 3), activation="relu")
    run.advance(5)
    snapshot = run.snapshot()
    stats = tensor_stats(snapshot)
    for tensor in range(len(stats.layout)):
        part = stats.layout.part(tensor)
        g, w, u = snapshot.gradients[part], snapshot.parameters[part], snapshot.updates[part]
        assert stats.gradients[tensor] == pytest.approx(float(np.linalg.norm(g)))
        assert stats.values[tensor] == pytest.approx(float(np.linalg.norm(w)))
        assert stats.means[tensor] == pytest.approx(float(g.mean()))
        assert stats.largest[tensor] == np.abs(g).max()
        assert stats.zeros[tensor] == np.mean(g == 0.0)
        assert stats.ratios[tensor] == pytest.approx(float(np.linalg.norm(u) / np.linalg.norm(w)))


def test_the_ratio_of_zeros_is_zero_without_and_infinite_with_an_update(make: Make) -> None:
    run = make(initializer="zeros")
    assert set(tensor_stats(run.snapshot()).ratios.tolist()) == {0.0}
    run.set_parameters({"layer3.bias": [0.5]})
    run.advance()
    run.set_parameters({"layer3.bias": [0.0]})
    assert tensor_stats(run.snapshot()).ratios[-1] == np.inf


HEALTHY = ("ok", "ok", "ok")


@pytest.mark.parametrize("seed", range(3))
def test_healthy_layers_are_ok(make: Make, seed: int) -> None:
    run = make(seed=seed)
    for _ in range(3):
        run.advance_epochs(4)
        assert layer_verdicts(layer_health(run.snapshot())) == HEALTHY


def test_each_illness_is_told_of_the_layer_that_has_it(make: Make) -> None:
    run = make("circle", (8,) * 6, activation="sigmoid")
    run.advance_epochs(3)
    words = layer_verdicts(layer_health(run.snapshot()))
    assert words[0] == "vanishing" and words[-1] == "ok"

    run = make("plane", (8, 8), activation="relu", learning_rate=1.0)
    run.advance_epochs(5)
    assert "dead" in layer_verdicts(layer_health(run.snapshot()))

    run = make("spiral", (8, 8), learning_rate=10.0)
    run.advance_epochs(5)
    assert "saturated" in layer_verdicts(layer_health(run.snapshot()))

    run = make("spiral", (8, 8), learning_rate=1e-5)
    run.advance()
    assert layer_verdicts(layer_health(run.snapshot()))[-1] == "too small"

    run = make("plane", (6, 6), activation="relu", learning_rate=1e-12)
    run.set_parameters({name: 90.0 * a for name, a in run.parameters().items() if "weight" in name})
    run.advance()
    assert "exploding" in layer_verdicts(layer_health(run.snapshot()))

    run = make("circle", (4, 2), initializer="zeros")
    run.advance()
    assert layer_verdicts(layer_health(run.snapshot()))[0] == "no gradient"


def test_a_step_that_moves_a_fifth_of_a_layer_is_too_large(make: Make) -> None:
    run = make("circle", (8, 8), activation="relu", learning_rate=3.0)
    run.advance()
    assert "too large" in layer_verdicts(layer_health(run.snapshot()))
