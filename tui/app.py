"""The application: one session, one training thread, and what the panes ask of them."""

from __future__ import annotations

import gc
import logging
import math
import sys
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.driver import Driver
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.widgets import Input

from ..core import NetworkSpec, Session, Snapshot
from ..core.training import LEARNING_RATES, PACES
from ..datasets import Dataset
from .commands import PlaygroundCommands
from .data_choice import DataChoice
from .edits import Edit, ElementEdit, Present, Setup, SetupEdit
from .exit_code import ExitCode
from .logs import where_it_is_logged
from .messages import (
    Complaint,
    DataChanged,
    ElementsEdited,
    NetworkChanged,
    SnapshotReady,
    TrainingChanged,
)
from .options import Options
from .panes.data import DataPane
from .screens.confirm import ConfirmScreen
from .screens.help import HelpScreen
from .screens.playground import PlaygroundScreen
from .theme import DARK, LIGHT
from .widgets.scroll_bar import WholeCellScrollBar

_log = logging.getLogger(__name__)

FRAMES_PER_SECOND = 17
# With the usual 5 ms a key waits for several turns of the training thread.
SWITCH_INTERVAL_SECONDS = 0.001
# All widgets exist by then. Python's collector need not look at what stays until the end: each time
# it did, everything would stand still for a tenth of a second.
SECONDS_TO_SETTLE = 1.0
MAX_UNDO = 200
FINE_STEP = 0.1


class ToygradApp(App[None]):
    """The playground.

    Args:
        options: What to begin with; the circle and the playground's network by default.
        run_trainer: Whether a thread trains. Tests leave it out and call `session.advance()`
            and `refresh_snapshot()` themselves.
    """

    TITLE = "toygrad"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = App.COMMANDS | {PlaygroundCommands}
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [  # noqa: RUF012
        (0, "-too-narrow"),
        (60, "-one-column"),
        (100, "-two-columns"),
        (150, "-wide"),
    ]
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [  # noqa: RUF012
        (0, "-too-short"),
        (16, "-short"),
        (30, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+q", "quit", "Quit", id="app.quit", show=False, priority=True, tooltip="Leave"
        ),
    ]

    def __init__(self, options: Options | None = None, *, run_trainer: bool = True) -> None:
        super().__init__()
        self.options = options or Options()
        self.ascii = self.options.ascii
        self.set_class(self.ascii, "-ascii")
        self.session: Session = self.options.session()
        self._choice = self.options.data
        self._run_trainer = run_trainer
        self._stop = threading.Event()
        self._snapshot: Snapshot | None = None
        self._awaiting = False
        self._asked_meanwhile = False
        self._undo: list[Edit] = []
        self._redo: list[Edit] = []

    def on_mount(self) -> None:
        """Shows the playground and starts the thread."""
        sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
        ScrollBar.renderer = WholeCellScrollBar if self.ascii else ScrollBarRender
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self.playground = PlaygroundScreen(self.options)
        self.push_screen(self.playground)
        if self._run_trainer:
            self._train()
        self.call_after_refresh(self.refresh_snapshot)
        self.set_interval(1.0 / FRAMES_PER_SECOND, self._keep_up)
        if not self.is_headless:
            self.set_timer(SECONDS_TO_SETTLE, self._settle)

    def _settle(self) -> None:
        gc.freeze()
        gc.enable()

    def get_driver_class(self) -> type[Driver]:
        """Textual's choice; for a terminal, one that leaves at once."""
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        # Here, because Windows has not what it needs.
        from .driver import PromptDriver

        return PromptDriver

    def on_unmount(self) -> None:
        """Ends the thread."""
        self._stop.set()

    async def action_quit(self) -> None:
        """Leaves at once: the thread looks at its stop event before every step."""
        self._stop.set()
        self.exit()

    def _handle_exception(self, error: Exception) -> None:
        """Leaves with a sentence; the traceback goes to the log, not to the terminal.

        Textual's own way prints it. A test still gets the exception itself.
        """
        if self.is_headless:
            super()._handle_exception(error)
            return
        self._stop.set()
        _log.error("the application failed", exc_info=error)
        sentence = f"Something went wrong inside ({error!r}); {where_it_is_logged()}."
        self.exit(return_code=ExitCode.FAILED, message=Content(sentence))

    # --- The training thread -------------------------------------------------------------------

    @work(thread=True, group="trainer", exit_on_error=False)
    def _train(self) -> None:
        self.session.run(self._stop, lambda snapshot: self._publish(snapshot))

    def _publish(self, snapshot: Snapshot) -> None:
        if not self._stop.is_set():
            self.post_message(SnapshotReady(snapshot))

    def _keep_up(self) -> None:
        """Asks for a frame if there is something new, one at a time."""
        session = self.session
        shown = self._snapshot
        is_new = shown is None or (session.step, session.state, session.run_id) != (
            shown.step,
            shown.state,
            shown.run_id,
        )
        if is_new and self._run_trainer:
            self.refresh_snapshot()

    def refresh_snapshot(self) -> None:
        """Asks the thread for a snapshot; without a thread, takes and shows one."""
        grid, unit = self.playground.grid_size, self.playground.pictured_unit
        if not self._run_trainer:
            self._show(self.session.snapshot(grid, unit))
        elif self._awaiting:
            # What is on its way may be older than what this call is to show.
            self._asked_meanwhile = True
        else:
            self._awaiting = True
            self.session.request_snapshot(grid, unit)

    def on_snapshot_ready(self, message: SnapshotReady) -> None:
        """Shows what the thread saw, unless it is of an older run."""
        self._awaiting = False
        is_current = message.snapshot.run_id == self.session.run_id
        if is_current:
            self._show(message.snapshot)
        if self._asked_meanwhile or not is_current:
            self._asked_meanwhile = False
            self.refresh_snapshot()

    def _show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.playground.show_snapshot(snapshot)

    # --- What the panes ask for ----------------------------------------------------------------

    def on_training_changed(self, message: TrainingChanged) -> None:
        """Turns knobs of the training."""
        self._configure(changes=message.changes)

    def on_network_changed(self, message: NetworkChanged) -> None:
        """Gives the network another shape."""
        self._configure(network=message.network)

    def on_data_changed(self, message: DataChanged) -> None:
        """Learns other data."""
        self._load(message.choice)

    def on_elements_edited(self, message: ElementsEdited) -> None:
        """Writes or freezes weights and biases."""
        self._do(ElementEdit(message.numbers, message.frozen))

    def on_picture_wanted(self) -> None:
        """Takes the picture that can now be seen."""
        self.refresh_snapshot()

    def on_complaint(self, message: Complaint) -> None:
        """Says what is wrong."""
        self.notify(message.sentence, severity="error", title="That cannot be", markup=False)

    @work(thread=True, exclusive=True, group="data", exit_on_error=False)
    def _load(self, choice: DataChoice) -> None:
        try:
            dataset = choice.load()
        except ValueError as error:
            self.call_from_thread(self._refuse, str(error))
        else:
            self.call_from_thread(self._take_data, choice, dataset)

    def _refuse(self, sentence: str) -> None:
        """Says why something was not done, and shows again what is in force."""
        self.post_message(Complaint(sentence))
        self.playground.query_one(DataPane).show_choice(self._choice)
        for pane in self.playground.panes:
            pane.restore()
        self.refresh_snapshot()

    def _take_data(self, choice: DataChoice, dataset: Dataset) -> None:
        old = self.session.dataset
        same_kind = (dataset.columns, dataset.n_classes, dataset.task) == (
            old.columns,
            old.n_classes,
            old.task,
        )
        if self.session.step == 0 and (not same_kind or self._is_untouched):
            self._begin_with(choice, dataset)
        elif same_kind:
            self._configure(choice=choice, dataset=dataset)
        else:
            self._ask_first(choice, dataset)

    @property
    def _is_untouched(self) -> bool:
        """Whether the network is still the one that its data set began with."""
        return self.session.network_spec == _first_network(self._choice)

    def _ask_first(self, choice: DataChoice, dataset: Dataset) -> None:
        outputs = max(1, dataset.n_classes if dataset.n_classes != 2 else 1)
        n = len(dataset.columns)
        sentence = (
            f"{dataset.name} has {n} input{'s' if n > 1 else ''} and {outputs} "
            f"output{'s' if outputs > 1 else ''}: the weights learned so far do not fit it, and "
            "training starts anew with a network that suits it."
        )

        def answered(go_on: bool | None) -> None:
            if go_on:
                self._begin_with(choice, dataset)
            else:
                self.playground.query_one(DataPane).show_choice(self._choice)

        self.push_screen(ConfirmScreen(sentence, "Change the data"), answered)

    def _begin_with(self, choice: DataChoice, dataset: Dataset) -> None:
        """Takes data that the network does not fit, with what a newcomer begins with there."""
        start = choice.starting_point
        network = _first_network(choice)
        changes = {
            "learning_rate": start.learning_rate,
            "batch_size": start.batch_size,
            "train_share": start.train_share,
            "optimizer": start.optimizer,
            "loss": "auto",
        }
        if self._configure(choice=choice, dataset=dataset, network=network, changes=changes):
            self.session.unfreeze_all()
            self.session.reset()
            self.refresh_snapshot()

    def _configure(
        self,
        *,
        choice: DataChoice | None = None,
        dataset: Dataset | None = None,
        network: NetworkSpec | None = None,
        changes: dict[str, Any] | None = None,
    ) -> bool:
        """Makes a new setup of the present one, and says so if it cannot be."""
        before = self._setup()
        try:
            training = replace(before.training, **(changes or {}))
        except ValueError as error:
            self._refuse(str(error))
            return False
        after = Setup(
            choice or before.choice,
            dataset or before.dataset,
            network or before.network,
            training,
        )
        return after == before or self._do(SetupEdit(after))

    def _do(self, edit: Edit) -> bool:
        """Does what can be undone; says why if it cannot be done."""
        back = edit.inverse(self._present())
        try:
            self._apply(edit)
        except (ValueError, IndexError) as error:
            self._refuse(str(error))
            return False
        self._undo.append(back)
        del self._undo[:-MAX_UNDO]
        self._redo.clear()
        return True

    def _present(self) -> Present:
        shown = self._snapshot
        return Present(self._setup(), None if shown is None else shown.weights)

    def _setup(self) -> Setup:
        session = self.session
        return Setup(self._choice, session.dataset, session.network_spec, session.training)

    def _apply(self, edit: Edit) -> None:
        edit.apply(self.session)
        if isinstance(edit, SetupEdit) and edit.setup.choice != self._choice:
            self._choice = edit.setup.choice
            self.playground.query_one(DataPane).show_choice(self._choice)
        self.refresh_snapshot()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Space is a blank where something is typed, and no key trains behind another screen."""
        if action == "toggle_training":
            return self.screen is self.playground and not isinstance(self.focused, Input)
        return super().check_action(action, parameters)

    # --- Actions -------------------------------------------------------------------------------

    def action_toggle_training(self) -> None:
        """Trains, or pauses."""
        if self.session.state == "training":
            self.session.pause()
        elif self.session.state in ("diverged", "failed"):
            self.notify("Press r first: training cannot go on from these weights.")
        else:
            self.session.resume()
        self.refresh_snapshot()

    def action_step(self) -> None:
        """Learns one mini-batch."""
        self.session.pause()
        self.session.advance(1)
        self.refresh_snapshot()

    def action_epoch(self) -> None:
        """Learns to the end of the epoch."""
        self.session.pause()
        self.session.advance_epochs(1)
        self.refresh_snapshot()

    def action_reset(self) -> None:
        """Back to the same first weights."""
        self.session.reset()
        self.refresh_snapshot()

    def action_reseed(self) -> None:
        """Back to the start with other first weights."""
        seed = self.session.seed + 1
        self.session.reseed(seed)
        self.notify(f"New first weights, seed {seed}.")
        self.refresh_snapshot()

    def action_learning_rate_stop(self, by: int) -> None:
        """The next learning rate of the list."""
        rate = _next_stop(LEARNING_RATES, self.session.training.learning_rate, by)
        self._configure(changes={"learning_rate": rate})

    def action_scale_learning_rate(self, by: int) -> None:
        """The learning rate a tenth larger or smaller."""
        rate = self.session.training.learning_rate * (1.0 + by * FINE_STEP)
        self._configure(changes={"learning_rate": float(f"{rate:.3g}")})

    def action_pace(self, by: int) -> None:
        """The next pace of the list."""
        pace = _next_stop(PACES, self.session.training.pace, by)
        self._configure(changes={"pace": pace})
        self.notify(
            f"Pace: {'as fast as it goes' if math.isinf(pace) else f'{pace:g} epochs a second'}."
        )

    def action_undo(self) -> None:
        """Takes the last edit back."""
        self._travel(self._undo, self._redo, "There is no edit to take back.")

    def action_redo(self) -> None:
        """Does an edit again."""
        self._travel(self._redo, self._undo, "There is no edit to do again.")

    def _travel(self, source: list[Edit], target: list[Edit], nothing: str) -> None:
        if not source:
            self.notify(nothing)
            return
        edit = source.pop()
        target.append(edit.inverse(self._present()))
        self._apply(edit)

    def action_choose_dataset(self, name: str) -> None:
        """Learns a data set by its name."""
        self._load(DataChoice(name=name, seed=self._choice.seed))

    def action_set_training(self, field: str, value: str) -> None:
        """Sets one of the training's choices."""
        self._configure(changes={field: value})

    def action_help(self) -> None:
        """Shows every key and every pane."""
        self.push_screen(HelpScreen(self.playground))

    def get_key_display(self, binding: Binding) -> str:
        """How a key is written; by its name where there may be no symbol for it."""
        display = super().get_key_display(binding)
        return display if display.isascii() or not self.ascii else binding.key

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Textual's own commands without those that the playground has a key for."""
        for command in super().get_system_commands(screen):
            if command.title not in ("Keys", "Maximize", "Minimize", "Quit"):
                yield command


def _first_network(choice: DataChoice) -> NetworkSpec:
    """The network that a newcomer begins with."""
    start = choice.starting_point
    return NetworkSpec(
        hidden=start.hidden, activation=start.activation, initializer=start.initializer
    )


def _next_stop(stops: tuple[float, ...], value: float, by: int) -> float:
    place = bisect_right(stops, value) if by > 0 else bisect_left(stops, value) - 1
    return stops[min(max(place, 0), len(stops) - 1)]
