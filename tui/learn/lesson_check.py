"""Checking a lesson: that all it speaks of exists, before anybody begins it."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.run.session import Session
from ...datasets import printable, shown
from .lesson_file import LessonError, LessonFile, LessonStart, Question, Step, line_of
from .quantities import QuantityError, Scene, fill, quantity, solved


def session_of(start: LessonStart) -> Session:
    """A run as a lesson begins it.

    Raises:
        ValueError: If data, network and training do not fit each other; in one sentence.
    """
    return Session(start.network, start.data.load(), start.training, seed=start.seed)


def model_of(lesson: LessonFile) -> Scene:
    """What the texts and answers of a lesson are computed from: its program solved, or its run.

    Raises:
        QuantityError: If its program is wrong or its start impossible.
    """
    if lesson.program:
        return Scene(solved(lesson.program), screen="microscope")
    if lesson.start is None:
        raise QuantityError('the lesson needs a "program" or a "start"')
    try:
        session = session_of(lesson.start)
    except ValueError as error:
        raise QuantityError(f"the start is impossible: {str(error).rstrip('.')}") from None
    return Scene(snapshot=session.snapshot(grid=(1, 1)), screen="playground")


def check_lesson(lesson: LessonFile, text: str, name: str) -> Scene:
    """Checks what a lesson speaks of; gives what it is computed from.

    Args:
        lesson: As it was read.
        text: Of its file, for the numbers of lines.
        name: Of its file.

    Raises:
        LessonError: If something does not exist; in one sentence with the line.
    """
    try:
        model = model_of(lesson)
    except QuantityError as error:
        path = ".program" if lesson.program else ".start"
        raise _error(str(error), path, text, name) from None
    for path, said in texts(lesson):
        try:
            fill(said, model)
        except QuantityError as error:
            raise _error(str(error), path, text, name) from None
    for place, step in enumerate(lesson.steps):
        _check_goals(step, f".steps[{place}]", model, text, name)
        if step.question is not None:
            _check_question(step.question, f".steps[{place}].question", model, text, name)
    return model


def _error(problem: str, path: str, text: str, name: str) -> LessonError:
    line = line_of(path, text)
    at = f" line {line}" if line else ""
    said = printable(problem.rstrip("."))
    return LessonError(f"{shown(name)}{at}: {said}. See docs/lessons.md.")


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


def _check_goals(step: Step, path: str, model: Scene, text: str, name: str) -> None:
    for number, goal in enumerate(step.goals):
        at = f"{path}.goals[{number}]"
        if (goal.equals, goal.at_least, goal.at_most, goal.near) == (None,) * 4:
            problem = 'a goal needs "equals", "at_least", "at_most" or "near"'
            raise _error(problem, at, text, name)
        try:
            # Of whatever the learner makes of it: only its name has to be known.
            quantity(goal.see, model if model.stepper or "NODE" in goal.see else Scene())
        except QuantityError as error:
            raise _error(str(error), at, text, name) from None


def _check_question(question: Question, path: str, model: Scene, text: str, name: str) -> None:
    answer = fill(question.answer, model)
    match question.kind:
        case "choice" if answer not in question.choices:
            problem = f'the answer "{answer}" is none of the choices'
        case "number" if not _is_number(answer.replace("--", "")):
            problem = f'the answer "{answer}" is not a number'
        case "select" if model.stepper and answer not in model.stepper.names.values():
            problem = f'the program has no "{answer}"'
        case _:
            return
    raise _error(problem, f"{path}.answer", text, name)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
