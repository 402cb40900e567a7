"""The data pane: what is learned, how it is drawn, and which inputs the network gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ItemGrid, VerticalScroll
from textual.content import Content
from textual.widgets import Checkbox, Input, OptionList, Static
from textual.widgets.option_list import Option

from ...core import Snapshot
from ...core.training import available_features
from ...datasets import DATASETS
from ..data_choice import DataChoice
from ..messages import Complaint, DataChanged, NetworkChanged, TrainingChanged
from ..widgets.knob import Knob, linear_stops, parse_number
from ..widgets.text import show_text
from .pane import Pane

LABEL_WIDTH = 9
VALUE_WIDTH = 6
SAMPLES = (50.0, 100.0, 200.0, 300.0, 500.0, 800.0, 1200.0, 2000.0, 5000.0)
NOISES = linear_stops(0.0, 0.5, 0.05)
TRAIN_SHARES = linear_stops(0.1, 0.9, 0.1)
SEEDS = linear_stops(0.0, 20.0, 1.0)
OWN_FILE = "csv"


class InputBox(Checkbox):
    """An input of the network, to be ticked; what is off shows no mark, not a pale one."""

    def render(self) -> Content:
        """The mark of the value, then the name."""
        self.BUTTON_INNER = "x" if self.value else " "
        if getattr(self.app, "ascii", False):
            self.BUTTON_LEFT, self.BUTTON_RIGHT = "[]"
        return super().render()


class DatasetList(OptionList):
    """The data sets."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "j", "cursor_down", "Down", id="datasets.down", show=False, tooltip="The next data set"
        ),
        Binding(
            "k", "cursor_up", "Up", id="datasets.up", show=False, tooltip="The data set before"
        ),
    ]


class DataPane(Pane):
    """Data sets, samples, noise, train share, seed and inputs."""

    TITLE = "Data"
    HELP_TEXT = (
        "Choose a data set with the arrows and enter, or type the path of a CSV file (its last "
        "column is learned). Samples, noise, the share that trains and the seed draw it anew; the "
        "inputs are what the network sees of it."
    )

    def __init__(self, choice: DataChoice, *, id: str) -> None:
        super().__init__(id=id)
        self._choice = choice
        self._offered: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """The list, the knobs, the inputs."""
        options = [Option(entry.name, id=entry.name) for entry in DATASETS.values()]
        yield DatasetList(
            *options, Option("open a CSV file …", id=OWN_FILE), id="datasets", compact=True
        )
        yield Input(placeholder="path of a CSV file", id="csv-path", compact=True)
        yield Static(id="data-facts")
        with VerticalScroll(id="data-knobs", can_focus=False):
            yield self._knob("samples", SAMPLES, "How many points there are.")
            yield self._knob(
                "noise", NOISES, "How far points or labels stray: try 0.2, then regularize."
            )
            yield self._knob(
                "train",
                TRAIN_SHARES,
                "The share of the points that train; the others test what was learned.",
            )
            yield self._knob("seed", SEEDS, "Other seeds draw other points.")
            yield ItemGrid(id="inputs", min_column_width=11, stretch_height=False)

    def _knob(self, name: str, stops: tuple[float, ...], tooltip: str) -> Knob:
        return Knob(
            name,
            stops,
            stops[0],
            _percent if name == "train" else _plain,
            _parse_percent if name == "train" else parse_number,
            label_width=LABEL_WIDTH,
            value_width=VALUE_WIDTH,
            tooltip=tooltip,
            id=name,
        )

    def on_mount(self) -> None:
        """Shows the choice."""
        super().on_mount()
        self.query_one("#csv-path").display = False
        self.show_choice(self._choice)

    def show_choice(self, choice: DataChoice) -> None:
        """Shows which data set is chosen, and how it is drawn."""
        self._choice = choice
        entry = DATASETS[choice.name]
        is_file = choice.path is not None
        options = self.query_one("#datasets", OptionList)
        for name in DATASETS:
            mark = "▸" if name == choice.name and not is_file else " "
            options.replace_option_prompt(name, f"{self._glyph(mark)} {name}")
        dots = "..." if getattr(self.app, "ascii", False) else "…"
        name = f": {choice.path.name}" if choice.path is not None else f" {dots}"
        options.replace_option_prompt(
            OWN_FILE, f"{self._glyph('▸' if is_file else ' ')} open a CSV file{name}"
        )
        options.highlighted = options.get_option_index(OWN_FILE if is_file else choice.name)
        samples = self.query_one("#samples", Knob)
        samples.value = float(entry.n_samples if choice.n_samples is None else choice.n_samples)
        noise = self.query_one("#noise", Knob)
        noise.value = entry.noise if choice.noise is None else choice.noise
        self.query_one("#seed", Knob).value = float(choice.seed)
        for knob in (samples, noise, self.query_one("#seed", Knob)):
            knob.disabled = is_file

    def _glyph(self, glyph: str) -> str:
        return ">" if glyph != " " and getattr(self.app, "ascii", False) else glyph

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Shows size, classes and source, the train share, and the inputs in use."""
        dataset = snapshot.dataset
        kinds = f"{dataset.n_classes} classes" if dataset.task == "classification" else "numbers"
        path = self._choice.path
        name = dataset.name if path is None else path.name
        self.write_on_border(f"{self.TITLE}  {name}", f"{dataset.n_samples:,} points, {kinds}")
        facts = self.query_one("#data-facts", Static)
        show_text(facts, dataset.note)
        facts.display = bool(dataset.note)
        self.query_one("#train", Knob).value = snapshot.training.train_share
        self._show_inputs(len(dataset.columns), snapshot.inputs)

    def _show_inputs(self, n_columns: int, used: tuple[str, ...]) -> None:
        grid = self.query_one("#inputs", ItemGrid)
        offered = available_features(n_columns)
        offered += tuple(name for name in used if name not in offered)
        if n_columns > 2:
            offered = ()
        if offered != self._offered:
            self._offered = offered
            grid.remove_children()
            grid.mount_all(
                InputBox(name, name in used, compact=True, name=name, tooltip=_input_tip(name))
                for name in offered
            )
            return
        with self.prevent(Checkbox.Changed):
            for box in grid.query(Checkbox):
                box.value = box.name in used

    # --- What the user does --------------------------------------------------------------------

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Takes a data set, or asks for a path."""
        event.stop()
        if event.option_id == OWN_FILE:
            path = self.query_one("#csv-path", Input)
            path.display = True
            path.focus()
        elif event.option_id is not None:
            self.query_one("#csv-path").display = False
            self.post_message(DataChanged(DataChoice(name=event.option_id, seed=self._choice.seed)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Opens the file of that path."""
        event.stop()
        if event.value.strip():
            path = Path(event.value.strip()).expanduser()
            self.post_message(DataChanged(replace(self._choice, path=path, target=None)))

    def key_escape(self) -> None:
        """Leaves the path as it was."""
        path = self.query_one("#csv-path", Input)
        if path.has_focus:
            path.display = False
            self.query_one("#datasets").focus()

    def on_knob_changed(self, event: Knob.Changed) -> None:
        """Draws the data anew."""
        event.stop()
        if event.knob.id == "train":
            self.post_message(TrainingChanged({"train_share": event.value}))
            return
        changes: dict[str, dict[str, float | int]] = {
            "samples": {"n_samples": round(event.value)},
            "noise": {"noise": event.value},
            "seed": {"seed": max(0, round(event.value))},
        }
        self.post_message(DataChanged(replace(self._choice, **changes[str(event.knob.id)])))  # type: ignore[arg-type]

    def on_knob_rejected(self, event: Knob.Rejected) -> None:
        """Hands on what cannot be."""
        event.stop()
        self.post_message(Complaint(event.sentence))

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        """Adds or takes away an input."""
        event.stop()
        if self.snapshot is None:
            return
        boxes = self.query_one("#inputs").query(Checkbox)
        chosen = tuple(str(box.name) for box in boxes if box.value)
        if chosen == self.snapshot.inputs:
            return
        if not chosen:
            with self.prevent(Checkbox.Changed):
                event.checkbox.value = True
            self.post_message(Complaint("The network needs at least one input."))
            return
        self.post_message(NetworkChanged(replace(self.snapshot.network, inputs=chosen)))


def _plain(value: float) -> str:
    return f"{value:g}"


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _parse_percent(text: str) -> float:
    number = parse_number(text.strip().rstrip("%"))
    return number / 100.0 if number > 1.0 or "%" in text else number


def _input_tip(name: str) -> str:
    return f"Give the network {name} as an input."
