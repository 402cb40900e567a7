"""From a snapshot and what is selected to the facts that the card shows."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...core import Snapshot
from ...core.nn import element_place
from ...core.training import Trace, trace_point
from ...core.training.fan_in import fan_in
from ..selection import Bias, Link, Point, Selection, Unit, element_of
from .card_facts import Facts, Hint
from .diagram_data import DiagramData
from .element_facts import ElementFacts
from .input_facts import InputFacts
from .neuron_facts import NeuronFacts

MAX_NAMED: Final = 2
"""Columns of a point up to which it is said in numbers."""
_LAYER_HINTS: Final = (
    Hint("w", "weights", "walk_links"),
    Hint("b", "bias", "select_bias"),
    Hint("t", "activation", "cycle_activation(1)"),
    Hint("f", "freeze", "freeze"),
)
_HIDDEN_HINTS: Final = (
    *_LAYER_HINTS,
    Hint("+", "neuron", "more(1)"),
    Hint("-", "neuron", "more(-1)"),
    Hint("x", "remove it", "cut"),
    Hint("a", "add layer", "add_layer"),
    Hint("d", "drop layer", "drop_layer"),
)
_INPUT_HINTS: Final = (Hint("a", "add layer", "add_layer"), Hint("esc", "close", "close"))


def facts_of(
    snapshot: Snapshot, data: DiagramData, selection: Selection, *, ascii: bool
) -> Facts | None:
    """What there is to tell of the selected part.

    Args:
        snapshot: The network.
        data: The same network as the diagram shows it.
        selection: What is selected, and for which point the numbers are to be; the first training
            point if there is none.
        ascii: Whether only ASCII characters are drawn.

    Returns:
        The facts; None if nothing is selected.
    """
    part = selection.part
    if part is None or not data.holds(part):
        return None
    point = selection.point or _first_training_point(snapshot)
    words = _point_words(snapshot, selection.point, point)
    trace = trace_point(snapshot, np.array(point))
    match part:
        case Unit(0, unit):
            value = float(trace.outputs[0][unit])
            note = _preparation(snapshot)
            return InputFacts(part, data, value, words, note, _INPUT_HINTS, ascii)
        case Unit(column, unit):
            is_hidden = column < len(snapshot.sizes) - 1
            hints = _HIDDEN_HINTS if is_hidden else (*_LAYER_HINTS, *_INPUT_HINTS)
            terms = fan_in(trace, column - 1, unit)
            return NeuronFacts(part, data, terms, words, hints, ascii)
        case Link() | Bias():
            return _element_facts(snapshot, data, part, trace, words, ascii=ascii)


def _element_facts(
    snapshot: Snapshot,
    data: DiagramData,
    part: Link | Bias,
    trace: Trace,
    words: str,
    *,
    ascii: bool,
) -> ElementFacts:
    place = element_place(snapshot.sizes, element_of(part))
    has_step = snapshot.step > 0
    product = None
    if isinstance(part, Link):
        terms = fan_in(trace, part.layer, part.target)
        product = float(terms.inputs[part.source]), float(terms.products[part.source])
    return ElementFacts(
        part=part,
        data=data,
        value=float(snapshot.parameters[place]),
        gradient=float(snapshot.gradients[place]) if has_step else None,
        update=float(snapshot.updates[place]) if has_step else None,
        product=product,
        point=words,
        hints=_element_hints(data, part),
        ascii=ascii,
    )


def _element_hints(data: DiagramData, part: Link | Bias) -> tuple[Hint, ...]:
    is_frozen, is_cut = data.is_frozen(part), data.is_cut(part)
    return (
        Hint("enter", "type a value", "type_value"),
        Hint("+", "0.1", "more(1)"),
        Hint("-", "0.1", "more(-1)"),
        Hint("f", "let go" if is_frozen else "freeze", "freeze"),
        Hint("x", "let go" if is_cut else "cut", "cut"),
        Hint("esc", "close", "close"),
    )


def _first_training_point(snapshot: Snapshot) -> Point:
    return tuple(snapshot.dataset.points[snapshot.train_rows[0]].tolist())


def _point_words(snapshot: Snapshot, chosen: Point | None, point: Point) -> str:
    """`x1 1.25, x2 -0.40 (first training point)`, or without numbers if there are many."""
    which = "selected point" if chosen is not None else "first training point"
    if len(point) > MAX_NAMED:
        return f"the {which}"
    pairs = zip(snapshot.dataset.columns, point, strict=True)
    return f"{', '.join(f'{name} {value:.2f}' for name, value in pairs)} ({which})"


def _preparation(snapshot: Snapshot) -> str:
    """What the network sees of the data, if it is not the data themselves."""
    dataset = snapshot.dataset
    if (dataset.input_shift == 0).all() and (dataset.input_scale == 1).all():
        return ""
    return "made of columns that are shifted and scaled for the network"
