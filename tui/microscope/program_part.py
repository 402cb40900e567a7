"""The part of the microscope that chooses what to show: a program, or the network on a sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from ...core.expression import ExpressionError
from ..key_words import with_keys
from ..widgets.basics import Words, show_text
from ..widgets.sample_pulls import SamplePulls
from ..widgets.settings import Choice, Number, Setting
from ..widgets.settings_list import SettingsList
from .examples import EXAMPLES, FIRST_EXAMPLE
from .graph_choice import SOURCES, Source
from .graph_source import NetworkSource, neuron_name, neurons

_TITLES: Final = {
    "program": "a program",
    "network": "the network on a sample",
    "neuron": "one neuron on a sample",
}
MOST_ERRORS: Final = 3
"""At most so many are shown; the others after these are fixed."""


class ProgramPart(Vertical):
    """The source of the graph; below it the program and its errors, or the sample and neuron."""

    TITLE: ClassVar[str] = "Program"
    HELP_TEXT: ClassVar[str] = (
        "Type one assignment per line: a = -4.0, c = a*b + 1, L = c.tanh(). The functions are sin, "
        "cos, tanh, sigmoid, relu, exp, log, sqrt, abs, softplus and elu; a comment starts with #. "
        "The last line is the output, and every change is computed at once. Or choose an example, "
        "or show your own network on a sample of the data: all of it, or one neuron."
    )

    DEFAULT_CSS = """
    ProgramPart #errors { height: auto; max-height: 11; color: $text-error; }
    ProgramPart #program-body { height: 1fr; }
    ProgramPart #examples { width: 1fr; }
    """

    @dataclass
    class Edited(Message):
        """The user changed the program."""

        text: str

    @dataclass
    class SourceChosen(Message):
        """The user chose another source."""

        source: Source

    def __init__(self, *, id: str, classes: str) -> None:
        super().__init__(id=id, classes=classes)

    def compose(self) -> ComposeResult:
        source = Choice(
            "source",
            "graph of",
            "What the graph shows (g switches to the next).",
            [(_TITLES[source], source) for source in SOURCES],
        )
        yield SettingsList([source], {"source": SOURCES[0]}, id="source")
        with Vertical(id="program-body"):
            example = Choice(
                "example",
                "",
                "Examples, most of them from Karpathy's micrograd lecture.",
                [(name, name) for name in EXAMPLES],
            )
            yield SettingsList([example], {"example": FIRST_EXAMPLE}, id="examples")
            yield ProgramEditor(EXAMPLES[FIRST_EXAMPLE], id="editor")
            yield Static(id="errors", markup=False)
        yield NetworkCard(id="network-card")

    def on_mount(self) -> None:
        self.query_one("#network-card").display = False
        self.query_one("#errors").display = False

    def show_source(self, source: Source) -> None:
        """Shows what belongs to a source."""
        self.query_one("#source", SettingsList).show({"source": source})
        self.query_one("#program-body").display = source == "program"
        self.query_one("#network-card").display = source != "program"

    def show_errors(self, errors: Sequence[ExpressionError]) -> None:
        """Shows what is wrong with the program, and underlines it."""
        sentences = [_sentence(error) for error in errors[:MOST_ERRORS]]
        if len(errors) > MOST_ERRORS:
            sentences.append(f"And {len(errors) - MOST_ERRORS:,} more lines with errors.")
        listed = self.query_one("#errors", Static)
        listed.display = bool(sentences)
        show_text(listed, Content("\n".join(sentences)))
        self.query_one(ProgramEditor).mark_errors({e.line: e.column for e in errors})

    def show_example(self, name: str) -> None:
        self.query_one("#examples", SettingsList).show({"example": name})
        self.query_one(ProgramEditor).text = EXAMPLES[name]

    def show_text(self, text: str) -> None:
        self.query_one(ProgramEditor).text = text

    @property
    def text(self) -> str:
        return self.query_one(ProgramEditor).text

    def on_text_area_changed(self) -> None:
        self.post_message(self.Edited(self.text))

    def on_settings_list_changed(self, message: SettingsList.Changed) -> None:
        message.stop()
        if message.name == "example":
            self.query_one(ProgramEditor).text = EXAMPLES[message.value]
        else:
            self.post_message(self.SourceChosen(message.value))


def _sentence(error: ExpressionError) -> str:
    text = str(error)
    return f"{text[0].upper()}{text[1:]}."


class ProgramEditor(TextArea):
    """An editor that mutes comments, underlines errors and highlights the line of the step."""

    DEFAULT_CSS = """
    ProgramEditor { height: 1fr; min-height: 3; border: none; padding: 0; background: $surface; }
    ProgramEditor:focus { border: none; }
    ProgramEditor > .program-editor--comment { color: $foreground-muted; }
    ProgramEditor > .program-editor--error { color: $text-error; text-style: underline; }
    ProgramEditor > .program-editor--step { color: $text-success; text-style: bold; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "program-editor--comment",
        "program-editor--error",
        "program-editor--step",
    }

    def __init__(self, text: str, *, id: str) -> None:
        super().__init__(
            text,
            id=id,
            tab_behavior="focus",
            show_line_numbers=True,
            tooltip="One assignment per line: c = a*b + 1, L = c.tanh(). The last is the output.",
        )
        self._errors: Mapping[int, int] = {}
        self._step: int | None = None

    def mark_errors(self, columns: Mapping[int, int]) -> None:
        """Underlines lines from a column on.

        Args:
            columns: The column of each line with an error, both counted from 1.
        """
        if columns != self._errors:
            self._errors = dict(columns)
            self._redraw()

    def mark_step(self, line: int | None) -> None:
        """Highlights a line, counted from 1; None for none."""
        if line != self._step:
            self._step = line
            self._redraw()

    def _redraw(self) -> None:
        # The text area keeps its drawn lines until its styles change.
        self.notify_style_update()
        self.refresh()

    def get_line(self, line_index: int) -> Text:
        text = super().get_line(line_index)
        begin = text.plain.find("#")
        code = begin if begin >= 0 else len(text.plain)
        number = line_index + 1
        if number == self._step:
            text.stylize(self._style("step"), 0, code)
        if begin >= 0:
            text.stylize(self._style("comment"), begin)
        if number in self._errors:
            # An expression that ends too early has nothing there: underline its last character.
            first = max(min(self._errors[number], code) - 1, 0)
            text.stylize(self._style("error"), first, code)
        return text

    def _style(self, name: str) -> Style:
        style = self.get_component_rich_style(f"program-editor--{name}")
        # Without the background, which the line needs for the cursor and the selection.
        return Style(color=style.color, bold=style.bold, underline=style.underline)


LABEL_WIDTH: Final = 8
# Nobody chooses from a longer list.
MOST_NEURONS: Final = 300


class NetworkCard(VerticalScroll, can_focus=False):
    """A sample with its target and output, a setting for another one, and a list of neurons."""

    DEFAULT_CSS = """
    NetworkCard { height: 1fr; }
    NetworkCard Static { height: auto; }
    NetworkCard .quiet { color: $text-muted; }
    NetworkCard #look-facts { margin: 1 0; }
    NetworkCard #look-age { height: 1; color: $text-warning; }
    """

    @dataclass
    class NeuronChosen(Message):
        """The user chose another neuron: its place in `neurons`."""

        place: int

    def compose(self) -> ComposeResult:
        yield Static(id="look-said", classes="quiet", markup=False)
        yield SettingsList((), {}, id="look-settings")
        yield Static(id="look-facts", markup=False)
        yield Words(id="look-age", tooltip="Whether these weights are up to date.")

    def show_network(self, network: NetworkSource, newest: int) -> None:
        """Shows the sample and the neuron, and the step that training is at."""
        reasons = self.query_one("#look-said", Static)
        said = Content(" ".join(network.reasons)), Content.styled(network.bugs, "$text-warning")
        reasons.display = any(said)
        show_text(reasons, Content("\n").join(filter(None, said)))
        facts = Content("\n").join(map(_fact, network.facts))
        show_text(self.query_one("#look-facts", Static), facts)
        self.show_newest(network, newest)
        self._offer(network)

    def show_newest(self, network: NetworkSource, newest: int) -> None:
        """Says whether training has moved on since."""
        press = with_keys("press u{microscope.newest}.")
        age = "" if newest == network.snapshot.step else f"Training is at step {newest:,}: {press}"
        self.query_one("#look-age", Words).say(Content(age))

    def _offer(self, network: NetworkSource) -> None:
        """Offers the samples, and the neurons if one of them is shown."""
        n_samples = network.snapshot.dataset.n_samples
        places = neurons(network.snapshot)[:MOST_NEURONS]
        values: dict[str, Any] = {"sample": float(network.row)}
        settings: list[Setting] = [
            Number(
                "sample",
                "sample",
                "Which sample of the data. Arrows move to the next, enter lets you type it.",
                range(n_samples),
                "{:.0f}".format,
            )
        ]
        if network.neuron is not None:
            place = places.index(network.neuron) if network.neuron in places else 0
            names = [(neuron_name(neuron), str(k)) for k, neuron in enumerate(places)]
            tooltip = "Which neuron: its layer, and its place in the layer."
            settings.append(Choice("neuron", "neuron", tooltip, names))
            values["neuron"] = str(place)
        self.query_one(SettingsList).offer(settings, values)

    def on_settings_list_changed(self, message: SettingsList.Changed) -> None:
        message.stop()
        if message.name == "sample":
            self.post_message(SamplePulls.SampleChosen(round(message.value)))
        else:
            self.post_message(self.NeuronChosen(int(message.value)))


def _fact(fact: tuple[str, str]) -> Content:
    name, value = fact
    return Content.assemble((f"{name:<{LABEL_WIDTH}} ", "$foreground-muted"), value)
