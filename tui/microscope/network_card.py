"""What of the network the microscope looks at: the point, the neuron, and the weights' age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from ..messages import Complaint
from ..widgets.choice import Choice
from ..widgets.knob import Knob, parse_number
from ..widgets.text import Words, show_text
from .network_source import NetworkLook, neuron_name, neurons

LABEL_WIDTH: Final = 8
# A list of more would not be one to choose from.
MOST_NEURONS: Final = 300


class NetworkCard(VerticalScroll, can_focus=False):
    """The point with its target and output, a knob for another one, and a list of neurons."""

    DEFAULT_CSS = """
    NetworkCard { height: 1fr; }
    NetworkCard Static, NetworkCard #look-knobs { height: auto; }
    NetworkCard .quiet { color: $text-muted; }
    NetworkCard #look-facts { margin: 1 0; }
    NetworkCard #look-age { height: 1; color: $text-warning; }
    """

    @dataclass
    class PointChosen(Message):
        """The user wants another point."""

        row: int

    @dataclass
    class NeuronChosen(Message):
        """The user wants another neuron; its place in `neurons`."""

        place: int

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._sizes: tuple[int, ...] = ()
        self._n_points = 0
        self._knob: Knob | None = None
        self._choice: Choice | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="look-said", classes="quiet", markup=False)
        yield Vertical(id="look-knobs")
        yield Static(id="look-facts", markup=False)
        yield Words(id="look-age", tooltip="Whether these are the weights of now.")

    def show_look(self, look: NetworkLook, newest: int) -> None:
        """Shows what is looked at.

        Args:
            look: That.
            newest: The step at which training is now.
        """
        said = self.query_one("#look-said", Static)
        said.display = bool(look.said)
        show_text(said, Content(" ".join(look.said)))
        show_text(self.query_one("#look-facts", Static), Content("\n").join(map(_fact, look.facts)))
        self.show_newest(look, newest)
        self._offer_points(look)
        self._offer_neurons(look)

    def show_newest(self, look: NetworkLook, newest: int) -> None:
        """Says how far training has gone on since."""
        age = "" if newest == look.snapshot.step else f"Training is at step {newest:,}: press u."
        self.query_one("#look-age", Words).say(Content(age))

    def _offer_points(self, look: NetworkLook) -> None:
        n_points = look.snapshot.dataset.n_samples
        if self._knob is not None and n_points == self._n_points:
            self._knob.value = look.row
            return
        if self._knob is not None:
            self._knob.remove()
        self._n_points = n_points
        self._knob = self._point_knob(look)
        self.query_one("#look-knobs").mount(self._knob)

    def _offer_neurons(self, look: NetworkLook) -> None:
        if look.neuron is None:
            if self._choice is not None:
                self._choice.display = False
            return
        places = neurons(look.snapshot)[:MOST_NEURONS]
        place = str(places.index(look.neuron)) if look.neuron in places else "0"
        if self._choice is None or self._sizes != look.snapshot.sizes:
            if self._choice is not None:
                self._choice.remove()
            self._sizes = look.snapshot.sizes
            self._choice = self._neuron_choice(look, place)
            self.query_one("#look-knobs").mount(self._choice)
        self._choice.value = place
        self._choice.display = True

    def _point_knob(self, look: NetworkLook) -> Knob:
        return Knob(
            "point",
            tuple(float(k) for k in range(self._n_points)),
            float(look.row),
            format=lambda row: f"{row:.0f}",
            parse=parse_number,
            label_width=LABEL_WIDTH,
            value_width=6,
            tooltip="Which point of the data. Arrows take the next one, enter lets you type it.",
        )

    def _neuron_choice(self, look: NetworkLook, place: str) -> Choice:
        names = [neuron_name(neuron) for neuron in neurons(look.snapshot)[:MOST_NEURONS]]
        return Choice(
            "neuron",
            [(name, str(k)) for k, name in enumerate(names)],
            place,
            label_width=LABEL_WIDTH,
            tooltip="Which neuron, by its layer and its place in it.",
        )

    def on_knob_changed(self, message: Knob.Changed) -> None:
        message.stop()
        self.post_message(self.PointChosen(round(message.value)))

    def on_knob_rejected(self, message: Knob.Rejected) -> None:
        message.stop()
        self.post_message(Complaint(message.sentence))

    def on_choice_changed(self, message: Choice.Changed) -> None:
        message.stop()
        self.post_message(self.NeuronChosen(int(message.value)))


def _fact(fact: tuple[str, str]) -> Content:
    name, value = fact
    return Content.assemble((f"{name:<{LABEL_WIDTH}} ", "$foreground 60%"), value)
