"""The application: it joins one session, what edits and trains it, and the screens."""

from __future__ import annotations

import gc
import logging
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.widgets import Input

from ..core import Snapshot
from ..core.race import Lanes
from ..core.run import Configure, RunDocument, StartOver
from ..core.training import LEARNING_RATES, PACES
from ..core.training.sabotage import SABOTAGES
from ..datasets import DataChoice, Progress
from . import messages
from .classroom import Classroom
from .config import AppConfig
from .data.pane import DataPane
from .data_loading import DataLoader
from .depth_filter import depth_filters
from .doctor.doctor import Doctor
from .drawing.depth import Depth
from .editor import LESSON, Editor
from .failures import ExitCode, crash_sentence
from .file_jobs import dated_name, run_job, save_file, save_folder
from .key_map import KeyMap
from .key_words import with_keys
from .keys import bindings, use_keys
from .learn.challenges import CHALLENGES
from .learn.chapters import CHAPTERS
from .learn.lesson_bar import LessonBar
from .learn.lesson_player import LessonPlayer
from .learn.lessons import Lessons
from .learn.presets import PRESETS
from .learn.records import Records
from .links import OPENED, is_text_to_open, read_text, what_is_lost
from .microscope.opening import Microscope
from .output.pane import OutputPane
from .past import BEGINNING, LATEST, keeps_future, what_to_do
from .playground import PlaygroundScreen
from .race.race import Race
from .runs.continue_strip import ContinueStrip
from .runs.files import RunFiles
from .runs.sitting import SittingKeeper
from .signals import LastWork
from .textual_patches.app import PatchedApp
from .textual_patches.scroll_bar import WholeCellScrollBar
from .theme import theme_at, theme_named, themes
from .theme_choice import ThemeChoice
from .trainer import Trainer
from .widgets.settings_list import SettingsList

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.theme import Theme

    from .microscope.screen import MicroscopeScreen
    from .wall.wall import Wall

_log = logging.getLogger(__name__)

# With the usual 5 ms a key waits for several turns of the training thread.
SWITCH_INTERVAL_SECONDS = 0.001
# All widgets exist by then. Python's collector need not look at what stays until the end: each time
# it did, everything would freeze for a tenth of a second.
SECONDS_TO_SETTLE = 1.0
FINE_STEP = 0.1
SECONDS_TO_READ = 12.0
UNDO = "ctrl+z{edit.undo} brings back what was there."


def _playground_commands() -> type[Provider]:
    # Here, as all that is imported inside a function: it is not needed for the first frame.
    from .commands import PlaygroundCommands

    return PlaygroundCommands


class ToygradApp(PatchedApp[None]):
    """The playground.

    Args:
        options: What to begin with; the circle and the playground's network by default.
        run_trainer: Whether a thread trains. Tests leave it out and call `session.advance()`
            and `refresh_snapshot()` themselves.
        state_folder: Where runs are kept as they go on; None, as in tests, for nowhere.
        key_map: Keys of the user's own; the default keys if left out.
        advises: Whether the doctor examines a problem that lasts by itself.
        reading: Is told the share of a file of data that was read, before there is a screen.
    """

    TITLE = "toygrad"
    # Textual asks for a theme before there are options.
    depth = Depth.TRUE
    CSS_PATH = "app.tcss"
    COMMANDS = App.COMMANDS | {_playground_commands}
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        ctrl+p | app.palette | command_palette | !Palette | Every action, by its name
        ; | learn.next | learn_next | Next step | In a chapter: go on to the next step
        H | learn.hint | learn_hint | Hint | In a chapter: a hint, then a clearer one
        ctrl+q | app.quit-anywhere | quit | !Quit | Quit toygrad, from a text field too
        """
    )
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

    def __init__(
        self,
        options: AppConfig | None = None,
        *,
        run_trainer: bool = True,
        state_folder: Path | None = None,
        key_map: KeyMap | None = None,
        advises: bool = False,
        reading: Progress | None = None,
    ) -> None:
        super().__init__()
        # Before anything is written that names a key.
        self._key_map = key_map or KeyMap()
        use_keys(self._key_map.keys)
        options = options or AppConfig()
        self.ascii = options.ascii
        self._fps = options.fps
        self.depth = Depth.NONE if self.no_color else options.depth
        self.set_class(self.depth is not Depth.TRUE, "-few-colors")
        self._depth_filters = depth_filters(self.depth)
        self._theme_choice = ThemeChoice(state_folder)
        self._wanted_theme = options.theme
        # Before any style is parsed: otherwise all of them would be parsed twice.
        wanted = options.theme or self._theme_choice.name()
        self.set_reactive(ToygradApp.theme, theme_named(wanted, self.depth))
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_class(self.ascii, "-ascii")
        self.session = Lanes(options.session(reading))
        self.playground = PlaygroundScreen(options)
        self.trainer = Trainer(
            self,
            self.session,
            view=lambda: (self.playground.grid_size, self.playground.pictured_unit),
            show=self._show,
            has_thread=run_trainer,
        )
        self.editor = Editor(self.session, show=self._show_edit, refuse=self._refuse)
        self._race = Race(self, self.session, show=self._show_edit)
        self._loader = DataLoader(self, self.playground, self.editor)
        records = Records(state_folder)
        self._lessons = Lessons(self, self.editor, records)
        self._hidden_by_link = options.hidden
        self._options = options
        self._doctor = Doctor(self, self.editor, offers=advises)
        self._microscope = Microscope(self, plain=self.ascii)
        self.classroom = Classroom(
            self,
            LessonPlayer(self, records, options.course or CHAPTERS, report=options.report),
            playground=self.playground,
            microscope=self._microscope,
            open_microscope=self._open_microscope,
            trainer=self.trainer,
            editor=self.editor,
            hide_controls=self._hide_controls,
        )
        self._files = RunFiles(
            self,
            self.session,
            path=options.file,
            state_folder=state_folder,
            show=self._show_other_run,
            show_name=self._show_file,
            kept_in=lambda: self._keeper.path,
        )
        self._keeper = SittingKeeper(
            self,
            self.session,
            state_folder=state_folder,
            continued=options.sitting,
            offer=self._offer_to_continue,
            show=self._files.show_continued,
        )
        self._has_threads = run_trainer
        self._is_new = options.document is None
        self._run_id = 0
        self._is_past = False
        self._last_save = LastWork(self.save_before_exit)
        self._has_failed = False

    # --- From the start to the end -------------------------------------------------------------

    def on_mount(self) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
        ScrollBar.renderer = WholeCellScrollBar if self.ascii else ScrollBarRender
        self._keep_theme()
        # Before anything is styled and laid out: otherwise all of it would be done twice.
        self.playground.set_classes(self._breakpoint_classes())
        if self._key_map.keys:
            self.set_keymap(self._key_map.for_textual())
        self.push_screen(self.playground)
        self.trainer.start()
        self.call_after_refresh(self.refresh_snapshot)
        self.call_after_refresh(self._keeper.start, offers=self._is_new)
        self._complain_about_keys()
        self.call_after_refresh(self._begin_with, self._options)
        self.set_interval(1.0 / self._fps, self.trainer.keep_up)
        if not self.is_headless:
            self.set_timer(SECONDS_TO_SETTLE, self._settle)

    def _complain_about_keys(self) -> None:
        if faults := self._key_map.faults:
            more = f" {len(faults) - 1} more: run toygrad-tui keys." if len(faults) > 1 else ""
            title = "Default keys are in force"
            self.notify(f"{faults[0]}{more}", title=title, severity="error", markup=False)

    def _begin_with(self, options: AppConfig) -> None:
        """Shows what the application was begun with: a link, a lesson."""
        if options.hidden or not options.shows_tests or options.discretized:
            self._show_as(options.hidden, options.shows_tests, options.discretized)
        self.classroom.reveal()
        if options.chapter:
            self.call_later(self.classroom.begin, options.chapter)
        self._say_of_link(options.said)

    def _show_as(self, hidden: frozenset[str], with_tests: bool, discretized: bool) -> None:
        """Shows the screen as a link has it."""
        self._hidden_by_link = hidden
        self._hide_controls()
        output = self.playground.query_one(OutputPane)
        output.look_at(with_tests=with_tests, discretized=discretized)

    def _say_of_link(self, words: str) -> None:
        if words:
            self.notify(words, title=OPENED, timeout=SECONDS_TO_READ, markup=False)

    def on_paste(self, event: events.Paste) -> None:
        """Opens a link or a line that is pasted where no text is typed."""
        text = event.text.strip()
        if not is_text_to_open(text):
            self.notify(
                'Paste a link of TensorFlow Playground, or a line that begins with "toygrad:".'
            )
            return
        event.stop()
        try:
            found = read_text(text)
        except ValueError as error:
            self.notify(str(error), title="Link not opened", severity="error", markup=False)
            return
        if isinstance(found, RunDocument):
            self._files.open_document(found, "the line")
            return
        command = StartOver(found.training, found.network, found.data.load(), seed=found.seed)
        self.session.pause()
        if self.editor.do(command):
            self._show_as(found.hidden, found.shows_tests, found.discretized)
            self._say_of_link(what_is_lost(found) or with_keys(UNDO))

    def action_show_controls(self) -> None:
        self._hidden_by_link = frozenset()
        self._hide_controls()

    @property
    def hidden_controls(self) -> frozenset[str]:
        """The controls that a link hides, and a lesson."""
        return self._hidden_by_link | self.classroom.limits.controls

    def _hide_controls(self) -> None:
        self.playground.show_controls(self.hidden_controls)

    def _keep_theme(self) -> None:
        if self._wanted_theme is not None:
            self._remember_theme(self._wanted_theme)
        self.theme_changed_signal.subscribe(self, lambda theme: self._remember_theme(theme.name))

    def _remember_theme(self, name: str) -> None:
        run_job(
            self,
            lambda: self._theme_choice.note(name),
            lambda _: None,
            _log.warning,
            failed="The name of the theme was not written",
            group="recent",
        )

    def _breakpoint_classes(self) -> list[str]:
        across, down = self.HORIZONTAL_BREAKPOINTS or [], self.VERTICAL_BREAKPOINTS or []
        return [
            max(stop for stop in stops if stop[0] <= cells)[1]
            for stops, cells in ((across, self.size.width), (down, self.size.height))
        ]

    def _settle(self) -> None:
        gc.freeze()
        gc.enable()

    def on_unmount(self) -> None:
        self.prepare_to_end()

    async def action_quit(self) -> None:
        self.prepare_to_end()
        self.exit()

    def prepare_to_end(self) -> None:
        """Ends training and saves; from any thread, before an end of any kind but SIGKILL."""
        self.trainer.stop()
        self._doctor.stop()
        if "wall" in vars(self):
            self.wall.stop()
        self._last_save()

    def save_before_exit(self) -> None:
        """Saves what is not saved yet.

        Called once, in a thread of its own, while the training thread may still be in a step and
        the screen's thread may hang. The process may end `SECONDS_TO_SAVE` later.
        """
        others = self._keeper.others
        self._keeper.close()
        self._files.note_others(others)

    def fail(self, error: Exception) -> None:
        _log.error("the application failed", exc_info=error)
        if self._has_failed:
            return
        self._has_failed = True
        self.prepare_to_end()
        self.exit(return_code=ExitCode.FAILED, message=Text(crash_sentence(error)))

    # --- Snapshots -----------------------------------------------------------------------------

    def refresh_snapshot(self) -> None:
        """Asks the thread for a snapshot; without a thread, takes and shows one."""
        self.trainer.refresh()

    def on_snapshot_ready(self, message: messages.SnapshotReady) -> None:
        self.trainer.receive(message.snapshot)

    def on_picture_wanted(self) -> None:
        self.refresh_snapshot()

    def _show(self, snapshot: Snapshot) -> None:
        if snapshot.run_id != self._run_id:
            # Where a seek led was not quite known when it was asked for.
            self._run_id = snapshot.run_id
            self._follow()
        is_past = snapshot.future is not None and snapshot.goal is None
        if is_past and not self._is_past:
            words = ", ".join(what_to_do(snapshot))
            self.notify(f"{words}.", title="Back in time", markup=False)
        self._is_past = is_past
        self.playground.show_snapshot(snapshot)
        if self.trainer.is_behind:
            # It may be older than the last edit.
            self.playground.show_training(self.session.training)
        self._microscope.show(snapshot, self.playground.selection)
        self.classroom.look()
        status = self._lessons.progress.check(snapshot)
        self.playground.show_lesson(status)
        if status.lesson is None and not self.classroom.is_on:
            # A lesson gives its own advice, or leaves the solution to the user.
            self._doctor.follow(snapshot)
        self._show_file()

    # --- Edits ---------------------------------------------------------------------------------

    def on_training_changed(self, message: messages.TrainingChanged) -> None:
        before = self.session.training.sabotage
        self.editor.configure(changes=message.changes)
        for name in self.session.training.sabotage:
            if name not in before:
                sabotage = SABOTAGES[name]
                title = f"Bug planted: {sabotage.title}"
                self.notify(sabotage.breaks, title=title, severity="warning", markup=False)

    def on_run_copy_wanted(self, message: messages.RunCopyWanted) -> None:
        message.take(self.session.learner_state)

    def on_network_changed(self, message: messages.NetworkChanged) -> None:
        self.editor.configure(network=message.network)

    def on_layers_edited(self, message: messages.LayersEdited) -> None:
        try:
            reshaped = message.edit(self.session.network_spec)
        except IndexError:
            self._refuse("That part of the network no longer exists. Select another one.")
        except ValueError as error:
            self._refuse(str(error))
        else:
            self.editor.do(Configure(network=reshaped.network, origins=reshaped.origins))

    def on_elements_edited(self, message: messages.ElementsEdited) -> None:
        self.editor.write(message.numbers, message.frozen)

    def on_data_changed(self, message: messages.DataChanged) -> None:
        self._loader.load(message.choice, message.table, starts_over=message.starts_over)

    def on_point_added(self, message: messages.PointAdded) -> None:
        self._loader.add(message.point, message.target)

    def on_point_removed(self, message: messages.PointRemoved) -> None:
        self._loader.remove(message.number)

    def on_lane_wanted(self, message: messages.LaneWanted) -> None:
        self._race.choose(message.number)

    def on_race_wanted(self, message: messages.RaceWanted) -> None:
        if self.editor.allows(message.setting) and not self.classroom.holds():
            self._race.race_values(message.setting, message.values)

    def on_save_wanted(self, message: messages.SaveWanted) -> None:
        self._loader.save(message.path)

    def _show_edit(self) -> None:
        self._follow()
        self._keeper.follow()
        self.playground.acts_on_all = self.session.is_racing and self.session.acts_on_all
        self.playground.show_training(self.session.training)
        self.refresh_snapshot()

    def _follow(self) -> None:
        """Shows the lesson and the data that the commands so far lead to."""
        self._lessons.follow()
        self.playground.query_one(DataPane).show_choice(self.editor.choice)

    def on_seek_wanted(self, message: messages.SeekWanted) -> None:
        self.editor.do(message.seek)

    @on(messages.Complaint)
    @on(SettingsList.Rejected)
    def complain(self, message: messages.Complaint | SettingsList.Rejected) -> None:
        """Says what is impossible, or not allowed."""
        is_lesson = message.sentence.startswith(LESSON)
        title = "Locked" if is_lesson else "Invalid setting"
        self.notify(message.sentence, severity="error", title=title, markup=False)

    def _refuse(self, sentence: str) -> None:
        """Says why something is impossible, and shows the settings in force again."""
        self.post_message(messages.Complaint(sentence))
        self.playground.query_one(DataPane).show_choice(self.editor.choice)
        for pane in self.playground.panes:
            pane.restore()
        self.refresh_snapshot()

    # --- Files of runs -------------------------------------------------------------------------

    def action_save_run(self) -> None:
        self._files.save()

    def action_save_run_as(self) -> None:
        self._files.save_as()

    def action_export_run(self) -> None:
        if self.session.training.hidden_sabotage:
            self.notify("Not during a bug hunt: an export would name the bug.")
            return
        from .export_formats import formats_seen

        output = self.playground.query_one(OutputPane)
        seen = formats_seen(self.hidden_controls, output.shows_tests, output.is_discretized)
        self._files.export(seen.values())

    def action_open_run(self) -> None:
        self._files.ask_what_to_open()

    def action_continue_run(self) -> None:
        strip = self.playground.query_one(ContinueStrip)
        if strip.is_open:
            strip.close()
            self._keeper.go_on()
        else:
            self.notify("Nothing to continue: this works right after the start, before training.")

    def _offer_to_continue(self, words: str) -> None:
        # None if the application is leaving by now.
        for strip in self.playground.query(ContinueStrip):
            strip.offer(words)

    def _show_file(self) -> None:
        self.playground.show_file(self._files.name, is_changed=self._files.is_changed)

    def _show_other_run(self) -> None:
        self._lessons.begin_again()
        self.call_later(self.classroom.leave_run)
        # What a link hid was of its own run.
        self.action_show_controls()
        self._show_edit()

    # --- Actions -------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "toggle_training":
            return self.screen is self.playground and not isinstance(self.focused, Input)
        return super().check_action(action, parameters)

    def action_toggle_training(self) -> None:
        if not self.classroom.holds() and not self.trainer.toggle():
            self.notify("Press r{train.reset} first: training can't continue from these weights.")

    def action_pause(self) -> None:
        self.trainer.pause()
        self.trainer.refresh()

    def action_step(self) -> None:
        if not self.classroom.holds():
            self.trainer.step()

    def action_epoch(self) -> None:
        if not self.classroom.holds():
            self.trainer.epoch()

    def action_reset(self) -> None:
        self.trainer.reset()

    def action_reseed(self) -> None:
        self.notify(f"New initial weights, seed {self.trainer.reseed()}.")

    def action_learning_rate_stop(self, by: int) -> None:
        self.editor.walk("learning_rate", LEARNING_RATES, by)

    def action_scale_learning_rate(self, by: int) -> None:
        rate = self.session.training.learning_rate * (1.0 + by * FINE_STEP)
        self.editor.configure(changes={"learning_rate": float(f"{rate:.3g}")})

    def action_pace(self, by: int) -> None:
        pace = self.editor.walk("pace", PACES, by)
        words = "as fast as possible" if math.isinf(pace) else f"{pace:g} epochs per second"
        self.notify(f"Pace: {words}.")

    def action_race_fork(self) -> None:
        if not self.classroom.holds():
            self._race.fork()

    def action_race_next(self) -> None:
        self._race.choose_next()

    def action_race_choose(self, number: int) -> None:
        self._race.choose(number)

    def action_race_all(self) -> None:
        self._race.switch_target()

    def action_race_keep(self) -> None:
        self._race.keep()

    def action_race_drop(self) -> None:
        self._race.drop()

    def action_race_swap(self) -> None:
        self._race.swap()

    @cached_property
    def wall(self) -> Wall:
        """Many runs at a time; made when it is first asked for."""
        # Here, because the application starts faster without it.
        from .wall.wall import Wall

        return Wall(
            self,
            self.session,
            self.editor,
            has_threads=self._has_threads,
            show_opened=self._files.show_continued,
            show_race=self._show_edit,
        )

    async def action_wall(self) -> None:
        if not self.classroom.refuses_wall():
            await self.wall.open()

    async def action_wall_trainability(self) -> None:
        if not self.classroom.refuses_wall():
            await self.wall.open_trainability()

    def action_undo(self) -> None:
        if not self.classroom.is_at_start():
            self._travel("undo")

    def action_redo(self) -> None:
        self._travel("redo")

    def _travel(self, verb: str) -> None:
        shown = self.trainer.snapshot
        if not (self.editor.undo() if verb == "undo" else self.editor.redo()):
            self.notify(f"Nothing to {verb}.")
        elif shown is not None and shown.future is not None:
            rest = " The rest is now a past run." if keeps_future(shown) else ""
            done = "Undone" if verb == "undo" else "Redone"
            self.notify(f"{done} at step {shown.step:,}. Training continues from here.{rest}")

    def action_go_back(self) -> None:
        if not self.editor.go(-1):
            self.notify(BEGINNING)

    def action_go_forward(self) -> None:
        if not self.editor.go(1):
            self.notify(LATEST)

    def action_choose_dataset(self, name: str) -> None:
        self._loader.load(DataChoice(name=name, seed=self.editor.choice.seed))

    async def action_save_points(self) -> None:
        self.playground.action_go_to("data")
        await self.playground.query_one(DataPane).action_save_points()

    def action_set_training(self, field: str, value: str) -> None:
        self.editor.configure(changes={field: value})

    def action_switch_sabotage(self, name: str) -> None:
        bugs = set(self.session.training.sabotage) ^ {name}
        self.post_message(messages.TrainingChanged({"sabotage": tuple(bugs)}))

    def action_lessons(self) -> None:
        self._lessons.choose(self.classroom.player, self.classroom.begin, self.classroom.leave)

    async def action_learn(self, name: str) -> None:
        await self.classroom.begin(name)

    def on_lesson_bar_answered(self, message: LessonBar.Answered) -> None:
        self.classroom.answer(message.answer)

    def action_learn_hint(self) -> None:
        self.classroom.hint()

    async def action_learn_next(self) -> None:
        await self.classroom.go_on()

    async def action_learn_end(self) -> None:
        await self.classroom.end()

    def on_graph_looked(self) -> None:
        self.classroom.look()

    async def action_begin_preset(self, name: str) -> None:
        await self.classroom.end()
        self._lessons.offer(PRESETS[name])

    async def action_begin_challenge(self, name: str) -> None:
        await self.classroom.end()
        self._lessons.offer(CHALLENGES[name])

    def action_cure(self) -> None:
        self._lessons.cure()

    async def action_microscope(self) -> None:
        await self._open_microscope()

    async def action_microscope_network(self) -> None:
        await self._open_microscope(lambda screen: screen.look_at_network())

    async def action_microscope_example(self, name: str) -> None:
        await self._open_microscope(lambda screen: screen.look_at_example(name))

    async def _open_microscope(
        self, look: Callable[[MicroscopeScreen], None] = lambda screen: None
    ) -> None:
        if self.screen is self.playground and self.classroom.holds():
            return
        await self._microscope.open(self.trainer.snapshot, self.playground.selection, look)

    def deliver_screenshot(
        self, filename: str | None = None, path: str | None = None, time_format: str | None = None
    ) -> None:
        """Saves a picture of the screen; Textual's own says nothing where it can't."""
        if not self.screen_stack:
            # It is leaving.
            return
        # Here, because the application starts a tenth faster without the microscope.
        from .microscope.export import picture_as_svg

        name = filename or dated_name(self.title, ".svg")
        picture = picture_as_svg(self.export_screenshot())
        folder = save_folder() if path is None else Path(path)
        save_file(self, folder / name, lambda: picture, what="a picture of the screen")

    def action_doctor(self) -> None:
        if self.classroom.holds():
            return
        self._doctor.open(self.trainer.snapshot)

    def action_help(self) -> None:
        from .help import HelpScreen

        is_first = isinstance(self.screen, PlaygroundScreen)
        self.push_screen(HelpScreen(self.screen, is_first=is_first))

    # --- What Textual asks for -----------------------------------------------------------------

    @property
    def available_themes(self) -> dict[str, Theme]:
        """The themes that are offered; to make all of them takes long, so the palette asks."""
        return themes(self.depth)

    def get_theme(self, theme_name: str) -> Theme | None:
        """The theme of a name."""
        return theme_at(theme_name, self.depth)

    def get_line_filters(self) -> Sequence[LineFilter]:
        return self._depth_filters or super().get_line_filters()

    def notify(self, message: str, **options: Any) -> None:
        """Shows a message, with the keys in force."""
        super().notify(with_keys(message), **options)

    def get_key_display(self, binding: Binding) -> str:
        """How a key is written; by its name where there may be no symbol for it."""
        display = super().get_key_display(binding)
        return display if display.isascii() or not self.ascii else binding.key

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Textual's own commands without those that the playground has a key for."""
        for command in super().get_system_commands(screen):
            if command.title not in ("Keys", "Maximize", "Minimize", "Quit"):
                yield command
