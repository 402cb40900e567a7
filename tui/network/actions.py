"""Edits of the network at the selected part.

What is impossible raises a `ValueError` with a sentence for the user.
"""

from __future__ import annotations

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
from .layers_text import MAX_LAYERS

DEFAULT_NEURONS = 4
NOT_AN_INPUT = "Inputs are chosen in the Data pane: press 2."
NOT_AN_OUTPUT = "The data determine the outputs: select a hidden layer."
LAST_NEURON = "This is the layer's last neuron: press d to remove the layer."
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
