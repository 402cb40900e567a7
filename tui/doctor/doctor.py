"""Doctor: examines the run when the user asks for it, and once by itself when a problem lasts."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Final

from textual.app import App

from ...core.diagnosis.lasting import LastingProblem
from ..editor import Editor
from ..file_jobs import run_job

if TYPE_CHECKING:
    from ...core import Snapshot
    from ...core.diagnosis.doctor import Advice
    from ...core.diagnosis.remedies import Remedy

LIMITS: Final[dict[str, Any]] = {"seconds": 2.0}
"""How long it tries, see `examine`."""
SECONDS_TO_READ: Final = 15.0

_log = logging.getLogger(__name__)


class Doctor:
    """What the user asks of the doctor, and what it offers."""

    def __init__(self, app: App[None], editor: Editor, *, offers: bool) -> None:
        """Knows no problem yet.

        Args:
            app: Shows the screen, and the offers.
            editor: Does what can be undone.
            offers: Whether a problem that lasts is examined unasked.
        """
        self._app, self._editor = app, editor
        self._session = editor.session
        self._offers = offers
        self._problem = LastingProblem()
        self._stop = threading.Event()

    def open(self, snapshot: Snapshot | None) -> None:
        """Opens the screen over a run."""
        from .screen import DoctorScreen

        if snapshot is not None:
            self._problem.note_known(snapshot)
        self.stop()
        screen = DoctorScreen(self._session, what=_measure(snapshot), limits=LIMITS)
        self._app.push_screen(screen, self._take)

    def stop(self) -> None:
        """Ends what it examines unasked; in any thread."""
        self._stop.set()

    def _take(self, remedy: Remedy | None) -> None:
        """Does what was tried, and goes on training if it trained."""
        if remedy is None or remedy.edit is None:
            return
        was_training = self._session.state == "training"
        if self._editor.do(remedy.edit):
            if was_training:
                self._session.resume()
            self._app.notify(f"Taken: {remedy.words}. ctrl+z{{edit.undo}} takes it back.")

    # --- By itself -----------------------------------------------------------------------------

    def follow(self, snapshot: Snapshot) -> None:
        """Sees the next frame; examines the run, once, if its problem has lasted."""
        if self._offers and self._problem.see(snapshot):
            self.stop()
            self._examine(snapshot)

    def _examine(self, snapshot: Snapshot) -> None:
        stop = self._stop = threading.Event()

        def work() -> Advice | None:
            from ...core.diagnosis.doctor import examine

            state = self._session.learner_state()
            advices = examine(state, stopped=stop.is_set, **LIMITS)
            return next((advice for advice in advices if advice.is_done), None)

        def offer(advice: Advice | None) -> None:
            if advice is None or advice.best is None or stop.is_set() or self._is_other(snapshot):
                return
            said = f"D{{doctor.open}}: {advice.outcome(_measure(snapshot))}"
            self._app.notify(said, timeout=SECONDS_TO_READ, markup=False)

        run_job(self._app, work, offer, _log.warning, failed="No examination", group="advice")

    def _is_other(self, snapshot: Snapshot) -> bool:
        """Whether something was edited since."""
        s = self._session
        now = s.run_id, s.training, s.network_spec, s.dataset
        return now != (snapshot.run_id, snapshot.training, snapshot.network, snapshot.dataset)


def _measure(snapshot: Snapshot | None) -> str:
    """What the numbers are."""
    has_tests = snapshot is None or len(snapshot.test_rows) > 0
    return "test loss" if has_tests else "training loss"
