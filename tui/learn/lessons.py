"""Choosing and beginning a lesson."""

from __future__ import annotations

from functools import partial

from textual.app import App

from ...core.run import StartOver
from ..confirm import confirm
from ..editor import Editor
from ..key_words import with_keys
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

    def choose(self) -> None:
        """Opens the list of lessons."""

        def answered(lesson: Lesson | None) -> None:
            if lesson is not None:
                self.offer(lesson)

        from .screen import LessonsScreen

        screen = LessonsScreen(self.progress.solved, self.progress.lesson)
        self._app.push_screen(screen, answered)

    def offer(self, lesson: Lesson) -> None:
        """Begins a lesson, and asks first if that ends a training."""
        begin = partial(self._begin, lesson)
        if self._session.step == 0:
            begin()
            return
        confirm(
            self._app,
            f"“{lesson.title}” starts at epoch 0 with its own data, network and settings, and "
            f"ends your training of {self._session.step:,} steps. "
            + with_keys("ctrl+z{edit.undo} restores the weights."),
            "Start",
            begin,
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
