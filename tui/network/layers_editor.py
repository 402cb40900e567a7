"""The layers to edit: a line of text, and a row of controls for each layer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Button, Input, Label, Select

from ...core import ACTIVATIONS, INITIALIZERS, NetworkSpec, Snapshot
from ...core.training.config import AUTO
from ...core.training.reshape import (
    Reshaped,
    resized,
    with_activation,
    with_initializer,
    with_layers,
    with_output_activation,
    without_layer,
)
from ..key_words import with_keys
from ..keys import bindings
from ..messages import Complaint, LayersEdited
from ..widgets.basics import show_text
from ..widgets.choice import DropDown
from ..widgets.knob import Knob, parse_number
from .edits import added_layer, layers_text, parse_layers

MAX_NAMED_INPUTS = 8
NEURONS = tuple(float(n) for n in (*range(1, 13), 16, 24, 32, 48, 64, 96, 128, 192, 256))
LABEL_WIDTH = 8


class LayersEditor(Vertical):
    """A line like `8 tanh, 4 relu` to type, and rows of controls that can be hidden."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | layers-editor.leave | leave | Back |
        | Back to the diagram without a change
        up | layers-editor.up | go(-1) | Up | The control above
        down | layers-editor.down | go(1) | Down | The control below
        """
    )

    class Toggled(Message):
        """The user wants the rows shown or hidden."""

    class Left(Message):
        """The user wants to go back to the diagram."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._snapshot: Snapshot | None = None
        self._shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        with Horizontal(id="layers-line"):
            yield Label("layers ")
            yield Input(
                id="layers-field",
                compact=True,
                select_on_focus=True,
                tooltip="Type the hidden layers: 8 tanh, 4 relu. 8x3 makes three layers of 8.",
            )
            yield Button(
                "knobs",
                compact=True,
                id="layers-toggle",
                tooltip="Show or hide the controls of each layer",
            )
        with VerticalScroll(id="layer-editor", can_focus=False):
            yield Label("", id="network-inputs")
            yield Vertical(id="layer-rows")
            with Horizontal(id="network-output-row"):
                yield Label("", id="network-output")
                yield Button(
                    "+ layer",
                    compact=True,
                    id="add-layer",
                    tooltip="Add a hidden layer before the output",
                )
                yield DropDown(
                    [(_spaced(name), name) for name in (AUTO, *ACTIVATIONS)],
                    AUTO,
                    tooltip="The activation of the outputs; auto picks what suits the loss.",
                )
            with Horizontal(id="first-weights-row"):
                yield Label("first weights, from the next reset")
                yield DropDown(
                    [(name, name) for name in INITIALIZERS],
                    next(iter(INITIALIZERS)),
                    tooltip=with_keys(
                        "How weights are initialized, at the next reset (r{train.reset}) or in "
                        "new neurons."
                    ),
                )

    def on_mount(self) -> None:
        self.query_one("#layers-toggle", Button).can_focus = False

    def show(self, snapshot: Snapshot) -> None:
        """Show the layers of a snapshot."""
        self._snapshot = snapshot
        shown = (snapshot.network, snapshot.inputs, snapshot.sizes, snapshot.activations)
        if shown != self._shown and self._show_rows(snapshot.network):
            self._shown = shown
            self.restore()

    def restore(self) -> None:
        """Show the layers as they are."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        self._show_rows(snapshot.network)
        self._show_text(snapshot.network)
        show_text(self.query_one("#network-inputs", Label), f"inputs   {_input_text(snapshot)}")
        output = f"output   {snapshot.sizes[-1]}  {_spaced(snapshot.activations[-1])}"
        show_text(self.query_one("#network-output", Label), output)
        self._drop_down("network-output-row").show(snapshot.network.output_activation)
        self._drop_down("first-weights-row").show(snapshot.network.initializer)

    def edit_text(self) -> None:
        self.query_one("#layers-field", Input).focus()

    def _show_text(self, spec: NetworkSpec) -> None:
        field = self.query_one("#layers-field", Input)
        if not field.has_focus:
            field.remove_class("-invalid")
            field.value = layers_text(spec)
            field.cursor_position = 0

    def _show_rows(self, spec: NetworkSpec) -> bool:
        """Show a row for each layer; whether all rows were there already."""
        container = self.query_one("#layer-rows", Vertical)
        rows = list(container.query(LayerRow))
        layers = list(zip(spec.hidden, spec.activations, strict=True))
        for row, (neurons, activation) in zip(rows, layers, strict=False):
            # A row that was just added has no list to set yet, and began with the right values.
            if row.is_mounted:
                row.show(neurons, activation)
        for index in range(len(rows), len(layers)):
            container.mount(LayerRow(index, *layers[index]))
        for row in rows[len(layers) :]:
            row.remove()
        return all(row.is_mounted for row in rows)

    def _drop_down(self, row: str) -> DropDown:
        return self.query_one(f"#{row} DropDown", DropDown)

    # --- What the user does --------------------------------------------------------------------

    def on_knob_changed(self, event: Knob.Changed) -> None:
        event.stop()
        row = event.knob.parent
        if isinstance(row, LayerRow):
            self._ask(partial(resized, layer=row.index, neurons=round(event.value)))

    def on_knob_rejected(self, event: Knob.Rejected) -> None:
        event.stop()
        self.post_message(Complaint(event.sentence))

    def on_select_changed(self, event: Select.Changed) -> None:
        event.stop()
        row, chosen = event.select.parent, event.value
        # An event may be late: what counts is what is chosen now.
        if self._snapshot is None or not isinstance(chosen, str) or chosen != event.select.value:
            return
        spec = self._snapshot.network
        if isinstance(row, LayerRow):
            if chosen != row.activation:
                row.activation = chosen
                self._ask(partial(with_activation, layer=row.index, activation=chosen))
        elif row is not None and row.id == "network-output-row":
            if chosen != spec.output_activation:
                self._ask(partial(with_output_activation, activation=chosen))
        elif chosen != spec.initializer:
            self._ask(partial(with_initializer, initializer=chosen))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        row = event.button.parent
        if event.button.id == "add-layer":
            self._ask(partial(added_layer, part=None))
        elif event.button.id == "layers-toggle":
            self.post_message(self.Toggled())
        elif isinstance(row, LayerRow):
            self._ask(partial(without_layer, layer=row.index))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id != "layers-field" or self._snapshot is None:
            return
        event.stop()
        try:
            hidden, activations = parse_layers(event.value, self._snapshot.network)
        except ValueError as error:
            event.input.add_class("-invalid")
            self.post_message(Complaint(str(error)))
            return
        self._ask(partial(with_layers, hidden=hidden, activations=activations))
        self.post_message(self.Left())

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id == "layers-field":
            event.stop()
            event.input.remove_class("-invalid")

    def on_input_blurred(self, event: Input.Blurred) -> None:
        if event.input.id == "layers-field" and self._snapshot is not None:
            event.stop()
            self._show_text(self._snapshot.network)

    def action_leave(self) -> None:
        self.post_message(self.Left())

    def action_go(self, by: int) -> None:
        places = [w for w in self.query("Input, Knob, DropDown, Button") if w.focusable]
        seen = [w for w in places if w.size and w.region.size]
        focused = self.screen.focused
        if focused in seen:
            place = seen.index(focused) + by
            seen[max(0, min(place, len(seen) - 1))].focus()

    def _ask(self, edit: Callable[[NetworkSpec], Reshaped]) -> None:
        self.post_message(LayersEdited(edit))


class LayerRow(Horizontal):
    """A hidden layer.

    Args:
        index: Its number, 0 for the first.
        neurons: How many it has.
        activation: The name of its activation.
    """

    def __init__(self, index: int, neurons: int, activation: str) -> None:
        super().__init__()
        self.index = index
        self.neurons = neurons
        self.activation = activation

    def compose(self) -> ComposeResult:
        yield Knob(
            f"layer {self.index + 1}",
            NEURONS,
            float(self.neurons),
            parse=_parse_neurons,
            label_width=LABEL_WIDTH,
            value_width=4,
            tooltip="Neurons in this layer. Those that remain keep their weights.",
        )
        yield DropDown(
            [(_spaced(name), name) for name in ACTIVATIONS],
            self.activation,
            tooltip="The activation: what each neuron does with its sum. Try relu or tanh.",
        )
        yield Button("x", compact=True, classes="remove", tooltip="Remove this hidden layer")

    def show(self, neurons: int, activation: str) -> None:
        """Show a layer, without a message."""
        knob = self.query_one(Knob)
        self.neurons, self.activation = neurons, activation
        if not knob.is_editing:
            knob.value = float(neurons)
        self.query_one(DropDown).show(activation)


def _parse_neurons(text: str) -> float:
    number = parse_number(text)
    if number != int(number) or number < 1:
        raise ValueError(f"“{text}” is not a number of neurons: use 1 or more.")
    return number


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _input_text(snapshot: Snapshot) -> str:
    names = snapshot.inputs
    if len(names) <= MAX_NAMED_INPUTS:
        return ", ".join(names)
    return f"{len(names)}: {names[0]} to {names[-1]}"
