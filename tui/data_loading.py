"""Loading and saving data for the playground, and adding and removing samples by hand."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from textual.app import App
from textual.worker import get_current_worker

from ..core import NetworkSpec
from ..core.run import AddSample, RemoveSample, StartOver
from ..core.training.learner import describe_error
from ..datasets import Dataset, save_csv
from .confirm import confirm
from .data.pane import DataPane
from .data_choice import DataChoice, first_network, first_settings
from .editor import Editor
from .messages import Complaint
from .playground import PlaygroundScreen

_log = logging.getLogger(__name__)


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

    def load(self, choice: DataChoice) -> None:
        """Loads data in a thread, then lets the session learn them."""
        work = partial(self._load, choice.with_edits_of(self._editor.choice))
        self._app.run_worker(work, thread=True, exclusive=True, group="data", exit_on_error=False)

    def _load(self, choice: DataChoice) -> None:
        worker = get_current_worker()
        try:
            dataset = choice.load()
        except ValueError as error:
            answer = partial(self._editor.refuse, str(error))
        except Exception as error:
            _log.exception("the data could not be loaded")
            sentence = f"The data could not be loaded: {describe_error(error)}."
            answer = partial(self._editor.refuse, sentence)
        else:
            answer = partial(self._take, choice, dataset)
        # If other data were chosen meanwhile, only those count.
        if not worker.is_cancelled:
            self._app.call_from_thread(answer)

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
            self._editor.do(StartOver(training, network, dataset, self._session.lesson))

    # --- Saving --------------------------------------------------------------------------------

    def save(self, path: Path) -> None:
        """Writes the samples to a CSV file, and asks before it overwrites one."""
        work = partial(self._save, path)
        run = partial(self._app.run_worker, work, thread=True, group="data", exit_on_error=False)
        if path.is_file():
            confirm(
                self._app, f"{path.name} already exists. Saving overwrites it.", "Overwrite", run
            )
        else:
            run()

    def _save(self, path: Path) -> None:
        dataset = self._session.dataset
        try:
            save_csv(dataset, path)
        except ValueError as error:
            self._app.post_message(Complaint(str(error)))
        else:
            sentence = f"Saved {dataset.n_samples:,} samples to {path.absolute()}."
            self._app.call_from_thread(self._show_saved, sentence)

    def _show_saved(self, sentence: str) -> None:
        self._pane.show_saved()
        self._app.notify(sentence, markup=False)

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
