"""Checkpoints: states along a document, from which every other moment is computed again."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..training.state import LearnerState
from .edits import Configure, Edit, Restore, UseSamples, WriteParameters
from .past_runs import Place, SetupLog

MAX_CHECKPOINTS = 200
MAX_BYTES = 64_000_000
# Around the goal of a seek: so many moments just before it, and every so many on the way.
NEAR = 32
NEAR_APART = 32
MAX_NEAR = 96
MAX_NEAR_BYTES = 32_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """Everything at one moment of a document.

    Attributes:
        tick: Updates since the document began.
        n_entries: How many edits of the journal had taken hold.
        state: The learner's.
        setups: The set-ups of the present run.
        undo: The edits that undo, the next one last.
        redo: The edits that redo, the next one last.
    """

    tick: int
    n_entries: int
    state: LearnerState
    setups: SetupLog
    undo: tuple[Edit, ...] = ()
    redo: tuple[Edit, ...] = ()

    @property
    def place(self) -> Place:
        """Where it is: what comes later is greater."""
        return (self.tick, self.n_entries)


class Checkpoints:
    """At most about 200 checkpoints in 64 MB; the older they are, the farther apart."""

    def __init__(self, kept: Iterable[Checkpoint] = ()) -> None:
        self._kept: list[Checkpoint] = sorted(kept, key=_place)

    def __iter__(self) -> Iterator[Checkpoint]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def n_bytes(self) -> int:
        """The memory they take; data that several share count once."""
        problems = {id(kept.state.problem): kept.state.problem for kept in self._kept}
        data = sum(problem.n_bytes for problem in problems.values())
        return data + sum(checkpoint.state.n_bytes for checkpoint in self._kept)

    def add(self, checkpoint: Checkpoint) -> None:
        """Keeps one more; others make room for it."""
        self.forget(checkpoint.place)
        insort(self._kept, checkpoint, key=_place)
        while len(self._kept) > MAX_CHECKPOINTS or self.n_bytes > MAX_BYTES:
            del self._kept[self._least_missed() if len(self._kept) > 2 else 0]

    def _least_missed(self) -> int:
        """The one to drop: it leaves the smallest gap for its age. The first and last stay."""
        ticks = [checkpoint.tick for checkpoint in self._kept]
        newest = ticks[-1]
        return min(
            range(1, len(ticks) - 1),
            key=lambda i: (ticks[i + 1] - ticks[i - 1]) / (newest - ticks[i - 1] + 1),
        )

    def before(self, tick: int, n_entries: int) -> Checkpoint | None:
        """The last one that is not after a moment; None if there is none."""
        return last_before(self._kept, tick, n_entries)

    def forget(self, place: tuple[int, int]) -> None:
        """Drops the one at a place, if there is one."""
        self._kept = [kept for kept in self._kept if kept.place != place]

    def forget_after(self, tick: int, n_entries: int) -> None:
        """Drops those of a future that no longer exists."""
        self._kept = [
            kept for kept in self._kept if kept.tick <= tick and kept.n_entries <= n_entries
        ]


class Nearby:
    """Moments around the goal of a seek: going back one by one computes each of them once."""

    def __init__(self) -> None:
        self._kept: list[Checkpoint] = []

    def __iter__(self) -> Iterator[Checkpoint]:
        return iter(self._kept)

    def wants(self, place: Place, goal: int, n_bytes: int) -> bool:
        """Whether to keep a moment on the way.

        Args:
            place: Where it is, before the goal.
            goal: The tick of the goal.
            n_bytes: How much it takes.
        """
        left = goal - place[0]
        n = min(NEAR, MAX_NEAR_BYTES // n_bytes)
        if left > n and (left % NEAR_APART or n < NEAR):
            return False
        return all(kept.place != place for kept in self._kept)

    def add(self, checkpoint: Checkpoint, goal: int) -> None:
        """Keeps one that is wanted; the last one after the goal, or the first, makes room."""
        insort(self._kept, checkpoint, key=_place)
        most = min(MAX_NEAR, MAX_NEAR_BYTES // checkpoint.state.n_bytes)
        while len(self._kept) > max(most, 1):
            del self._kept[-1 if self._kept[-1].tick > goal else 0]

    def clear(self) -> None:
        """Forgets them: the document goes another way."""
        self._kept.clear()


def steps_apart(tick: int, goal: int) -> int:
    """How many steps from a moment on the way to a goal to the next that may be wanted nearby."""
    left = goal - tick
    return 1 if left <= NEAR else min(left - NEAR, left % NEAR_APART or NEAR_APART)


def _place(checkpoint: Checkpoint) -> tuple[int, int]:
    return checkpoint.place


def last_before(kept: Iterable[Checkpoint], tick: int, n_entries: int) -> Checkpoint | None:
    """The last of some that is not after a moment; None if there is none."""
    earlier = (one for one in kept if one.tick <= tick and one.n_entries <= n_entries)
    return max(earlier, key=_place, default=None)


def edit_bytes(edit: Edit) -> int:
    """The approximate size of an edit."""
    match edit:
        case Restore(state):
            return state.n_bytes + state.problem.n_bytes
        case Configure(weights=weights, dataset=dataset):
            numbers = 0 if weights is None else weights.parameters.nbytes
            return numbers + (0 if dataset is None else dataset.points.nbytes)
        case UseSamples(dataset):
            return dataset.points.nbytes
        case WriteParameters(arrays):
            return sum(array.nbytes for array in arrays.values())
        case _:
            return 0
