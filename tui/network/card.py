"""The card of what is selected in the network: its facts, and a field to type a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label

from ..keys import bindings
from ..messages import Complaint
from ..selection import Part
from ..widgets.knob import parse_number
from .card_facts import Facts
from .fact_sheet import FactSheet


class NeuronCard(Vertical):
    """Facts of the selected part; out of sight while nothing is selected.

    Args:
        id: The widget's id.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | neuron-card.leave | leave_field | Back | Leave the value as it was
        """
    )

    @dataclass
    class Typed(Message):
        """The user typed a value."""

        value: float

    class FieldLeft(Message):
        """The field was closed, its value taken or not."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.display = False
        self._part: Part | None = None
        self._title = ""

    def compose(self) -> ComposeResult:
        facts = FactSheet(id="facts")
        facts.tooltip = (
            "What is selected, in numbers. Select a point on the output map to see them for it."
        )
        yield facts
        with Horizontal(id="value-line"):
            yield Label("new value ")
            yield Input(
                id="element-value",
                compact=True,
                select_on_focus=True,
                tooltip="Its new value: try 0. Enter writes it, escape leaves it as it was.",
            )

    def on_mount(self) -> None:
        self.query_one("#value-line").display = False

    def show(self, facts: Facts | None) -> None:
        """Shows facts; those of another part close the field.

        Args:
            facts: They; None for nothing.
        """
        part = None if facts is None else facts.part
        if part != self._part:
            self._part = part
            self._close()
        title = "" if facts is None else facts.title
        if title != self._title:
            self._title = title
            # Content, because a name like weight[0,3] would be read as markup.
            self.border_title = Content(title)
        self.display = facts is not None
        self.query_one(FactSheet).show(facts)

    def type_value(self, value: float) -> None:
        """Opens the field.

        Args:
            value: What stands in it.
        """
        field = self.query_one(Input)
        field.value = f"{value:.6g}"
        self.query_one("#value-line").display = True
        field.focus()

    @property
    def is_typing(self) -> bool:
        """Whether the field is open."""
        return bool(self.query_one("#value-line").display)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            value = parse_number(event.value.strip())
        except ValueError as error:
            event.input.add_class("-invalid")
            self.post_message(Complaint(str(error)))
            return
        self._close()
        self.post_message(self.Typed(value))
        self.post_message(self.FieldLeft())

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
        self.post_message(self.FieldLeft())

    def _close(self) -> None:
        self.query_one("#value-line").display = False
        self.query_one(Input).remove_class("-invalid")
