"""One hidden layer in a row: how many neurons, which activation, and a button to take it away."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button

from ...core import ACTIVATIONS
from ..widgets.choice import DropDown
from ..widgets.knob import Knob, parse_number

NEURONS = tuple(float(n) for n in (*range(1, 13), 16, 24, 32, 48, 64, 96, 128, 192, 256))
LABEL_WIDTH = 8
ACTIVATION_OPTIONS = [(name.replace("_", " "), name) for name in ACTIVATIONS]


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


def _parse_neurons(text: str) -> float:
    number = parse_number(text)
    if number != int(number) or number < 1:
        raise ValueError(f"“{text}” is not a number of neurons: type 1 or more.")
    return number
