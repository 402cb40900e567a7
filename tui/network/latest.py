"""What was asked for last, until the frames show it."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

T = TypeVar("T")

# One frame may be on its way already, and the next may be one of several quick edits.
FRAMES: Final = 3


class Latest(Generic[T]):
    """Something asked for, so that a second key press goes on from it and not from an old frame."""

    def __init__(self) -> None:
        self._asked: T | None = None
        self._frames = 0

    def ask(self, what: T) -> None:
        """Remembers what was asked for."""
        self._asked, self._frames = what, FRAMES

    def forget(self) -> None:
        """Forgets it: it could not be done."""
        self._asked = None

    def or_shown(self, shown: T) -> T:
        """What is to come, or what is shown if nothing is."""
        return shown if self._asked is None else self._asked

    def see(self, shown: T) -> None:
        """Takes note of a frame."""
        self._frames -= 1
        if self._frames <= 0 or shown == self._asked:
            self._asked = None
