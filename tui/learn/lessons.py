"""Choosing and beginning a lesson."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.app import App

from ...core.run import StartOver
from ..editor import Editor
from ..key_words import with_keys
from .lesson_player import LessonPlayer, keep_record
from .presets import Preset
from .progress import LESSONS, Lesson, LessonProgress, name_of
from .records import Record, Records


class Lessons:
    """What the user asks of the lessons.

    Attributes:
        progress: The current preset or challenge.
    """

    def __init__(self, app: App[None], editor: Editor, records: Records) -> None:
        """Begins with the lesson of the session.

        Args:
            app: Asks and answers the user.
            editor: Does what can be undone.
            records: What was solved, and is told of challenges.
        """
        self._app = app
        self._editor = editor
        self._records = records
        self._session = editor.session
        self._name = self._session.lesson
        self.progress = LessonProgress(LESSONS.get(self._name), self._note_solved)

    def _note_solved(self, name: str) -> None:
        keep_record(self._app, self._records, name, Record.now())

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
        self,
        player: LessonPlayer,
        learn: Callable[[str], Coroutine[Any, Any, None]],
        leave: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        """Opens the list of chapters and lessons.

        Args:
            player: Has the course.
            learn: Begins a chapter.
            leave: Ends the one that is on.
        """

        async def begin(lesson: Lesson | str) -> None:
            if isinstance(lesson, str):
                await learn(lesson)
            else:
                await leave()
                self.offer(lesson)

        def answered(lesson: Lesson | str | None) -> None:
            if lesson is not None:
                self._app.call_later(begin, lesson)

        from .screen import LessonsScreen

        current = self.progress.lesson or player.name
        screen = LessonsScreen(player.course, self._records, current)
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
