"""Each tensor and each layer in a few numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core.diagnosis.layers import layer_health
from toygrad.core.diagnosis.statistics import tensor_layout, tensor_stats
from toygrad.core.training.units import layer_activity

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


def test_layer_health_is_the_size_of_gradients_and_updates(make: Make) -> None:
    run = make(hidden=(3,), learning_rate=0.1)
    run.advance(4)
    snapshot = run.snapshot()
    first, output = layer_health(snapshot)
    assert (first.name, output.name) == ("layer 1", "output")
    g, u, p = snapshot.gradients[:9], snapshot.updates[:9], snapshot.parameters[:9]
    assert first.gradient == pytest.approx(float(np.sqrt(np.mean(g**2))))
    assert first.update_ratio == pytest.approx(float(np.linalg.norm(u) / np.linalg.norm(p)))


def test_activity_counts_dead_units_and_flat_outputs() -> None:
    outputs = np.array([[0.0, 1.0], [0.0, 0.0]])
    activity = layer_activity("relu", outputs)
    assert (activity.dead, activity.saturated, activity.mean) == (0.5, 0.0, 0.25)
    assert activity.spread == pytest.approx(np.std([0.0, 1.0, 0.0, 0.0]))
    # tanh' = 1 - 0.99^2 = 0.0199 < 0.05 < 1 - 0.9^2.
    flat = layer_activity("tanh", np.array([[0.99, 0.9], [-0.99, 0.0]]))
    assert (flat.dead, flat.saturated) == (0.0, 0.5)
