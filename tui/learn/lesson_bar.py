"""LessonBar: the present step of a lesson, on top of the screen that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from ..key_words import with_keys
from ..keys import bindings
from ..widgets.answer_field import NUMBER, AnswerField
from ..widgets.basics import is_ascii, show_text
from .lesson_file import LessonFile
from .lesson_run import StepStatus
from .progress import LESSONS

_LETTERS: Final = "abcdefghi"
# So much of each line is text, where long words begin the next.
_FILLED: Final = 0.9
_GO_ON: Final = ";{learn.next} goes on"
ALSO: Final = " In L{lessons.open}: {}."
_SELECT: Final = "Select {}, then press ;{learn.next}."


class LessonBar(Vertical):
    """At most four lines: what the step is about, what is to be done, and an answer."""

    TITLE: ClassVar[str] = "Lesson"
    HELP_TEXT: ClassVar[str] = (
        "The present step of the lesson. Where something is asked, type the answer and press "
        "enter. ;{learn.next} goes on to the next step once this one is done, H{learn.hint} gives "
        "a hint, and the next time a clearer one."
    )
    DEFAULT_CSS = """
    LessonBar { height: auto; max-height: 4; padding: 0 1; background: $primary-muted; }
    LessonBar Static { height: auto; max-height: 3; }
    LessonBar Horizontal { height: auto; max-height: 2; }
    LessonBar AnswerField { width: 14; margin-right: 2; }
    LessonBar #lesson-do { width: 1fr; height: auto; max-height: 2; }
    LessonBar.-solved { background: $success-muted; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | learn.leave | leave | Leave | Leave the answer for later; ; comes back to it
        """
    )

    _LINES: Final = 3

    @dataclass
    class Answered(Message):
        """The learner answered."""

        answer: str

    def __init__(self, *, id: str = "lesson-bar") -> None:
        super().__init__(id=id)
        self._choices: tuple[str, ...] = ()
        self._asked = ""
        self._shown: tuple[str, StepStatus] | None = None
        # Has the focus again when the learner leaves the field.
        self._before: Widget | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="lesson-say")
        with Horizontal():
            field = AnswerField(id="lesson-answer", compact=True, placeholder="your answer")
            field.display = False
            yield field
            yield Static(id="lesson-do")

    def on_resize(self) -> None:
        if self._shown is not None:
            self.show(*self._shown)

    def show(self, title: str, status: StepStatus) -> None:
        """Shows a step."""
        self._shown = title, status
        marks = ("[x]", "[ ]") if is_ascii(self) else ("✓", "○")
        place = f"{title} {status.number}/{status.of}"
        # What comes first is left out where not all of it has room.
        parts_said = [part for part in (status.able, status.say, status.ask) if part]
        room = _FILLED * self._LINES * self.app.size.width - len(place)
        while len(parts_said) > 1 and len(with_keys(" ".join(parts_said))) > room:
            del parts_said[0]
        said = status.said or " ".join(parts_said)
        self._write(Content.assemble((f"{place}  ", "bold"), with_keys(said)))
        parts = [
            Content.styled(
                f"{marks[0] if met else marks[1]} {words}", "$text-success" if met else "bold"
            )
            for words, met in status.goals
        ]
        field = self.query_one(AnswerField)
        asks_here = bool(status.ask) and not status.selects
        self._offer(status, field, asks_here)
        if status.choices and status.ask:
            parts += [
                Content(f"{letter} {choice}")
                for letter, choice in zip(_LETTERS, status.choices, strict=False)
            ]
        elif status.ask and status.said:
            # What was said stands in its place.
            parts.append(Content(with_keys(status.ask)))
        if status.selects and status.ask:
            parts.append(Content(with_keys(_SELECT).format(with_keys(status.selects))))
        if status.is_done:
            parts.append(Content.styled(with_keys(_GO_ON), "$text-muted"))
        self._do(Content("  ").join(parts))

    def show_end(self, lesson: LessonFile, debrief: str, then: str) -> None:
        """Shows why it was so, and how to go on.

        Args:
            lesson: What was solved.
            debrief: Why it was so.
            then: What comes next.
        """
        title, others = lesson.title, [LESSONS[name].title for name in lesson.also]
        more = f", and {len(others) - 1} more" if len(others) > 1 else ""
        also = "".join(others[:1]) + more
        self._shown = None
        self.add_class("-solved")
        self._offer(None, self.query_one(AnswerField), False)
        self._write(Content.assemble((f"{title}: solved.  ", "bold"), with_keys(debrief)))
        goes_with = with_keys(ALSO).format(also) if also else ""
        self._do(Content.styled(with_keys(then) + goes_with, "$text-muted"))

    def come_back(self) -> bool:
        """Focuses the field for the answer; false if there is none, or it has the focus."""
        field = self.query_one(AnswerField)
        if not field.display or field.has_focus:
            return False
        self._focus(field)
        return True

    def action_leave(self) -> None:
        before, self._before = self._before, None
        if before is not None and before.is_attached and before.focusable:
            before.focus()
        else:
            self.screen.set_focus(None)
            self.screen.focus_next("#graph, #output")

    def _focus(self, field: AnswerField) -> None:
        if not field.display:
            return
        if not field.has_focus:
            self._before = self.screen.focused
        field.focus()

    def _offer(self, status: StepStatus | None, field: AnswerField, asks_here: bool) -> None:
        ask = "" if status is None else status.ask
        self._choices = () if status is None else status.choices
        field.takes = _LETTERS[: len(self._choices)] if self._choices else NUMBER
        is_new = asks_here and not field.display
        if field.has_focus and not asks_here:
            self.action_leave()
        field.display = asks_here
        if ask != self._asked:
            self._asked = ask
            field.clear()
        # The same question in other numbers leaves the focus in the program.
        if is_new:
            # A screen that was just opened focuses what it has for that first.
            self.call_after_refresh(self._focus, field)

    def _write(self, content: Content) -> None:
        show_text(self.query_one("#lesson-say", Static), content)

    def _do(self, content: Content) -> None:
        show_text(self.query_one("#lesson-do", Static), content)

    @on(Input.Submitted)
    def _answer(self, message: Input.Submitted) -> None:
        message.stop()
        answer = message.value.strip()
        by_letter = dict(zip(_LETTERS, self._choices, strict=False))
        answer = by_letter.get(answer, answer)
        message.input.clear()
        if answer:
            self.post_message(self.Answered(answer))
