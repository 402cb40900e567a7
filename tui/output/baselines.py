"""What a network has to beat, found in the background while a report is shown."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from textual.widget import Widget

from ...core import Snapshot
from ...core.diagnosis.baselines import Baselines, baselines, imbalance, score
from ..file_jobs import run_job

_log = logging.getLogger(__name__)
WAITING = "A straight line is being trained for comparison ..."


class Comparison:
    """The sentences that set a network beside its baselines; new samples need new ones."""

    def __init__(self, widget: Widget, show_again: Callable[[], None]) -> None:
        """Knows nothing yet.

        Args:
            widget: Whose application runs the job.
            show_again: Called when there is more to say.
        """
        self._widget, self._show_again = widget, show_again
        # The samples that this is of, held so that no others can be taken for them.
        self._of: tuple[object, object] = (None, None)
        self._uneven = ""
        self._found: Baselines | None = None
        self._waiting = ""
        self._stop = threading.Event()

    def sentences(self, snapshot: Snapshot) -> list[str]:
        """What is known now; begins to find the rest."""
        dataset, rows = self._of
        if dataset is not snapshot.dataset or rows is not snapshot.train_rows:
            self._of, self._found = (snapshot.dataset, snapshot.train_rows), None
            uneven = imbalance(snapshot.dataset)
            self._uneven, self._waiting = f"{uneven}." if uneven else "", WAITING
            self._find(snapshot)
        said = self._waiting
        if (found := self._found) is not None:
            reached = score(snapshot.dataset, snapshot.outputs[found.rows], found.rows)
            said = found.sentence(reached)
        return [sentence for sentence in (self._uneven, said) if sentence]

    def stop(self) -> None:
        """Ends what it is finding; in any thread."""
        self._stop.set()

    def _find(self, snapshot: Snapshot) -> None:
        self.stop()
        stop = self._stop = threading.Event()

        def work() -> Baselines:
            samples = snapshot.dataset, snapshot.train_rows, snapshot.test_rows
            return baselines(*samples, stopped=stop.is_set)

        def take(found: Baselines) -> None:
            if not stop.is_set():
                self._found = found
                self._show_again()

        def give_up(sentence: str) -> None:
            _log.warning(sentence)
            if not stop.is_set():
                self._waiting = ""
                self._show_again()

        run_job(self._widget.app, work, take, give_up, failed="No baselines", group="baselines")
