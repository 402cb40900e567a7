"""Optimizers: small cases worked out by hand from the published update."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from toygrad.core import OPTIMIZERS
from toygrad.core.nn.optimizers import Constants

LEARNING_RATE = 0.1
GRADIENTS = [np.array([1.0, -2.0]), np.array([0.5, 4.0])]

# Two updates for the two gradients, worked out below.
BY_HAND = {
    # -lr g.
    "sgd": [[-0.1, 0.2], [-0.05, -0.4]],
    # v1 = -lr g1; v2 = 0.9 v1 - lr g2.
    "momentum": [[-0.1, 0.2], [-0.09 - 0.05, 0.18 - 0.4]],
    # 0.9 v - lr g with the same v.
    "nesterov": [[-0.09 - 0.1, 0.18 + 0.2], [-0.126 - 0.05, -0.198 - 0.4]],
    # s1 = 0.1 g1^2 = (0.1, 0.4); s2 = 0.9 s1 + 0.1 g2^2 = (0.115, 1.96).
    "rmsprop": [
        [-0.1 / math.sqrt(0.1), 0.2 / math.sqrt(0.4)],
        [-0.05 / math.sqrt(0.115), -0.4 / 1.4],
    ],
    # Step 1: m / 0.1 = g1, v / 0.001 = g1^2, so -lr sign(g1).
    # Step 2: m = (0.14, 0.22), divided by 0.19; v = (0.001249, 0.019996), divided by 0.001999.
    "adam": [
        [-0.1, 0.1],
        [
            -0.1 * (0.14 / 0.19) / math.sqrt(0.001249 / 0.001999),
            -0.1 * (0.22 / 0.19) / math.sqrt(0.019996 / 0.001999),
        ],
    ],
}
EXACT = Constants(epsilon=1e-300)


class Updating:
    """An optimizer's rule on vectors that stay where they are."""

    def __init__(self, name: str, n: int) -> None:
        self.optimizer = OPTIMIZERS[name](n)
        self.numbers: Any = [getattr(self.optimizer, name) for name in self.optimizer.numbers]

    def update(self, gradient: Any, parameters: Any, rate: float, constants: Constants) -> Any:
        names = self.optimizer.vectors
        before = [getattr(self.optimizer, name) for name in names]
        coefficients, self.numbers = self.optimizer.coefficients(rate, constants, *self.numbers)
        update, *after = self.optimizer.rule(gradient, parameters, coefficients, *before)
        for name, vector in zip(names, after, strict=True):
            setattr(self.optimizer, name, vector)
        return update


def updates(
    name: str, constants: Constants, gradients: Any = GRADIENTS, parameters: Any = (0.0, 0.0)
) -> list[Any]:
    """The updates for some gradients, while the parameters stand still."""
    optimizer = Updating(name, 2)
    return [
        optimizer.update(gradient, np.array(parameters), LEARNING_RATE, constants)
        for gradient in gradients
    ]


@pytest.mark.parametrize("name", BY_HAND)
def test_updates_are_those_worked_out_by_hand(name: str) -> None:
    np.testing.assert_allclose(updates(name, EXACT), BY_HAND[name], rtol=1e-12)


def test_adamw_adds_a_decay_of_the_parameters_that_the_gradient_does_not_see() -> None:
    constants = Constants(epsilon=1e-300, weight_decay=0.5)
    decayed = updates("adamw", constants, parameters=(2.0, -4.0))
    # lr * decay * w = 0.1 * 0.5 * (2, -4).
    expected = np.array(BY_HAND["adam"]) - [0.1, -0.2]
    np.testing.assert_allclose(decayed, expected, rtol=1e-12)


def test_every_optimizer_is_checked_here() -> None:
    assert {*BY_HAND, "adamw"} == set(OPTIMIZERS)


def test_adam_puts_epsilon_beside_the_corrected_root_as_algorithm_1_does() -> None:
    epsilon, beta1, beta2 = 0.1, 0.8, 0.99
    m = v = np.zeros(2)
    expected = []
    for t, g in enumerate(GRADIENTS * 2, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        expected.append(
            -LEARNING_RATE * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + epsilon)
        )
    constants = Constants(momentum=beta1, beta2=beta2, epsilon=epsilon)
    np.testing.assert_allclose(updates("adam", constants, GRADIENTS * 2), expected, rtol=1e-12)


def test_rmsprop_puts_epsilon_beside_the_root() -> None:
    (first,) = updates("rmsprop", Constants(decay=0.0, epsilon=1.0), GRADIENTS[:1])
    np.testing.assert_allclose(first, [-0.1 * 1.0 / 2.0, 0.1 * 2.0 / 3.0], rtol=1e-12)


def test_nesterov_is_the_look_ahead_of_the_original_method() -> None:
    def slope(x: Any) -> Any:
        return np.array([3.0, 0.5]) * x

    momentum = 0.7
    position, velocity = np.array([1.0, -2.0]), np.zeros(2)
    ahead, optimizer = position.copy(), Updating("nesterov", 2)
    for _ in range(5):
        velocity = momentum * velocity - LEARNING_RATE * slope(position + momentum * velocity)
        position = position + velocity
        ahead += optimizer.update(slope(ahead), ahead, LEARNING_RATE, Constants(momentum=momentum))
        np.testing.assert_allclose(ahead, position + momentum * velocity, rtol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_reach_the_bottom_of_a_bowl(name: str) -> None:
    optimizer, x = Updating(name, 2), np.array([1.0, -1.0])
    for step in range(300):
        rate = 0.05 / (1.0 + step / 30)
        x += optimizer.update(2.0 * x, x, rate, Constants())
    np.testing.assert_allclose(x, 0.0, atol=0.02)
