"""Where the boxes and wires of a computational graph go, in columns from left to right."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import floor
from statistics import fmean
from typing import Final, NamedTuple, TypeVar

# Between two boxes in a column.
_GAP = 1
# Cells beside the upright parts of wires: a stub before, a stub and an arrow after.
_BEFORE, _AFTER = 1, 2

# Middles that are meant to be equal differ by less.
_ROUNDING = 1e-6

# Two wires in the same row count as so many crossings.
_SHARED = 10

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

    def centred(self, width: int, height: int) -> GraphLayout:
        """The same in the middle of at least so many cells."""
        width, height = max(width, self.width), max(height, self.height)
        x, y = (width - self.width) // 2, (height - self.height) // 2
        boxes = {n: b._replace(left=b.left + x, top=b.top + y) for n, b in self.boxes.items()}
        wires = {e: tuple(Place(p.x + x, p.y + y) for p in w) for e, w in self.wires.items()}
        return GraphLayout(boxes, wires, width, height)


class _Bend(NamedTuple):
    """Where the wires of a source pass a column, as one line."""

    source: str
    number: int


_Knot = str | _Bend


def lay_out(
    sizes: Mapping[str, tuple[int, int]],
    edges: Iterable[Edge],
    *,
    label_width: int = 0,
    is_tight: bool = False,
) -> GraphLayout:
    """Lays a graph out from left to right, each node as close to its targets as possible.

    Args:
        sizes: By node the columns and rows of its box, borders included; at least 3 rows. The
            boxes of a column are as wide as its widest.
        edges: (source, target), each once.
        label_width: Cells kept free on a wire before its arrow.
        is_tight: Whether boxes may touch, and arrows have no stub.

    Raises:
        ValueError: If there are no nodes.
    """
    if not sizes:
        raise ValueError("a graph without nodes has no layout")
    nodes, edges = list(sizes), list(edges)
    columns: dict[_Knot, int] = dict(columns_of(nodes, edges))
    chains = {edge: _chain(edge, columns) for edge in edges}
    hops = list(dict.fromkeys(hop for chain in chains.values() for hop in pairwise(chain)))
    for here, there in hops:
        columns.setdefault(there, columns[here] + 1)
    knots: list[_Knot] = list(columns)
    heights = {k: (sizes[k][1] if isinstance(k, str) else 1) + _GAP * (not is_tight) for k in knots}
    middles = rows_of(heights, columns, hops)
    tops = {n: floor(middles[n] - sizes[n][1] / 2 + 0.5 + _ROUNDING) for n in nodes}
    exits = {
        k: tops[k] + sizes[k][1] // 2 if isinstance(k, str) else floor(middles[k] + _ROUNDING)
        for k in knots
    }
    entries = _entries(chains, exits, tops, sizes)
    tracks = _Tracks(chains, columns, exits, entries)
    widths = [0] * (max(columns.values()) + 1)
    for node in nodes:
        widths[columns[node]] = max(widths[columns[node]], sizes[node][0])
    lefts = tracks.column_lefts(widths, label_width + _AFTER - is_tight)
    raised = min([*tops.values(), *exits.values()])
    boxes = {
        n: Box(lefts[columns[n]], tops[n] - raised, widths[columns[n]], sizes[n][1]) for n in nodes
    }
    wires = {
        edge: tuple(Place(x, y - raised) for x, y in tracks.corners(edge, lefts, widths))
        for edge in edges
    }
    bottoms = [
        *(b.top + b.height for b in boxes.values()),
        *(y - raised + 1 for y in exits.values()),
    ]
    return GraphLayout(boxes, wires, max(b.left + b.width for b in boxes.values()), max(bottoms))


def _chain(edge: Edge, columns: dict[_Knot, int]) -> list[_Knot]:
    source, target = edge
    between = columns[target] - columns[source] - 1
    return [source, *(_Bend(source, k) for k in range(between)), target]


def _entries(
    chains: dict[Edge, list[_Knot]],
    exits: dict[_Knot, int],
    tops: dict[str, int],
    sizes: Mapping[str, tuple[int, int]],
) -> dict[Edge, int]:
    """The row in which each wire meets its target, in the order that the wires come from."""
    arriving: dict[str, list[Edge]] = defaultdict(list)
    for edge in chains:
        arriving[edge[1]].append(edge)
    rows: dict[Edge, int] = {}
    for target, wires in arriving.items():
        wires.sort(key=lambda edge: exits[chains[edge][-2]])
        height = sizes[target][1]
        first, room = tops[target] + 1, height - 3
        for rank, edge in enumerate(wires):
            at_middle = len(wires) == 1 or room == 0
            rows[edge] = (
                tops[target] + height // 2 if at_middle else first + rank * room // (len(wires) - 1)
            )
    return rows


class _Upright(NamedTuple):
    """The upright line of a source's wires between two columns, and the rows they leave in."""

    source: str
    start: int
    ends: list[int]
    top: int
    bottom: int

    def crossings_if_left_of(self, other: _Upright) -> int:
        """How often the two would cross; a row that they would share counts as many."""
        if not self.meets(other):
            return 0
        crossings = sum(other.top <= end <= other.bottom for end in self.ends)
        crossings += self.top <= other.start <= self.bottom
        return crossings + _SHARED * (other.start in self.ends)

    def meets(self, other: _Upright) -> bool:
        """Whether they have rows in common."""
        return self.top <= other.bottom and self.bottom >= other.top


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
        rows: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for edge in chains:
            for column, start, end in self._hops(edge):
                if start != end:
                    rows[column][edge[0]] += [start, end]
        for column, of_sources in rows.items():
            uprights = [
                _Upright(source, y[0], sorted(set(y[1::2])), min(y), max(y))
                for source, y in of_sources.items()
            ]
            self._choose(column, sorted(uprights, key=lambda upright: upright[3:]))

    def _choose(self, column: int, uprights: list[_Upright]) -> None:
        """Orders the lines so that few wires cross, then moves each as far left as it can go."""
        order: list[_Upright] = []
        for upright in uprights:
            # What each place costs, against the first.
            costs = accumulate(
                (o.crossings_if_left_of(upright) - upright.crossings_if_left_of(o) for o in order),
                initial=0,
            )
            order.insert(min(enumerate(costs), key=lambda cost: cost[1])[0], upright)
        for place, upright in enumerate(order):
            lines = [
                self._track[column, other.source] for other in order[:place] if upright.meets(other)
            ]
            self._track[column, upright.source] = max(lines, default=-1) + 1
        self._n_tracks[column] = 1 + max(self._track[column, u.source] for u in order)

    def _hops(self, edge: Edge) -> Iterable[tuple[int, int, int]]:
        """Each gap that a wire crosses: the column before it, and its first and last row there."""
        chain = self._chains[edge]
        for here, there in pairwise(chain):
            end = self._entries[edge] if there is chain[-1] else self._exits[there]
            yield self._columns[here], self._exits[here], end

    def column_lefts(self, widths: Sequence[int], after: int) -> list[int]:
        """Where each column begins."""
        lefts = [0]
        for column, width in enumerate(widths[:-1]):
            lefts.append(lefts[-1] + width + _BEFORE + self._n_tracks[column] + after)
        return lefts

    def corners(
        self, edge: Edge, lefts: Sequence[int], widths: Sequence[int]
    ) -> list[tuple[int, int]]:
        """The corners of a wire."""
        source, target = edge
        places = [
            (lefts[self._columns[source]] + widths[self._columns[source]], self._exits[source])
        ]
        for column, start, end in self._hops(edge):
            if start != end:
                x = lefts[column] + widths[column] + _BEFORE + self._track[column, source]
                places += [(x, start), (x, end)]
        return [*places, (lefts[self._columns[target]] - 1, self._entries[edge])]


# --- Layers: columns, an order with few crossings, rows (Sugiyama, 1981) -------------------------

Node = TypeVar("Node", bound=Hashable)

_ORDER_SWEEPS: Final = 8
_ROW_SWEEPS: Final = 2
# A node without neighbours in the next column gives way to those that have some.
_FREE_WEIGHT: Final = 0.01


def columns_of(nodes: Sequence[Node], arrows: Iterable[tuple[Node, Node]]) -> dict[Node, int]:
    """The column of each node, from 0: as far right as its arrows allow.

    Args:
        nodes: All of them.
        arrows: (source, target) pairs without a cycle.
    """
    targets = _neighbours(arrows)
    steps_to_end: dict[Node, int] = {}
    waiting = list(nodes)
    while waiting:
        node = waiting[-1]
        unknown = [target for target in targets[node] if target not in steps_to_end]
        waiting += unknown
        if not unknown:
            waiting.pop()
            steps = (steps_to_end[target] + 1 for target in targets[node])
            steps_to_end[node] = max(steps, default=0)
    last = max(steps_to_end.values())
    return {node: last - steps_to_end[node] for node in nodes}


def rows_of(
    heights: Mapping[Node, int], columns: Mapping[Node, int], arrows: Sequence[tuple[Node, Node]]
) -> dict[Node, float]:
    """Where the middle of each node is, in rows; the first may be above 0.

    Args:
        heights: The rows that each node takes.
        columns: The column of each node.
        arrows: (source, target) pairs, each from one column to the next.
    """
    before, after = _neighbours((target, source) for source, target in arrows), _neighbours(arrows)
    order = _with_few_crossings(_first_order(columns, before), before, after)
    middles = dict.fromkeys(heights, 0.0)
    both = {node: before[node] + after[node] for node in heights}
    # From the right and from the left, between both, and at last beside what each node needs.
    for near in [*[after, before] * _ROW_SWEEPS, both, before]:
        for column in order if near is before else order[::-1]:
            wanted = [
                fmean(middles[other] for other in near[node]) if near[node] else middles[node]
                for node in column
            ]
            weights = [len(near[node]) or _FREE_WEIGHT for node in column]
            placed = _spread(wanted, weights, [heights[node] for node in column])
            middles.update(zip(column, placed, strict=True))
    return middles


def _neighbours(arrows: Iterable[tuple[Node, Node]]) -> dict[Node, list[Node]]:
    found: dict[Node, list[Node]] = defaultdict(list)
    for here, there in arrows:
        found[here].append(there)
    return found


def _first_order(
    columns: Mapping[Node, int], before: Mapping[Node, list[Node]]
) -> list[list[Node]]:
    """The nodes of each column as a walk from the right meets them: a tree has no crossings."""
    order: list[list[Node]] = [[] for _ in range(max(columns.values()) + 1)]
    seen: set[Node] = set()
    waiting = sorted(columns, key=lambda node: columns[node])
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            order[columns[node]].append(node)
            waiting += reversed(before[node])
    return order


def _with_few_crossings(
    order: list[list[Node]], before: Mapping[Node, list[Node]], after: Mapping[Node, list[Node]]
) -> list[list[Node]]:
    """The best order of several sweeps that sort by barycentres, from the left or the right."""
    best, fewest = order, _crossings(order, after)
    for sweep in range(_ORDER_SWEEPS):
        if not fewest:
            break
        order = [list(column) for column in order]
        is_rightwards = sweep % 2 == 0
        for fixed, moved in pairwise(order if is_rightwards else order[::-1]):
            _sort(moved, fixed, before if is_rightwards else after)
        crossings = _crossings(order, after)
        if crossings < fewest:
            best, fewest = order, crossings
    return best


def _sort(moved: list[Node], fixed: list[Node], neighbours: Mapping[Node, list[Node]]) -> None:
    """Sorts a column by the mean place of each node's neighbours."""
    place = {node: k for k, node in enumerate(fixed)}
    wanted = {
        node: fmean(place[other] for other in neighbours[node]) if neighbours[node] else float(k)
        for k, node in enumerate(moved)
    }
    moved.sort(key=wanted.__getitem__)


def _crossings(order: list[list[Node]], after: Mapping[Node, list[Node]]) -> int:
    """How many arrows cross: pairs that start in one order and end in the other."""
    found = 0
    for left, right in pairwise(order):
        place = {node: k for k, node in enumerate(right)}
        ends: list[int] = []
        for node in left:
            targets = [place[target] for target in after[node]]
            found += sum(len(ends) - bisect_right(ends, target) for target in targets)
            for target in targets:
                insort(ends, target)
    return found


def _spread(wanted: list[float], weights: list[float], heights: list[int]) -> list[float]:
    """Middles that do not overlap, with the least squares from those wanted.

    Isotonic regression by pooling adjacent violators: nodes that would overlap form a block.
    """
    offsets = list(accumulate(((a + b) / 2 for a, b in pairwise(heights)), initial=0.0))
    blocks: list[tuple[float, float, int]] = []
    for at, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, count = at - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, other_weight, other_count = blocks.pop()
            mean = (mean * weight + other * other_weight) / (weight + other_weight)
            weight, count = weight + other_weight, count + other_count
        blocks.append((mean, weight, count))
    means = (mean for mean, _, count in blocks for _ in range(count))
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
