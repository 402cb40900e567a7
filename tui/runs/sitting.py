"""SittingKeeper: keeps this sitting on the disk as it goes on, and offers to continue the last."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.app import App

from ...core import Session
from ...core.run import RunDocument, ready_document
from ..file_jobs import run_job
from .places import SITTINGS
from .words import ago, printable

if TYPE_CHECKING:
    from ...core.run.autosave import Autosave, Sitting

UNTOUCHED: Final = (0, 0, 0)
"""The version of a run in which nothing was done."""


def describe(sitting: Sitting) -> str:
    """What was on, how far it was, and when: `circle, epoch 93, 5 minutes ago`."""
    when = ago(sitting.when.timestamp(), time.time())
    return f"{printable(sitting.name)}, epoch {sitting.epoch:,}, {when}"


class SittingKeeper:
    """Saves what a session does, all the time, and knows the sitting before.

    Attributes:
        offered: The sitting that can be continued; None if there is none.
    """

    def __init__(
        self,
        app: App[None],
        session: Session,
        *,
        state_folder: Path | None,
        continued: Sitting | None,
        offer: Callable[[str], None],
        show: Callable[[RunDocument], None],
    ) -> None:
        """Does nothing before it is started.

        Args:
            app: Runs what takes long, and tells the user.
            session: What is saved.
            state_folder: Where to; None for nowhere.
            continued: The sitting that the session already goes on with, if any.
            offer: Shows in words what can be continued.
            show: Called when the session goes on with another run.
        """
        self.offered: Sitting | None = None
        self._app = app
        self._session = session
        self._folder = None if state_folder is None else state_folder / SITTINGS
        self._continued = continued
        self._offer = offer
        self._show = show
        self._autosave: Autosave | None = None

    @property
    def path(self) -> Path | None:
        """The file in which the present run is kept; None if it is not."""
        return None if self._autosave is None else self._autosave.path

    def start(self, *, offers: bool) -> None:
        """Begins to save; the application is on the screen by now.

        Args:
            offers: Whether to offer the last sitting.
        """
        if self._folder is None:
            return

        def offer(sitting: Sitting | None) -> None:
            is_untouched = self._session.version == UNTOUCHED
            if sitting is not None and offers and is_untouched:
                self.offered = sitting
                self._offer(describe(sitting))

        run_job(
            self._app,
            self._start,
            offer,
            self._complain,
            failed="Runs can't be kept as they go on",
            group="sitting",
        )

    def _start(self) -> Sitting | None:
        # Here, because the application starts faster without it.
        from ...core.run.autosave import Autosave, Sittings

        assert self._folder is not None
        sittings = Sittings(self._folder)
        newest = sittings.newest()
        self._autosave = Autosave(self._session, self._folder, say=self._say)
        self._autosave.start()
        if self._continued is not None:
            # It is a part of this sitting by now.
            sittings.note_continued(self._continued)
        return newest

    def _say(self, sentence: str) -> None:
        """From the thread that saves."""
        if self._app.is_running:
            self._app.call_later(self._complain, sentence)

    def _complain(self, sentence: str) -> None:
        self._app.notify(sentence, title="Not kept", severity="warning", markup=False)

    # --- The last sitting ----------------------------------------------------------------------

    def go_on(self) -> None:
        """Continues the sitting that is offered."""
        sitting, autosave = self.offered, self._autosave
        if sitting is None or autosave is None:
            return

        def go_on(document: RunDocument) -> None:
            autosave.resume(replace(sitting, document=document))
            self._show(document)
            self._app.notify(f"Continued: {describe(sitting)}.", markup=False)

        run_job(
            self._app,
            lambda: ready_document(sitting.document),
            go_on,
            self._complain,
            failed="The last run can't be continued",
            exclusive=True,
        )

    def close(self) -> None:
        """Saves what is not saved yet."""
        if self._autosave is not None:
            self._autosave.close()
