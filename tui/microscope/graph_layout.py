"""Where the boxes and the wires of a computational graph go, in layers from left to right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from .layered import layered

# Between two boxes in a column.
_GAP = 1
# Cells beside the upright parts of wires: a blank and a stub before, an arrow after.
_BEFORE, _AFTER = 1, 2

Edge = tuple[str, str]


class Place(NamedTuple):
    """A cell."""

    x: int
    y: int


class Box(NamedTuple):
    """The cells of a node, borders included."""

    left: int
    top: int
    width: int
    height: int

    def holds(self, place: Place) -> bool:
        """Whether a cell belongs to it."""
        return (
            self.left <= place.x < self.left + self.width
            and self.top <= place.y < self.top + self.height
        )


@dataclass(frozen=True, slots=True)
class GraphLayout:
    """A picture's geometry, in cells.

    Attributes:
        boxes: By node.
        wires: By edge: the corners from the source's right side to before the target's left, in
            turn level and upright.
        width: Of everything.
        height: Of everything.
    """

    boxes: dict[str, Box]
    wires: dict[Edge, tuple[Place, ...]]
    width: int
    height: int


class _Bend(NamedTuple):
    """Where wires that span several columns pass one: a place that has no box.

    All wires of one source pass there as one.
    """

    source: str
    number: int


_Knot = str | _Bend


def lay_out(
    nodes: Sequence[str], edges: Iterable[Edge], *, box: tuple[int, int], label_width: int = 0
) -> GraphLayout:
    """Lays a graph out from left to right, each node as near to what it leads to as can be.

    Args:
        nodes: Their ids.
        edges: (source, target), each once.
        box: Columns and rows of every box, borders included; at least 3 rows.
        label_width: Cells kept free on a wire before its arrow.

    Raises:
        ValueError: If there are no nodes.
    """
    if not nodes:
        raise ValueError("a graph without nodes cannot be laid out")
    edges = list(edges)
    columns, _ = _layers(nodes, edges, box[1])
    chains = {edge: _chain(edge, columns) for edge in edges}
    bends = dict.fromkeys(knot for chain in chains.values() for knot in chain[1:-1])
    knots: list[_Knot] = [*nodes, *bends]
    hops = list(dict.fromkeys(hop for chain in chains.values() for hop in pairwise(chain)))
    columns, middles = _layers(knots, hops, box[1])
    tops = {n: round(middles[n] - box[1] / 2) for n in nodes}
    exits = {k: tops[k] + box[1] // 2 if isinstance(k, str) else round(middles[k]) for k in knots}
    entries = _entries(chains, exits, tops, box[1])
    tracks = _Tracks(chains, columns, exits, entries)
    lefts = tracks.column_lefts(max(columns.values()) + 1, box[0], label_width)
    raised = min([*tops.values(), *exits.values()])
    boxes = {n: Box(lefts[columns[n]], tops[n] - raised, *box) for n in nodes}
    wires = {
        edge: tuple(
            Place(x, y - raised) for x, y in tracks.corners(edge, lefts, box[0], label_width)
        )
        for edge in edges
    }
    bottoms = [
        *(b.top + b.height for b in boxes.values()),
        *(y - raised + 1 for y in exits.values()),
    ]
    return GraphLayout(boxes, wires, max(b.left + b.width for b in boxes.values()), max(bottoms))


def _layers(
    knots: Sequence[_Knot], hops: Iterable[tuple[_Knot, _Knot]], height: int
) -> tuple[dict[_Knot, int], dict[_Knot, float]]:
    """The column of each knot, and where its middle is from the top."""
    heights: dict[_Knot, int] = {
        knot: (height if isinstance(knot, str) else 1) + _GAP for knot in knots
    }
    # Laid out against the arrows, so that what is given stands beside what first needs it.
    places = layered(heights, [(b, a) for a, b in hops])
    ranks = {
        x: rank for rank, x in enumerate(sorted({x for x, _ in places.values()}, reverse=True))
    }
    return (
        {knot: ranks[places[knot][0]] for knot in knots},
        {knot: places[knot][1] for knot in knots},
    )


def _chain(edge: Edge, columns: dict[_Knot, int]) -> list[_Knot]:
    source, target = edge
    between = columns[target] - columns[source] - 1
    return [source, *(_Bend(source, k) for k in range(between)), target]


def _entries(
    chains: dict[Edge, list[_Knot]],
    exits: dict[_Knot, int],
    tops: dict[str, int],
    height: int,
) -> dict[Edge, int]:
    """The row in which each wire meets its target, the wires from above above the others."""
    arriving: dict[str, list[Edge]] = defaultdict(list)
    for edge in chains:
        arriving[edge[1]].append(edge)
    rows: dict[Edge, int] = {}
    for target, wires in arriving.items():
        wires.sort(key=lambda edge: exits[chains[edge][-2]])
        first, room = tops[target] + 1, height - 3
        for rank, edge in enumerate(wires):
            at_middle = len(wires) == 1 or room == 0
            rows[edge] = (
                tops[target] + height // 2 if at_middle else first + rank * room // (len(wires) - 1)
            )
    return rows


class _Tracks:
    """Which upright line each wire takes between two columns; wires of one source share theirs."""

    def __init__(
        self,
        chains: dict[Edge, list[_Knot]],
        columns: dict[_Knot, int],
        exits: dict[_Knot, int],
        entries: dict[Edge, int],
    ) -> None:
        self._chains = chains
        self._columns = columns
        self._exits = exits
        self._entries = entries
        self._track: dict[tuple[int, str], int] = {}
        self._n_tracks: dict[int, int] = defaultdict(int)
        spans: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for edge in chains:
            for column, start, end in self._hops(edge):
                if start != end:
                    spans[column][edge[0]] += [start, end]
        for column, rows in spans.items():
            self._choose(column, {source: (min(y), max(y)) for source, y in rows.items()})

    def _choose(self, column: int, spans: dict[str, tuple[int, int]]) -> None:
        """The first line on which nothing is in the way."""
        taken: list[list[tuple[int, int]]] = []
        for source, (top, bottom) in sorted(spans.items(), key=lambda item: item[1]):
            free = next(
                (k for k, line in enumerate(taken) if all(top > b or bottom < t for t, b in line)),
                len(taken),
            )
            if free == len(taken):
                taken.append([])
            taken[free].append((top, bottom))
            self._track[column, source] = free
        self._n_tracks[column] = len(taken)

    def _hops(self, edge: Edge) -> Iterable[tuple[int, int, int]]:
        """Each gap a wire crosses: the column before it, the row it comes in and leaves in."""
        chain = self._chains[edge]
        for here, there in pairwise(chain):
            end = self._entries[edge] if there is chain[-1] else self._exits[there]
            yield self._columns[here], self._exits[here], end

    def column_lefts(self, n_columns: int, box_width: int, label_width: int) -> list[int]:
        """Where each column begins."""
        lefts = [0]
        for column in range(n_columns - 1):
            gap = _BEFORE + self._n_tracks[column] + label_width + _AFTER
            lefts.append(lefts[-1] + box_width + gap)
        return lefts

    def corners(
        self, edge: Edge, lefts: Sequence[int], box_width: int, label_width: int
    ) -> list[tuple[int, int]]:
        """The corners of a wire."""
        source, target = edge
        places = [(lefts[self._columns[source]] + box_width, self._exits[source])]
        for column, start, end in self._hops(edge):
            if start != end:
                x = lefts[column] + box_width + _BEFORE + self._track[column, source]
                places += [(x, start), (x, end)]
        return [*places, (lefts[self._columns[target]] - 1, self._entries[edge])]
