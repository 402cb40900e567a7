"""The network pane: its layers, to be edited, and the diagram."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Label, Select

from ...core import ACTIVATIONS, ConfigError, NetworkSpec, Snapshot
from ..messages import Complaint, NetworkChanged
from ..widgets.drop_down import DropDown
from ..widgets.knob import Knob, parse_number
from ..widgets.network_diagram import NetworkDiagram
from ..widgets.text import show_text
from .network_picture import diagram_data
from .pane import Pane

NEURONS = tuple(float(n) for n in (*range(1, 13), 16, 24, 32, 48, 64, 96, 128, 192, 256))
DEFAULT_NEURONS = 4
MAX_NAMED_INPUTS = 8
ACTIVATION_OPTIONS = [(name.replace("_", " "), name) for name in ACTIVATIONS]


class LayerRow(Horizontal):
    """One hidden layer: how many neurons, which activation, and a button that takes it away."""

    def __init__(self, index: int, neurons: int, activation: str) -> None:
        super().__init__()
        self.index = index
        self.neurons = neurons
        self.activation = activation

    def compose(self) -> ComposeResult:
        """The row."""
        yield Knob(
            f"layer {self.index + 1}",
            NEURONS,
            float(self.neurons),
            parse=_parse_neurons,
            label_width=8,
            value_width=4,
            tooltip="Neurons of this layer. Those that stay keep their weights.",
        )
        yield DropDown(
            ACTIVATION_OPTIONS,
            self.activation,
            tooltip="What each neuron of this layer does with its sum: try relu or tanh.",
        )
        yield Button("x", compact=True, classes="remove", tooltip="Take this layer away")

    def show(self, neurons: int, activation: str) -> None:
        """Shows a layer, without a message."""
        knob = self.query_one(Knob)
        self.neurons, self.activation = neurons, activation
        if not knob.is_editing:
            knob.value = float(neurons)
        self.query_one(DropDown).show(activation)


class NetworkPane(Pane):
    """Layers, neurons, activations, the number of parameters, and the diagram."""

    TITLE = "Network"
    HELP_TEXT = (
        "The shape of the network: add and remove layers, turn the number of neurons, choose the "
        "activation of each layer. Weights that still fit stay. In the diagram each box "
        "shows what its neuron computes, each link is a weight: orange is negative, blue positive, "
        "strong colours are large. Arrows go from neuron to neuron, w along the links into it."
    )

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._sizes: tuple[int, ...] = ()

    def compose(self) -> ComposeResult:
        """The editor above, the diagram below."""
        with VerticalScroll(id="layers", can_focus=False):
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
        yield NetworkDiagram(id="diagram")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Shows the shape and the weights."""
        spec = snapshot.network
        if snapshot.sizes != self._sizes:
            self._sizes = snapshot.sizes
            shape = f" {self._arrow} ".join(map(str, snapshot.sizes))
            self.border_title = f"{self.TITLE}  {shape}"
            n = len(snapshot.parameters)
            self.border_subtitle = f"{n:,} parameter{'s' if n != 1 else ''}"
        self._show_rows(spec)
        show_text(self.query_one("#network-inputs", Label), f"inputs   {_input_text(snapshot)}")
        output = f"output   {snapshot.sizes[-1]}  {snapshot.activations[-1]}"
        show_text(self.query_one("#network-output", Label), output)
        self.query_one(NetworkDiagram).show(diagram_data(snapshot))

    def restore(self) -> None:
        """Shows the layers as they are."""
        for row in self.query(LayerRow):
            row.show(row.neurons, row.activation)

    @property
    def _arrow(self) -> str:
        return "->" if getattr(self.app, "ascii", False) else "→"

    def _show_rows(self, spec: NetworkSpec) -> None:
        container = self.query_one("#layer-rows", Vertical)
        rows = list(container.query(LayerRow))
        layers = list(zip(spec.hidden, spec.activations, strict=True))
        for row, (neurons, activation) in zip(rows, layers, strict=False):
            # One that was just added has no list to set yet, and what it began with is right.
            if row.is_mounted:
                row.show(neurons, activation)
        for index in range(len(rows), len(layers)):
            container.mount(LayerRow(index, *layers[index]))
        for row in rows[len(layers) :]:
            row.remove()

    # --- What the user does --------------------------------------------------------------------

    def on_knob_changed(self, event: Knob.Changed) -> None:
        """Resizes a layer."""
        event.stop()
        row = event.knob.parent
        if isinstance(row, LayerRow) and self.snapshot is not None:
            hidden = list(self.snapshot.network.hidden)
            hidden[row.index] = round(event.value)
            self._send(hidden, list(self.snapshot.network.activations))

    def on_knob_rejected(self, event: Knob.Rejected) -> None:
        """Hands on what cannot be."""
        event.stop()
        self.post_message(Complaint(event.sentence))

    def on_select_changed(self, event: Select.Changed) -> None:
        """Gives a layer another activation."""
        event.stop()
        row = event.select.parent
        if not isinstance(row, LayerRow) or self.snapshot is None:
            return
        # An event may be late: what counts is what is chosen now.
        if event.value in (row.activation, None) or event.value != event.select.value:
            return
        if not isinstance(event.value, str):
            return
        activations = list(self.snapshot.network.activations)
        activations[row.index] = event.value
        row.activation = event.value
        self._send(list(self.snapshot.network.hidden), activations)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Adds a layer or takes one away."""
        event.stop()
        if self.snapshot is None:
            return
        hidden = list(self.snapshot.network.hidden)
        activations = list(self.snapshot.network.activations)
        row = event.button.parent
        if event.button.id == "add-layer":
            hidden.append(DEFAULT_NEURONS)
            activations.append(activations[-1] if activations else "tanh")
        elif isinstance(row, LayerRow):
            del hidden[row.index], activations[row.index]
        self._send(hidden, activations)

    def _send(self, hidden: list[int], activations: list[str]) -> None:
        if self.snapshot is None:
            return
        try:
            spec = replace(
                self.snapshot.network, hidden=tuple(hidden), activation=tuple(activations)
            )
        except ConfigError as error:
            self.post_message(Complaint(str(error)))
            # After the field in which it was typed is gone.
            self.call_after_refresh(self.restore)
        else:
            self.post_message(NetworkChanged(spec))


def _input_text(snapshot: Snapshot) -> str:
    names = snapshot.inputs
    if len(names) <= MAX_NAMED_INPUTS:
        return ", ".join(names)
    return f"{len(names)}: {names[0]} to {names[-1]}"


def _parse_neurons(text: str) -> float:
    number = parse_number(text)
    if number != int(number) or number < 1:
        raise ValueError(f"“{text}” is not a number of neurons: type 1 or more.")
    return number
