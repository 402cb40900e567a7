"""LessonProgress: the current lesson, how far it is, and which challenges are solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..key_words import with_keys
from .challenges import CHALLENGES, Challenge
from .goals import Goal, GoalStatus
from .presets import PRESETS, Preset

if TYPE_CHECKING:
    from ...core import Snapshot

Lesson = Preset | Challenge

LESSONS: dict[str, Lesson] = {
    **PRESETS,
    **{f"{name}-cure": preset.cure for name, preset in PRESETS.items() if preset.cure},
    **CHALLENGES,
}
"""Every lesson, a preset's cure too, by the name that a run keeps."""


def name_of(lesson: Lesson | None) -> str:
    """The name that a run keeps of a lesson; empty for none."""
    return next((name for name, known in LESSONS.items() if known is lesson), "")


@dataclass(frozen=True, slots=True)
class LessonStatus:
    """How far a lesson is at one instant.

    Attributes:
        lesson: The current one, if any.
        goals: Each goal of a challenge, and how far it is.
        solved: The sentence that says so, with the numbers; empty until it is solved.
        is_seen: Whether what a preset shows has been seen, so that the reason can be told.
    """

    lesson: Lesson | None
    goals: tuple[tuple[Goal, GoalStatus], ...] = ()
    solved: str = ""
    is_seen: bool = False


class LessonProgress:
    """The current lesson, and how far it is.

    Args:
        lesson: The one to begin with, if any.
        note: Is told the name of a challenge that is solved.
    """

    def __init__(
        self, lesson: Lesson | None = None, note: Callable[[str], None] = lambda name: None
    ) -> None:
        self._lesson, self._note = lesson, note
        self._since: tuple[int, float] = (0, 0)
        self._sentence = ""
        self._solved_tick = 0
        self._had_data = self._has_data = self._is_seen = False

    @property
    def lesson(self) -> Lesson | None:
        """The current one, if any; a preset is over while other data than its own are in place."""
        return None if self._had_data and not self._has_data else self._lesson

    def begin(self, lesson: Lesson | None, *, since: tuple[int, float]) -> None:
        """Begins a lesson, or none.

        Args:
            lesson: The lesson.
            since: The current run and its step: what is learned later counts for a challenge.
        """
        self._lesson = lesson
        self._since = since
        self._sentence = ""
        self._had_data = self._has_data = self._is_seen = False

    def check(self, snapshot: Snapshot) -> LessonStatus:
        """How far the lesson is; notes whether its challenge has now been solved."""
        self._note_data(snapshot)
        lesson = self.lesson
        if isinstance(lesson, Preset):
            self._is_seen |= _has_shown(lesson, snapshot)
            return LessonStatus(lesson, is_seen=self._is_seen)
        if lesson is None:
            return LessonStatus(None)
        if snapshot.tick < self._solved_tick:
            # Back in time it is not solved yet.
            self._sentence = ""
        goals = tuple((goal, goal.check(snapshot)) for goal in lesson.goals)
        is_trained = snapshot.step > 0 and (snapshot.run_id, snapshot.step) > self._since
        if not self._sentence and is_trained and all(status.is_met for _, status in goals):
            self._note(lesson.name)
            self._sentence = _congratulation(goals, snapshot)
            self._solved_tick = snapshot.tick
        return LessonStatus(lesson, goals, self._sentence)

    def _note_data(self, snapshot: Snapshot) -> None:
        """Notes whether a preset's own data are in place, and were."""
        if isinstance(self._lesson, Preset):
            self._has_data = snapshot.dataset.name == self._lesson.start.data.name
            self._had_data |= self._has_data


def _congratulation(goals: tuple[tuple[Goal, GoalStatus], ...], snapshot: Snapshot) -> str:
    numbers = ", ".join(
        f"{goal.words} ({status.now})" if status.now else goal.words for goal, status in goals
    )
    return (
        f"Solved at epoch {snapshot.epoch:,}, step {snapshot.step:,}: {numbers}. Well done! "
        + with_keys("Press L{lessons.open} for the next one.")
    )


def _has_shown(preset: Preset, snapshot: Snapshot) -> bool:
    """Whether a preset has come to what it shows, or at least to where it ends."""
    if snapshot.step == 0:
        return False
    is_over = snapshot.epoch >= preset.epochs or snapshot.failure is not None
    return is_over or all(goal.check(snapshot).is_met for goal in preset.promise)
