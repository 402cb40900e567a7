"""Checking a lesson: that all it speaks of exists, before anybody begins it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from operator import itemgetter
from typing import NoReturn

from msgspec import structs
from rich.cells import cell_len

from ...core.run.session import Session
from ...core.training.config import SABOTAGE_NAMES
from ...datasets import printable, shown
from ..key_words import keys_in, with_keys
from .lesson_file import (
    ANY,
    MOST_SEEN,
    MOST_SEEN_OF_DEBRIEF,
    LessonError,
    LessonFile,
    LessonStart,
    Question,
    Region,
    Step,
    line_of,
)
from .lesson_run import goal_words, number_of
from .limits import limit_faults
from .progress import LESSONS
from .quantities import (
    TEXTS,
    QuantityError,
    Scene,
    fill,
    is_of_node,
    quantity,
    solved,
)


def session_of(start: LessonStart) -> Session:
    """A run as a lesson begins it.

    Raises:
        ValueError: If data, network and training do not fit each other; in one sentence.
    """
    return Session(start.network, start.data.load(), start.training, seed=start.seed)


def with_bug(lesson: LessonFile, choose: Callable[[Sequence[str]], str]) -> LessonFile:
    """A lesson with its hidden bug in place.

    Args:
        lesson: As it was read.
        choose: Draws the name of a bug where the lesson leaves it open.
    """
    start = lesson.start
    if start is None or not start.bug:
        return lesson
    name = choose(SABOTAGE_NAMES) if start.bug == ANY else start.bug
    training = replace(start.training, hidden_sabotage=(name,))
    return structs.replace(lesson, start=structs.replace(start, training=training, bug=""))


def model_of(lesson: LessonFile) -> Scene:
    """What the texts and answers of a lesson are computed from: its program solved, or its run.

    Raises:
        QuantityError: If its program is wrong or its start impossible.
    """
    if lesson.program and lesson.start is not None:
        raise QuantityError('a lesson has a "program" or a "start", not both')
    if lesson.program:
        return Scene(solved(lesson.program), screen="microscope")
    if lesson.start is None:
        raise QuantityError('the lesson needs a "program" or a "start"')
    try:
        session = session_of(lesson.start)
    except ValueError as error:
        raise QuantityError(f"the start is impossible: {str(error).rstrip('.')}") from None
    return Scene(snapshot=session.snapshot(grid=(1, 1)), screen="playground")


def check_lesson(lesson: LessonFile, text: str, name: str) -> None:
    """Checks what a lesson speaks of.

    Args:
        lesson: As it was read.
        text: Of its file, for the numbers of lines.
        name: Of its file.

    Raises:
        LessonError: If something does not exist; in one sentence with the line.
    """
    check = _Check(text, name)
    check.settings(lesson)
    is_any = lesson.start is not None and lesson.start.bug == ANY
    for place in range(len(SABOTAGE_NAMES) if is_any else 1):
        model = check.model(with_bug(lesson, itemgetter(place)))
        check.texts(lesson, model)
        for number, step in enumerate(lesson.steps):
            check.goals(step, f".steps[{number}]", model)
            if step.question is not None:
                check.question(step.question, f".steps[{number}].question", model)


class _Check:
    """Finds the first fault of a lesson.

    Args:
        text: Of its file, for the numbers of lines.
        name: Of its file.
    """

    def __init__(self, text: str, name: str) -> None:
        self._text, self._name = text, name

    def _fail(self, problem: str, path: str) -> NoReturn:
        line = line_of(path, self._text)
        at = f" line {line}" if line else ""
        said = printable(problem.rstrip("."))
        raise LessonError(f"{shown(self._name)}{at}: {said}. See docs/lessons.md.")

    def settings(self, lesson: LessonFile) -> None:
        """What it hides, locks, plants and leads to."""
        for key, fault in limit_faults(lesson.hide, lesson.hide_controls, lesson.lock):
            self._fail(fault, f".{key}")
        for other in lesson.also:
            if other not in LESSONS:
                self._fail(f'"{other}" is no preset or challenge', ".also")
        bug = "" if lesson.start is None else lesson.start.bug
        if bug not in ("", ANY, *SABOTAGE_NAMES):
            known = ", ".join((ANY, *SABOTAGE_NAMES))
            self._fail(f'"{bug}" is no bug: choose from {known}', ".start.bug")
        for place, step in enumerate(lesson.steps):
            hidden = () if step.question is None else step.question.hide
            for _, fault in limit_faults((*lesson.hide, *hidden), (), ()):
                self._fail(fault, f".steps[{place}].question.hide")

    def model(self, lesson: LessonFile) -> Scene:
        """What it is computed from."""
        try:
            return model_of(lesson)
        except QuantityError as error:
            self._fail(str(error), ".program" if lesson.program else ".start")

    def texts(self, lesson: LessonFile, model: Scene) -> None:
        """That every text can be filled in, and names keys that exist."""
        for path, said in texts(lesson):
            try:
                seen = cell_len(with_keys(fill(said, model)))
            except QuantityError as error:
                self._fail(str(error), path)
            most = MOST_SEEN_OF_DEBRIEF if path == ".debrief" else MOST_SEEN
            if seen > most:
                self._fail(f"the text is longer than {most} characters", path)
            for key, binding in keys_in(said):
                keys = _known_keys().get(binding)
                if keys is None:
                    known = "toygrad-tui keys --json lists them"
                    self._fail(f"{key}{{{binding}}} is no key with its name: {known}", path)
                if key not in keys:
                    self._fail(f"the key of {binding} is {keys[0]}, not {key}", path)

    def goals(self, step: Step, path: str, model: Scene) -> None:
        """That every goal can be met."""
        for number, goal in enumerate(step.goals):
            at = f"{path}.goals[{number}]"
            if (goal.equals, goal.at_least, goal.at_most, goal.near) == (None,) * 4:
                self._fail('a goal needs "equals", "at_least", "at_most" or "near"', at)
            try:
                # Of whatever the learner makes of it: only its name has to be known.
                quantity(goal.see, model if model.stepper or is_of_node(goal.see) else Scene())
            except QuantityError as error:
                self._fail(str(error), at)
            numbers = (goal.equals, goal.at_least, goal.at_most, goal.near)
            if any(isinstance(n, float) and not math.isfinite(n) for n in numbers):
                self._fail("a goal needs finite numbers", at)
            low = -math.inf if goal.at_least is None else goal.at_least
            if low > (math.inf if goal.at_most is None else goal.at_most):
                self._fail("the goal can't be met: at_least is above at_most", at)
            wants_text = goal.equals is not None and isinstance(goal.equals, str)
            if wants_text != (goal.see in TEXTS):
                kind = "a text, such as" if goal.see in TEXTS else "a number, not"
                self._fail(f'"{goal.see}" is {kind} {goal_words(goal)!r}', at)

    def question(self, question: Question, path: str, model: Scene) -> None:
        """That its answers are of its kind."""
        if question.region is not None and question.answer:
            self._fail("a question has an answer or a region, not both", f"{path}.region")
        if question.select and question.choices:
            self._fail("a question has choices or select, not both", f"{path}.choices")
        if len(set(question.choices)) < len(question.choices):
            self._fail("two of the choices are the same", f"{path}.choices")
        for name in question.unseen:
            if not is_of_node(name):
                self._fail(f'"{name}" is not of the graph: use hide', f"{path}.unseen")
            try:
                quantity(name, model)
            except QuantityError as error:
                self._fail(str(error), f"{path}.unseen")
        slips = [("slip", slip.answer, slip.region, f"{path}.slips") for slip in question.slips]
        of_question = ("answer", question.answer, question.region, f"{path}.answer")
        for what, answer, region, at in (of_question, *slips):
            if what == "slip" and answer and answer == question.answer:
                self._fail("a slip is the right answer", at)
            if fault := _fault(question, fill(answer, model), region, model):
                self._fail(f"the {what} {fault}", at)


def _fault(question: Question, answer: str, region: Region | None, model: Scene) -> str:
    """Why a text or a place can't answer a question; empty if it can."""
    if question.kind == "region":
        return _fault_of_region(region, model)
    if region is not None:
        return "is a place, but the question asks for none"
    match question.kind:
        case "choice" if answer not in question.choices:
            return f'"{answer}" is none of the choices'
        case "number" if number_of(answer) is None:
            return f'"{answer}" is not a number'
        case "select" if answer not in _selectable(model):
            return f'"{answer}" is nothing that can be selected'
    return ""


def _fault_of_region(region: Region | None, model: Scene) -> str:
    columns = () if model.snapshot is None else model.snapshot.dataset.columns
    if region is None:
        return 'needs a "region"'
    for name, (low, high) in region.items():
        if name not in columns:
            return f'has no column "{name}"' + (f": use {', '.join(columns)}" if columns else "")
        if not low < high:
            return f"of {name} ends before it begins"
    return ""


def _selectable(model: Scene) -> set[str]:
    if model.stepper is not None:
        return set(model.stepper.names.values())
    snapshot = model.snapshot
    assert snapshot is not None
    units = range(1, len(snapshot.sizes))
    neurons = {f"layer{k}[{u}]" for k in units for u in range(snapshot.sizes[k])}
    return {*snapshot.inputs, *neurons, *snapshot.parameter_names()}


@cache
def _known_keys() -> Mapping[str, Sequence[str]]:
    # Here, because it loads every screen.
    from ..key_map import all_bindings

    return {str(binding.id): binding.key.split(",") for binding in all_bindings()}


def texts(lesson: LessonFile) -> Iterator[tuple[str, str]]:
    """Every text in which quantities may stand, and its place."""
    yield ".debrief", lesson.debrief
    for place, step in enumerate(lesson.steps):
        path = f".steps[{place}]"
        yield f"{path}.say", step.say
        yield from ((f"{path}.hints", hint) for hint in step.hints)
        if (question := step.question) is not None:
            path += ".question"
            yield f"{path}.ask", question.ask
            yield f"{path}.answer", question.answer
            yield f"{path}.right", question.right
            for slip in question.slips:
                yield f"{path}.slips", slip.answer
                yield f"{path}.slips", slip.say
