"""Loading and saving data for the playground, and adding and removing samples by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App

from ..core import NetworkSpec, TrainingConfig
from ..core.run import AddSample, RemoveSample, StartOver
from ..datasets import DataChoice, Dataset, shown
from .config import first_network, first_settings
from .confirm import confirm
from .data.pane import DataPane
from .editor import Editor
from .file_jobs import save_file
from .playground import PlaygroundScreen
from .reading import run_reading

if TYPE_CHECKING:
    from ..datasets import CsvTable


class DataLoader:
    """Gets data into and out of a session.

    Args:
        app: Runs the threads that read and write files, and asks the user.
        playground: Its data pane shows what is in force.
        editor: Does what can be undone.
    """

    def __init__(self, app: App[None], playground: PlaygroundScreen, editor: Editor) -> None:
        self._app = app
        self._playground = playground
        self._session = editor.session
        self._editor = editor

    @property
    def _pane(self) -> DataPane:
        return self._playground.query_one(DataPane)

    # --- Loading -------------------------------------------------------------------------------

    def load(
        self, choice: DataChoice, table: CsvTable | None = None, *, starts_over: bool = False
    ) -> None:
        """Loads data in a thread, then lets the session learn them.

        If other data are chosen meanwhile, only those count.

        Args:
            choice: The data.
            table: The file, if it was just read.
            starts_over: Whether to begin again with what they come with.
        """
        if not starts_over:
            choice = choice.with_edits_of(self._editor.choice)
        run_reading(
            self._app,
            choice.name if choice.path is None else shown(choice.path.name),
            partial(choice.load, table=table),
            partial(self._begin_with if starts_over else self._take, choice),
            self._editor.refuse,
            failed="The data could not be loaded",
            give_up=self._pane.restore,
        )

    def _take(self, choice: DataChoice, dataset: Dataset) -> None:
        if self._session.step == 0 and self._has_first_network and self._has_first_settings:
            self._begin_with(choice, dataset)
        elif _kind(dataset) == _kind(self._session.dataset):
            self._editor.configure(dataset=dataset)
        elif self._session.step == 0:
            self._begin_with_what_was_set(choice, dataset)
        else:
            self._ask_first(choice, dataset)

    @property
    def _has_first_network(self) -> bool:
        """Whether the network is still the one that its data set began with."""
        return self._session.network_spec == first_network(self._editor.choice)

    @property
    def _has_first_settings(self) -> bool:
        """Whether the user changed no setting that a data set begins with."""
        training = self._session.training
        settings = first_settings(self._editor.choice)
        return all(getattr(training, name) == value for name, value in settings.items())

    def _ask_first(self, choice: DataChoice, dataset: Dataset) -> None:
        inputs = len(dataset.columns)
        outputs = max(1, dataset.n_classes if dataset.n_classes != 2 else 1)
        confirm(
            self._app,
            f"{dataset.name} has {inputs} input{'s' if inputs > 1 else ''} and {outputs} "
            f"output{'s' if outputs > 1 else ''}. The weights learned so far do not fit it: "
            "training will restart with a network that does.",
            "Change the data",
            partial(self._begin_with, choice, dataset),
            otherwise=self._pane.restore,
        )

    def _begin_with(self, choice: DataChoice, dataset: Dataset) -> None:
        """Restarts with the network and the settings that the data begin with."""
        self._begin(dataset, first_network(choice), first_settings(choice))

    def _begin_with_what_was_set(self, choice: DataChoice, dataset: Dataset) -> None:
        """Takes data of another kind before the first step, and keeps what the user has set."""
        network = first_network(choice)
        if not self._has_first_network:
            network = replace(self._session.network_spec, inputs=())
        settings = first_settings(choice) if self._has_first_settings else {"loss": "auto"}
        self._begin(dataset, network, settings)

    def _begin(self, dataset: Dataset, network: NetworkSpec, settings: Mapping[str, Any]) -> None:
        try:
            training = replace(self._session.training, **settings)
        except ValueError as error:
            self._editor.refuse(str(error))
        else:
            before, lesson = self._session.network_spec, self._session.lesson
            done = self._editor.do(StartOver(training, network, dataset, lesson))
            if done and network != before:
                self._app.notify(_what_comes_with(dataset, network, training), markup=False)

    # --- Saving --------------------------------------------------------------------------------

    def save(self, path: Path) -> None:
        """Writes the samples to a CSV file, and asks before it overwrites one."""
        from ..datasets import csv_text

        dataset = self._session.dataset
        save_file(
            self._app,
            path,
            partial(csv_text, dataset),
            what=f"{dataset.n_samples:,} samples",
            then=self._pane.show_saved,
        )

    # --- Samples by hand -----------------------------------------------------------------------

    def add(self, point: tuple[float, ...], target: float) -> None:
        """Adds a sample at a place in the data's units, its target coded as the data set's."""
        self._editor.do(AddSample(point, target))

    def remove(self, number: int) -> None:
        """Removes a sample by its number, one of `Dataset.ids`, unless it is gone already."""
        if number in self._session.dataset.ids:
            self._editor.do(RemoveSample(number))


def _kind(dataset: Dataset) -> tuple[object, ...]:
    """What data have to share for the same network to learn them."""
    return dataset.columns, dataset.n_classes, dataset.task


def _what_comes_with(dataset: Dataset, network: NetworkSpec, training: TrainingConfig) -> str:
    layers = " and ".join(map(str, network.hidden))
    shape = f"hidden layers of {layers} neurons" if layers else "no hidden layer"
    return f"{shown(dataset.name)} comes with {shape}, learning rate {training.learning_rate:g}."
