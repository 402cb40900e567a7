"""What stands beside the boxes of a graph: local derivatives on the wires, the rule of the step."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from ...core.explain.formulas import quotient_text
from ...core.explain.graph import GraphView
from ...core.explain.graph_layout import Edge
from ...core.explain.paths import Path
from ...core.explain.stepper import Stepper

_DIGITS: Final = 4


def wire_labels(view: GraphView, stepper: Stepper, room: int, partial: str) -> dict[Edge, str]:
    """The local derivatives of what is computed: `∂o/∂n = 0.5`, or `∂0.5` where that is too long.

    Args:
        view: The graph as it is drawn.
        stepper: At the step that is shown.
        room: Cells of a label; without any there are none.
        partial: The partial sign, or what stands for it.
    """
    nodes = {node.id: node for node in view.nodes if not node.is_many}
    labels: dict[Edge, str] = {}
    if not room:
        return labels
    derivatives = {id: node.derivatives(stepper) for id, node in nodes.items()}
    for edge in view.edges:
        source, target = nodes.get(edge.source), nodes.get(edge.target)
        if source is None or target is None or source.value.constant:
            continue
        derivative = derivatives[target.id].get(source.value)
        if derivative is not None:
            names = stepper.names[target.value], stepper.names[source.value]
            whole = f"{quotient_text(*names)} = {_short(derivative, room)}".replace("∂", partial)
            fits = len(whole) <= room
            labels[source.id, target.id] = whole if fits else _partial(derivative, room, partial)
    return labels


def path_labels(view: GraphView, path: Path | None, room: int, partial: str) -> dict[Edge, str]:
    """The local derivatives along a path, by the wires that are drawn; the others as above."""
    labels: dict[Edge, str] = {}
    if path is None:
        return labels
    drawn = {(edge.source, edge.target) for edge in view.edges}
    for (here, there), derivative in zip(pairwise(path.nodes), path.derivatives, strict=True):
        source, target = view.node_of(here), view.node_of(there)
        if source is not None and target is not None and (source.id, target.id) in drawn:
            labels[source.id, target.id] = _partial(derivative, room, partial)
    return labels


def captions(stepper: Stepper, partial: str) -> list[str]:
    """The backward rule of the step's operation, the longest first, then less of it."""
    step = stepper.last
    rule = "" if step is None or step.kind == "start" else stepper.rule(step.node)
    if not rule:
        return []
    rule = rule.replace("∂", partial)
    first, *_ = rule.split(", ")
    _, symbols, *_, result = first.split(" = ") if first.count(" = ") > 1 else ("", "", first)
    return [rule, first, f"{symbols} = {result}" if symbols else first]


def _partial(number: float, room: int, partial: str) -> str:
    """A local derivative, if there is room for one digit."""
    text = _short(number, room - len(partial))
    return f"{partial}{text}" if text else ""


def _short(number: float, room: int) -> str:
    """A number in as many digits as there is room for; empty without room for one."""
    texts = (f"{number:.{digits}g}" for digits in range(_DIGITS, 0, -1))
    return next((text for text in texts if len(text) <= room), "")
