"""Race: what the user asks of the lanes, and what they are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from textual.app import App

from ...core.race import Lanes
from ...core.race.lane import Lane
from ...core.race.lanes import ALONE, FULL

HINTS: Final = {ALONE: " Press ={race.fork}.", FULL: " Press Q{race.drop}."}
GO_ON: Final = "Change a setting, or go to the next lane with I{race.next}."
TRAIN: Final = "space{train.toggle} trains all of them."
UNDO_DROP: Final = "ctrl+z{edit.undo} brings it back."
UNDO_KEEP: Final = "ctrl+z{edit.undo} brings the others back."
FOR_ALL: Final = "Changes are for all lanes now."
FOR_ONE: Final = "Changes are for the chosen lane now."
SECONDS_TO_READ: Final = 8.0


class Race:
    """Does to the lanes what the user asks for.

    Args:
        app: Tells the user.
        lanes: The session.
        show: Called when other lanes race, or another one is chosen.
    """

    def __init__(self, app: App[None], lanes: Lanes, *, show: Callable[[], None]) -> None:
        self._app, self._lanes, self._show = app, lanes, show

    def fork(self) -> None:
        """Lets the chosen run go on twice."""
        old, is_first = self._lanes.chosen.number, not self._lanes.is_racing
        if self._do(self._lanes.fork) and is_first:
            new = self._lanes.chosen.number
            words = f"Lane {new} goes on beside lane {old}, from the same state."
            self._say(f"{words} What you change now changes lane {new} alone. {GO_ON}")

    def race_values(self, setting: str, values: Sequence[Any]) -> None:
        """Lets a lane run for each value of a setting."""
        before = len(self._lanes.lanes)
        if self._do(lambda: self._lanes.race_values(setting, values)):
            names, n = ", ".join(self._lanes.names), len(self._lanes.lanes)
            whose = " from the same state" if before == 1 else f", {n - before} of them from here"
            self._say(f"{n} lanes go on{whose}: {names}. {TRAIN}")

    def choose_next(self, by: int = 1) -> None:
        """Goes to the next lane."""
        self._do(lambda: self._lanes.choose_next(by))

    def choose(self, number: int) -> None:
        """Goes to the lane with a number."""
        for lane in self._lanes.lanes:
            if lane.number == number:
                self._lanes.choose(lane)
                self._show()

    def keep(self) -> None:
        """Ends the race; the chosen lane goes on."""
        number, name = self._chosen_name()
        if self._do(self._lanes.keep):
            self._say(f"Kept lane {number}: {name}. {UNDO_KEEP}")

    def drop(self) -> None:
        """Takes the chosen lane out."""
        number, name = self._chosen_name()
        if self._do(self._lanes.drop):
            self._say(f"Dropped lane {number}: {name}. {UNDO_DROP}")

    def swap(self) -> None:
        """Moves the chosen lane one place on."""
        self._do(self._lanes.swap)

    def switch_target(self) -> None:
        """Lets changes be for all lanes, or for the chosen one alone."""
        lanes = self._lanes

        def switch() -> None:
            lanes.check_race()
            lanes.acts_on_all = not lanes.acts_on_all

        if self._do(switch):
            self._say(FOR_ALL if lanes.acts_on_all else FOR_ONE)

    def _chosen_name(self) -> tuple[int, str]:
        lanes: tuple[Lane, ...] = self._lanes.lanes
        at = lanes.index(self._lanes.chosen)
        return lanes[at].number, self._lanes.names[at]

    def _do(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except ValueError as error:
            words = f"{error}{HINTS.get(str(error), '')}"
            self._app.notify(words, title="Race", severity="warning", markup=False)
            return False
        self._show()
        return True

    def _say(self, words: str) -> None:
        self._app.notify(words, title="Race", timeout=SECONDS_TO_READ, markup=False)
