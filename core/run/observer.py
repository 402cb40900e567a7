"""Observer: who is told of everything that a document keeps, as it happens."""

from __future__ import annotations

from .document import RunDocument
from .journal import Entry
from .past_runs import PastRuns


class Observer:
    """Does nothing. What it is told comes from the thread that owns the run, between two steps.

    A method must be quick, and must not raise.
    """

    def opened(self, document: RunDocument, left: RunDocument | None) -> None:
        """Another document is on, in place of the one that was left."""

    def entered(self, entry: Entry) -> None:
        """The journal has one edit more."""

    def cut(self, tick: int, n_entries: int) -> None:
        """A branch began: the journal goes on from a tick with the first edits alone."""

    def kept(self, past_runs: PastRuns) -> None:
        """A run is over, and is kept beside the present one."""
