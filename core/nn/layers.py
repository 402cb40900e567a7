"""Network: layers on arrays; one operation takes a whole batch through a layer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from ..autograd import Value
from ..autograd.numerics import FloatArray
from ..autograd.value import as_value
from .activations import ACTIVATIONS
from .initializers import INITIALIZERS
from .module import Module
from .parameters import count_parameters
from .scalar import MLP


class Linear(Module):
    """One layer: activation(x @ weight + bias).

    Attributes:
        weight: Shape (inputs, outputs); `weight[i, j]` leads from input i to neuron j.
        bias: Shape (outputs,).
        activation: Its name in `ACTIVATIONS`.
    """

    def __init__(self, weight: Value, bias: Value, activation: str) -> None:
        self.weight = weight
        self.bias = bias
        self.activation = activation

    def __repr__(self) -> str:
        n_inputs, n_outputs = self.weight.shape
        return f"Linear {n_inputs}-{n_outputs} ({self.activation})"

    def __call__(self, x: Value) -> Value:
        """Shape (batch, inputs) to (batch, outputs)."""
        return ACTIVATIONS[self.activation](self.preactivation(x))

    def preactivation(self, x: Value) -> Value:
        """The sum before the activation, shape (batch, outputs)."""
        return x @ self.weight + self.bias

    def parameters(self) -> list[Value]:
        """The weight, then the bias."""
        return [self.weight, self.bias]


class Network(Module):
    """A multi-layer perceptron.

    All parameters are views of one flat vector, and their gradients of another, so optimizers,
    snapshots and saves make one pass over one vector. It holds layer after layer: the weight row
    by row, then the bias.

    Attributes:
        sizes: The number of units of each layer, from inputs to outputs: `(2, 4, 2, 1)`.
        layers: One `Linear` for each layer after the inputs.
        flat_parameters: Shape (n_parameters,).
        flat_gradients: Shape (n_parameters,).
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activations: Sequence[str],
        *,
        rng: np.random.Generator,
        initializer: str = "playground",
    ) -> None:
        """Draws the first weights.

        Args:
            sizes: The numbers of inputs and outputs, with hidden layers between.
            activations: One name for each layer, including the output layer.
            rng: Draws the weights, layer by layer.
            initializer: A name in `INITIALIZERS`.

        Raises:
            ValueError: If a size is not positive, the number of activations is wrong, or a name is
                unknown.
        """
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"a network needs inputs and outputs, at least one each, not {sizes}")
        if len(activations) != len(sizes) - 1:
            raise ValueError(f"{len(sizes) - 1} layers need as many activations, not {activations}")
        if unknown := set(activations) - set(ACTIVATIONS):
            raise ValueError(
                f"unknown activation {min(unknown)!r}: choose from {', '.join(ACTIVATIONS)}"
            )
        self.sizes = tuple(sizes)
        shapes = list(pairwise(sizes))
        n_parameters = count_parameters(self.sizes)
        self.flat_parameters: FloatArray = np.zeros(n_parameters)
        self.flat_gradients: FloatArray = np.zeros(n_parameters)
        self.layers: list[Linear] = []
        start = 0
        for number, ((fan_in, fan_out), activation) in enumerate(
            zip(shapes, activations, strict=True), start=1
        ):
            end = start + fan_in * fan_out
            weight = self._view(start, (fan_in, fan_out), f"layer{number}.weight")
            bias = self._view(end, (fan_out,), f"layer{number}.bias")
            start = end + fan_out
            self.layers.append(Linear(weight, bias, activation))
        self.initialize(rng, initializer)

    def _view(self, start: int, shape: tuple[int, ...], label: str) -> Value:
        end = start + int(np.prod(shape))
        value = Value(self.flat_parameters[start:end].reshape(shape), label=label)
        value.grad = self.flat_gradients[start:end].reshape(shape)
        return value

    def initialize(self, rng: np.random.Generator, initializer: str) -> None:
        """Redraws every weight and resets every bias.

        Raises:
            ValueError: If the initializer is unknown.
        """
        if initializer not in INITIALIZERS:
            names = ", ".join(INITIALIZERS)
            raise ValueError(f"unknown initializer {initializer!r}: choose from {names}")
        for layer, (fan_in, fan_out) in zip(self.layers, pairwise(self.sizes), strict=True):
            layer.weight.data[...], layer.bias.data[...] = INITIALIZERS[initializer](  # type: ignore[index]
                rng, fan_in, fan_out
            )

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        names = ", ".join(layer.activation for layer in self.layers)
        return f"Network {sizes} ({names}), {self.n_parameters} parameters"

    def __call__(self, x: ArrayLike | Value) -> Value:
        """Shape (batch, inputs) to (batch, outputs)."""
        activation = as_value(x)
        for layer in self.layers:
            activation = layer(activation)
        return activation

    def hidden_activations(self, x: ArrayLike) -> list[FloatArray]:
        """The output of every layer, each of shape (batch, units); the network's comes last."""
        activation = as_value(x)
        outputs = []
        for layer in self.layers:
            activation = layer(activation)
            outputs.append(np.asarray(activation.data))
        return outputs

    def parameters(self) -> list[Value]:
        """Weight and bias of every layer, in order."""
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def named_parameters(self) -> dict[str, Value]:
        """The parameters by name, `layer1.weight`; layer 1 is the first after the inputs."""
        return {parameter.label: parameter for parameter in self.parameters()}

    def zero_grad(self) -> None:
        """Sets every gradient to zero."""
        self.flat_gradients[...] = 0.0

    @property
    def n_parameters(self) -> int:
        """The number of weights and biases."""
        return int(self.flat_parameters.size)

    def unrolled(self) -> MLP:
        """The same network with a scalar Value for each weight and bias.

        They are copies, labelled `layer1.weight[0,3]`; `parameters_by_input` gives them in the
        order of the flat vector.
        """
        return MLP.from_arrays(
            [
                (np.asarray(layer.weight.data), np.asarray(layer.bias.data), layer.activation)
                for layer in self.layers
            ]
        )


def element_names(network: Network) -> list[str]:
    """A name for each element of the flat vector: `layer1.weight[0,3]`, `layer1.bias[3]`."""
    return [
        f"{parameter.label}[{','.join(map(str, index))}]"
        for parameter in network.parameters()
        for index in np.ndindex(parameter.shape)
    ]
