"""Playing the steps of the microscope one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual.timer import Timer
from textual.widget import Widget

PACES: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Steps per second."""
FIRST_PACE: Final = 2.0


class Player:
    """Takes a step in every so many seconds.

    Args:
        screen: Whose timer it is.
        step: Takes a step.
        show: Shows the pace, in steps per second, and whether it is playing.
    """

    def __init__(
        self, screen: Widget, step: Callable[[], None], show: Callable[[float, bool], None]
    ) -> None:
        self._screen, self._step, self._show = screen, step, show
        self._pace = PACES.index(FIRST_PACE)
        self._timer: Timer | None = None

    @property
    def is_playing(self) -> bool:
        return self._timer is not None

    def show(self) -> None:
        self._show(PACES[self._pace], self.is_playing)

    def play(self) -> None:
        self._timer = self._screen.set_interval(1.0 / PACES[self._pace], self._step)
        self.show()

    def pause(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            self.show()

    def change_pace(self, by: int) -> None:
        """Makes it faster (1) or slower (-1)."""
        self._pace = min(max(self._pace + by, 0), len(PACES) - 1)
        if self._timer is not None:
            self._timer.stop()
            self.play()
        self.show()
