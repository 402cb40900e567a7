"""Initializers: the ranges and moments of their papers, from the generator that is given."""

from __future__ import annotations

import math

import numpy as np
import pytest

from toygrad.core import INITIALIZERS, Network

FAN_IN, FAN_OUT = 200, 300

# The bound of the uniform ones, the deviation of the normal ones, and the bias.
UNIFORM = {
    "playground": (0.5, 0.1),
    "micrograd": (1.0, 0.0),
    "xavier": (math.sqrt(6.0 / (FAN_IN + FAN_OUT)), 0.0),
}
NORMAL = {
    "he": (math.sqrt(2.0 / FAN_IN), 0.0),
    "lecun": (math.sqrt(1.0 / FAN_IN), 0.0),
}


def test_every_initializer_is_checked_here() -> None:
    assert {*UNIFORM, *NORMAL, "zeros"} == set(INITIALIZERS)


@pytest.mark.parametrize("name", UNIFORM)
def test_uniform_initializers_fill_their_range_evenly(name: str) -> None:
    bound, expected_bias = UNIFORM[name]
    weight, bias = INITIALIZERS[name](np.random.default_rng(0), FAN_IN, FAN_OUT)
    assert weight.shape == (FAN_IN, FAN_OUT)
    assert bias == expected_bias
    assert 0.999 * bound < np.abs(weight).max() <= bound
    assert weight.mean() == pytest.approx(0.0, abs=0.02 * bound)
    assert weight.var() == pytest.approx(bound**2 / 3.0, rel=0.02)


@pytest.mark.parametrize("name", NORMAL)
def test_normal_initializers_have_their_deviation(name: str) -> None:
    deviation, expected_bias = NORMAL[name]
    weight, bias = INITIALIZERS[name](np.random.default_rng(0), FAN_IN, FAN_OUT)
    assert weight.shape == (FAN_IN, FAN_OUT)
    assert bias == expected_bias
    assert weight.mean() == pytest.approx(0.0, abs=0.02 * deviation)
    assert weight.std() == pytest.approx(deviation, rel=0.02)
    assert np.mean(np.abs(weight) < deviation) == pytest.approx(0.6827, abs=0.01)


def test_zeros_are_zero() -> None:
    network = Network((3, 4, 1), ("tanh",) * 2, rng=np.random.default_rng(0), initializer="zeros")
    assert not network.flat_parameters.any()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_same_generator_state_gives_the_same_weights(name: str) -> None:
    networks = [
        Network((3, 4, 1), ("tanh",) * 2, rng=np.random.default_rng(7), initializer=name)
        for _ in range(2)
    ]
    first, second = (network.flat_parameters for network in networks)
    np.testing.assert_array_equal(first, second)


def test_initializing_again_writes_into_the_same_vector() -> None:
    network = Network((3, 4, 1), ("tanh",) * 2, rng=np.random.default_rng(7))
    flat, before = network.flat_parameters, network.flat_parameters.copy()
    network.initialize(np.random.default_rng(8), "playground")
    assert network.flat_parameters is flat
    assert not np.array_equal(flat, before)
    np.testing.assert_array_equal(network.layers[0].bias.data, [0.1] * 4)
