"""LessonPlayer: one lesson on the live screens: what is shown, answered, and kept of it."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from textual.app import App
from textual.screen import Screen

from ..file_jobs import run_job
from ..key_words import with_keys
from ..messages import GraphLooked
from .chapters import Course
from .lesson_bar import LessonBar
from .lesson_check import model_of, texts
from .lesson_file import LessonFile
from .lesson_run import Event, LessonRun
from .limits import NO_LIMITS, Limits
from .quantities import QuantityError, Scene, fill, solved
from .records import Record, Records

NO_LESSON: Final = "No chapter is on: choose one with L{lessons.open}."
NOT_DONE: Final = "This step is not done yet: do what it says, or press H{learn.hint} for a hint."


class LessonPlayer:
    """The lesson that is on, if any.

    Attributes:
        course: What it is one of.
        name: Its name in the course; empty without one.
        run: The learner's way through it; None without one.
        records: What was solved.
    """

    def __init__(
        self, app: App[None], records: Records, course: Course, report: Path | None = None
    ) -> None:
        """Begins without a lesson.

        Args:
            app: Has the screens.
            records: Is told what is solved.
            course: Has the lessons.
            report: A file that gets a line of JSON for each thing that the learner does.
        """
        self._app, self.records, self._report, self.course = app, records, report, course
        self.name = ""
        self.run: LessonRun | None = None
        self._program = ""
        self._bar: LessonBar | None = None
        # Tells the learners apart whose applications write to the same report.
        self._learner = secrets.token_hex(4)

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

    async def move_to(self, screen: Screen[Any]) -> None:
        """Shows the step on another screen."""
        bar = self._bar
        if bar is None or not bar.is_attached or bar.screen is screen or self.run is None:
            return
        bar.screen.remove_class("-asking")
        await bar.remove()
        self._bar = LessonBar()
        await screen.mount(self._bar, before=0)
        self._app.post_message(GraphLooked())

    def is_seen_on(self, screen: Screen[Any]) -> bool:
        """Whether a screen shows the step."""
        bar = self._bar
        return bar is not None and bar.is_attached and bar.screen is screen and not screen.maximized

    async def end(self) -> None:
        """Takes the lesson off the screen."""
        if self.run is not None and self.run.step is not None:
            self.run.leave()
        self.run, self.name = None, ""
        if self._bar is not None and self._bar.is_attached:
            self._bar.screen.remove_class("-asking")
            if self._bar.has_focus_within:
                self._bar.action_leave()
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
        if not run.lesson.program and scene.snapshot is not None:
            run.follow(scene)
        with suppress(QuantityError):
            status = run.status(scene)
            if status is None:
                bar.show_end(run.lesson, run.debrief, self._then)
            else:
                bar.show(run.lesson.title, status)
        # What has to be answered must not be on the screen before.
        bar.screen.set_class(run.asks, "-asking")

    @property
    def limits(self) -> Limits:
        """What the learner may not see or change now."""
        return NO_LIMITS if self.run is None else self.run.limits

    @property
    def next_name(self) -> str:
        """The lesson that follows; empty after the last."""
        return self.course.after(self.name)

    @property
    def _then(self) -> str:
        course = self.course
        if self.next_name:
            return ";{learn.next} opens the next lesson."
        solved = self.records.solved | {course.record(self.name)}
        if all(course.record(name) in solved for name in course.names) and len(course.names) > 1:
            return f"All {len(course.names)} are solved: well done!"
        return "That was the last one."

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
            The name of the next lesson, if this one is over; else nothing.
        """
        run = self.run
        if run is None:
            self._app.notify(with_keys(NO_LESSON))
            return ""
        if run.step is None:
            return self.next_name
        status = run.status(scene)
        if status is not None and status.selects:
            # What is said of the answer is to be read before the next step.
            run.answer_by_selecting(scene)
            return ""
        is_back = self._bar is not None and self._bar.is_attached and self._bar.come_back()
        if not run.go_on(scene) and not is_back:
            self._app.notify(with_keys(NOT_DONE))
        return ""

    def _note(self, event: Event) -> None:
        run, name, report = self.run, self.name, self._report
        if event.did == "solved" and run is not None:
            wrong = run.counts("answered", is_wrong=True)
            record = Record.now(run.counts("hint"), wrong)
            keep_record(self._app, self.records, self.course.record(name), record)
        if report is not None and run is not None:
            now = f"{datetime.now():%Y-%m-%dT%H:%M:%S}"
            who = {"at": now, "learner": self._learner, "lesson": name, "looks": run.looks}
            line = json.dumps({**who, **asdict(event)})
            # One call: lines of several learners do not mix.
            with suppress(OSError), report.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")


def keep_record(app: App[None], records: Records, name: str, record: Record) -> None:
    """Keeps that something was solved, off the screen's thread."""
    run_job(
        app,
        lambda: records.add(name, record),
        lambda _: None,
        lambda sentence: app.notify(sentence, markup=False),
        failed="What was solved is not kept",
        group="recent",
    )
