"""The data pane: what the network learns, how it is drawn, and which inputs the network gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from ...core import Snapshot, TrainingConfig
from ...datasets import (
    CSV_SUFFIXES,
    DATASETS,
    DataChoice,
    Dataset,
    Progress,
    TableOptions,
    shown,
)
from ..keys import bindings
from ..messages import Complaint, DataChanged, NetworkChanged, SaveWanted, TrainingChanged
from ..pane import Pane
from ..reading import run_reading
from ..widgets.basics import is_ascii, show_text
from ..widgets.path_field import PathField
from ..widgets.settings import (
    Action,
    Choice,
    Number,
    Setting,
    linear_stops,
    parse_number,
    parse_whole,
)
from ..widgets.settings_list import SettingsList
from .gallery import OWN_FILE, DatasetGallery
from .inputs import NetworkInputs
from .thumbnail import pictured_columns

if TYPE_CHECKING:
    from ...datasets import CsvTable, Survey

SAMPLE: Final = 10_000
"""So many rows are offered of a file that has too many."""
COLUMN_JOBS: Final = "columns"
"""The group of workers that read the columns of a table."""
MOST_CLASSES: Final = 4
"""Up to this many classes are listed by name."""
PATHS: Final = {
    "csv-path": (
        "path of a CSV file",
        "A table with a header; its last column is the target. Tab completes the path.",
    ),
    "save-path": (
        "path to save to",
        "Where to save the samples, as a CSV file that opens here again: try samples.csv.",
    ),
}
"""What the fields of paths say, empty and in their tooltips."""
_UNNAMED: Final = (("x",), ("x1", "x2"))


class DataPane(Pane):
    """Data sets, samples, noise, train share, seed and inputs."""

    TITLE = "Data"
    HELP_TEXT = (
        "Move among the pictures with the arrows or hjkl and press enter, or click one, to train "
        "on that data set. The last card opens a CSV file by its path (tab completes it, ~ is your "
        "folder) and lists its columns first: enter takes them as they are, c{data.columns} brings "
        "the list back later. Below the pictures, "
        "down goes to samples, noise, the share to train on and the seed, which draw the data "
        "again, and to the inputs, which are what the network sees of them: tick them with enter, "
        "or type your own, x1*sin(x2), and press enter. g{data.again} draws new samples, "
        "G{data.defaults} brings back all that the data come with. Unticking your own input "
        "removes it; ctrl+z{edit.undo} brings it back. w{data.save} saves all samples as CSV."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        g      | data.again    | draw_again     | *New points | Draw new samples: the next seed
        G      | data.defaults | restore_defaults | Defaults |
        | Begin again with the samples, the network and the settings that these data come with
        w      | data.save     | save_points    | Save     | Save the samples as a CSV file
        c      | data.columns  | show_columns   | *Columns |
        | The columns of the file: which one is learned, from which, and how they are read
        down,j | data.settings | leave_pictures | Settings | From the pictures to the settings
        up,k   | data.pictures | leave_settings | Pictures | From the settings back to the pictures
        escape | data.back     | leave_settings | Pictures | Back to the pictures
        """
    )

    def __init__(self, choice: DataChoice, *, id: str) -> None:
        super().__init__(id=id)
        self._choice = choice
        # What was requested and is still loading: a second change builds on it.
        self._wanted: DataChoice | None = None
        self._shown: tuple[object, ...] = ()
        # Of the file that is open, if any.
        self._columns: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        with Container(id="data-body"):
            gallery = DatasetGallery(id="datasets")
            gallery.tooltip = (
                "The data sets. Choose one with the arrows and enter, or a click: try the spiral."
            )
            yield gallery
            with DataSettings(id="data-settings"):
                values = {"train": TrainingConfig().train_share, **_values(self._choice)}
                yield SettingsList(_settings(()), values, id="drawing")
                yield NetworkInputs(id="network-inputs-box")
                dots = "..." if is_ascii(self) else "…"
                actions = [
                    Action("open-csv", f"open CSV{dots}", "Train on the samples of a CSV file."),
                    Action(
                        "save-csv",
                        f"save CSV{dots}",
                        "Save all samples, those you added too, as a CSV file (w).",
                    ),
                ]
                yield SettingsList(actions, {}, least_column=12, is_across=True, id="csv-file")
                yield Static(id="data-facts", markup=False)

    def later_widgets(self) -> Iterable[type[Widget]]:
        return (PathField,)

    def on_mount(self) -> None:
        self._show_current()

    # --- What is shown -------------------------------------------------------------------------

    def show_choice(self, choice: DataChoice) -> None:
        """Show which data set is chosen, and how it is drawn.

        While another requested one loads, the settings keep showing that one.
        """
        if self._wanted is None or _unedited(choice) == _unedited(self._wanted):
            self._wanted = None
        is_other = choice != self._choice
        self._choice = choice
        self.refresh_bindings()
        if self._wanted is None and is_other:
            self._show_current()
            if choice.path is not None:
                self._close("csv-path")

    def restore(self) -> None:
        self._wanted = None
        self._show_current()
        self.query_one(NetworkInputs).restore()

    def _show_current(self) -> None:
        choice = self._choice
        locked = () if choice.path is None else ("samples", "noise", "seed")
        self._drawing.show(_values(choice), locked=locked)
        gallery = self.query_one(DatasetGallery)
        if choice.path is None:
            gallery.show_choice(choice.name)
            self._show_columns((), "")
        else:
            gallery.show_choice(OWN_FILE, shown(choice.path.name))
            if self.snapshot is not None:
                self._show_file(self.snapshot.dataset)

    def _show_file(self, dataset: Dataset) -> None:
        target, *columns = dataset.file_columns or ("",)
        self._show_columns(tuple(columns), target)
        self._drawing.show({"samples": float(dataset.n_samples)})

    def _show_columns(self, columns: tuple[str, ...], target: str) -> None:
        """Offers the columns of a file, none if no file is open, with the target chosen."""
        drawing = self._drawing
        if columns != self._columns:
            self._columns = columns
            shares = {"train": drawing.value("train")}
            drawing.offer(_settings(columns), _values(self._choice) | shares)
        drawing.show({"target": target})

    @property
    def _drawing(self) -> SettingsList:
        """How the data are drawn."""
        return self.query_one("#drawing", SettingsList)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        shown = (snapshot.dataset, snapshot.training.train_share, snapshot.inputs)
        if shown == self._shown:
            return
        if not self._shown or self._shown[0] is not snapshot.dataset:
            self._show_dataset(snapshot.dataset)
        self._shown = shown
        self._drawing.show({"train": snapshot.training.train_share})
        self.query_one(NetworkInputs).show(snapshot.dataset, snapshot.inputs)

    def _show_dataset(self, dataset: Dataset) -> None:
        path = self._choice.path
        kinds = f"{dataset.n_classes} classes" if dataset.task == "classification" else "numbers"
        name = dataset.name if path is None else shown(path.name)
        self.write_on_border(f"{self.TITLE}  {name}", f"{dataset.n_samples:,} samples, {kinds}")
        show_text(self.query_one("#data-facts", Static), Content(_facts(self._choice, dataset)))
        if path is not None:
            self.query_one(DatasetGallery).show_file(dataset)
            self._show_file(dataset)

    # --- What the user does --------------------------------------------------------------------

    def _request(self, read: CsvTable | None = None, **changes: Any) -> None:
        """Request other data than the current, or than those that are loading.

        Args:
            read: The file, if it was just read.
            changes: Of the choice.
        """
        self._wanted = replace(self._wanted or self._choice, **changes)
        self.post_message(DataChanged(self._wanted, table=read))

    async def on_dataset_gallery_chosen(self, event: DatasetGallery.Chosen) -> None:
        event.stop()
        if event.name == OWN_FILE:
            await self._ask_what_to_open()
            return
        self._close("csv-path")
        self._wanted = DataChoice(name=event.name, seed=(self._wanted or self._choice).seed)
        self.post_message(DataChanged(self._wanted))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        field = event.input
        if isinstance(field, PathField) and field.path is not None:
            if field.id == "csv-path":
                self._check_columns(field.path, TableOptions())
            else:
                self.post_message(SaveWanted(field.path))

    def _check_columns(
        self, path: Path, options: TableOptions, in_force: TableOptions | None = None
    ) -> None:
        """Lists the columns of a file, and takes it as the user then wants it."""
        seed = (self._wanted or self._choice).seed

        def show(read: tuple[CsvTable, Survey, TableOptions]) -> None:
            def take(taken: TableOptions | None) -> None:
                if taken not in (None, in_force):
                    self._request(read[0], path=path, table=taken, seed=seed)

            # Here, as below, because most sittings open no table.
            from .columns_screen import ColumnsScreen

            self.app.push_screen(ColumnsScreen(*read), take)

        def refuse(sentence: str) -> None:
            self.post_message(Complaint(sentence))

        run_reading(
            self.app,
            shown(path.name),
            partial(_read, path, options, seed),
            show,
            refuse,
            failed="The file could not be read",
            group=COLUMN_JOBS,
        )

    def on_path_field_canceled(self, event: PathField.Canceled) -> None:
        event.stop()
        self.focus_first()

    async def on_settings_list_pressed(self, event: SettingsList.Pressed) -> None:
        event.stop()
        if event.name == "open-csv":
            await self._ask_what_to_open()
        else:
            await self.action_save_points()

    async def _ask_what_to_open(self) -> None:
        field = await self._path_field("csv-path")
        field.ask(field.value)

    async def _path_field(self, id: str) -> PathField:
        """The field of a path, made when it is first wanted."""
        for field in self.query(f"#{id}").results(PathField):
            return field
        field = PathField(*PATHS[id], suffixes=CSV_SUFFIXES, id=id)
        await self.query_one(DataSettings).mount(field, before="#data-facts")
        return field

    def on_settings_list_changed(self, event: SettingsList.Changed) -> None:
        event.stop()
        if event.name == "train":
            self.post_message(TrainingChanged({"train_share": event.value}))
        elif event.name == "samples":
            self._request(n_samples=round(event.value))
        elif event.name == "seed":
            self._request(seed=max(0, round(event.value)))
        elif event.name == "target":
            table = (self._wanted or self._choice).table
            self._request(table=replace(table, target=event.value))
        else:
            self._request(**{event.name: event.value})

    def on_network_inputs_chosen(self, event: NetworkInputs.Chosen) -> None:
        event.stop()
        if not event.inputs:
            self.post_message(Complaint("The network needs at least one input."))
        elif self.snapshot is not None:
            network = replace(self.snapshot.network, inputs=event.inputs)
            self.post_message(NetworkChanged(network))

    def action_draw_again(self) -> None:
        choice = self._wanted or self._choice
        if choice.path is None:
            self._request(seed=choice.seed + 1)
        else:
            self.notify("The samples of a file are always the same.")

    def action_restore_defaults(self) -> None:
        choice = self._choice
        fresh = DataChoice(name=choice.name, path=choice.path, table=choice.table)
        self.post_message(DataChanged(fresh, starts_over=True))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "show_columns":
            return self._choice.path is not None
        return super().check_action(action, parameters)

    def action_show_columns(self) -> None:
        choice = self._wanted or self._choice
        if choice.path is not None:
            self._check_columns(choice.path, choice.table, choice.table)

    async def action_save_points(self) -> None:
        field = await self._path_field("save-path")
        if self.snapshot is not None and not field.display:
            field.ask(f"{self.snapshot.dataset.name}.csv")

    def show_saved(self) -> None:
        """Hide the path: the samples are saved."""
        self._close("save-path")

    def _close(self, path: str) -> None:
        """Hide the field of a path; the focus goes to where keys are keys again."""
        for field in self.query(f"#{path}"):
            if field.has_focus:
                self.focus_first()
            field.display = False

    def action_leave_pictures(self) -> None:
        if self.query_one(DatasetGallery).has_focus:
            self.query_one(DataSettings).focus_first()

    def action_leave_settings(self) -> None:
        self.focus_first()

    def focus_first(self) -> None:
        """Focuses the data sets; where they are hidden, the first setting."""
        gallery = self.query_one(DatasetGallery)
        if gallery.display:
            gallery.focus()
        else:
            self.query_one(DataSettings).focus_first()


class DataSettings(VerticalScroll, can_focus=False):
    """Lists of settings, and fields. Up and down go from one to the next at its end."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        up,k   | data-settings.up   | walk(-1) | Up   | The setting above; then the data sets
        down,j | data-settings.down | walk(1)  | Down | The setting below
        """
    )

    def focus_first(self) -> None:
        """Give the focus to the first setting."""
        # None has a place on a terminal that is too small.
        for part in self._parts()[:1]:
            self._enter(part, 1)

    def watch_virtual_size(self) -> None:
        """Keep the field in sight that is being typed in, when it or what is above it appears."""
        focused = self.screen.focused
        if isinstance(focused, Input) and self in focused.ancestors:
            self.call_after_refresh(self.scroll_to_widget, focused, animate=False)

    def action_walk(self, by: int) -> None:
        """Focus what is above or below; scroll down where there is nothing."""
        parts, focused = self._parts(), self.screen.focused
        if focused not in parts:
            raise SkipAction
        place = parts.index(focused) + by
        if 0 <= place < len(parts):
            self._enter(parts[place], by)
        elif by > 0 and not self.is_vertical_scroll_end:
            self.scroll_relative(y=by, animate=False)
        else:
            raise SkipAction

    def _enter(self, part: Widget, by: int) -> None:
        if isinstance(part, SettingsList):
            part.enter_from(by)
        else:
            part.focus()

    def _parts(self) -> list[Widget]:
        return [widget for widget in self.screen.focus_chain if self in widget.ancestors]


def _settings(columns: tuple[str, ...]) -> list[Setting]:
    """How the data are drawn, and which column of a file is the target."""
    settings: list[Setting] = [
        Number(
            "samples",
            "samples",
            "How many samples to draw.",
            (50.0, 100.0, 200.0, 300.0, 500.0, 800.0, 1200.0, 2000.0, 5000.0),
            parse=parse_whole,
        ),
        Number(
            "noise",
            "noise",
            "How far samples or labels stray: try 0.2, then regularize.",
            linear_stops(0.0, 0.5, 0.05),
        ),
        Number(
            "train",
            "train",
            "The share of the samples to train on; the others test what was learned.",
            linear_stops(0.1, 0.9, 0.1),
            _percent,
            _parse_percent,
        ),
        Number(
            "seed",
            "seed",
            "Another seed draws other samples.",
            linear_stops(0.0, 20.0, 1.0),
            parse=parse_whole,
        ),
    ]
    if columns:
        tooltip = "The column that the network learns; the others are inputs."
        settings.append(Choice("target", "target", tooltip, [(name, name) for name in columns]))
    return settings


def _values(choice: DataChoice) -> dict[str, Any]:
    entry = DATASETS[choice.name]
    return {
        "samples": float(entry.n_samples if choice.n_samples is None else choice.n_samples),
        "noise": entry.noise if choice.noise is None else choice.noise,
        "seed": float(choice.seed),
    }


def _read(
    path: Path, options: TableOptions, seed: int, progress: Progress
) -> tuple[CsvTable, Survey, TableOptions]:
    """A table, and a sample of one that has too many rows: its survey says so."""
    from ...datasets import read_table

    table = read_table(path, sample=options.sample, offered=SAMPLE, seed=seed, progress=progress)
    options = replace(options, sample=table.cells.sample)
    return table, table.survey(options), options


def _unedited(choice: DataChoice) -> DataChoice:
    return replace(choice, added=(), removed=())


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _parse_percent(text: str) -> float:
    number = parse_number(text.strip().rstrip("%"))
    return number / 100.0 if number > 1.0 or "%" in text else number


def _facts(choice: DataChoice, dataset: Dataset) -> str:
    """A few sentences: what it is, its target, what its picture shows, where it comes from."""
    sentences = [_target(dataset), _columns(dataset)]
    if choice.path is None:
        entry = DATASETS[choice.name]
        sentences.insert(0, f"{entry.title}: {entry.description}.")
    if pictured := pictured_columns(dataset):
        sentences.append(f"Picture: {pictured[0]} and {pictured[1]}.")
    if dataset.source and choice.path is None:
        sentences.append(f"Source: {dataset.source}.")
    sentences.append(dataset.note)
    return " ".join(sentence for sentence in sentences if sentence)


def _target(dataset: Dataset) -> str:
    classes = dataset.classes
    if not classes:
        return "The target is a number."
    if len(classes) > MOST_CLASSES:
        return f"{len(classes)} classes, {classes[0]} to {classes[-1]}."
    return f"Classes {', '.join(classes[:-1])} and {classes[-1]}."


def _columns(dataset: Dataset) -> str:
    """What x1 and x2 are, where no tick box says it."""
    columns = dataset.columns
    if len(columns) > 2 or columns in _UNNAMED:
        return ""
    return " ".join(f"x{number} is {name}." for number, name in enumerate(columns, start=1))
