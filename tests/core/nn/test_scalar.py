"""Neuron, Layer and MLP of single numbers: made, called and looked at as in micrograd."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from toygrad.core import MLP, Layer, Linear, Network, Neuron, Value


def test_a_neuron_is_the_activation_of_a_weighted_sum() -> None:
    neuron = Neuron(2)
    assert neuron.b.data == 0.0
    assert all(-1.0 <= float(w) < 1.0 for w in neuron.w)
    neuron.w[0].data, neuron.w[1].data, neuron.b.data = 2.0, -1.0, 0.5
    assert neuron([3.0, 4.0]).data == 2.5
    assert neuron([0.0, 4.0]).data == 0.0
    assert neuron.parameters() == [*neuron.w, neuron.b]


def test_a_neuron_that_is_not_nonlin_gives_its_sum() -> None:
    neuron = Neuron(1, False, activation="tanh")
    neuron.w[0].data = -2.0
    assert neuron([3.0]).data == -6.0


def test_a_layer_gives_one_output_for_each_neuron_and_of_one_neuron_no_list() -> None:
    layer = Layer(2, 3, activation="tanh")
    x = [Value(1.0), Value(-1.0)]
    assert [o.data for o in layer(x)] == [neuron(x).data for neuron in layer.neurons]
    assert len(layer.parameters()) == 9
    assert isinstance(Layer(2, 1)(x), Value)
    assert [type(o) for o in Layer(2, 1).outputs(x)] == [Value]


def test_the_network_of_the_lecture_has_41_parameters_and_one_output() -> None:
    network = MLP(3, [4, 4, 1])
    assert [len(layer.neurons) for layer in network.layers] == [4, 4, 1]
    assert len(network.parameters()) == 41
    assert isinstance(network([2.0, 3.0, -1.0]), Value)
    assert len(MLP(3, [2])([2.0, 3.0, -1.0])) == 2


@pytest.mark.parametrize(
    ("options", "activations"),
    [
        ({}, ["relu", "relu", "linear"]),
        ({"activation": "tanh"}, ["tanh", "tanh", "linear"]),
        ({"activation": "tanh", "nonlin": True}, ["tanh", "tanh", "tanh"]),
    ],
)
def test_the_output_layer_has_an_activation_if_it_is_asked_for(
    options: dict[str, Any], activations: list[str]
) -> None:
    assert [layer.activation for layer in MLP(3, [4, 4, 1], **options).layers] == activations


@pytest.mark.parametrize("x", [[1.0, 2.0], (1.0, 2.0), np.array([1.0, 2.0]), [Value(1.0), 2]])
def test_a_sample_may_be_any_sequence_of_numbers(x: Any) -> None:
    network = MLP(2, [3, 1], rng=random.Random(0))
    assert network(x).data == network([1.0, 2.0]).data
    assert network.layers[0].neurons[0](x).data == network.layers[0].neurons[0]([1.0, 2.0]).data


def test_a_seed_of_pythons_random_gives_the_same_weights_again() -> None:
    def drawn(rng: Any = None) -> list[Any]:
        return [p.data for p in MLP(2, [3, 1], rng=rng).parameters()]

    random.seed(1337)
    first = drawn()
    random.seed(1337)
    assert drawn() == first == drawn(random.Random(1337))
    assert drawn(np.random.default_rng(3)) == drawn(np.random.default_rng(3)) != first


def test_zero_grad_clears_every_gradient() -> None:
    network = MLP(2, [3, 1], activation="tanh", rng=random.Random(0))
    network([1.0, 2.0]).backward()
    assert any(p.grad for p in network.parameters())
    network.zero_grad()
    assert not any(p.grad for p in network.parameters())


def test_a_neuron_with_an_unknown_activation_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown activation 'swoosh'"):
        Neuron(2, activation="swoosh")


@pytest.mark.parametrize("x", [[1.0], [1.0, 2.0, 3.0]])
def test_another_number_of_inputs_is_refused(x: list[float]) -> None:
    with pytest.raises(ValueError, match=f"2 weights need as many inputs, not {len(x)}"):
        MLP(2, [1])(x)


def test_a_repr_says_the_shape() -> None:
    assert repr(Neuron(3)) == "Neuron 3 (relu)"
    assert repr(Layer(3, 4, nonlin=False)) == "Layer 3-4 (linear)"
    assert repr(MLP(3, [4, 4, 1])) == "MLP 3-4-4-1 (relu, relu, linear), 41 parameters"
    assert repr(Linear(Value(np.zeros((2, 4))), Value(np.zeros(4)), "tanh")) == "Linear 2-4 (tanh)"
    network = Network((2, 4, 1), ("tanh", "linear"), rng=np.random.default_rng(0))
    assert repr(network) == "Network 2-4-1 (tanh, linear), 17 parameters"
    assert repr(network.unrolled()) == "MLP 2-4-1 (tanh, linear), 17 parameters"
