"""The layers to edit: a line of text, and a list of settings for each layer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Button, Input, Label

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
from ..keys import bindings
from ..messages import Complaint, LayersEdited
from ..widgets.basics import is_ascii
from ..widgets.settings import Action, Choice, Number, Setting, parse_number
from ..widgets.settings_list import SettingsList
from .edits import added_layer, layers_text, parse_layers

NEURONS = tuple(float(n) for n in (*range(1, 13), 16, 24, 32, 48, 64, 96, 128, 192, 256))
LEAST_COLUMN = 22
BETWEEN = ", "


class LayersField(Input):
    """A line to type; one that is too long ends with a whole layer and dots."""

    def render_line(self, y: int) -> Strip:
        strip, width = super().render_line(y), self.content_size.width
        if self.has_focus or cell_len(self.value) <= width:
            return strip
        dots = ".." if is_ascii(self) else "…"
        shown = self.value[: max(width - len(dots), 0)]
        shown = f"{shown[: shown.rfind(BETWEEN) + len(BETWEEN)]}{dots}"
        return Strip([Segment(shown, self.rich_style)]).adjust_cell_length(width, self.rich_style)


class LayersEditor(Vertical):
    """A line like `8 tanh, 4 relu` to type, and settings that can be hidden."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | layers-editor.leave | leave | Back |
        | Back to the diagram without a change
        up | layers-editor.up | go(-1) | Up | From the settings to the line of layers
        down | layers-editor.down | go(1) | Down | From the line of layers to the settings
        """
    )

    class Toggled(Message):
        """The user wants the settings shown or hidden."""

    class Left(Message):
        """The user wants to go back to the diagram."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._snapshot: Snapshot | None = None
        self._shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        with Horizontal(id="layers-line"):
            yield Label("layers ")
            yield LayersField(
                id="layers-field",
                compact=True,
                select_on_focus=True,
                tooltip="Type the hidden layers: 8 tanh, 4 relu. 8x3 makes three layers of 8.",
            )
            toggle = Button(
                "settings",
                compact=True,
                id="layers-toggle",
                tooltip="Show or hide the settings of each layer",
            )
            toggle.can_focus = False
            yield toggle
        with VerticalScroll(id="layer-editor", can_focus=False):
            yield SettingsList(
                (), {}, least_column=LEAST_COLUMN, most_columns=2, is_across=True, id="layer-rows"
            )

    def show(self, snapshot: Snapshot) -> None:
        """Show the layers of a snapshot."""
        self._snapshot = snapshot
        shown = (snapshot.network, snapshot.inputs, snapshot.sizes, snapshot.activations)
        if shown != self._shown:
            self._shown = shown
            self.restore()

    def restore(self) -> None:
        """Show the layers as they are."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        spec = snapshot.network
        self._show_text(spec)
        settings, values = _settings(snapshot), _values(spec)
        if len(settings) != len(self._rows.settings):
            self._rows.offer(settings, values)
        removable = {name for name in values if name.startswith("activation-")}
        is_open = spec.output_activation == AUTO
        meanings = {"output": _spaced(snapshot.activations[-1])} if is_open else {}
        self._rows.show(values, removable=removable, meanings=meanings)

    def edit_text(self) -> None:
        self.query_one("#layers-field", Input).focus()

    def focus_rows(self) -> None:
        self._rows.enter_from(1)

    @property
    def _rows(self) -> SettingsList:
        return self.query_one("#layer-rows", SettingsList)

    def _show_text(self, spec: NetworkSpec) -> None:
        field = self.query_one("#layers-field", Input)
        if not field.has_focus:
            field.remove_class("-invalid")
            field.value = layers_text(spec)
            field.cursor_position = 0

    # --- What the user does --------------------------------------------------------------------

    def on_settings_list_changed(self, event: SettingsList.Changed) -> None:
        event.stop()
        what, _, layer = event.name.partition("-")
        if what == "neurons":
            self._ask(partial(resized, layer=int(layer), neurons=round(event.value)))
        elif what == "activation":
            self._ask(partial(with_activation, layer=int(layer), activation=event.value))
        elif what == "output":
            self._ask(partial(with_output_activation, activation=event.value))
        else:
            self._ask(partial(with_initializer, initializer=event.value))

    def on_settings_list_pressed(self, event: SettingsList.Pressed) -> None:
        event.stop()
        self._ask(partial(added_layer, part=None))

    def on_settings_list_removed(self, event: SettingsList.Removed) -> None:
        event.stop()
        self._ask(partial(without_layer, layer=int(event.name.partition("-")[2])))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Toggled())

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
        if by < 0:
            self.edit_text()
        elif self.query_one("#layer-editor").display and not self._rows.has_focus:
            self._rows.enter_from(by)

    def _ask(self, edit: Callable[[NetworkSpec], Reshaped]) -> None:
        self.post_message(LayersEdited(edit))


def _settings(snapshot: Snapshot) -> list[Setting]:
    settings: list[Setting] = []
    names = [(_spaced(name), name) for name in ACTIVATIONS]
    for layer in range(len(snapshot.network.hidden)):
        settings += (
            Number(
                f"neurons-{layer}",
                f"layer {layer + 1}",
                "Neurons in this layer. Those that remain keep their weights.",
                NEURONS,
                parse=_parse_neurons,
            ),
            Choice(
                f"activation-{layer}",
                "",
                "The activation: what each neuron does with its sum. Try relu or tanh. The x "
                "removes the layer.",
                names,
            ),
        )
    return [
        *settings,
        Choice(
            "output",
            "output",
            "The activation of the outputs; auto picks what suits the loss.",
            [(AUTO, AUTO), *names],
        ),
        Choice(
            "initializer",
            "first weights",
            "How weights are initialized, at the next reset (r) or in new neurons.",
            [(name, name) for name in INITIALIZERS],
        ),
        Action("neurons-add", "+ layer", "Add a hidden layer before the output."),
    ]


def _values(spec: NetworkSpec) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for layer, (neurons, activation) in enumerate(zip(spec.hidden, spec.activations, strict=True)):
        values |= {f"neurons-{layer}": float(neurons), f"activation-{layer}": activation}
    return {**values, "output": spec.output_activation, "initializer": spec.initializer}


def _parse_neurons(text: str) -> float:
    number = parse_number(text)
    if number != int(number) or number < 1:
        raise ValueError(f"“{text}” is not a number of neurons: use 1 or more.")
    return number


def _spaced(name: str) -> str:
    return name.replace("_", " ")
