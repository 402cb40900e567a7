"""GraphView: a scalar graph as boxes and arrows for a picture, large ones made smaller."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from ..autograd import ops
from ..autograd.value import Value
from .formulas import node_names
from .replay import scalar_order

MAX_NODES = 300
"""A graph of more nodes is drawn with repeated parts collapsed."""

NodeKind = Literal["leaf", "parameter", "constant", "inner", "output"]


@dataclass(frozen=True, slots=True, eq=False)
class GraphNode:
    """One box.

    Attributes:
        id: `n0`, `n1`, ... in topological order; the same in every run.
        value: The node it stands for; of a collapsed part, the last.
        label: Its name, see `node_names`.
        op: What it computes: `+`, `tanh`, `**2`, or of a part `tanh(sum of 3 products)`;
            empty for a leaf.
        kind: "leaf" and "parameter" get gradients, a "constant" none; "inner" or the "output".
        members: Every node drawn here, in topological order, `value` the last.
    """

    id: str
    value: Value
    label: str
    op: str
    kind: NodeKind
    members: tuple[Value, ...]

    @property
    def data(self) -> float:
        """The number of its Value."""
        return float(self.value.data)

    @property
    def grad(self) -> float:
        """The gradient of its Value."""
        return float(self.value.grad)


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """One arrow, from an operand to the result.

    Attributes:
        source: The id of the operand's box.
        target: The id of the result's.
        places: Which operands of the target's Value it is: (0, 1) in `a + a`; empty where it
            leads inside a collapsed part.
    """

    source: str
    target: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GraphView:
    """A graph as it is drawn.

    Attributes:
        nodes: In topological order, the output last.
        edges: By their targets' order, then by operand.
        n_values: The number of nodes in the graph.
        note: What was done to make it smaller, in a sentence; empty if it is whole.
    """

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    n_values: int
    note: str

    def node_of(self, value: Value) -> GraphNode | None:
        """The box of a node; None if it is left out."""
        return next((node for node in self.nodes if value in node.members), None)


def collapse(
    output: Value, *, parameters: Collection[Value] = (), limit: int = MAX_NODES
) -> GraphView:
    """The graph of an output, whole if it is small enough.

    In a larger one repeated parts are collapsed, see `owners`. If even that is too large, the nodes
    nearest the output are shown.

    Args:
        output: Of a graph of single numbers.
        parameters: Which leaves are weights and biases.
        limit: The most boxes, at least 1.

    Raises:
        ValueError: If the graph holds an array, or the limit is below 1.
    """
    if limit < 1:
        raise ValueError(f"a picture has at least 1 node, not {limit}")
    order = scalar_order(output)
    names = node_names(order)
    owner = owners(order, limit)
    members: dict[Value, list[Value]] = {}
    for node in order:
        members.setdefault(owner[node], []).append(node)
    drawn = _nearest([node for node in order if owner[node] is node], owner, limit)
    ids = {value: f"n{place}" for place, value in enumerate(drawn)}
    weights = set(parameters)
    nodes = [
        GraphNode(
            id=ids[value],
            value=value,
            label=names[value],
            op=_operation(value, members[value]),
            kind=_kind(value, output, weights),
            members=tuple(members[value]),
        )
        for value in drawn
    ]
    edges = [edge for node in nodes for edge in _edges_into(node, owner, ids)]
    n_collapsed = len(members)
    return GraphView(
        tuple(nodes), tuple(edges), len(order), _note(len(order), n_collapsed, len(drawn))
    )


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


def _kind(value: Value, output: Value, parameters: Collection[Value]) -> NodeKind:
    if value is output:
        return "output"
    if value.op is not None:
        return "inner"
    if value.constant:
        return "constant"
    return "parameter" if value in parameters else "leaf"


def _edges_into(node: GraphNode, owner: Owners, ids: dict[Value, str]) -> list[GraphEdge]:
    places: dict[str, list[int]] = {}
    for member in node.members:
        for place, parent in enumerate(member.parents):
            source = ids.get(owner[parent])
            if source is not None and source != node.id:
                found = places.setdefault(source, [])
                if member is node.value and owner[parent] is parent:
                    found.append(place)
    return [GraphEdge(source, node.id, tuple(found)) for source, found in places.items()]


def _operation(value: Value, members: Sequence[Value]) -> str:
    if value.op is None:
        return ""
    own = _name(value)
    inside = [m for m in members[:-1] if m.op is not None]
    if not inside:
        return own
    n_products = sum(m.op is ops.MULTIPLY for m in inside)
    if value.op is ops.ADD and n_products:
        return _sum_of(n_products)
    under = value.parents[0]
    if len(value.parents) == 1 and under in members and under.op in (ops.ADD, ops.DOT):
        if under.op is ops.DOT and len(inside) == 1:
            return f"{own}({_sum_of(len(under.parents) // 2)})"
        if under.op is ops.ADD and n_products:
            return f"{own}({_sum_of(n_products)})"
    return f"{len(inside) + 1} operations, {own} last"


def _sum_of(n_products: int) -> str:
    return f"sum of {n_products} product{'s' if n_products > 1 else ''}"


def _name(value: Value) -> str:
    assert value.op is not None
    if value.op is ops.POWER_CONSTANT:
        return f"**{value.parameters[0]:g}"
    if value.op is ops.DOT:
        return _sum_of(len(value.parents) // 2)
    return value.op.name


def _note(n_values: int, n_collapsed: int, n_drawn: int) -> str:
    if n_drawn == n_values:
        return ""
    note = f"{n_values:,} nodes"
    if n_collapsed < n_values:
        note += f", drawn as {n_collapsed:,}: sums of products and what is used once are collapsed"
    if n_drawn < n_collapsed:
        note += f"; only the {n_drawn:,} nearest the output are shown"
    return f"{note}."


# --- Collapsing ----------------------------------------------------------------------------------

Owners = dict[Value, Value]
Rule = Callable[[Value, Value], bool]
"""Whether a node is drawn in its only child."""


def owners(order: Sequence[Value], limit: int) -> Owners:
    """Which node each node of a graph is drawn in: another one, or itself.

    Only a node with a single use goes into another, and one with a label stays by itself. One rule
    after another is applied until the rest is small enough: a sum of products and the function of
    it; the leaves used only there; operations in a row.

    Args:
        order: The graph, parents before children, the output last.
        limit: The most nodes to be left. It can be more where no rule applies.
    """
    uses = Counter(parent for node in order for parent in node.parents)
    child = {parent: node for node in order for parent in node.parents if uses[parent] == 1}
    is_inside: set[Value] = set()
    for rule in RULES:
        if len(order) - len(is_inside) <= limit:
            break
        is_inside.update(n for n in order if n in child and rule(n, child[n]))
    found: Owners = {}
    for node in reversed(order):
        found[node] = found[child[node]] if node in is_inside else node
    return found


def _is_part_of_a_neuron(node: Value, child: Value) -> bool:
    if node.label:
        return False
    if child.op is ops.ADD:
        return node.op in (ops.ADD, ops.MULTIPLY)
    return node.op in (ops.ADD, ops.DOT) and len(child.parents) == 1


def _is_leaf_used_once(node: Value, child: Value) -> bool:
    return node.op is None


def _is_in_a_row(node: Value, child: Value) -> bool:
    inputs = [p for p in node.parents if not p.constant]
    return not node.label and node.op is not None and len(inputs) == 1


RULES: tuple[Rule, ...] = (
    _is_part_of_a_neuron,
    _is_leaf_used_once,
    _is_in_a_row,
)
