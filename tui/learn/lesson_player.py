"""LessonPlayer: a lesson on the live screens: what is shown, answered, and kept of it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from textual.app import App
from textual.screen import Screen

from ...datasets import FileError, read_file, write_file
from ..file_jobs import run_job
from ..key_words import with_keys
from .chapters import NAMES, after
from .lesson_bar import LessonBar
from .lesson_check import model_of, texts
from .lesson_file import LessonFile
from .lesson_run import Event, LessonRun
from .quantities import QuantityError, Scene, fill, solved

FILE_NAME: Final = "chapters.json"
MOST_BYTES: Final = 100_000
NO_LESSON: Final = "No chapter is on: choose one with L{lessons.open}."
NOT_DONE: Final = "This step is not done yet: do what it says, or press H{learn.hint} for a hint."


class Solved:
    """The chapters that were solved, in the user's state folder.

    Args:
        folder: Where they are kept; None for nowhere.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / FILE_NAME
        self.names: set[str] = self._read()

    def _read(self) -> set[str]:
        if self._path is None:
            return set()
        # A file that somebody else wrote counts for nothing.
        with suppress(FileError, ValueError):
            found = json.loads(read_file(self._path, limit=MOST_BYTES))
            if isinstance(found, list):
                return {name for name in found if name in NAMES}
        return set()

    def add(self, name: str) -> None:
        """Keeps that one was solved.

        Raises:
            FileError: If it can't be written.
        """
        self.names.add(name)
        self._write()

    def clear(self) -> None:
        """Forgets all.

        Raises:
            FileError: If it can't be written.
        """
        self.names.clear()
        self._write()

    def _write(self) -> None:
        if self._path is not None:
            write_file(self._path, json.dumps(sorted(self.names)), make_folder=True)


class LessonPlayer:
    """The lesson that is on, if any.

    Attributes:
        name: Of its chapter; empty for a lesson from a file, and without one.
        run: The learner's way through it; None without one.
        solved: The chapters that were solved.
    """

    def __init__(self, app: App[None], folder: Path | None, report: Path | None = None) -> None:
        """Begins without a lesson.

        Args:
            app: Has the screens.
            folder: Where it is kept what was solved; None for nowhere.
            report: A file that gets a line of JSON for each thing that the learner does.
        """
        self._app, self._report = app, report
        self.name = ""
        self.run: LessonRun | None = None
        self.solved = Solved(folder)
        self._program = ""
        self._bar: LessonBar | None = None

    async def begin(self, name: str, lesson: LessonFile, screen: Screen[Any]) -> None:
        """Begins a lesson on a screen that shows what it is about.

        Raises:
            QuantityError: If its program or its start is impossible.
        """
        model = model_of(lesson)
        await self.end()
        self.name, self._program = name, lesson.program
        self.run = LessonRun(lesson, model, self._note)
        self._bar = LessonBar()
        await screen.mount(self._bar, before=0)

    async def end(self) -> None:
        """Takes the lesson off the screen."""
        self.run, self.name = None, ""
        if self._bar is not None and self._bar.is_attached:
            self._bar.screen.remove_class("-asking")
            await self._bar.remove()
        self._bar = None

    def look(self, scene: Scene, program: str) -> None:
        """Shows how far the step is.

        Args:
            scene: What the learner has before them.
            program: The text of the program in the microscope.
        """
        run, bar = self.run, self._bar
        if run is None or bar is None or not bar.is_attached:
            return
        if run.lesson.program and program != self._program:
            self._program = program
            # While it is being typed it may be wrong, or lack what the lesson speaks of.
            with suppress(QuantityError):
                model = Scene(solved(program), screen="microscope")
                for _, said in texts(run.lesson):
                    fill(said, model)
                run.follow(model)
        with suppress(QuantityError):
            status = run.status(scene)
            if status is None:
                bar.show_end(run.lesson.title, run.debrief, has_next=bool(self.next_name))
            else:
                bar.show(run.lesson.title, status)
        # What has to be answered must not be on the screen before.
        bar.screen.set_class(run.asks, "-asking")

    @property
    def next_name(self) -> str:
        """The chapter that follows; empty after the last, and after a lesson from a file."""
        return after(self.name) if self.name else ""

    def answer(self, given: str) -> None:
        """Compares an answer."""
        if self.run is not None:
            self.run.answer(given)

    def hint(self) -> None:
        """Gives the next hint."""
        if self.run is None:
            self._app.notify(with_keys(NO_LESSON))
        elif self.run.step is not None:
            self.run.hint()

    def go_on(self, scene: Scene) -> str:
        """Goes to the next step if this one is done.

        Returns:
            The name of the next chapter, if this one is over; else nothing.
        """
        run = self.run
        if run is None:
            self._app.notify(with_keys(NO_LESSON))
            return ""
        if run.step is None:
            return self.next_name
        status = run.status(scene)
        if status is not None and status.selects and scene.selected:
            run.answer(scene.selected)
        is_back = self._bar is not None and self._bar.is_attached and self._bar.come_back()
        if not run.go_on(scene) and not is_back and (status is None or not status.selects):
            self._app.notify(with_keys(NOT_DONE))
        return ""

    def _note(self, event: Event) -> None:
        name, report = self.name, self._report
        if event.did == "solved" and name:
            self._keep(name)
        if report is not None:
            line = json.dumps({"chapter": name, **asdict(event)})
            with suppress(OSError), report.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")

    def _keep(self, name: str) -> None:
        run_job(
            self._app,
            lambda: self.solved.add(name),
            lambda _: None,
            lambda sentence: self._app.notify(sentence, markup=False),
            failed="What was solved is not kept",
            group="recent",
        )
