"""Classroom: the chapters on the application's own screens, which keep to what a lesson says."""

from __future__ import annotations

import random
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Final

from textual.screen import Screen

from ..core.run import StartOver, Undo
from ..core.training.sabotage import SABOTAGES
from ..core.training.setup import Setup
from .gradients.pane import GradientsPane
from .key_words import with_keys
from .learn.lesson_check import with_bug
from .learn.lesson_file import LessonFile
from .learn.lesson_player import LessonPlayer
from .learn.limits import NO_LIMITS, Limits
from .learn.quantities import QuantityError, Scene, place_before, quantity
from .messages import ANSWER_FIRST
from .output.pane import OutputPane
from .selection import Selection, Unit, element_of

if TYPE_CHECKING:
    from textual.app import App

    from ..core import Snapshot
    from .editor import Editor
    from .microscope.opening import Microscope
    from .microscope.screen import MicroscopeScreen
    from .playground import PlaygroundScreen
    from .trainer import Trainer

HUNT_OVER: Final = "No lesson hides it now"
OpenMicroscope = Callable[[Callable[["MicroscopeScreen"], None]], Coroutine[Any, Any, None]]


class Classroom:
    """Begins lessons, tells them what the learner sees, and keeps to their limits.

    Attributes:
        player: The lesson that is on.
        limits: What the lesson hides and locks now.
        choose_bug: Draws the bug that a lesson plants unseen.
    """

    def __init__(
        self,
        app: App[None],
        player: LessonPlayer,
        *,
        playground: PlaygroundScreen,
        microscope: Microscope,
        open_microscope: OpenMicroscope,
        trainer: Trainer,
        editor: Editor,
        hide_controls: Callable[[], None],
    ) -> None:
        """Begins without a lesson.

        Args:
            app: Has the screens.
            player: Plays one lesson.
            playground: Shows the run.
            microscope: Shows a graph.
            open_microscope: Brings it to the front, and chooses its graph.
            trainer: Is paused while a question is open.
            editor: Begins runs, and refuses what is locked.
            hide_controls: Called when other controls are to be hidden, see `limits`.
        """
        self._app, self.player = app, player
        self._playground, self._microscope = playground, microscope
        self._open_microscope, self._trainer, self._editor = open_microscope, trainer, editor
        self._hide_controls = hide_controls
        self.limits = NO_LIMITS
        self._before: Setup | None = None
        self.choose_bug: Callable[[Sequence[str]], str] = random.choice

    @property
    def is_on(self) -> bool:
        """Whether there is a lesson."""
        return self.player.run is not None

    async def begin(self, name: str) -> None:
        """Begins a lesson of the course."""
        await self.play(name, self.player.course.lesson(name))

    async def play(self, name: str, lesson: LessonFile) -> None:
        """Begins a lesson."""
        # What the lesson before it locked would be in the way.
        await self.end()
        lesson = with_bug(lesson, self.choose_bug)
        self._before = None
        if lesson.program:
            await self._open_microscope(lambda screen: screen.look_at_program(lesson.program))
        elif (start := lesson.start) is not None:
            data, self._before = start.data.load(), self._editor.session.setup
            self._editor.do(StartOver(start.training, start.network, data, seed=start.seed))
            self.to_playground()
        await self.player.begin(name, lesson, self._app.screen)
        self.look()

    def to_playground(self) -> None:
        """Leaves all other screens."""
        while self._app.screen is not self._playground:
            self._app.pop_screen()

    async def end(self) -> None:
        """Ends the lesson, if there is one."""
        await self.player.end()
        self._keep_to(NO_LIMITS)
        self.reveal()

    async def leave(self) -> None:
        """Ends the lesson, and goes to the playground."""
        await self.end()
        self.to_playground()

    def reveal(self) -> None:
        """Shows a hidden bug that no lesson hides: one that stayed would never be found."""
        training = self._editor.session.training
        if training.hidden_sabotage and not self.is_on:
            changes = {"sabotage": training.mistakes, "hidden_sabotage": ()}
            self._editor.configure(changes=changes)
            bugs = ", ".join(SABOTAGES[name].title for name in training.hidden_sabotage)
            self._app.notify(f"The bug that was hidden: {bugs}.", title=HUNT_OVER, markup=False)

    async def leave_run(self) -> None:
        """Ends a lesson on the playground, because another run is there."""
        run = self.player.run
        if run is not None and not run.lesson.program:
            self._app.notify("The lesson has ended: another run is open.")
            await self.end()
        else:
            self.reveal()

    def is_at_start(self) -> bool:
        """Whether undoing would lead to before the lesson; then says so."""
        session = self._editor.session
        if not self.is_on or self._before is None or not session.can_undo:
            return False
        if session.undoes_lanes:
            return False
        is_there = session.setup_after(Undo()) == self._before
        if is_there:
            self._app.notify("This is where the lesson begins.")
        return is_there

    async def go_on(self) -> None:
        """Goes to the next step, or to the next lesson."""
        if self._is_elsewhere():
            return
        if following := self.player.go_on(self._scene()):
            await self.begin(following)
        else:
            self.look()

    def answer(self, given: str) -> None:
        """Takes an answer."""
        self.player.answer(given)
        self.look()

    def hint(self) -> None:
        """Gives the next hint."""
        if not self._is_elsewhere():
            self.player.hint()
            self.look()

    def _is_elsewhere(self) -> bool:
        """Whether the step can't be seen here; then says how to get to it."""
        screen, run = self._app.screen, self.player.run
        if run is None or self.player.is_seen_on(screen):
            return False
        if screen.maximized is not None:
            words = "z{pane.maximize} brings the lesson back."
        elif screen is self._playground:
            words = "The lesson is in the microscope: press m{microscope.open}."
        else:
            words = "Press escape to go back to the lesson."
        self._app.notify(with_keys(words))
        return True

    def holds(self) -> bool:
        """Whether a question has to be answered before training goes on; then says so."""
        run = self.player.run
        is_held = run is not None and run.asks and not run.lesson.program
        if is_held:
            self._app.notify(with_keys(ANSWER_FIRST))
        return is_held

    def refuses_wall(self) -> bool:
        """Whether a lesson is on, whose run a wall would leave or give away; then says so."""
        if self.is_on:
            self._app.notify("No wall during a lesson: end it first, in the palette.")
        return self.is_on

    def look(self) -> None:
        """Compares what the learner has before them with what the lesson wants."""
        run = self.player.run
        if run is None:
            return
        self._conceal()
        here = self._app.screen
        if not run.lesson.program and here in self._screens and not self.player.is_seen_on(here):
            # The step is read wherever the learner looks for its answer.
            self._app.call_later(self.player.move_to, here)
        self.player.look(self._scene(), self._microscope.program)
        self._keep_to(self.player.limits)
        if run.asks and not run.lesson.program:
            self._trainer.pause()

    def _conceal(self) -> None:
        """Takes the graph back to where it does not show yet what is asked for."""
        run, stepper = self.player.run, self._microscope.stepper
        if run is None or stepper is None or not run.unseen:
            return
        try:
            is_known = any(quantity(name, Scene(stepper)) is not None for name in run.unseen)
            place = place_before(run.unseen, stepper) if is_known else stepper.position
        except QuantityError:
            # The learner's program lacks it.
            return
        if place < stepper.position:
            self._microscope.go_back_to(place)

    def _keep_to(self, limits: Limits) -> None:
        if limits == self.limits:
            return
        self.limits = limits
        self._playground.hide_panes(limits.hidden)
        self._microscope.hide_parts(limits.hidden)
        self._hide_controls()
        self._editor.locked = limits.locked

    @property
    def _screens(self) -> tuple[Screen[Any], ...]:
        microscope = self._microscope.screen
        return (self._playground,) if microscope is None else (self._playground, microscope)

    # --- What the learner has before them ------------------------------------------------------

    def _scene(self) -> Scene:
        microscope, playground = self._microscope, self._playground
        screen = type(self._app.screen).__name__.removesuffix("Screen").lower()
        is_graph = self._app.screen is not playground
        snapshot, selection = self._trainer.snapshot, playground.selection
        selected = microscope.selected if is_graph else selected_name(snapshot, selection)
        output = playground.query_one(OutputPane).view
        gradients = playground.query_one(GradientsPane).view
        pane = "" if is_graph else playground.focused_pane_id
        view = {"output": output, "gradients": gradients}.get(pane, "")
        return Scene(
            stepper=microscope.stepper,
            selected=selected,
            snapshot=snapshot,
            screen=screen,
            output_view=output,
            gradients_view=gradients,
            point=_place(snapshot, selection),
            looking_at=" ".join((screen, pane, view, selected)),
        )


def selected_name(snapshot: Snapshot | None, selection: Selection) -> str:
    """The name of what is selected in the network; empty for nothing."""
    match selection.part:
        case None:
            return ""
        case Unit(0, unit) if snapshot is not None:
            return snapshot.inputs[unit]
        case Unit(column, unit):
            return f"layer{column}[{unit}]"
        case part:
            return element_of(part).name


def _place(snapshot: Snapshot | None, selection: Selection) -> dict[str, float]:
    """The selected sample or place, by the names of the columns."""
    if snapshot is None or selection.point is None:
        return {}
    return dict(zip(snapshot.dataset.columns, selection.point, strict=True))
