"""What single units compute, and which of them do not work."""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session
from toygrad.core.training.units import DEAD, LINE_SIZE, MAP_SIZE, SATURATED, unit_notes
from toygrad.datasets import DATASETS


def make(name: str, **network: object) -> Session:
    dataset = DATASETS[name](60, rng=np.random.default_rng(0))
    return Session(NetworkSpec(**network), dataset, seed=1)  # type: ignore[arg-type]


def test_maps_hold_every_unit_over_the_plane() -> None:
    session = make("circle", hidden=(3, 2))
    maps = session.snapshot().unit_maps
    assert [m.shape for m in maps] == [(n, MAP_SIZE, MAP_SIZE) for n in (2, 3, 2, 1)]
    # The inputs are the plane itself: x1 grows to the right, x2 to the top.
    assert (np.diff(maps[0][0], axis=1) > 0.0).all()
    assert (np.diff(maps[0][1], axis=0) < 0.0).all()
    corner = [[maps[0][0][0, 0], maps[0][1][0, 0]]]
    assert maps[-1][0][0, 0] == pytest.approx(float(session.predict(corner)[0, 0]), abs=1e-12)


def test_maps_of_a_line_are_curves() -> None:
    maps = make("square", hidden=(4,)).snapshot().unit_maps
    assert [m.shape for m in maps] == [(n, LINE_SIZE) for n in (1, 4, 1)]


def test_there_are_no_maps_without_a_view() -> None:
    assert make("iris", hidden=(4,)).snapshot().unit_maps == ()


def test_a_relu_that_never_fires_is_dead() -> None:
    session = make("circle", hidden=(3,), activation="relu")
    bias = session.parameters()["layer1.bias"].copy()
    bias[1] = -100.0
    session.set_parameters({"layer1.bias": bias})
    assert session.snapshot().unit_notes == (("", DEAD, ""), ("",))


def test_a_tanh_that_is_flat_is_saturated_and_the_output_is_not_called_so() -> None:
    session = make("circle", hidden=(2,))
    session.set_parameters({"layer1.bias": [50.0, 0.0], "layer2.bias": [50.0]})
    assert session.snapshot().unit_notes == ((SATURATED, ""), ("",))


def test_a_healthy_network_has_no_notes() -> None:
    session = make("circle", hidden=(4, 2))
    session.advance_epochs(3)
    assert all(note == "" for layer in session.snapshot().unit_notes for note in layer)


def test_other_activations_are_not_judged() -> None:
    assert unit_notes("linear", np.zeros((5, 2))) == ["", ""]
