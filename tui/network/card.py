"""The card of what is selected in the network: its facts, and a field to type a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label

from ...core import Snapshot
from ...core.nn import element_place
from ...core.training import trace_point
from ...core.training.trace import fan_in
from ..keys import bindings
from ..messages import Complaint
from ..selection import Link, Part, Point, Selection, Unit, element_of
from ..widgets.settings import parse_number
from .diagram_data import DiagramData
from .fact_sheet import FactSheet
from .facts import ElementFacts, Facts, Hint, InputFacts
from .neuron_facts import NeuronFacts

MAX_NAMED: Final = 2
"""Columns of a point up to which it is said in numbers."""
_LAYER_HINTS: Final = (
    Hint("w{network-diagram.next-link}", "weights", "walk_links"),
    Hint("b{network-diagram.bias}", "bias", "select_bias"),
    Hint("t{network.next-activation}", "activation", "cycle_activation(1)"),
    Hint("f{network.freeze}", "freeze", "freeze"),
)
_HIDDEN_HINTS: Final = (
    *_LAYER_HINTS,
    Hint("+{network.more}", "neuron", "more(1)"),
    Hint("-{network.less}", "neuron", "more(-1)"),
    Hint("x{network.cut}", "remove", "cut"),
    Hint("a{network.add-layer}", "add layer", "add_layer"),
    Hint("d{network.drop-layer}", "remove layer", "drop_layer"),
)
_INPUT_HINTS: Final = (
    Hint("a{network.add-layer}", "add layer", "add_layer"),
    Hint("esc", "close", "close"),
)


class NeuronCard(Vertical):
    """Facts about the selected part; hidden while nothing is selected."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | neuron-card.leave | leave_field | Back | Keep the old value
        """
    )

    @dataclass
    class Left(Message):
        """The field was closed, with a value or without."""

        value: float | None = None

    def __init__(self, *, id: str) -> None:
        self._sheet = FactSheet(
            id="facts",
            tooltip="The selected part in numbers, for the point selected on the output map.",
        )
        self._field = Input(
            id="element-value",
            compact=True,
            select_on_focus=True,
            tooltip="Type a new value: try 0. Enter sets it, escape keeps the old one.",
        )
        self._line = Horizontal(Label("new value "), self._field, id="value-line")
        self._line.display = False
        super().__init__(self._sheet, self._line, id=id)
        self._part: Part | None = None
        self._title = ""

    def show(self, facts: Facts | None) -> None:
        """Show facts, None for nothing; those about another part close the field."""
        part = facts.part if facts else None
        if part != self._part:
            self._part = part
            self._close()
        title = facts.title if facts else ""
        if title != self._title:
            self._title = title
            # Content, because a name like weight[0,3] would be read as markup.
            self.border_title = Content(title)
        self.display = facts is not None
        self._sheet.show(facts)

    def type_value(self, value: float) -> None:
        """Open the field with a value in it."""
        self._field.value = f"{value:.6g}"
        self._line.display = True
        self._field.focus()

    @property
    def is_typing(self) -> bool:
        return bool(self._line.display)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            value = parse_number(event.value.strip())
        except ValueError as error:
            event.input.add_class("-invalid")
            self.post_message(Complaint(str(error)))
            return
        self._close()
        self.post_message(self.Left(value))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        event.input.remove_class("-invalid")

    def on_input_blurred(self, event: Input.Blurred) -> None:
        event.stop()
        self._close()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "leave_field":
            return self.is_typing
        return super().check_action(action, parameters)

    def action_leave_field(self) -> None:
        self._close()
        self.post_message(self.Left())

    def _close(self) -> None:
        self._line.display = False
        self._field.remove_class("-invalid")


def facts_of(
    snapshot: Snapshot, data: DiagramData, selection: Selection, *, ascii: bool
) -> Facts | None:
    """What the card shows of the selected part.

    Args:
        snapshot: The network.
        data: The same network as the diagram shows it.
        selection: What is selected, and the point that the numbers are for; the first training
            sample if there is none.
        ascii: Whether to draw only ASCII characters.

    Returns:
        The facts; None if nothing is selected.
    """
    part = selection.part
    if part is None or not data.holds(part):
        return None
    point = selection.point or tuple(snapshot.dataset.points[snapshot.train_rows[0]].tolist())
    words = _point_words(snapshot, selection.point, point)
    trace = trace_point(snapshot, np.array(point))
    if isinstance(part, Unit):
        column, unit = part
        if column == 0:
            value, note = float(trace.outputs[0][unit]), _preparation(snapshot)
            return InputFacts(part, data, words, _INPUT_HINTS, ascii, value, note)
        is_hidden = column < len(snapshot.sizes) - 1
        hints = _HIDDEN_HINTS if is_hidden else (*_LAYER_HINTS, *_INPUT_HINTS)
        return NeuronFacts(part, data, words, hints, ascii, fan_in(trace, column - 1, unit))
    gradient = update = product = None
    if snapshot.step > 0:
        place = element_place(snapshot.sizes, element_of(part))
        gradient, update = float(snapshot.gradients[place]), float(snapshot.updates[place])
    if isinstance(part, Link):
        terms = fan_in(trace, part.layer, part.target)
        product = float(terms.inputs[part.source]), float(terms.products[part.source])
    keys = _element_hints(is_frozen=data.is_frozen(part), is_cut=data.is_cut(part))
    return ElementFacts(part, data, words, keys, ascii, gradient, update, product)


def _element_hints(*, is_frozen: bool, is_cut: bool) -> tuple[Hint, ...]:
    return (
        Hint("enter", "type a value", "type_value"),
        Hint("Y{network.why}", "why this gradient", "app.microscope_network"),
        Hint("+{network.more}", "0.1", "more(1)"),
        Hint("-{network.less}", "0.1", "more(-1)"),
        Hint("f{network.freeze}", "unfreeze" if is_frozen else "freeze", "freeze"),
        Hint("x{network.cut}", "reconnect" if is_cut else "cut", "cut"),
        Hint("esc", "close", "close"),
    )


def _point_words(snapshot: Snapshot, chosen: Point | None, point: Point) -> str:
    """`x1 1.25, x2 -0.40 (first training sample)`, or without numbers if there are many."""
    which = "selected point" if chosen is not None else "first training sample"
    if len(point) > MAX_NAMED:
        return f"the {which}"
    pairs = zip(snapshot.dataset.columns, point, strict=True)
    return f"{', '.join(f'{name} {value:.2f}' for name, value in pairs)} ({which})"


def _preparation(snapshot: Snapshot) -> str:
    """How the network sees the data, if not as they are."""
    dataset = snapshot.dataset
    if (dataset.input_shift == 0).all() and (dataset.input_scale == 1).all():
        return ""
    return "computed from columns that are shifted and scaled"
