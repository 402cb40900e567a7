"""RunDocument: a run as a value, to keep, to send and to open."""

from __future__ import annotations

from dataclasses import dataclass, field

from .checkpoints import Checkpoint
from .journal import Journal
from .past_runs import PastRuns
from .recipe import Recipe

Version = tuple[int, int, int]


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
    """

    recipe: Recipe
    journal: Journal
    end: int
    checkpoints: tuple[Checkpoint, ...] = ()
    past_runs: PastRuns = field(default_factory=PastRuns)

    @property
    def version(self) -> Version:
        """Tells it from what a run becomes later: its end, its edits, the runs it has left."""
        return self.end, len(self.journal.entries), self.past_runs.count
