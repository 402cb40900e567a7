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
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.driver import Driver
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.widgets import Input
from textual.worker import get_current_worker

from ..core import NetworkSpec, Session, Snapshot
from ..core.training import LEARNING_RATES, PACES
from ..core.training.sabotage import SABOTAGES
from ..datasets import Dataset, save_csv
from .commands import PlaygroundCommands
from .config import AppConfig
from .confirm import ConfirmScreen
from .data.pane import DataPane
from .data_choice import DataChoice
from .exit_code import ExitCode
from .help import HelpScreen
from .learn.challenges import CHALLENGES
from .learn.presets import PRESETS, Preset, Start
from .learn.progress import Lesson, LessonProgress
from .learn.screen import LessonsScreen
from .logs import where_it_is_logged
from .messages import (
    Complaint,
    DataChanged,
    ElementsEdited,
    LayersEdited,
    NetworkChanged,
    PointAdded,
    PointRemoved,
    SaveWanted,
    SnapshotReady,
    TrainingChanged,
)
from .playground import PlaygroundScreen
from .textual_patches.scroll_bar import WholeCellScrollBar
from .theme import DARK, LIGHT
from .undo.edits import BeforeEdit, Edit, ElementEdit, PlaygroundState, SetupEdit
from .undo.lesson_edit import LessonEdit
from .undo.network_edit import NetworkEdit

if TYPE_CHECKING:
    from .microscope.screen import MicroscopeScreen

_log = logging.getLogger(__name__)

FRAMES_PER_SECOND = 17
# Where a step takes so little, training waits for each frame, but never longer than this.
MANY_STEPS_PER_SECOND = 300.0
LONGEST_FRAME_SECONDS = 0.06
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

    def __init__(self, options: AppConfig | None = None, *, run_trainer: bool = True) -> None:
        super().__init__()
        self.options = options or AppConfig()
        self.ascii = self.options.ascii
        self.set_class(self.ascii, "-ascii")
        self.session: Session = self.options.session()
        self._choice = self.options.data
        self._run_trainer = run_trainer
        self._stop = threading.Event()
        self._drawn = threading.Event()
        self._snapshot: Snapshot | None = None
        self._awaiting = False
        self._asked_meanwhile = False
        self._course = LessonProgress(self.options.preset)
        self._undo: list[Edit] = []
        self._redo: list[Edit] = []
        self._microscope: MicroscopeScreen | None = None

    def on_mount(self) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
        ScrollBar.renderer = WholeCellScrollBar if self.ascii else ScrollBarRender
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self.playground = PlaygroundScreen(self.options)
        # Before anything is styled and laid out: otherwise all of it would be so twice.
        self.playground.set_classes(self._breakpoint_classes())
        self.push_screen(self.playground)
        if self._run_trainer:
            self._train()
        self.call_after_refresh(self.refresh_snapshot)
        self.set_interval(1.0 / FRAMES_PER_SECOND, self._keep_up)
        if not self.is_headless:
            self.set_timer(SECONDS_TO_SETTLE, self._settle)

    def _breakpoint_classes(self) -> list[str]:
        across, down = self.HORIZONTAL_BREAKPOINTS or [], self.VERTICAL_BREAKPOINTS or []
        return [
            max(stop for stop in stops if stop[0] <= cells)[1]
            for stops, cells in ((across, self.size.width), (down, self.size.height))
        ]

    def _settle(self) -> None:
        gc.freeze()
        gc.enable()

    def get_driver_class(self) -> type[Driver]:
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        # Here, because Windows has not what it needs.
        from .textual_patches.driver import PromptDriver

        return PromptDriver

    def on_unmount(self) -> None:
        self._stop.set()

    async def action_quit(self) -> None:
        self._stop.set()
        self._drawn.set()
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
        """Hands a snapshot over, and stands back until it is drawn.

        Short steps hold Python's lock nearly always: drawing beside them takes twice as long, and
        they gain nothing by it.
        """
        if self._stop.is_set():
            return
        self._drawn.clear()
        self.post_message(SnapshotReady(snapshot))
        if snapshot.steps_per_second > MANY_STEPS_PER_SECOND:
            self._drawn.wait(LONGEST_FRAME_SECONDS)

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
        if self._stop.is_set():
            return
        self.call_after_refresh(self._drawn.set)
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
        if self._microscope is not None:
            self._microscope.show_snapshot(snapshot, self.playground.selection)
        self.playground.show_lesson(self._course.look(snapshot))

    # --- What the panes ask for ----------------------------------------------------------------

    def on_training_changed(self, message: TrainingChanged) -> None:
        before = self.session.training.sabotage
        self._configure(changes=message.changes)
        for name in self.session.training.sabotage:
            if name not in before:
                sabotage = SABOTAGES[name]
                title = f"Sabotage: {sabotage.title}"
                self.notify(sabotage.breaks, title=title, severity="warning", markup=False)

    def on_network_changed(self, message: NetworkChanged) -> None:
        self._configure(network=message.network)

    def on_layers_edited(self, message: LayersEdited) -> None:
        before = self._setup()
        try:
            reshaped = message.edit(before.network)
        except IndexError:
            self._refuse("That part of the network is there no more: select another one.")
        except ValueError as error:
            self._refuse(str(error))
        else:
            after = replace(before, network=reshaped.network)
            if after != before:
                self._do(NetworkEdit(after, reshaped.origins))

    def on_data_changed(self, message: DataChanged) -> None:
        self._load(message.choice.with_edits_of(self._choice))

    def on_save_wanted(self, message: SaveWanted) -> None:
        path = message.path
        if not path.is_file():
            self._save(path)
            return

        def answered(go_on: bool | None) -> None:
            if go_on:
                self._save(path)

        sentence = f"{path.name} is there already. Saving the points replaces what it holds."
        self.push_screen(ConfirmScreen(sentence, "Replace it"), answered)

    def on_elements_edited(self, message: ElementsEdited) -> None:
        self._do(ElementEdit(message.numbers, message.frozen))

    def on_point_added(self, message: PointAdded) -> None:
        try:
            choice = self._choice.adding(message.point, message.target)
            dataset = self.session.dataset.with_points([message.point], [message.target])
        except ValueError as error:
            self._refuse(str(error))
        else:
            self._configure(choice=choice, dataset=dataset)

    def on_point_removed(self, message: PointRemoved) -> None:
        dataset = self.session.dataset
        if message.number not in dataset.ids:
            return
        try:
            choice = self._choice.removing(message.number, dataset)
        except ValueError as error:
            self._refuse(str(error))
        else:
            self._configure(choice=choice, dataset=dataset.without_rows([message.number]))

    def on_picture_wanted(self) -> None:
        self.refresh_snapshot()

    def on_complaint(self, message: Complaint) -> None:
        self.notify(message.sentence, severity="error", title="That cannot be", markup=False)

    @work(thread=True, exclusive=True, group="data", exit_on_error=False)
    def _load(self, choice: DataChoice) -> None:
        worker = get_current_worker()
        try:
            dataset = choice.load()
        except ValueError as error:
            answer = partial(self._refuse, str(error))
        else:
            answer = partial(self._take_data, choice, dataset)
        # Something else may have been asked for meanwhile: then only that counts.
        if not worker.is_cancelled:
            self.call_from_thread(answer)

    @work(thread=True, group="data", exit_on_error=False)
    def _save(self, path: Path) -> None:
        dataset = self.session.dataset
        try:
            save_csv(dataset, path)
        except ValueError as error:
            self.post_message(Complaint(str(error)))
        else:
            sentence = f"Saved {dataset.n_samples:,} points to {path.absolute()}."
            self.call_from_thread(self._say_saved, sentence)

    def _say_saved(self, sentence: str) -> None:
        self.playground.query_one(DataPane).show_saved()
        self.notify(sentence, markup=False)

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
        if self.session.step == 0 and self._has_first_network and self._has_first_settings:
            self._begin_with(choice, dataset)
        elif same_kind:
            self._configure(choice=choice, dataset=dataset)
        elif self.session.step == 0:
            self._begin_with_what_was_set(choice, dataset)
        else:
            self._ask_first(choice, dataset)

    @property
    def _has_first_network(self) -> bool:
        """Whether the network is still the one that its data set began with."""
        return self.session.network_spec == _first_network(self._choice)

    @property
    def _has_first_settings(self) -> bool:
        """Whether no setting that a data set begins with was changed by the user."""
        training = self.session.training
        settings = _first_settings(self._choice)
        return all(getattr(training, name) == value for name, value in settings.items())

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
                self.playground.query_one(DataPane).restore()

        self.push_screen(ConfirmScreen(sentence, "Change the data"), answered)

    def _begin_with(self, choice: DataChoice, dataset: Dataset) -> None:
        """Takes data that the network does not fit, with what a newcomer begins with there."""
        network, settings = _first_network(choice), _first_settings(choice)
        if self._configure(choice=choice, dataset=dataset, network=network, changes=settings):
            self._begin()

    def _begin_with_what_was_set(self, choice: DataChoice, dataset: Dataset) -> None:
        """Takes data of another kind before the first step, and leaves what the user has set."""
        network = _first_network(choice)
        if not self._has_first_network:
            network = replace(self.session.network_spec, inputs=())
        settings = {"loss": "auto"} if not self._has_first_settings else _first_settings(choice)
        if self._configure(choice=choice, dataset=dataset, network=network, changes=settings):
            self._begin()

    def _begin(self) -> None:
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
        after = PlaygroundState(
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

    def _present(self) -> BeforeEdit:
        shown = self._snapshot
        return BeforeEdit(self._setup(), None if shown is None else shown.weights)

    def _setup(self) -> PlaygroundState:
        session = self.session
        return PlaygroundState(
            self._choice, session.dataset, session.network_spec, session.training
        )

    def _apply(self, edit: Edit) -> None:
        run_id, step = self.session.run_id, self.session.step
        edit.apply(self.session)
        if isinstance(edit, LessonEdit):
            since = math.inf if edit.weights is None else step
            self._course.begin(edit.lesson, run_id=run_id, step=since)
        if isinstance(edit, SetupEdit | LessonEdit):
            self._choice = edit.setup.choice
            self.playground.query_one(DataPane).show_choice(self._choice)
        self.refresh_snapshot()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "toggle_training":
            return self.screen is self.playground and not isinstance(self.focused, Input)
        return super().check_action(action, parameters)

    # --- Actions -------------------------------------------------------------------------------

    def action_toggle_training(self) -> None:
        if self.session.state == "training":
            self.session.pause()
        elif self.session.state in ("diverged", "failed"):
            self.notify("Press r first: training cannot go on from these weights.")
        else:
            self.session.resume()
        self.refresh_snapshot()

    def action_step(self) -> None:
        self.session.pause()
        self.session.advance(1)
        self.refresh_snapshot()

    def action_epoch(self) -> None:
        self.session.pause()
        self.session.advance_epochs(1)
        self.refresh_snapshot()

    def action_reset(self) -> None:
        self.session.reset()
        self.refresh_snapshot()

    def action_reseed(self) -> None:
        seed = self.session.seed + 1
        self.session.reseed(seed)
        self.notify(f"New first weights, seed {seed}.")
        self.refresh_snapshot()

    def action_learning_rate_stop(self, by: int) -> None:
        rate = _next_stop(LEARNING_RATES, self.session.training.learning_rate, by)
        self._configure(changes={"learning_rate": rate})

    def action_scale_learning_rate(self, by: int) -> None:
        rate = self.session.training.learning_rate * (1.0 + by * FINE_STEP)
        self._configure(changes={"learning_rate": float(f"{rate:.3g}")})

    def action_pace(self, by: int) -> None:
        pace = _next_stop(PACES, self.session.training.pace, by)
        self._configure(changes={"pace": pace})
        self.notify(
            f"Pace: {'as fast as it goes' if math.isinf(pace) else f'{pace:g} epochs a second'}."
        )

    def action_undo(self) -> None:
        self._travel(self._undo, self._redo, "There is no edit to take back.")

    def action_redo(self) -> None:
        self._travel(self._redo, self._undo, "There is no edit to do again.")

    def _travel(self, source: list[Edit], target: list[Edit], nothing: str) -> None:
        if not source:
            self.notify(nothing)
            return
        edit = source.pop()
        target.append(edit.inverse(self._present()))
        self._apply(edit)

    def action_choose_dataset(self, name: str) -> None:
        self._load(DataChoice(name=name, seed=self._choice.seed))

    def action_save_points(self) -> None:
        self.playground.action_go_to("data")
        self.playground.query_one(DataPane).action_save_points()

    def action_set_training(self, field: str, value: str) -> None:
        self._configure(changes={field: value})

    def action_switch_sabotage(self, name: str) -> None:
        mistakes = set(self.session.training.sabotage) ^ {name}
        self.post_message(TrainingChanged({"sabotage": tuple(mistakes)}))

    # --- Lessons -------------------------------------------------------------------------------

    def action_lessons(self) -> None:
        def answered(lesson: Lesson | None) -> None:
            if lesson is not None:
                self._offer(lesson, lesson.start)

        self.push_screen(LessonsScreen(self._course.solved, self._course.lesson), answered)

    def action_begin_preset(self, name: str) -> None:
        self._offer(PRESETS[name], PRESETS[name].start)

    def action_begin_challenge(self, name: str) -> None:
        self._offer(CHALLENGES[name], CHALLENGES[name].start)

    def action_cure(self) -> None:
        lesson = self._course.lesson
        if not isinstance(lesson, Preset):
            self.notify("Choose a preset first: press L.")
        elif lesson.cure is None:
            self.notify(f"This one is left to you: {lesson.advice}", markup=False)
        else:
            self._begin_lesson(lesson.cure, lesson.cure.start)

    def _offer(self, lesson: Lesson, start: Start) -> None:
        """Begins a lesson, and asks first if that ends a training."""
        if self.session.step == 0:
            self._begin_lesson(lesson, start)
            return

        def answered(go_on: bool | None) -> None:
            if go_on:
                self._begin_lesson(lesson, start)

        sentence = (
            f"“{lesson.title}” starts anew at epoch 0 with data, network and settings of its own: "
            f"{self.session.step:,} steps of training end here. ctrl+z brings the weights back."
        )
        self.push_screen(ConfirmScreen(sentence, "Begin"), answered)

    def _begin_lesson(self, lesson: Lesson, start: Start) -> None:
        self.session.pause()
        setup = PlaygroundState(start.data, start.data.load(), start.network, start.training)
        self._do(LessonEdit(setup, lesson, self._course.lesson))

    # --- The microscope ------------------------------------------------------------------------

    async def action_microscope(self) -> None:
        await self._open_microscope()

    async def action_microscope_network(self) -> None:
        (await self._open_microscope()).look_at_network()

    async def action_microscope_example(self, name: str) -> None:
        (await self._open_microscope()).look_at_example(name)

    async def _open_microscope(self) -> MicroscopeScreen:
        if self._microscope is None:
            # Here, because a start without it is a tenth faster.
            from .microscope.screen import MicroscopeScreen

            self._microscope = MicroscopeScreen(plain=self.ascii)
            self.install_screen(self._microscope, "microscope")
        if self._snapshot is not None:
            self._microscope.show_snapshot(self._snapshot, self.playground.selection)
        if self.screen is not self._microscope:
            await self.push_screen(self._microscope)
        return self._microscope

    def action_help(self) -> None:
        self.push_screen(HelpScreen(self.screen))

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


def _first_settings(choice: DataChoice) -> dict[str, Any]:
    """The settings of the training that a newcomer begins with."""
    start = choice.starting_point
    return {
        "learning_rate": start.learning_rate,
        "batch_size": start.batch_size,
        "train_share": start.train_share,
        "optimizer": start.optimizer,
        "loss": "auto",
    }


def _next_stop(stops: tuple[float, ...], value: float, by: int) -> float:
    place = bisect_right(stops, value) if by > 0 else bisect_left(stops, value) - 1
    return stops[min(max(place, 0), len(stops) - 1)]
