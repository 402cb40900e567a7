"""Past runs: runs of this document that are over, kept beside the present one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ..training.changes import changes
from ..training.history import MAX_POINTS, Curves, PastRun, Points
from ..training.setup import Setup

MAX_RUNS = 8
SAME = "same settings"

SetupLog = tuple[tuple[float, Setup], ...]
"""The set-ups of a run, each with the epoch at which it took hold; at least one."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptRun:
    """A run that is over.

    Attributes:
        number: Counts the runs of a document, from 1.
        setups: Its set-ups, those that something was learned with.
        seed: Of its first weights.
        epochs: How long it was.
        points: Its curves, thinned.
    """

    number: int
    setups: SetupLog
    seed: int
    epochs: float
    points: Points


@dataclass(frozen=True, slots=True)
class PastRuns:
    """The last `MAX_RUNS` runs that are over.

    Attributes:
        runs: The oldest first.
        count: How many there have been.
    """

    runs: tuple[KeptRun, ...] = ()
    count: int = 0

    def keeping(self, setups: SetupLog, seed: int, epochs: float, curves: Curves) -> PastRuns:
        """These runs and one more, the oldest one making room if there are too many."""
        points = curves.points().thinned(MAX_POINTS)
        run = KeptRun(self.count + 1, setups, seed, epochs, points)
        return PastRuns((*self.runs, run)[-MAX_RUNS:], run.number)

    def beside(self, setup: Setup, seed: int) -> tuple[PastRun, ...]:
        """The runs, named by what sets each apart from the present one and from each other."""
        names = [_name(run, setup, seed) for run in self.runs]
        shown = []
        for run, name in zip(self.runs, names, strict=True):
            if names.count(name) > 1:
                name = f"{name}, {run.epochs:.4g} epochs (run {run.number})"
            last = run.setups[-1][1]
            shown.append(PastRun(run.number, name, last.dataset.name, last.loss, run.points))
        return tuple(shown)


def _name(run: KeptRun, setup: Setup, seed: int) -> str:
    """What differs: `learning rate 0.03 -> 0.1 at epoch 93, seed 2`."""
    (_, first), *_ = run.setups
    later = {
        change: epoch
        for (_, old), (epoch, new) in pairwise(run.setups)
        for change in changes(old, new)
    }
    changed = {change.name for change in later}
    words = [str(change) for change in changes(setup, first) if change.name not in changed]
    words += [
        f"{change.name} {change.old} -> {change.new} at epoch {epoch:.4g}"
        for change, epoch in later.items()
    ]
    if run.seed != seed:
        words.append(f"seed {run.seed}")
    return ", ".join(words) or SAME
