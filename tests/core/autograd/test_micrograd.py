"""What a micrograd user knows gives here the numbers that micrograd publishes.

Sources: karpathy/micrograd, the example of its README and the output of its demo notebook. The
figures beyond the sixth decimal were taken from micrograd 0.1.0 itself.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from toygrad.core import MLP, Module, Value

SEED = 1337
N_SAMPLES = 100
PENALTY = 1e-4

# Step, loss and accuracy.
FIRST_STEPS = [
    (0, 0.8958441028683222, 0.50),
    (1, 1.7235905336972022, 0.81),
    (2, 0.742900631385113, 0.77),
    (3, 0.7705641260584202, 0.82),
]
LAST_STEP = (99, 0.010978370135492717, 1.0)

Floats = np.ndarray[Any, np.dtype[np.float64]]


def test_the_example_of_the_readme() -> None:
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert f"{g.data:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_a_node_used_in_several_places() -> None:
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)


def demo_data() -> tuple[Floats, Floats]:
    """Two moons of 50 points, in the order that scikit-learn draws them."""
    rng = np.random.RandomState(SEED)
    angle = np.linspace(0.0, np.pi, N_SAMPLES // 2)
    outer = np.column_stack([np.cos(angle), np.sin(angle)])
    inner = np.column_stack([1.0 - np.cos(angle), 1.0 - np.sin(angle) - 0.5])
    order = np.arange(N_SAMPLES)
    rng.shuffle(order)
    points = np.concatenate([outer, inner])[order]
    labels = np.repeat([-1.0, 1.0], N_SAMPLES // 2)[order]
    return points + rng.normal(scale=0.1, size=points.shape), labels


def demo_network() -> MLP:
    random.seed(SEED)
    return MLP(2, [16, 16, 1])


class ArrayNetwork(Module):
    """The same arithmetic, a layer at a time."""

    def __init__(self) -> None:
        self.layers = [
            (Value([[float(w) for w in neuron.w] for neuron in layer.neurons]), Value([0.0] * n))
            for layer in demo_network().layers
            for n in [len(layer.neurons)]
        ]

    def __call__(self, x: Any) -> Value:
        for weight, bias in self.layers:
            x = x @ weight.T + bias
            if weight is not self.layers[-1][0]:
                x = x.relu()
        output: Value = x
        return output

    def parameters(self) -> list[Value]:
        return [parameter for layer in self.layers for parameter in layer]


def learning_rate(step: int) -> float:
    return 1.0 - 0.9 * step / 100


def descend(network: MLP | ArrayNetwork, loss: Value, step: int) -> None:
    network.zero_grad()
    loss.backward()
    for parameter in network.parameters():
        parameter.data -= learning_rate(step) * parameter.grad


def test_the_demo_one_number_at_a_time() -> None:
    points, labels = demo_data()
    network = demo_network()
    assert len(network.parameters()) == 337
    for step, expected_loss, expected_accuracy in FIRST_STEPS:
        scores = [network(list(map(Value, point))) for point in points]
        margins: Any = sum((1 + -y * s).relu() for y, s in zip(labels, scores, strict=True))
        penalty: Any = sum(p * p for p in network.parameters())
        loss = margins * (1.0 / N_SAMPLES) + PENALTY * penalty
        accuracy = np.mean([(s > 0) == (y > 0) for y, s in zip(labels, scores, strict=True)])
        assert loss.data == pytest.approx(expected_loss, rel=1e-9)
        assert accuracy == expected_accuracy
        descend(network, loss, step)


def test_the_whole_demo_a_layer_at_a_time() -> None:
    points, labels = demo_data()
    network = ArrayNetwork()
    published = {step: (loss, accuracy) for step, loss, accuracy in (*FIRST_STEPS, LAST_STEP)}
    for step in range(100):
        scores = network(points)
        margins = (1.0 - scores[:, 0] * labels).relu().mean()
        penalty: Any = sum((p * p).sum() for p in network.parameters())
        loss = margins + PENALTY * penalty
        if step in published:
            accuracy = np.mean((np.asarray(scores.data)[:, 0] > 0) == (labels > 0))
            assert (float(loss), accuracy) == pytest.approx(published[step], rel=1e-6)
        descend(network, loss, step)
