"""LessonRun: one learner in one lesson: the present step, answers, hints, and how it went."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from .lesson_file import Goal, LessonFile, Question, Step
from .quantities import Quantity, QuantityError, Scene, fill, quantity

TOLERANCE: Final = 0.02
"""The largest relative error of a right number: a learner reads rounded ones."""
_NEAR: Final = 0.01
_LEAST: Final = 1e-3

NOT_A_NUMBER: Final = "That is not a number: type one such as -0.25 or 3e-5."
NOT_YET: Final = "Not yet. Try again, or press H{learn.hint} for a hint."


@dataclass(frozen=True)
class Event:
    """Something that a learner did, for a report.

    Attributes:
        step: The number of the step, from 1.
        did: "answered", "hint", "passed" or "solved".
        answer: What was answered; empty otherwise.
        right: Whether that was right.
    """

    step: int
    did: str
    answer: str = ""
    right: bool = False


@dataclass(frozen=True)
class StepStatus:
    """How far the present step is.

    Attributes:
        number: Of the step, from 1.
        of: How many there are.
        say: What it is about, its numbers filled in.
        goals: The words of each, and whether it is met.
        ask: What has to be answered now; empty for nothing.
        choices: What to choose from.
        selects: Whether the answer is selected on the screen.
        said: What was said last: a slip, a hint, or why the answer is right.
        is_done: Whether the next step may come.
    """

    number: int
    of: int
    say: str
    goals: tuple[tuple[str, bool], ...]
    ask: str
    choices: tuple[str, ...]
    selects: bool
    said: str
    is_done: bool


class LessonRun:
    """The way of one learner through a lesson.

    Attributes:
        lesson: The lesson.
        place: Of the present step, from 0; as many as there are once it is solved.
        events: What was done so far, in order.
    """

    def __init__(
        self, lesson: LessonFile, model: Scene, note: Callable[[Event], None] = lambda event: None
    ) -> None:
        """Begins with the first step.

        Args:
            lesson: The lesson.
            model: What texts and answers are computed from: its own program after its backward
                pass, or the run that it begins with.
            note: Is told of each event.
        """
        self.lesson, self._model, self._note = lesson, model, note
        self.place = 0
        self.events: list[Event] = []
        self._begin()

    def _begin(self) -> None:
        self._is_answered = self._has_met = False
        self._n_hints = 0
        self._said = ""

    @property
    def step(self) -> Step | None:
        """The present step; None once the lesson is solved."""
        return self.lesson.steps[self.place] if self.place < len(self.lesson.steps) else None

    @property
    def asks(self) -> bool:
        """Whether the present step asks something that is not answered yet."""
        return self.step is not None and self.step.question is not None and not self._is_answered

    def status(self, scene: Scene) -> StepStatus | None:
        """How far the present step is, given what the learner has before them; None at the end."""
        if (step := self.step) is None:
            return None
        goals = tuple((goal_words(goal), is_met(goal, scene)) for goal in step.goals)
        # What was met once stays so: the way on must not close while the numbers go on.
        self._has_met = self._has_met or all(met for _, met in goals)
        asks = self.asks
        return StepStatus(
            number=self.place + 1,
            of=len(self.lesson.steps),
            say=fill(step.say, self._model),
            goals=goals if not self._has_met else tuple((words, True) for words, _ in goals),
            ask=fill(step.question.ask, self._model) if asks and step.question else "",
            choices=step.question.choices if asks and step.question else (),
            selects=asks and step.question is not None and step.question.select,
            said=self._said,
            is_done=self._has_met and not asks,
        )

    def follow(self, model: Scene) -> None:
        """Computes texts and answers from what the learner has made of the program or the run."""
        self._model = model

    # --- Answers -------------------------------------------------------------------------------

    def answer(self, given: str) -> bool:
        """Compares an answer, and says what led to a wrong one; whether it is right."""
        question = None if self.step is None else self.step.question
        if question is None or self._is_answered:
            return False
        if question.kind == "number" and _number(given) is None:
            self._said = NOT_A_NUMBER
            return False
        right = self._is(given, question.answer, question)
        slips = (slip for slip in question.slips if self._is(given, slip.answer, question))
        slip = next(slips, None)
        if right:
            self._is_answered = True
            self._said = fill(question.right, self._model)
        else:
            self._said = fill(slip.say, self._model) if slip else NOT_YET
        self._add("answered", given, right)
        return right

    def _is(self, given: str, wanted: str, question: Question) -> bool:
        expected = fill(wanted, self._model)
        if question.kind != "number":
            return given.strip().lower() == expected.strip().lower()
        # Of a slip: the sign before a number that is negative.
        number, right = _number(given), _number(expected.replace("--", ""))
        return number is not None and right is not None and _is_near(number, right, TOLERANCE)

    def hint(self) -> str:
        """The next hint; the last one again when there are no more, nothing without any."""
        step = self.step
        if step is None or not step.hints:
            self._said = "There is no hint for this step."
            return self._said
        self._said = fill(step.hints[min(self._n_hints, len(step.hints) - 1)], self._model)
        self._n_hints += 1
        self._add("hint")
        return self._said

    def go_on(self, scene: Scene) -> bool:
        """Goes to the next step, if this one is done; whether it did."""
        status = self.status(scene)
        if status is None or not status.is_done:
            return False
        self._add("passed")
        self.place += 1
        self._begin()
        if self.step is None:
            self._add("solved")
        return True

    def _add(self, did: str, answer: str = "", right: bool = False) -> None:
        event = Event(min(self.place + 1, len(self.lesson.steps)), did, answer, right)
        self.events.append(event)
        self._note(event)

    @property
    def debrief(self) -> str:
        """Why it was so."""
        return fill(self.lesson.debrief, self._model)


# --- Goals ---------------------------------------------------------------------------------------


def is_met(goal: Goal, scene: Scene) -> bool:
    """Whether a goal is met in a scene; not where its quantity is unknown or does not exist."""
    now: Quantity = None
    with suppress(QuantityError):
        now = quantity(goal.see, scene)
    if now is None:
        return False
    if isinstance(goal.equals, str) or isinstance(now, str):
        return str(now).lower() == str(goal.equals).lower()
    checks = (
        goal.equals is None or now == goal.equals,
        goal.at_least is None or now >= goal.at_least,
        goal.at_most is None or now <= goal.at_most,
        goal.near is None or _is_near(now, goal.near, _NEAR),
    )
    return all(checks)


def goal_words(goal: Goal) -> str:
    """What is to be brought about, in a few words."""
    if goal.words:
        return goal.words
    sign = {"at_least": "at least", "at_most": "at most", "near": "about"}
    parts = [
        f"{words} {getattr(goal, name):g}"
        for name, words in sign.items()
        if getattr(goal, name) is not None
    ]
    if goal.equals is not None:
        shown = goal.equals if isinstance(goal.equals, str) else f"{goal.equals:g}"
        parts.insert(0, str(shown))
    return f"{goal.see} {' and '.join(parts)}"


def _is_near(number: float, other: float, share: float) -> bool:
    return math.isfinite(other) and abs(number - other) <= max(share * abs(other), _LEAST)


def _number(text: str) -> float | None:
    with suppress(ValueError):
        number = float(text.replace(",", "."))
        return number if math.isfinite(number) else None
    return None
