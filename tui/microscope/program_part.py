"""The part of the microscope that says what is looked at: a program, or the network on a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, get_args

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Select, Static

from ...core.expression import ExpressionError
from ..widgets.choice import Choice, DropDown
from ..widgets.text import show_text
from .examples import EXAMPLES, FIRST_EXAMPLE
from .network_card import NetworkCard
from .network_source import NetworkLook
from .program_editor import ProgramEditor

Source = Literal["program", "network", "neuron"]
SOURCES: Final[tuple[Source, ...]] = get_args(Source)
_TITLES: Final = {
    "program": "a program",
    "network": "the network on a point",
    "neuron": "one neuron on a point",
}
MOST_ERRORS: Final = 3
"""So many are told at once; the others when these are gone."""


class ProgramPart(Vertical):
    """What is looked at; below it the program with its errors, or the point and the neuron."""

    TITLE: ClassVar[str] = "Program"
    HELP_TEXT: ClassVar[str] = (
        "Type one assignment a line: a = -4.0, c = a*b + 1, L = c.tanh(). The functions are sin, "
        "cos, tanh, sigmoid, relu, exp, log, sqrt, abs, softplus and elu; a comment begins with #. "
        "The last line is the output, and a changed number flows through at once. Or choose an "
        "example. Or look at your own network on a point of the data, whole or one neuron."
    )

    DEFAULT_CSS = """
    ProgramPart #errors { height: auto; max-height: 11; color: $text-error; }
    ProgramPart #program-body { height: 1fr; }
    ProgramPart #examples { width: 1fr; }
    """

    @dataclass
    class Edited(Message):
        """The program has another text."""

        text: str

    @dataclass
    class SourceChosen(Message):
        """The user wants to look at something else."""

        source: Source

    def __init__(self, *, id: str, classes: str) -> None:
        super().__init__(id=id, classes=classes)

    def compose(self) -> ComposeResult:
        yield Choice(
            "graph of",
            [(_TITLES[source], source) for source in SOURCES],
            SOURCES[0],
            label_width=8,
            tooltip="What is looked at (g takes the next one).",
            id="source",
        )
        with Vertical(id="program-body"):
            yield DropDown(
                [(name, name) for name in EXAMPLES],
                FIRST_EXAMPLE,
                tooltip="Examples, most of them from Karpathy's lecture on micrograd.",
            )
            yield ProgramEditor(EXAMPLES[FIRST_EXAMPLE], id="editor")
            yield Static(id="errors", markup=False)
        yield NetworkCard(id="network-card")

    def on_mount(self) -> None:
        self.query_one("#network-card").display = False
        self.query_one("#errors").display = False

    def show_source(self, source: Source) -> None:
        """Shows what belongs to a source."""
        self.query_one("#source", Choice).value = source
        self.query_one("#program-body").display = source == "program"
        self.query_one("#network-card").display = source != "program"

    def show_look(self, look: NetworkLook, newest: int) -> None:
        """Shows what of the network is looked at, and how far training is."""
        self.query_one(NetworkCard).show_look(look, newest)

    def show_newest(self, look: NetworkLook, newest: int) -> None:
        """Says how far training is."""
        self.query_one(NetworkCard).show_newest(look, newest)

    def show_errors(self, errors: Sequence[ExpressionError]) -> None:
        """Says what is wrong with the program, and underlines it."""
        sentences = [_sentence(error) for error in errors[:MOST_ERRORS]]
        if len(errors) > MOST_ERRORS:
            sentences.append(f"And {len(errors) - MOST_ERRORS:,} more lines with errors.")
        said = self.query_one("#errors", Static)
        said.display = bool(sentences)
        show_text(said, Content("\n".join(sentences)))
        self.query_one(ProgramEditor).mark_errors({e.line: e.column for e in errors})

    def show_example(self, name: str) -> None:
        """Writes an example into the editor."""
        self.query_one("#program-body DropDown", DropDown).show(name)
        self.query_one(ProgramEditor).text = EXAMPLES[name]

    def mark_step(self, line: int | None) -> None:
        """Lights the line that the step belongs to."""
        self.query_one(ProgramEditor).mark_step(line)

    @property
    def text(self) -> str:
        """The program."""
        return self.query_one(ProgramEditor).text

    def on_select_changed(self, event: Select.Changed) -> None:
        event.stop()
        self.query_one(ProgramEditor).text = EXAMPLES[str(event.value)]

    def on_text_area_changed(self) -> None:
        self.post_message(self.Edited(self.text))

    def on_choice_changed(self, message: Choice.Changed) -> None:
        message.stop()
        source = next(source for source in SOURCES if source == message.value)
        self.post_message(self.SourceChosen(source))


def _sentence(error: ExpressionError) -> str:
    text = str(error)
    return f"{text[0].upper()}{text[1:]}."
