"""Every problem of a network is found and named, and a healthy network has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from toygrad.core.diagnosis.layers import layer_health
from toygrad.core.diagnosis.network import findings
from toygrad.core.training.units import layer_activity

if TYPE_CHECKING:
    from tests.core.conftest import Make

HEALTHY: list[tuple[str, tuple[int, ...], dict[str, Any]]] = [
    ("circle", (4, 2), {}),
    ("circle", (4, 2), {"activation": "relu"}),
    ("xor", (4, 2), {}),
    ("gauss", (4, 2), {}),
    ("plane", (4, 2), {}),
    ("spiral", (8, 8, 8), {}),
    ("moons", (8, 8), {}),
    ("iris", (8,), {"learning_rate": 0.1}),
    ("digits", (32,), {"learning_rate": 0.1, "activation": "relu", "initializer": "he"}),
]
SICK: dict[str, tuple[str, tuple[int, ...], int, dict[str, Any]]] = {
    "vanishing": ("circle", (8,) * 6, 3, {"activation": "sigmoid"}),
    "alike": ("circle", (4, 2), 3, {"initializer": "zeros"}),
    "saturated": ("spiral", (8, 8), 5, {"learning_rate": 10.0}),
    "too large": ("circle", (8, 8), 0, {"activation": "relu", "learning_rate": 3.0}),
    "dead": ("plane", (8, 8), 5, {"activation": "relu", "learning_rate": 1.0}),
    "too small": ("spiral", (8, 8), 20, {"learning_rate": 1e-5}),
    "overfitting": (
        "circle",
        (8, 8, 8),
        700,
        {"noise": 0.3, "n_samples": 60, "learning_rate": 0.1, "batch_size": 5},
    ),
}
HINTS = {
    "vanishing": "relu",
    "alike": "initializer",
    "saturated": "smaller learning rate",
    "too large": "Lower it",
    "dead": "leaky relu",
    "too small": "Raise it",
    "overfitting": "regularization",
    "exploding": "xavier",
}


@pytest.mark.parametrize(("data", "hidden", "settings"), HEALTHY)
def test_a_healthy_network_has_no_findings(
    make: Make, data: str, hidden: tuple[int, ...], settings: dict[str, Any]
) -> None:
    for seed in range(3):
        run = make(data, hidden, seed=seed, **settings)
        assert findings(run.snapshot()) == ()
        for epochs in (1, 4, 15):
            run.advance_epochs(epochs)
            assert findings(run.snapshot()) == ()


@pytest.mark.parametrize("word", SICK)
def test_a_problem_comes_first_and_says_what_to_try(make: Make, word: str) -> None:
    data, hidden, epochs, settings = SICK[word]
    run = make(data, hidden, **settings)
    run.advance()
    run.advance_epochs(epochs) if epochs else None
    first = findings(run.snapshot())[0]
    assert first.word == word
    assert HINTS[word] in first.sentence


def test_a_vanishing_gradient_is_given_as_a_share(make: Make) -> None:
    data, hidden, epochs, settings = SICK["vanishing"]
    run = make(data, hidden, **settings)
    run.advance_epochs(epochs)
    snapshot = run.snapshot()
    layers = layer_health(snapshot)
    share = f"{layers[0].gradient / layers[-1].gradient:.0e}"
    assert (
        f"Layer 1 gets only {share} of the last layer's gradient" in findings(snapshot)[0].sentence
    )


def test_large_weights_make_gradients_explode(make: Make) -> None:
    run = make("plane", (6, 6, 6, 6), activation="relu", learning_rate=1e-12)
    run.set_parameters({name: 50.0 * a for name, a in run.parameters().items() if "weight" in name})
    run.advance()
    exploding = findings(run.snapshot())[0]
    assert exploding.word == "exploding"
    assert HINTS["exploding"] in exploding.sentence


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


def test_nothing_is_found_before_the_first_step_or_after_divergence(make: Make) -> None:
    run = make(initializer="zeros")
    assert findings(run.snapshot()) == ()
    run = make("plane", (8, 8), activation="relu", learning_rate=10.0)
    run.advance(500)
    assert run.state == "diverged"
    assert findings(run.snapshot()) == ()
