"""Edits of the network: at the selected part, or of all hidden layers as a line of text.

What is impossible raises a `ValueError` with a sentence for the user.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import groupby
from typing import Final

from ...core import ACTIVATIONS, NetworkSpec
from ...core.training.config import AUTO
from ...core.training.reshape import (
    Reshaped,
    last_activation,
    resized,
    with_activation,
    with_layer,
    with_output_activation,
    without_layer,
    without_neuron,
)
from ..selection import Link, Part, Unit, unit_of

DEFAULT_NEURONS = 4
NOT_AN_INPUT = "Inputs are chosen in the Data pane: press 2{go.data}."
NOT_AN_OUTPUT = "The data determine the outputs: select a hidden layer."
LAST_NEURON = "This is the layer's last neuron: press d{network.drop-layer} to remove the layer."
SELECT_FIRST = "Select a neuron first: use the arrows, or click on it."


def added_layer(spec: NetworkSpec, part: Part | None) -> Reshaped:
    """Adds a hidden layer after the column of a part, or before the output."""
    if len(spec.hidden) >= MAX_LAYERS:
        raise ValueError(f"A network has at most {MAX_LAYERS} hidden layers.")
    count = len(spec.hidden)
    place = count if part is None else min(_column(part) - isinstance(part, Link), count)
    activation = spec.activations[place - 1] if place else last_activation(spec)
    return with_layer(spec, place, DEFAULT_NEURONS, activation)


def dropped_layer(spec: NetworkSpec, part: Part | None) -> Reshaped:
    """Removes the hidden layer of a part, or the last one."""
    if not spec.hidden:
        raise ValueError("No hidden layer to remove.")
    if part is None:
        return without_layer(spec, len(spec.hidden) - 1)
    return without_layer(spec, _hidden_layer(spec, part))


def resized_layer(spec: NetworkSpec, part: Part | None, by: int) -> Reshaped:
    """Gives the hidden layer of a part more neurons or fewer."""
    layer = _hidden_layer(spec, part)
    neurons = spec.hidden[layer] + by
    if neurons < 1:
        raise ValueError(LAST_NEURON)
    return resized(spec, layer, neurons)


def removed_neuron(spec: NetworkSpec, neuron: Unit) -> Reshaped:
    """Removes one hidden neuron."""
    layer = _hidden_layer(spec, neuron)
    if spec.hidden[layer] == 1:
        raise ValueError(LAST_NEURON)
    return without_neuron(spec, layer, neuron.unit)


def next_activation(spec: NetworkSpec, part: Part | None, by: int) -> Reshaped:
    """Gives the layer of a part, hidden or output, the next activation in the list."""
    column = _column(part)
    if column > len(spec.hidden):
        names = (AUTO, *ACTIVATIONS)
        place = names.index(spec.output_activation)
        return with_output_activation(spec, names[(place + by) % len(names)])
    layer, names = _hidden_layer(spec, part), tuple(ACTIVATIONS)
    place = names.index(spec.activations[layer])
    return with_activation(spec, layer, names[(place + by) % len(names)])


def _hidden_layer(spec: NetworkSpec, part: Part | None) -> int:
    """The number of a part's hidden layer, 0 for the first."""
    column = _column(part)
    if column == 0:
        raise ValueError(NOT_AN_INPUT)
    if column > len(spec.hidden):
        raise ValueError(NOT_AN_OUTPUT)
    return column - 1


def _column(part: Part | None) -> int:
    if part is None:
        raise ValueError(SELECT_FIRST)
    return unit_of(part).column


MAX_LAYERS: Final = 64
"""More would not fit on any screen."""
NO_LAYERS: Final = "none"
_EXAMPLE: Final = "write 8 tanh, 4 relu"
_LAYER: Final = re.compile(r"(\d{1,9})(?:\s*[x*]\s*(\d{1,9}))?(?:\s*([^\W\d].*)|\s+(\S.*))?")
_MANY: Final = 3


def layers_text(spec: NetworkSpec) -> str:
    """The hidden layers of a network: `8 tanh, 4 relu`, `8x3 relu`, or `none`."""
    layers = zip(spec.hidden, spec.activations, strict=True)
    parts = []
    for (neurons, activation), same in groupby(layers):
        count = len(list(same))
        name = activation.replace("_", " ")
        if count < _MANY:
            parts += [f"{neurons} {name}"] * count
        else:
            parts.append(f"{neurons}x{count} {name}")
    return ", ".join(parts) or NO_LAYERS


def parse_layers(text: str, spec: NetworkSpec) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Reads what `layers_text` writes, and what people write.

    `8` is a layer of 8 neurons, `8 tanh` says its activation, `8x3` makes three such layers, commas
    stand between layers, and `none` or nothing is a network without hidden layers.

    Args:
        text: What was typed.
        spec: The network as it is: a layer without an activation keeps the one that it has, a new
            one takes that of the layer before it.

    Returns:
        The neurons and the activation of each hidden layer.

    Raises:
        ValueError: With a sentence for the user that points at the wrong word.
    """
    if text.strip().lower() in ("", NO_LAYERS):
        return (), ()
    layers: list[tuple[int, str]] = []
    for part in text.split(","):
        neurons, count, word = _read(part.strip())
        if len(layers) + count > MAX_LAYERS:
            raise ValueError(f"{len(layers) + count:,} hidden layers: use at most {MAX_LAYERS}.")
        for _ in range(count):
            layers.append((neurons, word or _kept(spec, layers)))
    hidden, activations = zip(*layers, strict=True)
    return hidden, activations


def _read(part: str) -> tuple[int, int, str]:
    """Neurons, number of layers, and the activation or an empty string."""
    if not part:
        raise ValueError(f"Nothing between two commas: {_EXAMPLE}.")
    match = _LAYER.fullmatch(part)
    if match is None:
        first = part.split()[0]
        raise ValueError(f"“{first}” is not a number of neurons: {_EXAMPLE}.")
    neurons, count, *names = match.groups()
    name = names[0] or names[1]
    if int(neurons) < 1 or (count is not None and int(count) < 1):
        raise ValueError(f"“{part}” has no neurons: a layer needs at least 1.")
    return int(neurons), int(count or 1), _activation(name) if name else ""


def _activation(name: str) -> str:
    """The activation that was meant."""
    wanted = re.sub(r"[\s_-]+", "_", name.strip().lower())
    if wanted in ACTIVATIONS:
        return wanted
    if wanted[0].isdigit():
        raise ValueError(f"“{name}” needs a comma before it: {_EXAMPLE}.")
    names = [known.replace("_", " ") for known in _likeliest_first(wanted)]
    raise ValueError(f"No activation “{name}”: use {', '.join(names)}.")


def _likeliest_first(wanted: str) -> Iterator[str]:
    close = get_close_matches(wanted, ACTIVATIONS, n=1)
    yield from close
    yield from (name for name in ACTIVATIONS if name not in close)


def _kept(spec: NetworkSpec, layers: list[tuple[int, str]]) -> str:
    place = len(layers)
    if place < len(spec.activations):
        return spec.activations[place]
    return layers[-1][1] if layers else last_activation(spec)
