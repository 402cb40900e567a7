"""Wall: what the user asks of many runs, and the screen that shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from textual.app import App

from ...core.race import Lanes
from ...core.run import RunDocument, ready_document
from ...core.sweep.cell import lend, setup_of
from ...core.sweep.live import LiveSweep
from ...core.sweep.sweep import Sweep
from ...core.training.setup import Setup
from ..editor import Editor
from ..file_jobs import run_job
from .plan import Plan, base_of, trainability

if TYPE_CHECKING:
    from .screen import WallScreen

MOST_DEEP: Final = 40
"""How many times one can zoom in."""
SECONDS_TO_READ: Final = 10.0
SECONDS_TO_STOP: Final = 0.3
PAUSED: Final = "Training has paused while the wall is open; it goes on when you leave."
LEFT: Final = "The wall is paused. W{wall.open-wall} shows it again."
SMALLEST: Final = "There is nothing between these values: move the cursor, or zoom out."
NOT_ZOOMED: Final = "This is the whole wall: +{wall.zoom-in} zooms in."
OVER: Final = "All runs are done: +{wall.zoom-in} zooms in, n{wall.new} begins another wall."
FEWER: Final = "Fewer cells: there are no other values in this range."
NAMES_ONLY: Final = "Only ranges of numbers can be zoomed into, and these are lists of names."


class Wall:
    """The runs, the screen, and the way to the playground and back.

    Attributes:
        live: The runs that are shown; None before the first.
        depth: How many times one has zoomed in.
    """

    def __init__(
        self,
        app: App[None],
        session: Lanes,
        editor: Editor,
        *,
        has_threads: bool,
        show_opened: Callable[[RunDocument], None],
        show_race: Callable[[], None],
    ) -> None:
        """Has no runs yet.

        Args:
            app: Shows the screen.
            session: What the runs are made from, and where one of them is opened.
            editor: Says what a lesson does not allow.
            has_threads: Whether the runs train by themselves. Without, as in tests, they go on
                where `live.advance` is called.
            show_opened: Called when the session goes on with a run of the wall.
            show_race: Called when a run of the wall races the present one.
        """
        self._app, self._session, self._editor = app, session, editor
        self._has_threads = has_threads
        self._show_opened, self._show_race = show_opened, show_race
        self.live: LiveSweep | None = None
        self._outer: list[LiveSweep] = []
        self._plan: Plan | None = None
        self._screen: WallScreen | None = None
        self._setup: Setup | None = None
        self._was_training = False
        self._was_running = False

    # --- From the first key to the last --------------------------------------------------------

    async def open(self, plan: Plan | None = None) -> None:
        """Shows the wall; asks what varies if there is none yet, or begins one.

        Args:
            plan: What to begin at once.
        """
        try:
            base_of(self._session)
        except ValueError as error:
            if self.live is None or plan is not None:
                self._refuse(str(error))
                return
        if self._screen is None:
            # Here, because the application starts faster without it.
            from .screen import WallScreen

            self._screen = WallScreen(self)
            self._app.install_screen(self._screen, "wall")
        if self._session.is_training:
            self._was_training = True
            self._session.pause()
            self._say(PAUSED)
        if self._app.screen is not self._screen:
            await self._app.push_screen(self._screen)
        if plan is not None:
            self._begin_at_once(plan)
        elif self.live is None:
            self.ask()

    async def open_trainability(self) -> None:
        """Begins the preset that shows which rates of two layers converge."""
        await self.open(trainability(self._app.size.height))

    def come_back(self) -> None:
        """Goes on after the screen was left."""
        if self._was_running and self.live is not None:
            self._was_running = False
            self.live.resume()

    def leave(self) -> None:
        """Goes back to the playground; the wall pauses, and what trained there goes on."""
        if self._pause():
            self._was_running = True
            self._say(LEFT)
        self._app.pop_screen()
        goes_on, self._was_training = self._was_training and not self._session.is_over, False
        if goes_on:
            self._session.resume()

    def stop(self) -> None:
        """Ends all runs for good; from any thread."""
        for live in (*self._outer, *([] if self.live is None else [self.live])):
            live.stop(SECONDS_TO_STOP if live is self.live else 0.0)

    def _end_present(self) -> None:
        """Ends the runs that are shown; the screen does not wait for what they are at."""
        if self.live is not None:
            self.live.stop(0.0)

    def _pause(self) -> bool:
        """Pauses the runs; says whether they trained."""
        trains = self.live is not None and self.live.state == "running"
        if self.live is not None:
            self.live.pause()
        return trains

    def switch(self) -> None:
        """Pauses all runs, or lets them go on."""
        live = self.live
        if live is None:
            self.ask()
        elif live.state == "done":
            self._say(OVER)
        elif live.state == "running":
            live.pause()
        else:
            live.resume()

    # --- Another one ---------------------------------------------------------------------------

    def ask(self) -> None:
        """Asks what varies, and begins that."""
        from .form import Answer, WallForm

        def answered(answer: Answer | None) -> None:
            if answer is not None:
                self._begin(answer.plan, answer.sweep)
            elif self.live is None and self._app.screen is self._screen:
                self.leave()

        form = WallForm(self._sweep_of, self._plan, lines=self._app.size.height)
        self._app.push_screen(form, answered)

    def _sweep_of(self, plan: Plan) -> Sweep:
        lend(self._session.dataset)
        return plan.sweep(base_of(self._session))

    def _begin_at_once(self, plan: Plan) -> None:
        run_job(
            self._app,
            partial(self._sweep_of, plan),
            partial(self._begin, plan),
            self._refuse,
            failed="The wall was not begun",
        )

    def _begin(self, plan: Plan, sweep: Sweep) -> None:
        self._end_present()
        while self._outer:
            self._outer.pop().stop(0.0)
        self._plan = plan
        self._setup = setup_of(sweep.cell(0).recipe)
        self._train(sweep)
        if self._screen is not None:
            self._screen.show_wall(plan.measure)

    def _train(self, sweep: Sweep) -> None:
        self.live = LiveSweep(sweep, n_workers=None if self._has_threads else 0)
        self.live.start()

    @property
    def depth(self) -> int:
        """How many times one has zoomed in."""
        return len(self._outer)

    def zoom_in(self, number: int) -> None:
        """As many cells over half the range around one of them."""
        live = self.live
        if live is None:
            return
        sweep = live.sweep
        if not any(axis.field.is_number and len(axis) > 1 for axis in sweep.axes):
            self._say(NAMES_ONLY)
            return
        closer = sweep.zoomed(number)
        if closer.axes == sweep.axes or self.depth >= MOST_DEEP:
            self._say(SMALLEST)
            return
        live.release()
        self._outer.append(live)
        self._train(closer)
        self._show()
        if closer.n_cells < sweep.n_cells:
            self._say(FEWER)

    def zoom_out(self) -> None:
        """Back to the range before, whose numbers are still there."""
        if not self._outer:
            self._say(NOT_ZOOMED)
            return
        self._end_present()
        self.live = self._outer.pop()
        self.live.resume()
        self._show()

    def _show(self) -> None:
        if self._screen is not None:
            self._screen.show_wall()

    # --- What is shown of it -------------------------------------------------------------------

    @property
    def about(self) -> str:
        """What is learned: the name of the data set."""
        return "" if self._setup is None else self._setup.dataset.name

    @property
    def is_regression(self) -> bool:
        """Whether numbers are learned, not classes."""
        return self._setup is not None and self._setup.dataset.task == "regression"

    @property
    def is_plane(self) -> bool:
        """Whether there is a boundary to draw."""
        return self._setup is not None and len(self._setup.dataset.columns) == 2

    @property
    def loss_name(self) -> str:
        """What the losses are."""
        share = 0.0 if self._setup is None else self._setup.training.train_share
        return "test loss" if share < 1.0 else "training loss"

    @property
    def picture_colors(self) -> tuple[float, int]:
        """The output that has the full colour in a picture, and how many classes there are."""
        setup = self._setup
        if setup is None:
            return 1.0, 0
        if setup.dataset.task == "regression":
            return float(np.abs(setup.dataset.targets).max(initial=1e-12)), 0
        # A tanh or a margin saturates at 1; a logit of 4 is a probability of 98 %.
        limit = 4.0 if setup.loss == "binary_cross_entropy" else 1.0
        return limit, setup.dataset.n_classes

    # --- To the playground ---------------------------------------------------------------------

    def open_run(self, numbers: Sequence[int]) -> None:
        """Opens a run in the playground; of several seeds, the one in the middle."""
        live = self.live
        if live is None:
            return
        number = self._middle(live, numbers)

        def show(document: RunDocument) -> None:
            if not self._is_allowed(document):
                return
            self._leave_for_good()
            self._session.open_instead(document)
            self._show_opened(document)
            said = f"{self._words(live, number)}. ctrl+z{{edit.undo}} brings back the run before."
            self._say(f"Opened the run with {said}")

        self._with_document(live, number, show)

    def race_best(self, numbers: Sequence[int]) -> None:
        """Lets the best run race the present one, in a lane beside it.

        Of several seeds it is the one that the present run has, too, if it has a loss.
        """
        live = self.live
        if live is None:
            return
        number = next((n for n in numbers if np.isfinite(live.losses[n])), numbers[0])

        def show(document: RunDocument) -> None:
            if not self._is_allowed(document):
                return
            lane = self._session.race(document)
            self._leave_for_good()
            self._show_race()
            here = self._session.chosen.number
            self._say(
                f"Lane {lane.number} is the best of the wall: {self._words(live, number)}. Lane "
                f"{here} is your run. Both go on to the same epoch; ctrl+z{{edit.undo}} ends that."
            )

        self._with_document(live, number, show)

    def _with_document(
        self, live: LiveSweep, number: int, then: Callable[[RunDocument], None]
    ) -> None:
        """Takes a run out of the wall, in a thread: it may be at work."""
        run_job(
            self._app,
            lambda: ready_document(live.document(number)),
            then,
            self._refuse,
            failed="The run was not opened",
            exclusive=True,
        )

    def _is_allowed(self, document: RunDocument) -> bool:
        return self._editor.allows_setup(document.expected.setup)

    def _leave_for_good(self) -> None:
        """Shows the playground; what trained there does not go on by itself."""
        self._was_running = self._pause()
        self._was_training = False
        if self._app.screen is self._screen:
            self._app.pop_screen()

    @staticmethod
    def _middle(live: LiveSweep, numbers: Sequence[int]) -> int:
        """The run with the median of the losses: the number that the map shows is its own."""
        losses = np.nan_to_num(live.losses[list(numbers)], nan=np.inf)
        order = np.argsort(losses, kind="stable")
        return int(numbers[int(order[len(order) // 2])])

    @staticmethod
    def _words(live: LiveSweep, number: int) -> str:
        cell = live.cell(number)
        return cell.text if live.sweep.n_seeds > 1 else cell.text.rpartition(", ")[0]

    def _refuse(self, sentence: str) -> None:
        self._app.notify(sentence, title="Wall", severity="error", markup=False)

    def _say(self, words: str, **options: Any) -> None:
        self._app.notify(words, title="Wall", timeout=SECONDS_TO_READ, markup=False, **options)
