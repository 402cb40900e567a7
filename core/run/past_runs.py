"""Past runs: runs of this document that are over, kept beside the present one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from ..training.changes import changes
from ..training.history import MAX_POINTS, Curves, PastRun, Points
from ..training.setup import Setup

MAX_RUNS = 8
SAME = "same settings"

Place = tuple[int, int]
"""A tick, and how many edits have taken hold."""

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
        left_at: The epoch at which the present run went another way; None if it did not.
        ended: The place in the document after the restart that ended it; None if that is gone.
    """

    number: int
    setups: SetupLog
    seed: int
    epochs: float
    points: Points
    left_at: float | None = None
    ended: Place | None = None


@dataclass(frozen=True, slots=True)
class PastRuns:
    """The last `MAX_RUNS` runs that are over.

    Attributes:
        runs: The oldest first.
        count: How many there have been.
    """

    runs: tuple[KeptRun, ...] = ()
    count: int = 0

    def keeping(
        self,
        setups: SetupLog,
        seed: int,
        epochs: float,
        curves: Curves,
        left_at: float | None = None,
        ended: Place | None = None,
    ) -> PastRuns:
        """These runs and one more, the oldest one making room if there are too many."""
        points = curves.points().thinned(MAX_POINTS)
        run = KeptRun(self.count + 1, setups, seed, epochs, points, left_at, ended)
        return PastRuns((*self.runs, run)[-MAX_RUNS:], run.number)

    def left(self, place: Place, end: Place | None, epoch: float, last_point: float) -> PastRuns:
        """These runs where the document goes another way than it did.

        Args:
            place: Where it does.
            end: After the restart that ended the present run, if one did.
            epoch: Where the present run is.
            last_point: The last epoch on its curves.
        """
        runs = []
        for run in self.runs:
            if run.ended is not None and run.ended == end:
                if run.points.epochs[-1] <= last_point:
                    # The present run goes on from its end.
                    continue
                runs.append(replace(run, left_at=epoch, ended=None))
            elif run.ended is not None and run.ended > place:
                runs.append(replace(run, ended=None))
            else:
                runs.append(run)
        return PastRuns(tuple(runs), self.count)

    def beside(self, setup: Setup, seed: int, end: Place | None = None) -> tuple[PastRun, ...]:
        """The runs, named by what sets each apart from the present one and from each other.

        Args:
            setup: Of the present run.
            seed: Likewise.
            end: After the restart that ended the present run, which is left out.
        """
        runs = [run for run in self.runs if end is None or run.ended != end]
        names = [_name(run, setup, seed) for run in runs]
        shown = []
        for run, name in zip(runs, names, strict=True):
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
    if run.left_at is not None:
        words.insert(0, f"left at epoch {run.left_at:.4g}")
    return ", ".join(words) or SAME
