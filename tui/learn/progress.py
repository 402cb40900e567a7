"""The course: which lesson is on, how it stands, and which challenges are solved."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...core import Snapshot
from .challenges import Challenge
from .goals import Goal, Look
from .presets import Preset

Lesson = Preset | Challenge
"""What can be on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lesson stands at one instant.

    Attributes:
        lesson: It; None if none is on.
        looks: Each goal of a challenge, and how it stands.
        solved: The sentence that says so, with the numbers; empty while it is not solved.
    """

    lesson: Lesson | None
    looks: tuple[tuple[Goal, Look], ...] = ()
    solved: str = ""


class LessonProgress:
    """The lesson that is on, and the challenges that were solved in this sitting.

    Attributes:
        lesson: What is on; None for nothing.
        solved: Names of challenges.
    """

    def __init__(self, lesson: Lesson | None = None) -> None:
        """Begins.

        Args:
            lesson: What is on from the start.
        """
        self.lesson = lesson
        self.solved: set[str] = set()
        self._since = (0, 0.0)
        self._sentence = ""
        self._has_data = False

    def begin(self, lesson: Lesson | None, *, run_id: int, step: float = math.inf) -> None:
        """Puts a lesson on, or none.

        Args:
            lesson: It.
            run_id: The run that is on at this moment.
            step: Its step; steps of this run beyond it count for a challenge, and those of later
                runs. By default only those do.
        """
        self.lesson = lesson
        self._since = (run_id, step)
        self._sentence = ""
        self._has_data = False

    def look(self, snapshot: Snapshot) -> Standing:
        """How the lesson stands, and whether its challenge has now been solved."""
        self._note_data(snapshot)
        lesson = self.lesson
        if not isinstance(lesson, Challenge):
            return Standing(lesson)
        looks = tuple((goal, goal.look(snapshot)) for goal in lesson.goals)
        is_trained = snapshot.step > 0 and (snapshot.run_id, snapshot.step) > self._since
        if not self._sentence and is_trained and all(look.is_met for _, look in looks):
            self.solved.add(lesson.name)
            self._sentence = _congratulation(lesson, looks, snapshot)
        return Standing(lesson, looks, self._sentence)

    def _note_data(self, snapshot: Snapshot) -> None:
        """A preset is over where its data were there and other data came."""
        if isinstance(self.lesson, Preset):
            has_data = snapshot.dataset.name == self.lesson.start.data.name
            if self._has_data and not has_data:
                self.lesson = None
            self._has_data = has_data


def _congratulation(
    challenge: Challenge, looks: tuple[tuple[Goal, Look], ...], snapshot: Snapshot
) -> str:
    numbers = ", ".join(
        f"{goal.words} ({look.now})" if look.now else goal.words for goal, look in looks
    )
    return (
        f"Solved at epoch {snapshot.epoch:,}, step {snapshot.step:,}: {numbers}. Well done! "
        "Press L for the next one."
    )
