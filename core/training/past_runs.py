"""Past runs: the runs of this sitting that a reset ended, kept to be compared with the present."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from .changes import describe_changes
from .history import Curves
from .learner import Setup
from .past_run import MAX_POINTS, PastRun
from .points import Points

MAX_RUNS = 8
SAME = "the same again"


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What a run was trained with.

    Attributes:
        setup: The settings, the shape and the data of its last step.
        loss: The name of the loss, "auto" resolved.
        seed: Of its first weights.
    """

    setup: Setup
    loss: str
    seed: int

    @property
    def dataset(self) -> str:
        """The name of what it learned."""
        return self.setup.dataset.name


class PastRuns:
    """The last `MAX_RUNS` runs of a session."""

    def __init__(self) -> None:
        self._runs: deque[tuple[int, Lesson, Points]] = deque(maxlen=MAX_RUNS)
        self._count = 0
        # What the names were made for, and the runs with these names.
        self._named: tuple[Setup | None, int, int] = (None, 0, 0)
        self._shown: tuple[PastRun, ...] = ()

    def keep(self, lesson: Lesson, curves: Curves) -> None:
        """Keeps a run, the oldest one making room if there are too many.

        Args:
            lesson: What it was trained with.
            curves: Its history.
        """
        self._count += 1
        self._runs.append((self._count, lesson, curves.points().thinned(MAX_POINTS)))

    def beside(self, setup: Setup, seed: int) -> tuple[PastRun, ...]:
        """The runs, the oldest first, named by what differs from a present one.

        Args:
            setup: The present settings, shape and data.
            seed: Of the present first weights.
        """
        named, wanted = self._named, (setup, seed, self._count)
        if named[0] is not setup or named[1:] != wanted[1:]:
            self._named = wanted
            self._shown = tuple(
                PastRun(number, _name(lesson, setup, seed), lesson.dataset, lesson.loss, points)
                for number, lesson, points in self._runs
            )
        return self._shown


def _name(lesson: Lesson, setup: Setup, seed: int) -> str:
    words = [describe_changes(setup, lesson.setup)]
    if lesson.seed != seed:
        words.append(f"seed {lesson.seed}")
    return ", ".join(filter(None, words)) or SAME
