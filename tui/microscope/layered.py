"""Layers of a directed graph, from netext; the one place that knows that library.

netext draws graphs too, which is not used: its router takes seventeen seconds for 129 nodes, and
every step lights other wires. It has no public name for what it lays out, only for how.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

# Importing netext makes rich print the tracebacks of the whole program; put back what was there.
_excepthook = sys.excepthook

from netext._core import CoreGraph, Size  # noqa: E402
from netext.layout_engines import LayoutDirection, SugiyamaLayout  # noqa: E402

sys.excepthook = _excepthook


Node = TypeVar("Node", bound=Hashable)


def layered(
    heights: Mapping[Node, int], arrows: Iterable[tuple[Node, Node]]
) -> dict[Node, tuple[float, float]]:
    """Places nodes in columns, arrows from left to right, with few crossings.

    Args:
        heights: The rows that each node takes.
        arrows: (source, target) pairs of these nodes, without a circle.

    Returns:
        The column of each node, as a number that grows from left to right, and where its middle
        is from the top, in rows.
    """
    graph = CoreGraph.from_edges(list(arrows))
    for node, height in heights.items():
        size = Size(1, height)
        if graph.contains_node(node):
            graph.update_node_size(node, size)
        else:
            graph.add_node(node, {}, size)
    return {
        node: (at.x, at.y) for node, at in SugiyamaLayout(LayoutDirection.LEFT_RIGHT).layout(graph)
    }
