"""WallForm: asks what varies across and down, how many seeds and how many epochs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from ...core.sweep.axis import Axis
from ...core.sweep.sweep import Sweep
from ..drawing.numbers import counted
from ..file_jobs import run_job
from ..footer import Footer
from ..key_words import with_keys
from ..keys import bindings
from ..widgets.basics import show_text
from .plan import PRESETS, Plan, check_size, trainability

BEFORE: Final = "As before"
MOST_CHARACTERS: Final = 400
LEAST_LINES: Final = 21
"""With fewer the presets scroll, and nothing is said of them."""
FIELDS: Final = {
    "across": "What varies from left to right: learning-rate=0.001..10:20:log, optimizer=sgd,adam",
    "down": "What varies from row to row, written likewise; nothing for a single row",
    "seeds": "How many runs for each cell: a seed decides samples, first weights and order",
    "epochs": "How long each run trains",
}
HOW: Final = "A list: hidden=4,8,8x8. A range: learning-rate=0.001..10:20:log. Enter starts."


class Answer(NamedTuple):
    """What was typed, and what it makes."""

    plan: Plan
    sweep: Sweep


class WallForm(ModalScreen[Answer | None]):
    """A list of presets above the fields that they fill. Returns what was typed, once it is fine.

    Args:
        make: Makes the sweep of a plan, in a thread; raises a `ValueError` where it can't.
        before: What was typed the last time.
        lines: Of the terminal.
    """

    DEFAULT_CSS = """
    WallForm { align: center middle; }
    #wall-form { width: 100%; max-width: 78; height: auto; background: $surface; padding: 0 1; }
    #wall-form { border: round $primary; }
    #wall-presets { height: auto; max-height: 8; background: transparent; }
    #wall-presets { border: none; padding: 0; }
    #wall-presets:focus { border: none; background: $surface-active; }
    #wall-about { height: 3; color: $text-muted; margin-bottom: 1; }
    #wall-form Horizontal { height: 1; }
    #wall-form Label { width: 8; color: $primary; text-style: bold; }
    #wall-form Input { width: 1fr; background: $boost; padding: 0; }
    #wall-form .-short { width: 12; }
    #wall-form #wall-second { margin-left: 3; }
    #wall-said { height: 3; margin-top: 1; }
    #wall-said.-wrong { color: $text-error; }
    WallForm.-low #wall-about { display: none; }
    WallForm.-low #wall-presets { max-height: 4; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | wall-form.close    | dismiss           | *Close | Close the form, begin nothing
        down   | wall-form.next     | app.focus_next    | Next field | Go to the next field
        up     | wall-form.previous | app.focus_previous | Field before | Go to the field before
        """
    )

    def __init__(self, make: Callable[[Plan], Sweep], before: Plan | None, *, lines: int) -> None:
        super().__init__()
        self._make = make
        before_all = [] if before is None else [before]
        self._plans = [*before_all, *PRESETS, trainability(lines)]
        self._has_before = before is not None
        self._is_making = False

    def compose(self) -> ComposeResult:
        titles = [plan.title for plan in self._plans]
        if self._has_before:
            titles[0] = BEFORE
        with Vertical(id="wall-form") as box:
            box.border_title = "New wall"
            presets = OptionList(*map(Option, titles), id="wall-presets", compact=True)
            presets.tooltip = "Each fills the fields below, where it can be changed."
            yield presets
            yield Static(id="wall-about", markup=False)
            yield from (self._line(name) for name in ("across", "down"))
            with Horizontal():
                yield Label("seeds")
                yield self._field("seeds", classes="-short")
                yield Label("epochs", id="wall-second")
                yield self._field("epochs", classes="-short")
            yield Static(id="wall-said", markup=False)
        yield Footer()

    def _line(self, name: str) -> Horizontal:
        return Horizontal(Label(name), self._field(name))

    @staticmethod
    def _field(name: str, *, classes: str = "") -> Input:
        return Input(
            id=f"wall-{name}",
            compact=True,
            max_length=MOST_CHARACTERS,
            select_on_focus=False,
            tooltip=FIELDS[name],
            classes=classes,
        )

    def on_mount(self) -> None:
        presets = self.query_one(OptionList)
        presets.highlighted = 0
        presets.focus()

    def on_resize(self) -> None:
        self.set_class(self.app.size.height < LEAST_LINES, "-low")

    # --- What is typed -------------------------------------------------------------------------

    @property
    def plan(self) -> Plan:
        """What the fields say."""
        across, down, seeds, epochs = (
            self.query_one(f"#wall-{name}", Input).value for name in FIELDS
        )
        preset = self._plans[self.query_one(OptionList).highlighted or 0]
        return replace(preset, across=across, down=down, seeds=seeds, epochs=epochs)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        plan = self._plans[event.option_index]
        with self.prevent(Input.Changed):
            for name in FIELDS:
                field = self.query_one(f"#wall-{name}", Input)
                field.value = getattr(plan, name)
                field.cursor_position = len(field.value)
        show_text(self.query_one("#wall-about", Static), Content(with_keys(plan.about)))
        self._count()

    def on_input_changed(self) -> None:
        self._count()

    def _count(self) -> None:
        """Says how many runs that are, or what is wrong; nothing is loaded for it."""
        plan = self.plan
        try:
            axes = [Axis.parse(text) for text in (plan.across, plan.down) if text.strip()]
            counts = [len(axis) for axis in axes] + [int(plan.seeds)]
            n_runs = 1
            for count in counts:
                n_runs *= count
            parts = [f"{len(axis)} {axis.name}" for axis in axes]
            parts += [f"{counts[-1]} seeds"] * (counts[-1] != 1)
            said = f"{counted(n_runs, 'run')}: {' x '.join(parts)}." if axes else ""
        except ValueError:
            # What is half typed is no mistake yet: the sentence waits for enter.
            said = ""
        self._say(f"{said}\n{HOW}")

    def _say(self, sentence: str, *, is_wrong: bool = False) -> None:
        if self.is_attached:
            said = self.query_one("#wall-said", Static)
            said.set_class(is_wrong, "-wrong")
            show_text(said, Content(sentence))

    # --- Beginning -----------------------------------------------------------------------------

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._begin()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._begin()

    def _begin(self) -> None:
        if self._is_making:
            return
        self._is_making = True
        plan = self.plan

        def made(sweep: Sweep) -> None:
            # It may be closed by hand meanwhile.
            if self.is_current:
                self.dismiss(Answer(plan, sweep))

        def make() -> Sweep:
            sweep = self._make(plan)
            check_size(sweep)
            return sweep

        run_job(
            self.app,
            make,
            made,
            lambda sentence: self._say(sentence, is_wrong=True),
            failed="The wall was not begun",
            ended=self._end_making,
        )

    def _end_making(self) -> None:
        self._is_making = False
