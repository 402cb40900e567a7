"""GraphView: a scalar graph as boxes and arrows, from single operations to whole layers."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from ..autograd import ops
from ..autograd.value import Value
from .formulas import node_names, number_text
from .replay import scalar_order
from .stepper import Stepper

MAX_NODES = 300
"""At most so many boxes are drawn."""

NodeKind = Literal["leaf", "parameter", "constant", "inner", "output"]
Owners = dict[Value, Value]
"""For each node of a graph the one that its box stands for."""
Opened = frozenset[tuple[int, Value]]
"""Boxes that the user opened: the level of each, and the node that it stands for."""


@dataclass(frozen=True, slots=True, eq=False)
class GraphNode:
    """One box.

    Attributes:
        id: `n0`, `n1`, ... in topological order; the same in every run.
        value: The node it stands for; of a part of the graph, the last.
        label: Its name, see `node_names`; of a layer `layer1`.
        op: What it computes, with its constants: `+`, `3*`, `**2`, or of a part `tanh(sum)`; empty
            for a leaf.
        kind: "leaf" and "parameter" get gradients, a "constant" none; "inner" or the "output".
        members: Every node drawn here, in topological order, `value` the last.
        rows: Those with a line of their own in the box: its leaves, or the neurons of a layer.
        is_many: Whether it stands for all its rows, as a layer does, and not for one value.
        level: At which level of its `Outline` it is drawn.
    """

    id: str
    value: Value
    label: str
    op: str
    kind: NodeKind
    members: tuple[Value, ...]
    rows: tuple[Value, ...] = ()
    is_many: bool = False
    level: int = 0

    @property
    def data(self) -> float:
        """The number of its Value."""
        return float(self.value.data)

    @property
    def grad(self) -> float:
        """The gradient of its Value."""
        return float(self.value.grad)

    def derivatives(self, stepper: Stepper) -> Mapping[Value, float]:
        """The local derivatives of `value` by what it is computed from, through all its members.

        Args:
            stepper: Whose numbers they are; empty before it has computed the value.
        """
        if self.is_many or not stepper.derivatives(self.value):
            return {}
        found = {self.value: 1.0}
        for member in reversed(self.members):
            if member in found:
                by_operand = zip(member.parents, stepper.derivatives(member), strict=True)
                for parent, derivative in by_operand if member.op is not None else ():
                    found[parent] = found.get(parent, 0.0) + found[member] * derivative
        return found


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """One arrow, from an operand to the result, both by the ids of their boxes."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, eq=False)
class GraphView:
    """A graph as it is drawn.

    Attributes:
        nodes: In topological order, the output last.
        edges: By their targets' order, then by operand.
        n_values: The number of nodes in the graph.
        note: How many boxes they are drawn in; empty if each has its own.
    """

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    n_values: int
    note: str
    _boxes: dict[Value, GraphNode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Notes the box of each node."""
        self._boxes.update((member, node) for node in self.nodes for member in node.members)

    def node_of(self, value: Value) -> GraphNode | None:
        """The box of a node; None if it is left out."""
        return self._boxes.get(value)


def collapse(
    output: Value,
    *,
    parameters: Collection[Value] = (),
    limit: int = MAX_NODES,
    least: int = 1,
) -> GraphView:
    """The graph of an output, at the finest level that is small enough.

    If even the coarsest is too large, the nodes nearest the output are shown.

    Args:
        output: Of a graph of single numbers.
        parameters: Which leaves are weights and biases.
        limit: The most boxes, at least 1.
        least: Rather than in fewer boxes, a graph is shown cut, at a finer level.

    Raises:
        ValueError: If the graph holds an array, or the limit is below 1.
    """
    outline = Outline(output, parameters)
    return outline.view(outline.finest(limit, least), limit=limit)


class Outline:
    """A graph at every level of detail, each box of a coarser one holding some of a finer one.

    Attributes:
        names: Of the levels: "operations" (constants are inside), "sums" of products, "leaves
            inside" the operation that uses them, "names" (what only one name needs is inside),
            "variables" (what is assigned again is inside), "layers". Those that would change
            nothing are left out.
    """

    def __init__(self, output: Value, parameters: Collection[Value] = ()) -> None:
        """Groups the nodes of a graph.

        Args:
            output: Of a graph of single numbers.
            parameters: Which leaves are weights and biases.

        Raises:
            ValueError: If the graph holds an array.
        """
        self._output, self._parameters = output, set(parameters)
        self._order = scalar_order(output)
        self._names = node_names(self._order)
        self._levels = [self._merged({n: n for n in self._order}, _is_constant)]
        self.names = ["operations"]
        for name, rule in _RULES.items():
            owner = self._merged(self._levels[-1], rule)
            if owner != self._levels[-1]:
                self._levels.append(owner)
                self.names.append(name)
        layers = self._layers(self._levels[-1])
        if layers != self._levels[-1]:
            self._levels.append(layers)
            self.names.append("layers")

    def _merged(self, owner: Owners, rule: _Rule) -> Owners:
        """Puts boxes into the one box that uses them, if the rule says so."""
        users: dict[Value, set[Value]] = {}
        found: Owners = {}
        for node in reversed(self._order):
            if owner[node] is node:
                targets = users.get(node, set())
                target = next(iter(targets), node)
                found[node] = target if len(targets) == 1 and rule(node, target) else node
            box = found[owner[node]]
            found[node] = box
            for parent in node.parents:
                if owner[parent] is not owner[node]:
                    users.setdefault(owner[parent], set()).add(box)
        return found

    def _layers(self, owner: Owners) -> Owners:
        """Joins the neurons of a layer, and its inputs."""
        last: dict[str, Value] = {}
        for box in self._order:
            if owner[box] is box:
                last[self._layer_of(box)] = box
        return {node: last[self._layer_of(box)] for node, box in owner.items()}

    def _layer_of(self, box: Value) -> str:
        """The name of the layer that a box belongs to; its own if to none."""
        neuron = _NEURON.match(box.label)
        if neuron:
            return neuron[1]
        is_input = box.op is None and bool(box.label) and box not in self._parameters
        return "inputs" if is_input and self._has_layers else self._names[box]

    @property
    def _has_layers(self) -> bool:
        return any(_NEURON.match(node.label) for node in self._order if node.op is not None)

    def finest(self, limit: int = MAX_NODES, least: int = 1) -> int:
        """The finest level of at most so many boxes, or else the coarsest with enough of them."""
        sizes = [len(set(owner.values())) for owner in self._levels]
        enough = [k for k, size in enumerate(sizes) if size >= least] or [0]
        return next((k for k in enough if sizes[k] <= limit), enough[-1])

    def view(
        self, level: int, opened: Opened = frozenset(), *, limit: int = MAX_NODES
    ) -> GraphView:
        """The graph as boxes.

        Args:
            level: A place in `names`.
            opened: Boxes that are drawn finer.
            limit: The most boxes, at least 1; of more, those nearest the output are drawn.

        Raises:
            ValueError: If the limit is below 1.
        """
        if limit < 1:
            raise ValueError(f"a picture has at least 1 node, not {limit}")
        owner: Owners = {}
        levels: dict[Value, int] = {}
        members: dict[Value, list[Value]] = {}
        for node in self._order:
            k = level
            while (k, self._levels[k][node]) in opened:
                k -= 1
            box = owner[node] = self._levels[k][node]
            levels[box] = k
            members.setdefault(box, []).append(node)
        drawn = [node for node in self._order if owner[node] is node]
        shown = _nearest(drawn, owner, limit)
        ids = {value: f"n{place}" for place, value in enumerate(shown)}
        nodes = tuple(self._node(ids[v], v, tuple(members[v]), levels[v]) for v in shown)
        edges = tuple(edge for node in nodes for edge in _edges_into(node, owner, ids))
        return GraphView(nodes, edges, len(self._order), _note(len(owner), len(drawn), len(shown)))

    def opening(self, node: GraphNode, opened: Opened) -> Opened:
        """What is opened once a box is, too; unchanged if nothing is inside."""
        found, k = set(opened), node.level
        while k and len({self._levels[k][m] for m in node.members}) == 1:
            found.add((k, self._levels[k][node.value]))
            k -= 1
        return frozenset(found) if self._is_split(node, k) else opened

    def _is_split(self, node: GraphNode, level: int) -> bool:
        return len({self._levels[level][m] for m in node.members}) > 1

    def closing(self, node: GraphNode, opened: Opened) -> Opened:
        """What is opened once the box around a box is closed."""
        around = [(k, v) for k, v in opened if k > node.level and self._levels[k][node.value] is v]
        if not around:
            return opened
        # One look: levels at which nothing changes are closed together with the next.
        size = len(self._inside(*min(around, key=lambda box: box[0])))
        closed = {box for box in around if len(self._inside(*box)) == size}
        inside = {
            (k, v)
            for k, v in opened
            for level, box in closed
            if k < level and self._levels[level][v] is box
        }
        return opened - closed - inside

    def _inside(self, level: int, box: Value) -> list[Value]:
        return [node for node, owner in self._levels[level].items() if owner is box]

    def _node(self, id: str, value: Value, members: tuple[Value, ...], level: int) -> GraphNode:
        exits = tuple(m for m in members if self._layer_of(m) == self._layer_of(value))
        is_layers = self.names[level] == "layers"
        is_many = len(exits) > 1 and is_layers
        label = self._layer_of(value) if is_many else self._names[value]
        leaves = tuple(m for m in members if m.op is None and m.label and m is not value)
        return GraphNode(
            id=id,
            value=value,
            label=label,
            op=self._operation(value, members, len(exits) if is_many else 0),
            kind=self._kind(value),
            members=members,
            rows=exits if is_many else () if is_layers else leaves,
            is_many=is_many,
            level=level,
        )

    def _kind(self, value: Value) -> NodeKind:
        if value is self._output:
            return "output"
        if value.op is not None:
            return "inner"
        if value.constant:
            return "constant"
        return "parameter" if value in self._parameters else "leaf"

    def _operation(self, value: Value, members: Sequence[Value], n_exits: int) -> str:
        if value.op is None:
            return ""
        own = _with_constants(value)
        if n_exits:
            return f"{n_exits} {own}"
        inside = [m for m in members[:-1] if m.op is not None]
        if not inside:
            return own
        if value.op in (ops.ADD, ops.SUBTRACT):
            return "sum"
        sums = any(m.op in (ops.ADD, ops.DOT) for m in inside)
        is_function = len(value.parents) == 1 and value.parents[0] in inside and sums
        if is_function and value.parents[0].op in (ops.ADD, ops.DOT):
            return f"{own}(sum)"
        return f"{len(inside) + 1} ops"


def _nearest(drawn: Sequence[Value], owner: Owners, limit: int) -> list[Value]:
    """The boxes a breadth-first walk from the output meets first, in topological order."""
    if len(drawn) <= limit:
        return list(drawn)
    sources: dict[Value, list[Value]] = {}
    for node, box in owner.items():
        sources.setdefault(box, []).extend(owner[p] for p in node.parents)
    found = {drawn[-1]}
    waiting = deque(found)
    while waiting and len(found) < limit:
        for box in sources[waiting.popleft()]:
            if box not in found and len(found) < limit:
                found.add(box)
                waiting.append(box)
    return [box for box in drawn if box in found]


def _edges_into(node: GraphNode, owner: Owners, ids: dict[Value, str]) -> Iterator[GraphEdge]:
    sources = dict.fromkeys(
        owner[parent]
        for member in node.members
        for parent in member.parents
        if owner[parent] in ids
    )
    return (GraphEdge(ids[box], node.id) for box in sources if box is not node.value)


def _with_constants(value: Value) -> str:
    """An operation with its constants: `3*`, `+1`, `10/`, `**2`."""
    assert value.op is not None
    if value.op is ops.POWER_CONSTANT:
        return f"**{value.parameters[0]:g}"
    if value.op is ops.DOT:
        return "sum"
    if len(value.parents) != 2:
        return value.op.name
    left, right = (_number(p) if _is_constant(p, value) else "" for p in value.parents)
    return f"{left}{value.op.name}{right}"


def _number(constant: Value) -> str:
    return number_text(float(constant.data)).removesuffix(".0")


def _note(n_values: int, n_drawn: int, n_shown: int) -> str:
    if n_shown == n_values:
        return ""
    if n_shown < n_drawn:
        return f"{n_values:,} nodes; only the {n_shown:,} nearest the output are shown"
    return f"{n_values:,} nodes in {n_drawn:,} box{'es' if n_drawn > 1 else ''}"


# --- What goes into the box that uses it ---------------------------------------------------------

_Rule = Callable[[Value, Value], bool]
"""Whether a box, by the node that it stands for, goes into the only one that uses it."""
_NEURON: Final = re.compile(r"(layer\d+)\[")


def _is_constant(node: Value, user: Value) -> bool:
    return node.op is None and node.constant and not node.label


def _is_summand(node: Value, user: Value) -> bool:
    return user.op is ops.ADD and not node.label and node.op in (ops.ADD, ops.MULTIPLY)


def _is_leaf(node: Value, user: Value) -> bool:
    return node.op is None


def _is_without_name(node: Value, user: Value) -> bool:
    return node.op is None or not node.label


def _is_assigned_again(node: Value, user: Value) -> bool:
    return bool(node.label) and node.label == user.label


_RULES: Final[dict[str, _Rule]] = {
    "sums": _is_summand,
    "leaves inside": _is_leaf,
    "names": _is_without_name,
    "variables": _is_assigned_again,
}
