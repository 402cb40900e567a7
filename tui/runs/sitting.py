"""SittingKeeper: keeps this sitting on the disk as it goes on, and offers to continue the last."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from ...core.race import Lanes
from ...core.race.lane import Lane
from ...core.run import RunDocument, ready_document
from ...core.run.document import UNTOUCHED
from ...datasets import printable
from ..file_jobs import run_job
from .places import SITTINGS
from .words import ago

if TYPE_CHECKING:
    from ...core.run.autosave import Autosave, Sitting


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
        session: Lanes,
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
        self._is_closed = False
        self._show = show
        self._autosaves: dict[Lane, Autosave] = {}

    @property
    def path(self) -> Path | None:
        """The file in which the present run is kept; None if it is not."""
        autosave = self._autosaves.get(self._session.chosen)
        return None if autosave is None else autosave.path

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
            failed="Autosave could not start",
            group="sitting",
        )

    def _start(self) -> Sitting | None:
        # Here, because the application starts faster without it.
        from ...core.run.autosave import Autosave, Sittings

        assert self._folder is not None
        newest = Sittings(self._folder).newest()
        lane = self._session.chosen
        self._autosaves[lane] = autosave = Autosave(
            lane.session, self._folder, say=self._say, continued=self._continued
        )
        autosave.start()
        return newest

    def follow(self) -> None:
        """Saves the lanes that came too, and no longer those that nothing can bring back."""
        if not self._autosaves or self._is_closed:
            return
        lanes = self._session.everyone
        new = [lane for lane in lanes if lane not in self._autosaves]
        gone = [lane for lane in self._autosaves if lane not in lanes]
        if not new and not gone:
            return
        from ...core.run.autosave import Autosave

        assert self._folder is not None
        ended = [self._autosaves.pop(lane) for lane in gone]
        for lane in new:
            self._autosaves[lane] = Autosave(lane.session, self._folder, say=self._say)

        def change() -> None:
            # What asks the session waits for the training thread: the screen must not.
            for autosave in ended:
                autosave.close()
            for lane in new:
                self._autosaves[lane].start()

        run_job(
            self._app,
            change,
            lambda _: None,
            self._complain,
            failed="Autosave of the lanes could not start",
            group="sitting",
        )

    def _say(self, sentence: str) -> None:
        """From the thread that saves."""
        if self._app.is_running:
            self._app.call_later(self._complain, sentence)

    def _complain(self, sentence: str) -> None:
        self._app.notify(sentence, title="Not saved", severity="warning", markup=False)

    # --- The last sitting ----------------------------------------------------------------------

    def go_on(self) -> None:
        """Continues the sitting that is offered."""
        sitting, autosave = self.offered, self._autosaves.get(self._session.chosen)
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

    @property
    def others(self) -> list[tuple[Path, str]]:
        """Where the lanes beside the chosen one are kept, and what to call them."""
        names = zip(self._session.lanes, self._session.names, strict=True)
        return [
            (path, f"{printable(lane.session.dataset.name)}, lane {lane.number}: {name}")
            for lane, name in names
            if lane is not self._session.chosen
            and lane in self._autosaves
            and (path := self._autosaves[lane].path) is not None
        ]

    def close(self) -> None:
        """Saves what is not saved yet."""
        self._is_closed = True
        chosen = self._session.chosen
        # The chosen one last: it is the one that is offered next time.
        for lane in sorted(self._autosaves, key=lambda lane: lane is chosen):
            self._autosaves[lane].close()
