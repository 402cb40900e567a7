"""The data pane: what is learned, how it is drawn, and which inputs the network gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Button, Static

from ...core import Snapshot
from ...datasets import DATASETS, CsvError, csv_columns
from ..data_choice import DataChoice
from ..keys import bindings
from ..messages import Complaint, DataChanged, NetworkChanged, SaveWanted, TrainingChanged
from ..pane import Pane
from ..widgets.knob import Knob, linear_stops, parse_number
from ..widgets.text import show_text
from .facts import data_facts
from .file import CsvFile
from .gallery import OWN_FILE, DatasetGallery
from .inputs import NetworkInputs
from .settings import DataSettings

LABEL_WIDTH = 9
VALUE_WIDTH = 6
SAMPLES = (50.0, 100.0, 200.0, 300.0, 500.0, 800.0, 1200.0, 2000.0, 5000.0)
NOISES = linear_stops(0.0, 0.5, 0.05)
TRAIN_SHARES = linear_stops(0.1, 0.9, 0.1)
SEEDS = linear_stops(0.0, 20.0, 1.0)


class DataPane(Pane):
    """Data sets, samples, noise, train share, seed and inputs."""

    TITLE = "Data"
    HELP_TEXT = (
        "Walk the pictures with the arrows or hjkl and press enter, or click one: that data set is "
        "learned. The last card opens a CSV file by its path (tab completes it, ~ is your folder); "
        "its last column is learned until you choose another. Below the pictures down goes to "
        "samples, noise, the share that trains and the seed, which draw the data anew, and to the "
        "inputs, which are what the network sees of them: tick them with enter, or type one of "
        "your own, x1*sin(x2), and press enter. An own input that is unticked is gone; ctrl+z "
        "brings it back. ctrl+s saves all points as CSV."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        ctrl+s | data.save     | save_points    | Save     | Save the points as a CSV file
        down,j | data.settings | leave_pictures | Settings | From the pictures to the settings
        up,k   | data.pictures | leave_settings | Pictures | From the settings back to the pictures
        """
    )

    def __init__(self, choice: DataChoice, *, id: str) -> None:
        super().__init__(id=id)
        self._choice = choice
        # What was asked for and is still being loaded: a second change builds on it.
        self._wanted: DataChoice | None = None
        self._shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        with Container(id="data-body"):
            gallery = DatasetGallery(id="datasets")
            gallery.tooltip = (
                "What there is to learn. Arrows and enter, or a click, choose: try the spiral."
            )
            yield gallery
            with DataSettings(id="data-settings"):
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
                yield NetworkInputs(id="network-inputs-box")
                yield CsvFile(id="csv-file")
                yield Static(id="data-facts", markup=False)

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
        super().on_mount()
        self._show_in_force()

    # --- What is shown -------------------------------------------------------------------------

    def show_choice(self, choice: DataChoice) -> None:
        """Shows which data set is chosen, and how it is drawn.

        While another one that was asked for is being loaded, that one stays on the knobs.
        """
        if self._wanted is None or _unedited(choice) == _unedited(self._wanted):
            self._wanted = None
        is_other = choice != self._choice
        self._choice = choice
        if self._wanted is None and is_other:
            self._show_in_force()

    def restore(self) -> None:
        """Shows the data in force where others could not be had."""
        self._wanted = None
        self._show_in_force()
        self.query_one(NetworkInputs).restore()

    def _show_in_force(self) -> None:
        choice = self._choice
        entry = DATASETS[choice.name]
        is_file = choice.path is not None
        gallery = self.query_one(DatasetGallery)
        gallery.show_choice(
            OWN_FILE if is_file else choice.name, "" if choice.path is None else choice.path.name
        )
        samples = self.query_one("#samples", Knob)
        samples.value = float(entry.n_samples if choice.n_samples is None else choice.n_samples)
        noise = self.query_one("#noise", Knob)
        noise.value = entry.noise if choice.noise is None else choice.noise
        seed = self.query_one("#seed", Knob)
        seed.value = float(choice.seed)
        for knob in (samples, noise, seed):
            knob.disabled = is_file
        if choice.path is None:
            self.query_one(CsvFile).show_columns((), "")
        else:
            self._read_columns(choice.path, choice.target)

    @work(thread=True, group="data", exit_on_error=False)
    def _read_columns(self, path: Path, target: str | None) -> None:
        try:
            columns = csv_columns(path)
        except CsvError:
            # It was there when it was loaded; the points are, still, and can be learned.
            columns = ()
        if self._choice.path == path:
            learned = target if target is not None else columns[-1] if columns else ""
            self.app.call_from_thread(self.query_one(CsvFile).show_columns, columns, learned)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Shows the size, the facts, the train share, and the inputs in use."""
        shown = (snapshot.dataset, snapshot.training.train_share, snapshot.inputs)
        if len(self._shown) == len(shown) and all(map(_is_or_equals, shown, self._shown)):
            return
        if not self._shown or self._shown[0] is not snapshot.dataset:
            self._show_dataset(snapshot)
        self._shown = shown
        self.query_one("#train", Knob).value = snapshot.training.train_share
        self.query_one(NetworkInputs).show(snapshot.dataset.columns, snapshot.inputs)

    def _show_dataset(self, snapshot: Snapshot) -> None:
        dataset, path = snapshot.dataset, self._choice.path
        kinds = f"{dataset.n_classes} classes" if dataset.task == "classification" else "numbers"
        name = dataset.name if path is None else path.name
        self.write_on_border(f"{self.TITLE}  {name}", f"{dataset.n_samples:,} points, {kinds}")
        show_text(self.query_one("#data-facts", Static), Content(data_facts(self._choice, dataset)))
        if path is not None:
            self.query_one(DatasetGallery).show_file(dataset)

    # --- What the user does --------------------------------------------------------------------

    def _ask_for(self, **changes: Any) -> None:
        """Asks for other data than those in force, or than those that are on their way."""
        self._wanted = replace(self._wanted or self._choice, **changes)
        self.post_message(DataChanged(self._wanted))

    def on_dataset_gallery_chosen(self, event: DatasetGallery.Chosen) -> None:
        event.stop()
        file = self.query_one(CsvFile)
        if event.name == OWN_FILE:
            file.ask_what_to_open()
            return
        file.close_opening()
        self._wanted = DataChoice(name=event.name, seed=(self._wanted or self._choice).seed)
        self.post_message(DataChanged(self._wanted))

    def on_csv_file_open_wanted(self, event: CsvFile.OpenWanted) -> None:
        event.stop()
        self._ask_for(path=event.path, target=None)

    def on_csv_file_column_chosen(self, event: CsvFile.ColumnChosen) -> None:
        event.stop()
        self._ask_for(target=event.column)

    def on_csv_file_save_wanted(self, event: CsvFile.SaveWanted) -> None:
        event.stop()
        self.post_message(SaveWanted(event.path))

    def on_csv_file_left(self, event: CsvFile.Left) -> None:
        event.stop()
        self.focus_first()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "open-csv":
            self.query_one(CsvFile).ask_what_to_open()
        else:
            self.action_save_points()

    def on_knob_changed(self, event: Knob.Changed) -> None:
        event.stop()
        if event.knob.id == "train":
            self.post_message(TrainingChanged({"train_share": event.value}))
        elif event.knob.id == "noise":
            self._ask_for(noise=event.value)
        elif event.knob.id == "samples":
            self._ask_for(n_samples=round(event.value))
        else:
            self._ask_for(seed=max(0, round(event.value)))

    def on_knob_rejected(self, event: Knob.Rejected) -> None:
        event.stop()
        self.post_message(Complaint(event.sentence))

    def on_network_inputs_chosen(self, event: NetworkInputs.Chosen) -> None:
        event.stop()
        if not event.inputs:
            self.post_message(Complaint("The network needs at least one input."))
        elif self.snapshot is not None:
            network = replace(self.snapshot.network, inputs=event.inputs)
            self.post_message(NetworkChanged(network))

    def action_save_points(self) -> None:
        if self.snapshot is not None:
            self.query_one(CsvFile).ask_where_to_save(f"{self.snapshot.dataset.name}.csv")

    def show_saved(self) -> None:
        """Hide the path: the points are saved."""
        self.query_one(CsvFile).close_saving()

    def action_leave_pictures(self) -> None:
        if self.query_one(DatasetGallery).has_focus:
            self.query_one(DataSettings).focus_first()

    def action_leave_settings(self) -> None:
        self.query_one(DatasetGallery).focus()


def _unedited(choice: DataChoice) -> DataChoice:
    return replace(choice, added=(), removed=())


def _is_or_equals(new: object, old: object) -> bool:
    return new is old or new == old


def _plain(value: float) -> str:
    return f"{value:g}"


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _parse_percent(text: str) -> float:
    number = parse_number(text.strip().rstrip("%"))
    return number / 100.0 if number > 1.0 or "%" in text else number
