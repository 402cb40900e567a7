"""The trainer: the thread that trains, and the frames it hands to the screen."""

from __future__ import annotations

import threading
from collections.abc import Callable

from textual.app import App

from ..core import Session, Snapshot
from .messages import SnapshotReady

# Where a step takes so little, training waits for each frame, but never longer than this.
MANY_STEPS_PER_SECOND = 300.0
LONGEST_FRAME_SECONDS = 0.06


class Trainer:
    """Trains a session, and takes snapshots of it for the screen, one at a time.

    Args:
        app: Receives a `SnapshotReady` for each snapshot that the thread took.
        session: What is trained.
        view: Returns the resolution of the output picture, and the unit that is pictured, if any.
        show: Draws a snapshot.
        has_thread: Whether a thread trains. Without one, snapshots are taken and shown at once.

    Attributes:
        snapshot: The last one shown; None before the first.
    """

    def __init__(
        self,
        app: App[None],
        session: Session,
        *,
        view: Callable[[], tuple[tuple[int, int], tuple[int, int] | None]],
        show: Callable[[Snapshot], None],
        has_thread: bool,
    ) -> None:
        self.snapshot: Snapshot | None = None
        self._app = app
        self._session = session
        self._view = view
        self._draw = show
        self._has_thread = has_thread
        self._stop = threading.Event()
        self._drawn = threading.Event()
        self._awaiting = False
        self._asked_meanwhile = False

    def start(self) -> None:
        """Starts the thread, if there is one."""
        if self._has_thread:
            self._app.run_worker(self._train, thread=True, group="trainer", exit_on_error=False)

    def stop(self) -> None:
        """Ends the thread; no snapshot comes after this."""
        self._stop.set()
        self._drawn.set()

    # --- What the user asks for ----------------------------------------------------------------

    def toggle(self) -> bool:
        """Pauses or continues; says whether that was possible."""
        is_over = self._session.is_over
        if self._session.is_training:
            self._session.pause()
        elif not is_over:
            self._session.resume()
        self.refresh()
        return not is_over

    def step(self) -> None:
        """Learns one mini-batch and pauses."""
        self.pause()
        self._session.advance(1)
        self.refresh()

    def epoch(self) -> None:
        """Learns to the end of the epoch and pauses."""
        self.pause()
        self._session.advance_epochs(1)
        self.refresh()

    def pause(self) -> None:
        """Pauses training, if it trains."""
        # Another pause would drop the steps that were asked for and not taken yet.
        if self._session.is_training:
            self._session.pause()

    def reset(self) -> None:
        """Goes back to epoch 0 and the same initial weights."""
        self._session.reset()
        self.refresh()

    def reseed(self) -> int:
        """Goes back to epoch 0 with the initial weights of the next seed, and returns it."""
        seed = self._session.seed + 1
        self._session.reseed(seed)
        self.refresh()
        return seed

    # --- Snapshots -----------------------------------------------------------------------------

    def _train(self) -> None:
        self._session.run(self._stop, self._publish)

    def _publish(self, snapshot: Snapshot) -> None:
        """Hands a snapshot over, and waits until it is drawn.

        Short steps hold Python's lock nearly always: drawing beside them takes twice as long, and
        they gain nothing by it.
        """
        if self._stop.is_set():
            return
        self._drawn.clear()
        self._app.post_message(SnapshotReady(snapshot))
        if snapshot.steps_per_second > MANY_STEPS_PER_SECOND:
            self._drawn.wait(LONGEST_FRAME_SECONDS)

    def keep_up(self) -> None:
        """Asks the thread for a snapshot if something has changed since the last one."""
        shown = self.snapshot
        is_new = shown is None or self._session.has_moved(shown)
        if is_new and self._has_thread:
            self.refresh()

    def refresh(self) -> None:
        """Asks the thread for a snapshot; without a thread, takes and shows one."""
        if self._is_over:
            return
        grid, unit = self._view()
        if not self._has_thread:
            self._show(self._session.snapshot(grid, unit))
        elif self._awaiting:
            # The one on its way may be older than what this call is to show.
            self._asked_meanwhile = True
        else:
            self._awaiting = True
            self._session.request_snapshot(grid, unit)

    @property
    def is_behind(self) -> bool:
        """Whether something was asked for that the last snapshot may not show."""
        return self._asked_meanwhile

    def receive(self, snapshot: Snapshot) -> None:
        """Shows a snapshot from the thread, unless it is of a run that is over."""
        if self._is_over:
            return
        self._app.call_after_refresh(self._drawn.set)
        self._awaiting = False
        is_current = snapshot.run_id == self._session.run_id
        if is_current:
            self._show(snapshot)
        if self._asked_meanwhile or not is_current:
            self._asked_meanwhile = False
            self.refresh()

    @property
    def _is_over(self) -> bool:
        """Whether the application is leaving: its panes may be gone by now."""
        return self._stop.is_set() or not self._app.is_running

    def _show(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._draw(snapshot)
