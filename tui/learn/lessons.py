"""Choosing and beginning a lesson."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.app import App

from ...core.run import StartOver
from ..editor import Editor
from ..key_words import with_keys
from .lesson_player import LessonPlayer
from .presets import Preset
from .progress import LESSONS, Lesson, LessonProgress, name_of


class Lessons:
    """What the user asks of the lessons.

    Attributes:
        progress: The current lesson, and the challenges solved so far.
    """

    def __init__(self, app: App[None], editor: Editor) -> None:
        """Begins with the lesson of the session.

        Args:
            app: Asks and answers the user.
            editor: Does what can be undone.
        """
        self._app = app
        self._editor = editor
        self._session = editor.session
        self._name = self._session.lesson
        self.progress = LessonProgress(LESSONS.get(self._name))

    def follow(self) -> None:
        """Goes to the lesson that an edit, or its undoing, leads to."""
        if self._session.lesson != self._name:
            self.begin_again()

    def begin_again(self) -> None:
        """Goes to the lesson of another run; one that does not exist here is none."""
        self._name = self._session.lesson
        place = self._session.run_id, self._session.step
        self.progress.begin(LESSONS.get(self._name), since=place)

    def _begin(self, lesson: Lesson) -> None:
        start = lesson.start
        self._session.pause()
        dataset, before = start.data.load(), self._name
        # The same lesson may start again.
        self._name = ""
        command = StartOver(start.training, start.network, dataset, name_of(lesson))
        if not self._editor.do(command):
            self._name = before
        elif isinstance(lesson, Preset):
            self._session.resume()

    def choose(
        self, player: LessonPlayer, learn: Callable[[str], Coroutine[Any, Any, None]]
    ) -> None:
        """Opens the list of chapters and lessons.

        Args:
            player: Knows which chapters are solved.
            learn: Begins a chapter.
        """

        def answered(lesson: Lesson | str | None) -> None:
            if isinstance(lesson, str):
                self._app.call_later(learn, lesson)
            elif lesson is not None:
                self._app.call_later(player.end)
                self.offer(lesson)

        from .screen import LessonsScreen

        solved = self.progress.solved | player.solved.names
        screen = LessonsScreen(solved, self.progress.lesson or player.name)
        self._app.push_screen(screen, answered)

    def offer(self, lesson: Lesson) -> None:
        """Begins a lesson; says how the run that it ends comes back."""
        steps = self._session.step
        self._begin(lesson)
        if steps and self._name:
            self._app.notify(
                with_keys(f"ctrl+z{{edit.undo}} brings back your run of {steps:,} steps.")
            )

    def cure(self) -> None:
        """Does what the current preset suggests."""
        lesson = self.progress.lesson
        if not isinstance(lesson, Preset):
            self._app.notify("Choose a preset first: press L{lessons.open}.")
        elif lesson.cure is None:
            self._app.notify(f"This one is left to you: {lesson.advice}", markup=False)
        else:
            self._begin(lesson.cure)
