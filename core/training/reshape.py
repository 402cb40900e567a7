"""Reshape: edits of a network's layers that tell which of its neurons are which afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from .config import NetworkSpec

DEFAULT_ACTIVATION = "tanh"


class Origin(NamedTuple):
    """Where a hidden layer comes from.

    Attributes:
        layer: The number of the hidden layer that it was before, 0 for the first.
        neurons: For each of its first neurons the number that it had there; what comes after them
            is new.
    """

    layer: int
    neurons: tuple[int, ...]


Origins = tuple[Origin | None, ...]
"""For each hidden layer where it comes from; None for a new one."""


@dataclass(frozen=True, slots=True)
class Reshaped:
    """A network after an edit of its layers.

    Attributes:
        network: It.
        origins: Where its hidden layers come from.
    """

    network: NetworkSpec
    origins: Origins


def with_layer(spec: NetworkSpec, place: int, neurons: int, activation: str) -> Reshaped:
    """Puts in a hidden layer before the one that is number `place`; 0 makes it the first.

    Raises:
        ConfigError: If there can be no such layer.
    """
    origins = list(_all_stay(spec))
    layers = _layers(spec)
    layers.insert(place, (neurons, activation))
    origins.insert(place, None)
    return Reshaped(_of_layers(spec, layers), tuple(origins))


def without_layer(spec: NetworkSpec, layer: int) -> Reshaped:
    """Takes hidden layer number `layer` away, 0 being the first.

    Raises:
        IndexError: If there is no such layer.
    """
    origins = list(_all_stay(spec))
    layers = _layers(spec)
    del layers[layer], origins[layer]
    return Reshaped(_of_layers(spec, layers), tuple(origins))


def without_neuron(spec: NetworkSpec, layer: int, neuron: int) -> Reshaped:
    """Takes one neuron of hidden layer number `layer` away; those after it move up by one.

    Raises:
        ConfigError: If it is the only one of its layer.
        IndexError: If there is no such neuron.
    """
    origins = list(_all_stay(spec))
    layers = _layers(spec)
    neurons, activation = layers[layer]
    if not 0 <= neuron < neurons:
        raise IndexError(f"hidden layer {layer} has no neuron {neuron}")
    layers[layer] = (neurons - 1, activation)
    left = tuple(n for n in range(neurons) if n != neuron)
    origins[layer] = Origin(layer, left)
    return Reshaped(_of_layers(spec, layers), tuple(origins))


def resized(spec: NetworkSpec, layer: int, neurons: int) -> Reshaped:
    """Gives hidden layer number `layer` another number of neurons; the first ones stay.

    Raises:
        ConfigError: If it cannot have so many.
        IndexError: If there is no such layer.
    """
    origins = list(_all_stay(spec))
    layers = _layers(spec)
    origins[layer] = _first_neurons(layer, min(neurons, layers[layer][0]))
    layers[layer] = (neurons, layers[layer][1])
    return Reshaped(_of_layers(spec, layers), tuple(origins))


def with_activation(spec: NetworkSpec, layer: int, activation: str) -> Reshaped:
    """Gives hidden layer number `layer` another activation.

    Raises:
        ConfigError: If there is no such activation.
        IndexError: If there is no such layer.
    """
    layers = _layers(spec)
    layers[layer] = (layers[layer][0], activation)
    return Reshaped(_of_layers(spec, layers), _all_stay(spec))


def with_layers(
    spec: NetworkSpec, hidden: tuple[int, ...], activations: tuple[str, ...]
) -> Reshaped:
    """Gives the network other hidden layers, and finds out which of them were there before.

    Equal layers at the beginning meet each other, then equal ones at the end; what is left in
    between meets by its number.

    Args:
        spec: The network.
        hidden: Neurons of each new hidden layer.
        activations: The activation of each.

    Raises:
        ConfigError: If there can be no such layers.
    """
    old, new = _layers(spec), list(zip(hidden, activations, strict=True))
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    shift = len(old) - len(new)
    origins: list[Origin | None] = []
    for place, (neurons, _) in enumerate(new):
        layer = place + shift if place >= len(new) - end else place
        is_new = place < len(new) - end and layer >= len(old) - end
        # Its neurons meet by their number too.
        count = 0 if is_new else min(neurons, old[layer][0])
        origins.append(None if is_new else _first_neurons(layer, count))
    return Reshaped(_of_layers(spec, new), tuple(origins))


def with_output_activation(spec: NetworkSpec, activation: str) -> Reshaped:
    """Gives the output layer another activation, or "auto".

    Raises:
        ConfigError: If there is no such activation.
    """
    return Reshaped(replace(spec, output_activation=activation), _all_stay(spec))


def with_initializer(spec: NetworkSpec, initializer: str) -> Reshaped:
    """Draws first weights otherwise, from the next reset on; the weights that are there stay.

    Raises:
        ConfigError: If there is no such initializer.
    """
    return Reshaped(replace(spec, initializer=initializer), _all_stay(spec))


def _common(old: list[tuple[int, str]], new: list[tuple[int, str]]) -> int:
    """How many layers are equal from the beginning on."""
    count = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            break
        count += 1
    return count


def _layers(spec: NetworkSpec) -> list[tuple[int, str]]:
    return list(zip(spec.hidden, spec.activations, strict=True))


def _of_layers(spec: NetworkSpec, layers: list[tuple[int, str]]) -> NetworkSpec:
    hidden = tuple(neurons for neurons, _ in layers)
    activations = tuple(name for _, name in layers)
    return replace(spec, hidden=hidden, activation=activations or last_activation(spec))


def last_activation(spec: NetworkSpec) -> str:
    """The activation of the last hidden layer; without any, what the next one is to have."""
    if isinstance(spec.activation, str):
        return spec.activation
    return spec.activation[-1] if spec.activation else DEFAULT_ACTIVATION


def _all_stay(spec: NetworkSpec) -> Origins:
    return tuple(_first_neurons(layer, neurons) for layer, neurons in enumerate(spec.hidden))


def _first_neurons(layer: int, count: int) -> Origin:
    return Origin(layer, tuple(range(count)))
