"""The lines that say what a lesson shows, under the status bar."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from ..widgets.ascii import is_ascii
from ..widgets.text import show_text
from .goals import Goal, Look
from .presets import Preset
from .progress import Lesson, Standing

MARKS = {True: "✓", False: "○"}
MARKS_ASCII = {True: "[x]", False: "[ ]"}
NOW_WIDTH = 8
"""Cells for a present number, so that what follows does not jump."""


class LessonLine(Vertical):
    """Why and what to try of a preset; goals of a challenge. A click closes it."""

    DEFAULT_CSS = """
    LessonLine {
        display: none;
        height: auto;
        padding: 0 1;
        background: $primary 15%;
    }
    LessonLine.-on { display: block; }
    LessonLine.-solved { background: $success 20%; }
    LessonLine Static { height: auto; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._lesson: Lesson | None = None
        self._solved = ""
        self._met: tuple[bool, ...] = ()
        self.tooltip = (
            "What this lesson shows and what to try. Press escape or click here to close it; "
            "press L for the other lessons."
        )

    def compose(self) -> ComposeResult:
        yield Static(id="lesson-text")
        yield Static(id="lesson-goals")

    def show(self, standing: Standing) -> None:
        """Says how a lesson stands; a line that was closed opens again with news."""
        is_news = (standing.lesson, standing.solved) != (self._lesson, self._solved)
        self._lesson, self._solved = standing.lesson, standing.solved
        if is_news:
            self._met = ()
            self.set_class(standing.lesson is not None, "-on")
            self.set_class(bool(standing.solved), "-solved")
            if standing.lesson is not None:
                show_text(self.query_one("#lesson-text", Static), _text(standing.lesson))
        if self.has_class("-on"):
            self._show_goals(standing)

    def _show_goals(self, standing: Standing) -> None:
        goals = self.query_one("#lesson-goals", Static)
        goals.display = bool(standing.looks)
        met = tuple(look.is_met for _, look in standing.looks)
        content = self._goals(standing)
        if met != self._met:
            self._met = met
            goals.update(content)
        elif isinstance(goals.content, Content) and not content.is_same(goals.content):
            # Its size stays: laying out the screen for every new number would be dear.
            goals.update(content, layout=False)

    def _goals(self, standing: Standing) -> Content:
        if standing.solved:
            return Content.styled(standing.solved, "bold $text-success")
        marks = MARKS_ASCII if is_ascii(self) else MARKS
        return Content("  ").join(
            _goal(goal, look, marks[look.is_met]) for goal, look in standing.looks
        )

    def close(self) -> None:
        """Takes the line away; the lesson goes on."""
        self.remove_class("-on")

    @property
    def is_open(self) -> bool:
        """Whether it can be seen."""
        return self.has_class("-on")

    def on_click(self) -> None:
        self.close()


def _text(lesson: Lesson) -> Content:
    has_cure = isinstance(lesson, Preset) and lesson.cure is not None
    return Content.assemble(
        (lesson.title, "bold"),
        ". ",
        lesson.why,
        " ",
        ("Try: " if isinstance(lesson, Preset) else "Hint: ", "bold"),
        lesson.advice,
        " ",
        ("C does it, escape closes" if has_cure else "escape closes", "$text-muted"),
    )


def _goal(goal: Goal, look: Look, mark: str) -> Content:
    style = "$text-success" if look.is_met else "bold"
    now = f" ({look.now})".ljust(NOW_WIDTH) if look.now else ""
    return Content.assemble((f"{mark} {goal.words}", style), (now, "$text-muted"))
