"""Selection: the part of the network and the sample that every pane highlights."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.nn import Element, holds_element
from .network_parts import Bias, Link, Part, Unit

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
