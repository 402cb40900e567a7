"""Predict, then see: a question about the next step, a field for the answer, and the score."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from ...core.explain.predict import Asked, Question, ask, explain, questions
from ...core.explain.stepper import Stepper
from ..key_words import with_keys
from ..widgets.answer_field import AnswerField
from ..widgets.basics import Words, is_ascii
from .chain_rule import in_characters

ORDER: Final[tuple[Asked | None, ...]] = (None, "gradients", "values")
"""What `P` goes through; None is off."""
HIDDEN: Final = "Hidden while you predict. Press escape{microscope.leave} to stop."
_PLACEHOLDER: Final = "a number"
_NO_NUMBER: Final = "Not a number: type one such as -0.25 or 3e-5."
_NOTHING_NEW: Final[dict[Asked, str]] = {
    "gradients": "The next step completes no gradient: press enter to take it.",
    "values": "Every value is known. Press P{microscope.predict} to end.",
}
_ALL_GRADIENTS: Final = (
    "Every gradient is known. Press P{microscope.predict} to predict the values."
)


class PredictBar(Vertical):
    """Asks for the number that the next step will show, and finds the slip in a wrong answer."""

    TITLE: ClassVar[str] = "Predict"
    HELP_TEXT: ClassVar[str] = (
        "P asks for each gradient, then for each value, before it is shown. Type a number and "
        "press enter: within 2 % it is right. A wrong one is explained, and you can try again. "
        "Enter without a number shows the answer, which counts as wrong."
    )
    DEFAULT_CSS = """
    PredictBar { height: 2; padding: 0 2; background: $panel; display: none; }
    PredictBar #question { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    PredictBar Horizontal { height: 1; }
    PredictBar AnswerField { width: 14; margin-right: 2; }
    PredictBar #score { width: 1fr; height: 1; color: $text-muted; }
    """

    @dataclass
    class Explained(Message):
        """What is to be said about an answer."""

        sentence: str

    @dataclass
    class StepWanted(Message):
        """All that the next step shows was predicted, or should be seen."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.asked: Asked | None = None
        self._stepper: Stepper | None = None
        self._questions: tuple[Question, ...] = ()
        self._is_first_try = True
        self._verdict = ""
        self._n_right, self._n_asked = 0, 0

    def compose(self) -> ComposeResult:
        yield Words(id="question", tooltip="What the next step will show.")
        with Horizontal():
            yield AnswerField(
                id="answer",
                compact=True,
                placeholder=_PLACEHOLDER,
                tooltip="Your prediction. Enter compares it; enter without one shows the answer.",
            )
            yield Words(id="score", tooltip="How many you got right at the first try.")

    @property
    def next_asked(self) -> Asked | None:
        """What follows: gradients, values, nothing."""
        return ORDER[(ORDER.index(self.asked) + 1) % len(ORDER)]

    def positions(self, stepper: Stepper | None) -> range:
        """The positions of a stepper from which the next step is asked for."""
        if stepper is None or self.asked is None:
            return range(0)
        turn = stepper.backward_position
        return range(turn) if self.asked == "values" else range(turn + 1, stepper.n_steps)

    def begin(self, asked: Asked | None) -> None:
        """Asks for something from the next `show_stepper` on, with a new score."""
        self.asked = asked
        self._n_right, self._n_asked, self._verdict = 0, 0, ""

    def show_stepper(self, stepper: Stepper | None) -> None:
        """Asks for what the next step of a stepper will show."""
        if self.asked is not None:
            self._stepper = stepper
            self._questions = () if stepper is None else questions(stepper, self.asked)
            self._ask()

    def _ask(self) -> None:
        self._is_first_try = True
        self.query_one(AnswerField).clear()
        self.query_one("#question", Words).say(Content.styled(self._question(), "bold"))
        self._show_score()

    def _question(self) -> str:
        stepper, asked = self._stepper, self.asked
        if stepper is None or asked is None:
            return ""
        if self._questions:
            return in_characters(ask(stepper, self._questions[0]), ascii=is_ascii(self))
        is_over = asked == "gradients" and stepper.phase == "done"
        return with_keys(_ALL_GRADIENTS if is_over else _NOTHING_NEW[asked])

    def _show_score(self) -> None:
        said = f"{self._n_right} of {self._n_asked} right at the first try"
        self.query_one("#score", Words).say(
            Content.assemble((self._verdict, "bold $foreground"), said if self._n_asked else "")
        )

    @on(Input.Submitted)
    def _compare(self, message: Input.Submitted) -> None:
        message.stop()
        self._verdict = ""
        if not self._questions or not message.value:
            self._count(is_right=False)
            self.post_message(self.StepWanted())
            return
        number = None
        with suppress(ValueError):
            number = float(message.value)
        if number is None:
            self.post_message(self.Explained(_NO_NUMBER))
            return
        assert self._stepper is not None
        question = self._questions[0]
        slip = question.slip(number)
        self._count(is_right=slip is None)
        self._verdict = "Right. " if slip is None else f"{message.value}: not yet. "
        if slip is None and len(self._questions) == 1:
            self.post_message(self.StepWanted())
            return
        self.post_message(self.Explained(explain(self._stepper, question, slip)))
        if slip is None:
            self._questions = self._questions[1:]
            self._ask()
        self.query_one(AnswerField).clear()
        self._show_score()

    def _count(self, *, is_right: bool) -> None:
        """Counts the first try of each question."""
        if self._questions and self._is_first_try:
            self._is_first_try = False
            self._n_asked += 1
            self._n_right += is_right
