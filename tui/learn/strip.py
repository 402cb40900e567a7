"""LessonStrip: what the current lesson shows, under the status bar."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from ..key_words import with_keys
from ..widgets.basics import is_ascii, show_text
from .goals import Goal, GoalStatus
from .presets import Preset
from .progress import Lesson, LessonStatus

MARKS = {True: "✓", False: "○"}
MARKS_ASCII = {True: "[x]", False: "[ ]"}
NOW_WIDTH = 8
"""Cells for a present number, so that the text after it does not jump."""


class LessonStrip(Static):
    """What a preset shows and what to try, or the goals of a challenge; a click closes it."""

    DEFAULT_CSS = """
    LessonStrip {
        display: none;
        height: auto;
        padding: 0 1;
        background: $primary-muted;
    }
    LessonStrip.-on { display: block; }
    LessonStrip.-solved { background: $success-muted; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._shown: tuple[Lesson | None, str, bool] = (None, "", False)
        self._met: tuple[bool, ...] = ()
        self.tooltip = with_keys(
            "What this lesson shows and what to try. Press escape or click here to close it; press "
            "L{lessons.open} for the other lessons."
        )

    def show(self, status: LessonStatus) -> None:
        """Shows how far a lesson is; a closed strip opens again with news."""
        now = status.lesson, status.solved, status.is_seen
        is_news, self._shown = now != self._shown, now
        if is_news:
            self.set_class(status.lesson is not None, "-on")
            self.set_class(bool(status.solved), "-solved")
        before, self._met = self._met, tuple(goal.is_met for _, goal in status.goals)
        if status.lesson is not None and self.has_class("-on"):
            words = [_text(status), *([self._goals(status)] if status.goals else [])]
            # Its size stays otherwise: a new layout for every new number would be expensive.
            show_text(self, Content("\n").join(words), layout=is_news or self._met != before)

    def _goals(self, status: LessonStatus) -> Content:
        if status.solved:
            return Content.styled(status.solved, "bold $text-success")
        marks = MARKS_ASCII if is_ascii(self) else MARKS
        return Content("  ").join(
            _goal(goal, status, marks[status.is_met]) for goal, status in status.goals
        )

    def close(self) -> None:
        """Hides the strip; the lesson continues."""
        self.remove_class("-on")

    @property
    def is_open(self) -> bool:
        """Whether it is visible."""
        return self.has_class("-on")

    def on_click(self) -> None:
        self.close()


def _text(status: LessonStatus) -> Content:
    lesson = status.lesson
    assert lesson is not None
    if isinstance(lesson, Preset) and not status.is_seen:
        watch = with_keys(lesson.watch)
        return Content.assemble(
            (lesson.title, "bold"), ". ", watch, (" escape closes", "$text-muted")
        )
    has_cure = isinstance(lesson, Preset) and lesson.cure is not None
    return Content.assemble(
        (lesson.title, "bold"),
        ". ",
        lesson.why,
        " ",
        ("Try: " if isinstance(lesson, Preset) else "Hint: ", "bold"),
        with_keys(lesson.advice),
        " ",
        (
            with_keys("C{lesson.cure} does it, escape closes") if has_cure else "escape closes",
            "$text-muted",
        ),
    )


def _goal(goal: Goal, status: GoalStatus, mark: str) -> Content:
    style = "$text-success" if status.is_met else "bold"
    now = f" ({status.now})".ljust(NOW_WIDTH) if status.now else ""
    return Content.assemble((f"{mark} {goal.words}", style), (now, "$text-muted"))
