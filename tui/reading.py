"""Reading a file in a thread, with a screen that says how far it is and gives it up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, ClassVar, TypeVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from ..datasets import Progress
from .file_jobs import Say, run_job
from .footer import Footer
from .keys import bindings

_Result = TypeVar("_Result")


class _GivenUp(ValueError):
    """The user wants no more of it."""


class ReadingScreen(ModalScreen[None]):
    """Says how much of a file was read.

    Args:
        name: Of the file.
        give_up: Called when the user wants no more of it.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | reading.give-up | give_up | *Give up | Stop reading the file, and keep what was
        """
    )

    def __init__(self, name: str, give_up: Callable[[], object]) -> None:
        super().__init__()
        self._name = name
        self._give_up = give_up
        self._said = Static(self._sentence(0.0), markup=False)
        self.is_over = False

    def compose(self) -> ComposeResult:
        with Vertical(id="reading"):
            yield self._said
        yield Footer()

    def show(self, share: float) -> None:
        """Says another share."""
        self._said.update(self._sentence(share), layout=False)

    def end(self) -> None:
        """Closes it, at once or as soon as it is on top."""
        self.is_over = True
        if self.is_current:
            self.dismiss()

    def on_screen_resume(self) -> None:
        if self.is_over:
            self.dismiss()

    def _sentence(self, share: float) -> str:
        return f"Reading {self._name}: {share:.0%}"

    def action_give_up(self) -> None:
        self._give_up()


class _Reading:
    """One file that is being read: its screen comes with the first share that is told."""

    def __init__(self, app: App[Any], name: str, give_up: Callable[[], object]) -> None:
        self._app = app
        self._screen = ReadingScreen(name, self._stop)
        self._give_up = give_up
        self._loop = asyncio.get_running_loop()
        self._context = copy_context()
        self.is_given_up = False

    def tell(self, share: float) -> None:
        """Shows a share; called in the thread that reads, which ends here if nobody waits for it.

        Raises:
            _GivenUp: If it was given up, or forgotten.
        """
        if self._screen.is_over:
            raise _GivenUp
        # Without a loop the application has ended.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(partial(self._show, share), context=self._context)

    def end(self) -> None:
        """Takes the screen away."""
        self._screen.end()

    def _show(self, share: float) -> None:
        if self._screen.is_over:
            return
        if not self._screen.is_attached and share < 1.0:
            self._app.push_screen(self._screen)
        if self._screen.is_attached:
            self._screen.show(share)

    def _stop(self) -> None:
        self.is_given_up = True
        self.end()
        self._give_up()


def run_reading(
    app: App[Any],
    name: str,
    read: Callable[[Progress], _Result],
    then: Callable[[_Result], object],
    refuse: Say,
    *,
    failed: str,
    group: str = "data",
    give_up: Callable[[], object] = lambda: None,
) -> None:
    """Reads a file in a thread, and shows how far it is as soon as it tells.

    Of the readings of a group only the last counts.

    Args:
        app: Runs it.
        name: Of the file, as it is shown.
        read: Reads it, and tells the share that was read; a ValueError is a sentence for the user.
        then: Uses the result on the screen's thread; not called if it is given up.
        refuse: Says what went wrong.
        failed: See `run_job`.
        group: Of Textual's workers.
        give_up: Called if the user gives it up.
    """
    reading = _Reading(app, name, give_up)

    def use(result: _Result) -> None:
        if not reading.is_given_up:
            then(result)

    def say(sentence: str) -> None:
        if not reading.is_given_up:
            refuse(sentence)

    run_job(
        app,
        partial(read, reading.tell),
        use,
        say,
        failed=failed,
        group=group,
        exclusive=True,
        ended=reading.end,
    )
