"""The parts of a network, and what is selected on the playground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..core.nn import Element, holds_element


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


# Not a tuple: a unit has two numbers as well, and must never equal a bias.
@dataclass(frozen=True, slots=True)
class Bias:
    """The bias of a neuron.

    Attributes:
        layer: Its layer, 0 for the first: the neuron is in column `layer + 1`.
        unit: The neuron.
    """

    layer: int
    unit: int


Part = Unit | Link | Bias
"""Something in the diagram that can be selected."""

Point = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected on the playground, in all panes.

    Attributes:
        part: A unit, a weight or a bias of the network, if any.
        point: The inputs of a sample in the data's units, one number per column, if any.
    """

    part: Part | None = None
    point: Point | None = None

    @property
    def unit(self) -> Unit | None:
        """The selected unit, if it is one."""
        return self.part if isinstance(self.part, Unit) else None

    @property
    def element(self) -> Element | None:
        """The selected weight or bias, if it is one."""
        return None if isinstance(self.part, Unit | None) else element_of(self.part)


def unit_of(part: Part) -> Unit:
    """The unit itself, the neuron a weight leads to, or the one a bias belongs to."""
    match part:
        case Unit():
            return part
        case Link(layer, _, unit) | Bias(layer, unit):
            return Unit(layer + 1, unit)


def element_of(part: Link | Bias) -> Element:
    """The weight or bias that a part of the diagram represents."""
    match part:
        case Link(layer, source, target):
            return Element(layer + 1, source, target)
        case Bias(layer, unit):
            return Element(layer + 1, None, unit)


def part_of(element: Element) -> Link | Bias:
    """The part of the diagram that represents a weight or bias."""
    layer, source, target = element
    return Bias(layer - 1, target) if source is None else Link(layer - 1, source, target)


def holds_part(sizes: tuple[int, ...], part: Part) -> bool:
    """Whether a network of these sizes has this part."""
    if isinstance(part, Unit):
        return 0 <= part.column < len(sizes) and 0 <= part.unit < sizes[part.column]
    return holds_element(sizes, element_of(part))
