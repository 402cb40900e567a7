"""Choosing and beginning a lesson."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.app import App

from ...core import Session
from ..confirm import confirm
from .presets import Preset, Start
from .progress import Lesson, LessonProgress
from .screen import LessonsScreen


class Lessons:
    """What the user asks of the lessons.

    Args:
        app: Asks and answers the user.
        session: What would restart.
        begin: Called to begin a lesson from a start.

    Attributes:
        progress: The current lesson, and the challenges solved so far.
    """

    def __init__(
        self,
        app: App[None],
        session: Session,
        begin: Callable[[Lesson, Start], None],
        *,
        current: Lesson | None,
    ) -> None:
        self.progress = LessonProgress(current)
        self._app = app
        self._session = session
        self._begin = begin

    def choose(self) -> None:
        """Opens the list of lessons."""

        def answered(lesson: Lesson | None) -> None:
            if lesson is not None:
                self.offer(lesson)

        screen = LessonsScreen(self.progress.solved, self.progress.lesson)
        self._app.push_screen(screen, answered)

    def offer(self, lesson: Lesson) -> None:
        """Begins a lesson, and asks first if that ends a training."""
        begin = partial(self._begin, lesson, lesson.start)
        if self._session.step == 0:
            begin()
            return
        confirm(
            self._app,
            f"“{lesson.title}” starts at epoch 0 with its own data, network and settings, and "
            f"ends your training of {self._session.step:,} steps. ctrl+z restores the weights.",
            "Start",
            begin,
        )

    def cure(self) -> None:
        """Does what the current preset suggests."""
        lesson = self.progress.lesson
        if not isinstance(lesson, Preset):
            self._app.notify("Choose a preset first: press L.")
        elif lesson.cure is None:
            self._app.notify(f"This one is left to you: {lesson.advice}", markup=False)
        else:
            self._begin(lesson.cure, lesson.cure.start)
