"""Which part of a network diagram is next: from unit to unit, and along links by size."""

from __future__ import annotations

import numpy as np

from ..selection import Bias, Link, Part, Unit
from .diagram_data import DiagramData
from .diagram_layout import DiagramLayout


def neuron_of(part: Part | None) -> Unit | None:
    """The neuron that a part belongs to: where a link leads; none for inputs and nothing."""
    match part:
        case Unit(column, _) if column > 0:
            return part
        case Link(layer, _, target):
            return Unit(layer + 1, target)
        case Bias(layer, unit):
            return Unit(layer + 1, unit)
        case _:
            return None


def neighbour(layout: DiagramLayout, part: Part | None, across: int, down: int) -> Part:
    """The part one goes to from another.

    From a unit to the one beside it, across to that at the nearest height. From a link across
    to its ends, and up and down to the links from the units beside into the same neuron.

    Args:
        layout: Where the units stand.
        part: Where one is; from nowhere one comes to the first neuron.
        across: Columns to the right.
        down: Units down.
    """
    if part is None:
        return Unit(1, 0)
    if isinstance(part, Link):
        if across:
            return Unit(part.layer, part.source) if across < 0 else _target(part)
        sources = layout.columns[part.layer].units
        return part._replace(source=_clamped(part.source + down, sources))
    here = part if isinstance(part, Unit) else Unit(part.layer + 1, part.unit)
    column = _clamped(here.column + across, len(layout.columns))
    if column == here.column:
        return Unit(column, _clamped(here.unit + down, layout.columns[column].units))
    height = layout.columns[here.column].middles[here.unit]
    return Unit(column, int(np.abs(layout.columns[column].middles - height).argmin()))


def next_link(data: DiagramData, part: Part | None, steps: int) -> Link | None:
    """The next of a neuron's incoming links by size.

    Args:
        data: The network.
        part: A link, from which to go on, or anything of a neuron, to begin with its largest.
        steps: How many links on, towards the smaller; round the end to the largest.

    Returns:
        The link; None where there is no neuron.
    """
    neuron = neuron_of(part)
    if neuron is None:
        return None
    layer = neuron.column - 1
    sizes = np.abs(data.weights[layer][:, neuron.unit])
    order = np.argsort(-sizes, kind="stable").tolist()
    place = order.index(part.source) + steps if isinstance(part, Link) else min(steps, 0)
    return Link(layer, order[place % len(order)], neuron.unit)


def _target(link: Link) -> Unit:
    return Unit(link.layer + 1, link.target)


def _clamped(place: int, count: int) -> int:
    return max(0, min(place, count - 1))
