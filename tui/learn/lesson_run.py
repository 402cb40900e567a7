"""LessonRun: one learner in one lesson: the present step, answers, hints, and how it went."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from .lesson_file import Goal, LessonFile, Question, Region, Slip, Step
from .limits import ALWAYS_LOCKED, Limits
from .quantities import Quantity, QuantityError, Scene, fill, names_in, quantity

TOLERANCE: Final = 0.02
"""The largest relative error of a right number: a learner reads rounded ones."""
_NEAR: Final = 0.01
_LEAST: Final = 1e-3

NOT_A_NUMBER: Final = "That is not a number: type one such as -0.25 or 3e-5."
NOT_YET: Final = "Not yet. Try again, or press H{learn.hint} for a hint."
SELECT_FIRST: Final = "Nothing is selected. Select the answer, then press ;{learn.next}."

_SELECTS: Final = {"select": "it", "region": "a sample or a place there"}
_SELECTS_NODE: Final = "it (2{microscope.graph}, then the arrows)"
"""What is selected, by the kind of a question."""


@dataclass(frozen=True)
class Event:
    """Something that a learner did, for a report.

    Attributes:
        step: The number of the step, from 1.
        did: "answered", "hint", "passed", "solved" or "left".
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
        able: What the learner will be able to do, in a sentence at the first step; else empty.
        say: What it is about, its numbers filled in.
        goals: The words of each, and whether it is met.
        ask: What has to be answered now; empty for nothing.
        choices: What to choose from.
        selects: What of the screen is selected to answer; empty if nothing is.
        said: What was said last: a slip, a hint, or why the answer is right.
        is_done: Whether the next step may come.
    """

    number: int
    of: int
    able: str
    say: str
    goals: tuple[tuple[str, bool], ...]
    ask: str
    choices: tuple[str, ...]
    selects: str
    said: str
    is_done: bool


class LessonRun:
    """The way of one learner through a lesson.

    Attributes:
        lesson: The lesson.
        place: Of the present step, from 0; as many as there are once it is solved.
        events: What was done so far, in order.
        looks: How many things the learner has examined.
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
        self.lesson, self._model, self._first, self._note = lesson, model, model, note
        self.place = 0
        self.events: list[Event] = []
        self.looks = 0
        self._looking_at: str | None = None
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
        return self.question is not None

    @property
    def question(self) -> Question | None:
        """What has to be answered now; None for nothing."""
        return None if self.step is None or self._is_answered else self.step.question

    @property
    def unseen(self) -> tuple[str, ...]:
        """What the graph must not show now, because it is asked for."""
        question = self.question
        if question is None:
            return ()
        asked = names_in(question.ask)
        return question.unseen or tuple(n for n in names_in(question.answer) if n not in asked)

    @property
    def limits(self) -> Limits:
        """What the lesson keeps from the learner now."""
        lesson, question = self.lesson, self.question
        return Limits(
            frozenset((*lesson.hide, *(question.hide if question is not None else ()))),
            frozenset(lesson.hide_controls),
            frozenset((*lesson.lock, *(ALWAYS_LOCKED if lesson.lock else ()))),
        )

    def counts(self, did: str, *, is_wrong: bool = False) -> int:
        """How often something was done so far."""
        return sum(e.did == did and not (is_wrong and e.right) for e in self.events)

    def _look(self, scene: Scene) -> None:
        if self._is_answered or self.step is None:
            # What was found is found.
            return
        if scene.looking_at and scene.looking_at != self._looking_at:
            # Where the learner was before the lesson is no look of theirs.
            self.looks += self._looking_at is not None
            self._looking_at = scene.looking_at

    def _filled(self, text: str) -> str:
        # What it speaks of may be gone by now; at the start it was there.
        with suppress(QuantityError):
            return fill(text, replace(self._model, looks=self.looks))
        return fill(text, replace(self._first, looks=self.looks))

    def status(self, scene: Scene) -> StepStatus | None:
        """How far the present step is, given what the learner has before them; None at the end."""
        self._look(scene)
        if (step := self.step) is None:
            return None
        goals = tuple((goal_words(goal), is_met(goal, scene)) for goal in step.goals)
        # What was met once stays so: the way on must not close while the numbers go on.
        self._has_met = self._has_met or all(met for _, met in goals)
        question = self.question
        return StepStatus(
            number=self.place + 1,
            of=len(self.lesson.steps),
            able="" if self.place else f"You will be able to {self.lesson.able}",
            say=self._filled(step.say),
            goals=goals if not self._has_met else tuple((words, True) for words, _ in goals),
            ask="" if question is None else self._filled(question.ask),
            choices=() if question is None else question.choices,
            selects=self._selects,
            said=self._said,
            is_done=self._has_met and question is None,
        )

    @property
    def _selects(self) -> str:
        kind = "" if self.question is None else self.question.kind
        return _SELECTS_NODE if kind == "select" and self.lesson.program else _SELECTS.get(kind, "")

    def follow(self, model: Scene) -> None:
        """Computes texts and answers from what the learner has made of the program or the run."""
        self._model = model

    # --- Answers -------------------------------------------------------------------------------

    def answer(self, given: str) -> bool:
        """Compares an answer, and says what led to a wrong one; whether it is right."""
        question = self.question
        if question is None:
            return False
        if question.kind == "number" and number_of(given) is None:
            self._said = NOT_A_NUMBER
            return False
        right = self._is(given, question.answer, question)
        slips = (slip for slip in question.slips if self._is(given, slip.answer, question))
        return self._judge(given, question, right, next(slips, None))

    def answer_by_selecting(self, scene: Scene) -> bool:
        """As `answer`, with what is selected in a scene."""
        question = self.question
        if question is None:
            return False
        if question.region is None:
            if scene.selected:
                return self.answer(scene.selected)
        elif scene.point:
            right = _is_in(scene.point, question.region)
            slips = (slip for slip in question.slips if _is_in(scene.point, slip.region))
            given = ", ".join(f"{name} {number:g}" for name, number in scene.point.items())
            return self._judge(given, question, right, next(slips, None))
        self._said = SELECT_FIRST
        return False

    def _judge(self, given: str, question: Question, right: bool, slip: Slip | None) -> bool:
        if right:
            self._is_answered = True
            self._said = self._filled(question.right)
        else:
            self._said = self._filled(slip.say) if slip else NOT_YET
        self._add("answered", given, right)
        return right

    def _is(self, given: str, wanted: str, question: Question) -> bool:
        expected = self._filled(wanted)
        if question.kind != "number":
            return given.strip().lower() == expected.strip().lower()
        number, right = number_of(given), number_of(expected)
        return number is not None and right is not None and _is_near(number, right, TOLERANCE)

    def hint(self) -> str:
        """The next hint; the last one again when there are no more, nothing without any."""
        step = self.step
        if step is None or not step.hints:
            self._said = "There is no hint for this step."
            return self._said
        self._said = self._filled(step.hints[min(self._n_hints, len(step.hints) - 1)])
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

    def leave(self) -> None:
        """Notes that the learner left it before its end."""
        self._add("left")

    def _add(self, did: str, answer: str = "", right: bool = False) -> None:
        event = Event(min(self.place + 1, len(self.lesson.steps)), did, answer, right)
        self.events.append(event)
        self._note(event)

    @property
    def debrief(self) -> str:
        """Why it was so."""
        return self._filled(self.lesson.debrief)


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


def _is_in(point: Mapping[str, float], region: Region | None) -> bool:
    if region is None:
        return False
    return all(low <= point.get(name, math.nan) <= high for name, (low, high) in region.items())


def number_of(text: str) -> float | None:
    """The finite number that a text is; a decimal comma and two signs that cancel will do."""
    with suppress(ValueError):
        number = float(text.replace(",", ".").replace("--", ""))
        return number if math.isfinite(number) else None
    return None
