"""Elements: single weights and biases, by name and by their place in the flat vector."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

_NAME = re.compile(r"layer(\d{1,6})\.(?:weight\[(\d{1,8}),(\d{1,8})\]|bias\[(\d{1,8})\])")


class Element(NamedTuple):
    """One weight or bias.

    Attributes:
        layer: 1 is the first layer after the inputs.
        source: The unit that a weight comes from; None for a bias.
        target: The neuron that a weight leads to, or that has the bias.
    """

    layer: int
    source: int | None
    target: int

    @property
    def name(self) -> str:
        """Its name on the screen: `layer1.weight[0,3]` or `layer1.bias[3]`."""
        if self.source is None:
            return f"layer{self.layer}.bias[{self.target}]"
        return f"layer{self.layer}.weight[{self.source},{self.target}]"


def parse_element(name: str) -> Element:
    """The element with a name; spaces don't count.

    Raises:
        ValueError: If the name is malformed.
    """
    match = _NAME.fullmatch(name.replace(" ", ""))
    if match is None:
        raise ValueError(f"{name!r} is no weight or bias: write layer1.weight[0,3]")
    layer, source, target, neuron = match.groups()
    if neuron is not None:
        return Element(int(layer), None, int(neuron))
    return Element(int(layer), int(source), int(target))


def count_parameters(sizes: tuple[int, ...]) -> int:
    """How many parameters a network of these sizes has."""
    return sum(n_from * n_to + n_to for n_from, n_to in pairwise(sizes))


def element_place(sizes: tuple[int, ...], element: Element) -> int:
    """The place of an element in the flat vector of a network.

    Args:
        sizes: The number of units of each layer, inputs first.
        element: Which weight or bias.

    Raises:
        IndexError: If the network does not have the element.
    """
    layer, source, target = element
    if not holds_element(sizes, element):
        raise IndexError(f"a network of {sizes} has no {element.name}")
    start = count_parameters(sizes[:layer])
    n_from, n_to = sizes[layer - 1], sizes[layer]
    return start + (n_from if source is None else source) * n_to + target


def holds_element(sizes: tuple[int, ...], element: Element) -> bool:
    """Whether a network of these sizes has the element."""
    layer, source, target = element
    return (
        1 <= layer < len(sizes)
        and 0 <= target < sizes[layer]
        and (source is None or 0 <= source < sizes[layer - 1])
    )


def element_at(sizes: tuple[int, ...], place: int) -> Element:
    """The element at a place of the flat vector.

    Raises:
        IndexError: If the vector has no such place.
    """
    start = 0
    for layer, (n_from, n_to) in enumerate(pairwise(sizes), start=1):
        row, target = divmod(place - start, n_to)
        if 0 <= row <= n_from:
            return Element(layer, None if row == n_from else row, target)
        start += (n_from + 1) * n_to
    raise IndexError(f"a network of {sizes} has no element {place}")
