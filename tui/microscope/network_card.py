"""NetworkCard: the sample and the neuron that the graph shows, and the age of the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from ..messages import Complaint
from ..widgets.basics import Words, show_text
from ..widgets.choice import Choice
from ..widgets.knob import Knob, parse_number
from .graph_source import NetworkSource, neuron_name, neurons

LABEL_WIDTH: Final = 8
# Nobody chooses from a longer list.
MOST_NEURONS: Final = 300


class NetworkCard(VerticalScroll, can_focus=False):
    """A sample with its target and output, a knob for another one, and a list of neurons."""

    DEFAULT_CSS = """
    NetworkCard { height: 1fr; }
    NetworkCard Static, NetworkCard #look-knobs { height: auto; }
    NetworkCard .quiet { color: $text-muted; }
    NetworkCard #look-facts { margin: 1 0; }
    NetworkCard #look-age { height: 1; color: $text-warning; }
    """

    @dataclass
    class SampleChosen(Message):
        """The user chose another sample: its row in the data set."""

        row: int

    @dataclass
    class NeuronChosen(Message):
        """The user chose another neuron: its place in `neurons`."""

        place: int

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._sizes: tuple[int, ...] = ()
        self._n_samples = 0
        self._knob: Knob | None = None
        self._choice: Choice | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="look-said", classes="quiet", markup=False)
        yield Vertical(id="look-knobs")
        yield Static(id="look-facts", markup=False)
        yield Words(id="look-age", tooltip="Whether these weights are up to date.")

    def show_network(self, network: NetworkSource, newest: int) -> None:
        """Shows the sample and the neuron, and the step that training is at."""
        reasons = self.query_one("#look-said", Static)
        reasons.display = bool(network.reasons)
        show_text(reasons, Content(" ".join(network.reasons)))
        facts = Content("\n").join(map(_fact, network.facts))
        show_text(self.query_one("#look-facts", Static), facts)
        self.show_newest(network, newest)
        self._offer_samples(network)
        self._offer_neurons(network)

    def show_newest(self, network: NetworkSource, newest: int) -> None:
        """Says whether training has moved on since."""
        age = "" if newest == network.snapshot.step else f"Training is at step {newest:,}: press u."
        self.query_one("#look-age", Words).say(Content(age))

    def _offer_samples(self, network: NetworkSource) -> None:
        n_samples = network.snapshot.dataset.n_samples
        if self._knob is not None and n_samples == self._n_samples:
            self._knob.value = network.row
            return
        if self._knob is not None:
            self._knob.remove()
        self._n_samples = n_samples
        self._knob = self._sample_knob(network)
        self.query_one("#look-knobs").mount(self._knob)

    def _offer_neurons(self, network: NetworkSource) -> None:
        if network.neuron is None:
            if self._choice is not None:
                self._choice.display = False
            return
        places = neurons(network.snapshot)[:MOST_NEURONS]
        place = str(places.index(network.neuron)) if network.neuron in places else "0"
        if self._choice is None or self._sizes != network.snapshot.sizes:
            if self._choice is not None:
                self._choice.remove()
            self._sizes = network.snapshot.sizes
            self._choice = self._neuron_choice(network, place)
            self.query_one("#look-knobs").mount(self._choice)
        self._choice.value = place
        self._choice.display = True

    def _sample_knob(self, network: NetworkSource) -> Knob:
        return Knob(
            "sample",
            tuple(float(k) for k in range(self._n_samples)),
            float(network.row),
            format=lambda row: f"{row:.0f}",
            parse=parse_number,
            label_width=LABEL_WIDTH,
            value_width=6,
            tooltip="Which sample of the data. Arrows move to the next, enter lets you type it.",
        )

    def _neuron_choice(self, network: NetworkSource, place: str) -> Choice:
        names = [neuron_name(neuron) for neuron in neurons(network.snapshot)[:MOST_NEURONS]]
        return Choice(
            "neuron",
            [(name, str(k)) for k, name in enumerate(names)],
            place,
            label_width=LABEL_WIDTH,
            tooltip="Which neuron: its layer, and its place in the layer.",
        )

    def on_knob_changed(self, message: Knob.Changed) -> None:
        message.stop()
        self.post_message(self.SampleChosen(round(message.value)))

    def on_knob_rejected(self, message: Knob.Rejected) -> None:
        message.stop()
        self.post_message(Complaint(message.sentence))

    def on_choice_changed(self, message: Choice.Changed) -> None:
        message.stop()
        self.post_message(self.NeuronChosen(int(message.value)))


def _fact(fact: tuple[str, str]) -> Content:
    name, value = fact
    return Content.assemble((f"{name:<{LABEL_WIDTH}} ", "$foreground 60%"), value)
