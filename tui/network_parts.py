"""A network at one instant, and the names of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .drawing.numbers import signed


class Unit(NamedTuple):
    """An input or a neuron.

    Attributes:
        column: Its column in the diagram: 0 for inputs, 1 for the first layer.
        unit: Its place in the column, 0 at the top.
    """

    column: int
    unit: int

    # A unit and a bias have two numbers each: without this they would be equal.
    def __eq__(self, other: object) -> bool:
        return not isinstance(other, Bias) and tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return tuple.__hash__(self)


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

    # A unit and a bias have two numbers each: without this they would be equal.
    def __eq__(self, other: object) -> bool:
        return not isinstance(other, Unit) and tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return tuple.__hash__(self)


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
        notes: For each column and unit a word on its state, `dead` for instance, or empty.
        frozen: For each layer which of its weights are frozen, and in the last row which of
            its biases, shape `(n_from + 1, n_to)`. Without any, none is frozen.

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
    frozen: tuple[NDArray[np.bool_], ...] = ()

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
        if self.frozen and [f.shape for f in self.frozen] != [
            (n_from + 1, n_to) for n_from, n_to in pairwise(sizes)
        ]:
            raise ValueError(f"what is frozen does not belong to columns of {sizes} units")

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many units each column has, inputs first."""
        return (len(self.input_names), *(len(bias) for bias in self.biases))

    @property
    def links(self) -> int:
        """How many weights there are."""
        return sum(weight.size for weight in self.weights)

    def is_frozen(self, part: Link | Bias) -> bool:
        """Whether a weight or bias is frozen."""
        if not self.frozen:
            return False
        match part:
            case Link(layer, source, target):
                return bool(self.frozen[layer][source, target])
            case Bias(layer, unit):
                return bool(self.frozen[layer][-1, unit])

    def is_cut(self, part: Link | Bias) -> bool:
        """Whether a weight or bias is frozen at 0."""
        match part:
            case Link(layer, source, target):
                value = self.weights[layer][source, target]
            case Bias(layer, unit):
                value = self.biases[layer][unit]
        return bool(value == 0.0) and self.is_frozen(part)

    def holds(self, part: Part) -> bool:
        """Whether this network has the part."""
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

    def symbol(self, unit: Unit) -> str:
        """A short name: an input's own, `h1[3]` in layer 1, `output` or `output[2]`."""
        column, number = unit
        if column == 0:
            return self.input_names[number]
        if column < len(self.weights):
            return f"h{column}[{number}]"
        return f"output[{number}]" if len(self.biases[-1]) > 1 else "output"

    def element_name(self, part: Link | Bias) -> str:
        """`layer1.weight[0,3]` or `layer1.bias[3]`, as everywhere on the screen."""
        match part:
            case Link(layer, source, target):
                return f"layer{layer + 1}.weight[{source},{target}]"
            case Bias(layer, unit):
                return f"layer{layer + 1}.bias[{unit}]"

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
                equation = f"{self.element_name(part)} = {value}"
                return f"{equation}{self._state(part)}\n{first} to {last}"
            case Bias(layer, unit):
                name = self.unit_name(Unit(layer + 1, unit))
                return f"{self._bias_equation(layer, unit)}{self._state(part)}\n{name}"

    def _describe_unit(self, unit: Unit) -> str:
        name, note = self.unit_name(unit), self.notes[unit.column][unit.unit]
        state = f", {note}" if note else ""
        if unit.column == 0:
            return f"input {name}{state}"
        layer = unit.column - 1
        activation = self.activations[layer]
        return f"{name}: {activation}{state}\n{self._bias_equation(layer, unit.unit)}"

    def _state(self, part: Link | Bias) -> str:
        if not self.is_frozen(part):
            return ""
        return ", cut" if self.is_cut(part) else ", frozen"

    def _bias_equation(self, layer: int, unit: int) -> str:
        value = signed(self.biases[layer][unit]).strip()
        return f"{self.element_name(Bias(layer, unit))} = {value}"
