"""Networks on scalars, as textbooks draw them: Neuron, Layer, ScalarMLP."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from ..autograd import Value
from ..autograd.numerics import FloatArray
from .activations import ACTIVATIONS

Scalar = Value | float
Sum = Callable[[Sequence[Value], Sequence[Scalar], Value], Value]


def sum_of_products(weights: Sequence[Value], inputs: Sequence[Scalar], bias: Value) -> Value:
    """A neuron's sum with a node for each product and each addition."""
    return sum((w * x for w, x in zip(weights, inputs, strict=True)), bias)


class Neuron:
    """activation(w1 x1 + ... + wn xn + bias).

    Attributes:
        weights: n scalar Values.
        bias: A scalar Value.
        activation: Its name in `ACTIVATIONS`.
        weighted_sum: Computes the sum: `Value.dot`, as one node, or `sum_of_products`.
    """

    def __init__(
        self, n_inputs: int, activation: str = "tanh", *, rng: np.random.Generator
    ) -> None:
        """Draws the weights from U(-1, 1); the bias is 0, as in micrograd.

        Raises:
            ValueError: If the activation is unknown.
        """
        if activation not in ACTIVATIONS:
            names = ", ".join(ACTIVATIONS)
            raise ValueError(f"unknown activation {activation!r}: choose from {names}")
        self.weights = [Value(w) for w in rng.uniform(-1.0, 1.0, n_inputs)]
        self.bias = Value(0.0)
        self.activation = activation
        self.weighted_sum: Sum = Value.dot

    @classmethod
    def from_values(cls, weights: Sequence[Value], bias: Value, activation: str) -> Neuron:
        """A neuron on existing Values."""
        neuron = cls.__new__(cls)
        neuron.weights = list(weights)
        neuron.bias = bias
        neuron.activation = activation
        neuron.weighted_sum = Value.dot
        return neuron

    def __call__(self, x: Sequence[Scalar]) -> Value:
        """The neuron's output for n inputs."""
        return ACTIVATIONS[self.activation](self.weighted_sum(self.weights, x, self.bias))

    def parameters(self) -> list[Value]:
        """The weights, then the bias."""
        return [*self.weights, self.bias]


class Layer:
    """Neurons that read the same inputs."""

    def __init__(
        self, n_inputs: int, n_neurons: int, activation: str = "tanh", *, rng: np.random.Generator
    ) -> None:
        """Draws the weights of `n_neurons` neurons."""
        self.neurons = [Neuron(n_inputs, activation, rng=rng) for _ in range(n_neurons)]

    @classmethod
    def from_neurons(cls, neurons: Sequence[Neuron]) -> Layer:
        """A layer of existing neurons."""
        layer = cls.__new__(cls)
        layer.neurons = list(neurons)
        return layer

    def __call__(self, x: Sequence[Scalar]) -> list[Value]:
        """One output for each neuron."""
        return [neuron(x) for neuron in self.neurons]

    def parameters(self) -> list[Value]:
        """Neuron by neuron."""
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]


class ScalarMLP:
    """A multi-layer perceptron whose every weight is a scalar Value."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = list(layers)

    @classmethod
    def from_arrays(cls, layers: Sequence[tuple[FloatArray, FloatArray, str]]) -> ScalarMLP:
        """Copies (weight, bias, activation) of each layer into labelled scalars."""
        return cls([_layer(f"layer{k}", *arrays) for k, arrays in enumerate(layers, start=1)])

    def __call__(self, x: ArrayLike | Sequence[Scalar]) -> list[Value]:
        """One sample, shape (inputs,), to one Value for each output."""
        activations: Sequence[Scalar] = (
            [float(number) for number in x] if isinstance(x, np.ndarray) else x  # type: ignore[assignment]
        )
        for layer in self.layers:
            activations = layer(activations)
        return list(activations)  # type: ignore[arg-type]

    def record_sums_with(self, weighted_sum: Sum) -> None:
        """Sets how neurons compute their sums: `Value.dot` or `sum_of_products`."""
        for layer in self.layers:
            for neuron in layer.neurons:
                neuron.weighted_sum = weighted_sum

    def parameters(self) -> list[Value]:
        """In the order of the flat vector of `MLP`: the weights input by input, then the biases."""
        result: list[Value] = []
        for layer in self.layers:
            weights = [neuron.weights for neuron in layer.neurons]
            result.extend(w for row in zip(*weights, strict=True) for w in row)
            result.extend(neuron.bias for neuron in layer.neurons)
        return result


def _layer(name: str, weight: FloatArray, bias: FloatArray, activation: str) -> Layer:
    fan_in, fan_out = weight.shape
    return Layer.from_neurons(
        [
            Neuron.from_values(
                [Value(weight[i, j], label=f"{name}.weight[{i},{j}]") for i in range(fan_in)],
                Value(bias[j], label=f"{name}.bias[{j}]"),
                activation,
            )
            for j in range(fan_out)
        ]
    )
