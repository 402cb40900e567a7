"""Networks: one flat vector, names for every element, and the same numbers one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core import ACTIVATIONS, LOSSES, Linear, Network, Value
from toygrad.core.nn.layers import element_names
from toygrad.core.nn.scalar import sum_of_products


def make(
    *sizes: int, activation: str = "tanh", seed: int = 0, initializer: str = "xavier"
) -> Network:
    return Network(
        sizes,
        (activation,) * (len(sizes) - 1),
        rng=np.random.default_rng(seed),
        initializer=initializer,
    )


# --- The flat vectors ---------------------------------------------------------------------------


def test_parameters_and_gradients_are_views_of_two_flat_vectors() -> None:
    network = make(2, 3, 1)
    assert network.n_parameters == 2 * 3 + 3 + 3 + 1
    network.flat_parameters[...] = np.arange(13)
    network.flat_gradients[...] = np.arange(13) * 10.0
    weight, bias = network.layers[0].parameters()
    np.testing.assert_array_equal(weight.data, [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(bias.data, [6, 7, 8])
    np.testing.assert_array_equal(network.layers[1].weight.data, [[9], [10], [11]])
    np.testing.assert_array_equal(network.layers[1].bias.grad, [120])


def test_a_backward_pass_fills_the_flat_gradients_and_zero_grad_clears_them() -> None:
    network = make(2, 3, 1)
    network(np.ones((4, 2))).sum().backward()
    np.testing.assert_array_equal(network.layers[1].bias.grad, network.flat_gradients[-1:])
    assert network.flat_gradients.all()
    network.zero_grad()
    assert not network.flat_gradients.any()
    assert not network.layers[0].weight.grad.any()


def test_every_element_of_the_flat_vector_has_a_name() -> None:
    names = element_names(make(2, 4, 1))
    assert names[:4] == [f"layer1.weight[0,{j}]" for j in range(4)]
    assert names[4] == "layer1.weight[1,0]"
    assert names[8:12] == [f"layer1.bias[{j}]" for j in range(4)]
    assert names[12:] == [*(f"layer2.weight[{i},0]" for i in range(4)), "layer2.bias[0]"]


def test_parameters_are_found_by_name() -> None:
    network = make(2, 3, 1)
    assert list(network.named_parameters()) == [
        "layer1.weight",
        "layer1.bias",
        "layer2.weight",
        "layer2.bias",
    ]
    assert network.named_parameters()["layer2.bias"] is network.layers[1].bias


def test_a_layer_is_the_activation_of_a_product_and_a_bias() -> None:
    layer = Linear(Value([[1.0, -2.0]]), Value([0.5, 0.0]), "relu")
    x = Value([[2.0], [-1.0]])
    np.testing.assert_array_equal(layer.preactivation(x).data, [[2.5, -4.0], [-0.5, 2.0]])
    np.testing.assert_array_equal(layer(x).data, [[2.5, 0.0], [0.0, 2.0]])
    layer(x).sum().backward()
    layer.zero_grad()
    assert not layer.weight.grad.any()


def test_hidden_activations_are_the_outputs_of_the_layers() -> None:
    network = make(2, 3, 1)
    x = np.array([[0.5, -1.0], [2.0, 0.0]])
    hidden, output = network.hidden_activations(x)
    first = network.layers[0]
    np.testing.assert_allclose(hidden, np.tanh(x @ np.asarray(first.weight.data)))
    np.testing.assert_array_equal(output, network(x).data)


@pytest.mark.parametrize(
    ("sizes", "activations", "complaint"),
    [
        ((2,), (), "inputs and outputs"),
        ((2, 0, 1), ("tanh", "tanh"), "at least one each"),
        ((2, 3, 1), ("tanh",), "2 layers need as many activations"),
        ((2, 1), ("swoosh",), "unknown activation 'swoosh': choose from linear, relu"),
    ],
)
def test_impossible_networks_are_refused(
    sizes: Any, activations: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Network(sizes, activations, rng=np.random.default_rng(0))


def test_an_unknown_initializer_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown initializer 'magic': choose from playground"):
        make(2, 1, initializer="magic")


# --- One number at a time -----------------------------------------------------------------------


@pytest.mark.parametrize("loss_name", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@settings(max_examples=6)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    batch=st.integers(1, 4),
    seed=st.integers(0, 999),
)
def test_the_network_unrolled_has_the_same_loss_and_gradients(
    activation: str, loss_name: str, sizes: list[int], batch: int, seed: int
) -> None:
    network = make(*sizes, activation=activation, seed=seed)
    rng = np.random.default_rng(seed)
    inputs = rng.uniform(-2.0, 2.0, (batch, sizes[0]))
    right = rng.integers(sizes[-1], size=batch)
    targets = np.where(np.arange(sizes[-1]) == right[:, None], 1.0, -1.0)
    loss = LOSSES[loss_name].on_arrays(network(inputs), targets)
    loss.backward()

    unrolled = network.unrolled()
    samples = [
        LOSSES[loss_name].on_scalars(unrolled.outputs(x), t.tolist())
        for x, t in zip(inputs, targets, strict=True)
    ]
    total = sum(samples, Value(0.0)) * (1.0 / batch)
    total.backward()

    assert float(total) == pytest.approx(float(loss), rel=1e-12, abs=1e-12)
    gradients = [parameter.grad for parameter in unrolled.parameters_by_input()]
    np.testing.assert_allclose(gradients, network.flat_gradients, rtol=1e-12, atol=1e-12)


def test_the_network_unrolled_keeps_the_order_and_the_names_of_the_elements() -> None:
    network = make(3, 4, 2)
    parameters = network.unrolled().parameters_by_input()
    assert [p.label for p in parameters] == element_names(network)
    assert "layer1.weight[0,3]" in [p.label for p in parameters]
    assert [p.data for p in parameters] == network.flat_parameters.tolist()


def test_the_network_unrolled_is_a_copy() -> None:
    network = make(2, 1)
    first = network.unrolled().parameters()[0]
    first.data = 99.0
    assert 99.0 not in network.flat_parameters


def test_a_sum_of_single_products_is_the_sum_in_one_operation() -> None:
    network = make(3, 4, 2)
    x = [0.5, -1.0, 2.0]
    whole, single = network.unrolled(), network.unrolled()
    single.record_sums_with(sum_of_products)
    outputs = []
    for scalar_network in (whole, single):
        total = sum(scalar_network.outputs(x), Value(0.0))
        total.backward()
        outputs.append([float(total), *(p.grad for p in scalar_network.parameters())])
    np.testing.assert_allclose(outputs[0], outputs[1], rtol=1e-13)
