"""Networks on scalars, as in micrograd and as textbooks draw them: Neuron, Layer, MLP."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from ..autograd import Value
from ..autograd.numerics import FloatArray
from .activations import ACTIVATIONS
from .module import Module

Scalar = Value | float
Sum = Callable[[Sequence[Value], Sequence[Scalar], Value], Value]


class Rng(Protocol):
    """What draws weights: NumPy's `Generator`, `random.Random`, the module `random`."""

    def uniform(self, a: float, b: float, /) -> float:
        """A number between the two."""
        ...


def sum_of_products(weights: Sequence[Value], inputs: Sequence[Scalar], bias: Value) -> Value:
    """A neuron's sum with a node for each product and each addition."""
    return sum((w * x for w, x in zip(weights, inputs, strict=True)), bias)


class Neuron(Module):
    """activation(w1 x1 + ... + wn xn + b).

    Attributes:
        w: The weights, n scalar Values.
        b: The bias, a scalar Value.
        activation: Its name in `ACTIVATIONS`.
        weighted_sum: Computes the sum: `sum_of_products`, or in one node, several times as fast,
            `Value.dot`.
    """

    def __init__(
        self, nin: int, nonlin: bool = True, *, activation: str = "relu", rng: Rng | None = None
    ) -> None:
        """Draws the weights from U(-1, 1); the bias is 0.

        Args:
            nin: The number of inputs.
            nonlin: Whether it has an activation; without one its output is the sum.
            activation: A name in `ACTIVATIONS`.
            rng: Draws the weights, in order; by default Python's module `random`, so that
                `random.seed(1337)` gives the numbers that it gives in micrograd.

        Raises:
            ValueError: If the activation is unknown.
        """
        if activation not in ACTIVATIONS:
            names = ", ".join(ACTIVATIONS)
            raise ValueError(f"unknown activation {activation!r}: choose from {names}")
        draw: Rng = rng or random
        self.w = [Value(draw.uniform(-1.0, 1.0)) for _ in range(nin)]
        self.b = Value(0.0)
        self.activation = activation if nonlin else "linear"
        self.weighted_sum: Sum = sum_of_products

    @classmethod
    def from_values(cls, w: Sequence[Value], b: Value, activation: str) -> Neuron:
        """A neuron on existing Values."""
        neuron = cls(0, activation=activation)
        neuron.w, neuron.b, neuron.weighted_sum = list(w), b, Value.dot
        return neuron

    def __call__(self, x: Sequence[Scalar]) -> Value:
        """The neuron's output for n inputs.

        Raises:
            ValueError: If there are more or fewer inputs.
        """
        if len(x) != len(self.w):
            raise ValueError(f"{len(self.w)} weights need as many inputs, not {len(x)}")
        return ACTIVATIONS[self.activation](self.weighted_sum(self.w, x, self.b))

    def __repr__(self) -> str:
        return f"Neuron {len(self.w)} ({self.activation})"

    def parameters(self) -> list[Value]:
        """The weights, then the bias."""
        return [*self.w, self.b]


class Layer(Module):
    """Neurons that read the same inputs."""

    def __init__(self, nin: int, nout: int, **options: Any) -> None:
        """Draws the weights of `nout` neurons, one after the other.

        Args:
            nin: The number of inputs.
            nout: The number of neurons.
            **options: Of each `Neuron`.
        """
        self.neurons = [Neuron(nin, **options) for _ in range(nout)]

    @classmethod
    def from_neurons(cls, neurons: Sequence[Neuron]) -> Layer:
        """A layer of existing neurons."""
        layer = cls(0, 0)
        layer.neurons = list(neurons)
        return layer

    def outputs(self, x: Sequence[Scalar]) -> list[Value]:
        """One output for each neuron."""
        return [neuron(x) for neuron in self.neurons]

    def __call__(self, x: Sequence[Scalar]) -> Any:
        """The outputs; of one neuron its output, not in a list."""
        return _alone(self.outputs(x))

    def __repr__(self) -> str:
        return f"Layer {_sizes([self])} ({self.activation})"

    @property
    def activation(self) -> str:
        """Of its neurons."""
        return ", ".join(dict.fromkeys(neuron.activation for neuron in self.neurons))

    def parameters(self) -> list[Value]:
        """Neuron by neuron."""
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]


class MLP(Module):
    """A multi-layer perceptron whose every weight is a scalar Value.

        >>> len(MLP(3, [4, 4, 1]).parameters())
        41

    Attributes:
        layers: One `Layer` for each of the sizes after the inputs.
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        *,
        activation: str = "relu",
        nonlin: bool = False,
        rng: Rng | None = None,
    ) -> None:
        """Draws the weights, layer by layer.

        Args:
            nin: The number of inputs.
            nouts: The number of neurons of each layer, the outputs last.
            activation: Of the hidden layers, a name in `ACTIVATIONS`.
            nonlin: Whether the output layer has it too.
            rng: See `Neuron`.

        Raises:
            ValueError: If the activation is unknown.
        """
        self.layers = [
            Layer(n, m, nonlin=nonlin or k < len(nouts), activation=activation, rng=rng)
            for k, (n, m) in enumerate(pairwise([nin, *nouts]), start=1)
        ]

    @classmethod
    def from_arrays(cls, layers: Sequence[tuple[FloatArray, FloatArray, str]]) -> MLP:
        """Copies (weight, bias, activation) of each layer into labelled scalars."""
        network = cls(0, [])
        network.layers = [_layer(f"layer{k}", *arrays) for k, arrays in enumerate(layers, start=1)]
        return network

    def outputs(self, x: Sequence[Scalar] | FloatArray) -> list[Value]:
        """One sample, n numbers or Values, to one Value for each output."""
        activations: Sequence[Scalar] = x.tolist() if isinstance(x, np.ndarray) else x
        for layer in self.layers:
            activations = layer.outputs(activations)
        return list(activations)  # type: ignore[arg-type]

    def __call__(self, x: Sequence[Scalar] | FloatArray) -> Any:
        """The outputs for one sample; a single output is not in a list."""
        return _alone(self.outputs(x))

    def __repr__(self) -> str:
        names = ", ".join(layer.activation for layer in self.layers)
        return f"MLP {_sizes(self.layers)} ({names}), {len(self.parameters())} parameters"

    def record_sums_with(self, weighted_sum: Sum) -> None:
        """Sets how neurons compute their sums: `Value.dot` or `sum_of_products`."""
        for layer in self.layers:
            for neuron in layer.neurons:
                neuron.weighted_sum = weighted_sum

    def parameters(self) -> list[Value]:
        """Layer by layer, neuron by neuron."""
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def parameters_by_input(self) -> list[Value]:
        """Of each layer the weights, input by input, then the biases, as in a `Network`."""
        result: list[Value] = []
        for layer in self.layers:
            weights = [neuron.w for neuron in layer.neurons]
            result.extend(w for row in zip(*weights, strict=True) for w in row)
            result.extend(neuron.b for neuron in layer.neurons)
        return result


def _alone(outputs: list[Value]) -> Any:
    return outputs[0] if len(outputs) == 1 else outputs


def _sizes(layers: Sequence[Layer]) -> str:
    first = [len(layer.neurons[0].w) for layer in layers[:1] if layer.neurons]
    return "-".join(map(str, [*first, *(len(layer.neurons) for layer in layers)]))


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
