"""What the boxes of a computational graph say at one step, and how large they are for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from ...core.explain.graph import GraphNode, GraphView
from ...core.explain.stepper import Stepper
from ..drawing.numbers import signed
from .graph_picture import GraphInk, GraphLine, NodeFace

NUMBER_WIDTH: Final = 8
# Of a line with a number: the word before it.
_WORD: Final = 5
LONGEST_TITLE: Final = 21
"""A name and an operation of more characters than this are on two lines."""
WIDEST: Final = 27
_BORDERS: Final = 2


def box_size(view: GraphView, numbers: int) -> tuple[int, int]:
    """Columns and rows of every box of a graph, borders included.

    Args:
        view: The graph.
        numbers: How many numbers a box shows, 0 to 2.
    """
    if has_long_titles(view):
        longest = max(max(len(node.label), len(node.op)) for node in view.nodes)
    else:
        longest = max(map(_title_length, view.nodes))
    inner = max(longest, _WORD + NUMBER_WIDTH) if numbers else max(longest, _WORD)
    rows = 1 + has_long_titles(view) + numbers
    return min(inner, WIDEST - _BORDERS) + _BORDERS, rows + _BORDERS


def _title_length(node: GraphNode) -> int:
    return len(node.label) + bool(node.op) + len(node.op)


def has_long_titles(view: GraphView) -> bool:
    """Whether names and operations need a line each."""
    return any(_title_length(node) > LONGEST_TITLE and node.op for node in view.nodes)


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The boxes at one step.

    Attributes:
        stepper: Where it stands.
        is_split: Whether names and operations have a line each, see `has_long_titles`.
        numbers: How many a box shows: with 1 it is the data, on the way back the gradient.
        current: The node of the step.
        selected: The id of the selected node.
        on_path: Nodes of the path that is followed.
    """

    stepper: Stepper
    is_split: bool
    numbers: int
    current: GraphNode | None
    selected: str | None
    on_path: Collection[GraphNode | None]

    def of(self, node: GraphNode) -> NodeFace:
        """What a node's box says."""
        return NodeFace(
            kind=node.kind,
            lines=(*self._title(node), *self._numbers(node)),
            is_done=self.stepper.done(node.value),
            is_current=node is self.current,
            is_selected=node.id == self.selected,
            is_on_path=node in self.on_path,
        )

    def _title(self, node: GraphNode) -> tuple[GraphLine, ...]:
        if self.is_split:
            return GraphLine(node.label, ""), GraphLine(node.op, "")
        return (GraphLine(node.label, node.op),)

    def _numbers(self, node: GraphNode) -> tuple[GraphLine, ...]:
        data = _number_line("data", self.stepper.data(node.value))
        if node.kind == "constant":
            return (data,)[: self.numbers]
        gradient = _number_line("grad", self.stepper.grad(node.value))
        if self.numbers == 1 and self.stepper.position > self.stepper.backward_position:
            return (gradient,)
        return (data, gradient)[: self.numbers]


def _number_line(word: str, number: float | None) -> GraphLine:
    if number is None:
        return GraphLine(word, "", GraphInk.WAITING)
    ink = (
        GraphInk.NEGATIVE
        if number < 0.0
        else GraphInk.POSITIVE
        if number > 0.0
        else GraphInk.NUMBER
    )
    return GraphLine(word, signed(number, NUMBER_WIDTH).strip(), ink)
