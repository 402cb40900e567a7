"""What a network diagram shows at one instant, and the names of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .numbers import signed


class Unit(NamedTuple):
    """An input or a neuron.

    Attributes:
        column: Its column in the diagram: 0 for inputs, 1 for the first layer.
        unit: Its place in the column, 0 at the top.
    """

    column: int
    unit: int


class Link(NamedTuple):
    """A weight.

    Attributes:
        layer: Its layer, 0 for the first: it leads from column `layer` to column `layer + 1`.
        source: The unit it comes from.
        target: The unit it leads to.
    """

    layer: int
    source: int
    target: int


class Bias(NamedTuple):
    """The bias of a neuron.

    Attributes:
        layer: Its layer, 0 for the first: the neuron is in column `layer + 1`.
        unit: The neuron.
    """

    layer: int
    unit: int


Part = Unit | Link | Bias
"""Something in the diagram that can be selected."""


@dataclass(frozen=True, eq=False)
class DiagramData:
    """A network at one instant.

    A column of the diagram is the inputs or a layer, so there is one more than there are layers.

    Attributes:
        input_names: A name for each input.
        layer_names: A name for each layer: `layer 1` for the first, `output` for the last.
        activations: The name of each layer's activation.
        weights: For each layer an array of shape `(n_from, n_to)`.
        biases: For each layer an array of shape `(n_to,)`.
        thumbnails: For each column levels as `palette.level_of` gives them, shape
            `(units, height, width)`, the top row first. Of another size than the unit's box, the
            nearest pixels are taken. An array without pixels makes plain numbered boxes.
        notes: For each column and unit a word on its state, `dead` for instance, or nothing.

    Raises:
        ValueError: If the shapes do not belong to one network.
    """

    input_names: tuple[str, ...]
    layer_names: tuple[str, ...]
    activations: tuple[str, ...]
    weights: tuple[NDArray[np.float64], ...]
    biases: tuple[NDArray[np.float64], ...]
    thumbnails: tuple[NDArray[np.uint8], ...]
    notes: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        layers = len(self.weights)
        if not layers or {len(self.layer_names), len(self.activations), len(self.biases)} != {
            layers
        }:
            raise ValueError("a diagram needs a name, an activation and biases for each layer")
        sizes = self.sizes
        if [weight.shape for weight in self.weights] != list(pairwise(sizes)):
            raise ValueError(f"the weights do not join columns of {sizes} units")
        if tuple(map(len, self.thumbnails)) != sizes or tuple(map(len, self.notes)) != sizes:
            raise ValueError(f"a diagram needs a thumbnail and a note for each of {sizes} units")

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many units each column has, inputs first."""
        return (len(self.input_names), *(len(bias) for bias in self.biases))

    @property
    def links(self) -> int:
        """How many weights there are."""
        return sum(weight.size for weight in self.weights)

    def holds(self, part: Part) -> bool:
        """Whether there is such a part in this network."""
        sizes = self.sizes
        match part:
            case Unit(column, unit):
                return 0 <= column < len(sizes) and 0 <= unit < sizes[column]
            case Link(layer, source, target):
                return self.holds(Unit(layer, source)) and self.holds(Bias(layer, target))
            case Bias(layer, unit):
                return layer >= 0 and self.holds(Unit(layer + 1, unit))

    def unit_name(self, unit: Unit) -> str:
        """An input's own name, or `layer 1, neuron 3` counted from 0 as in parameter names."""
        if unit.column == 0:
            return self.input_names[unit.unit]
        return f"{self.layer_names[unit.column - 1]}, neuron {unit.unit}"

    def describe(self, part: Part) -> str:
        """A part with its name and numbers, in lines of text.

        Args:
            part: One of this network's parts.

        Returns:
            `layer1.weight[0,3] = -0.4835` and what it joins, for instance.
        """
        match part:
            case Unit():
                return self._describe_unit(part)
            case Link(layer, source, target):
                value = signed(self.weights[layer][source, target]).strip()
                ends = Unit(layer, source), Unit(layer + 1, target)
                first, last = map(self.unit_name, ends)
                return f"layer{layer + 1}.weight[{source},{target}] = {value}\n{first} to {last}"
            case Bias(layer, unit):
                name = self.unit_name(Unit(layer + 1, unit))
                return f"{self._bias_equation(layer, unit)}\n{name}"

    def _describe_unit(self, unit: Unit) -> str:
        name, note = self.unit_name(unit), self.notes[unit.column][unit.unit]
        state = f", {note}" if note else ""
        if unit.column == 0:
            return f"input {name}{state}"
        layer = unit.column - 1
        activation = self.activations[layer]
        return f"{name}: {activation}{state}\n{self._bias_equation(layer, unit.unit)}"

    def _bias_equation(self, layer: int, unit: int) -> str:
        value = signed(self.biases[layer][unit]).strip()
        return f"layer{layer + 1}.bias[{unit}] = {value}"
