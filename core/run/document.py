"""RunDocument: a run as a value, to keep, to send and to open."""

from __future__ import annotations

from dataclasses import dataclass, field

from .checkpoints import Checkpoint
from .journal import Entry, Expected, Journal, Moment
from .past_runs import PastRuns, Place
from .recipe import Recipe

Version = tuple[int, tuple[Entry, ...], int]
UNTOUCHED: Version = (0, (), 0)
"""The version of a run in which nothing was done."""


@dataclass(frozen=True, slots=True, eq=False)
class RunDocument:
    """What a run started from, and everything that was done to it.

    On the same engine and machine the recipe and the journal alone give every number to the bit.
    Elsewhere the checkpoints are the truth.

    Attributes:
        recipe: What it started from.
        journal: What was done.
        end: The last tick.
        checkpoints: States along the way, the one at the end among them.
        past_runs: The runs that are over.
        moment: Where to go on: a seek may have gone back from the end. None for the end.
    """

    recipe: Recipe
    journal: Journal
    end: int
    checkpoints: tuple[Checkpoint, ...] = ()
    past_runs: PastRuns = field(default_factory=PastRuns)
    moment: Moment | None = None

    @property
    def version(self) -> Version:
        """Tells it from what a run becomes later: its end, the last edit, the runs it has left."""
        # As many edits may be others, after going back.
        return self.end, self.journal.entries[-1:], self.past_runs.count

    @property
    def place(self) -> Place:
        """The place of the moment."""
        if self.moment is None:
            return self.end, len(self.journal.entries)
        tick, before_restart = self.moment
        return tick, self.journal.n_until(tick, before_restart=before_restart)

    @property
    def expected(self) -> Expected:
        """The set-ups at the moment, and those that undo and redo lead to from there."""
        return self.journal.expected(self.place[1])
