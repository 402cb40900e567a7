"""The list of lessons: presets and challenges."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ..footer import Footer
from ..key_words import with_keys
from ..keys import bindings
from ..widgets.basics import is_ascii
from .challenges import CHALLENGES, Challenge
from .presets import PRESETS
from .progress import Lesson

PRESET_HEADING = "Presets: see it happen"
CHALLENGE_HEADING = "Challenges: make it happen"
PRESETS_TOOLTIP = (
    "Setups that each work or fail for one reason. Press enter or click to load one and start at "
    "epoch 0; ctrl+z{edit.undo} undoes it."
)
CHALLENGES_TOOLTIP = (
    "Goals to reach, with any control. The application checks them, and says when you have reached "
    "them. Press enter or click to start one."
)


class LessonList(OptionList):
    """One of the two lists; left and right lead to the other."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        j | lessons.down | cursor_down | Down | Next lesson
        k | lessons.up | cursor_up | Up | Previous lesson
        right,l,left,h | lessons.other | screen.other_list | *Other list |
        | Switch between presets and challenges
        """
    )


class LessonsScreen(ModalScreen[Lesson | None]):
    """Presets and challenges to choose from; returns the chosen one.

    Args:
        solved: Names of the solved challenges.
        current: The current lesson, if any.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape,q,L | lessons.close | dismiss | *Close | Back to the playground
        """
    )

    def __init__(self, solved: Collection[str], current: Lesson | None) -> None:
        super().__init__()
        self._solved = solved
        self._current = current

    def compose(self) -> ComposeResult:
        with Vertical(id="lessons") as box:
            box.border_title = "Lessons"
            with Horizontal(id="lesson-lists"):
                for id, heading, options, tooltip in (
                    ("preset-list", PRESET_HEADING, self._presets, PRESETS_TOOLTIP),
                    ("challenge-list", self._heading, self._challenges, CHALLENGES_TOOLTIP),
                ):
                    with Vertical():
                        yield Static(heading, classes="lesson-heading")
                        lessons = LessonList(*options, id=id)
                        lessons.tooltip = with_keys(tooltip)
                        yield lessons
            yield Static(id="lesson-about")
        yield Footer()

    @property
    def _presets(self) -> list[Option]:
        return [Option(preset.title, id=name) for name, preset in PRESETS.items()]

    @property
    def _challenges(self) -> list[Option]:
        """The challenges, with a mark before the solved ones."""
        done = "x" if is_ascii(self) else "✓"
        return [
            Option(
                Content.assemble(
                    (f"{done if name in self._solved else ' '} ", "$text-success"), challenge.title
                ),
                id=name,
            )
            for name, challenge in CHALLENGES.items()
        ]

    @property
    def _heading(self) -> str:
        if not self._solved:
            return CHALLENGE_HEADING
        return f"Challenges: {len(self._solved)} of {len(CHALLENGES)} solved"

    def on_mount(self) -> None:
        presets, challenges = self.query(LessonList)
        shown = challenges if isinstance(self._current, Challenge) else presets
        for lessons in (presets, challenges):
            current = self._current if lessons is shown else None
            lessons.highlighted = lessons.get_option_index(current.name) if current else 0
        shown.focus()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_list.has_focus:
            self._say(event.option_list)

    def on_descendant_focus(self) -> None:
        if isinstance(self.focused, LessonList):
            self._say(self.focused)

    def _say(self, lessons: OptionList) -> None:
        lesson = self._highlighted(lessons)
        if lesson is not None:
            self.query_one("#lesson-about", Static).update(_about(lesson))

    def _highlighted(self, lessons: OptionList) -> Lesson | None:
        option = lessons.highlighted_option
        if option is None or option.id is None:
            return None
        return CHALLENGES[option.id] if lessons.id == "challenge-list" else PRESETS[option.id]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._highlighted(event.option_list))

    def action_other_list(self) -> None:
        presets, challenges = self.query(LessonList)
        (challenges if presets.has_focus else presets).focus()


def _about(lesson: Lesson) -> Content:
    title = (lesson.title, "bold")
    if not isinstance(lesson, Challenge):
        return Content.assemble(title, "\n", with_keys(lesson.watch))
    goals = ", ".join(goal.words for goal in lesson.goals)
    hint = ("Hint: ", "bold"), with_keys(lesson.advice)
    return Content.assemble(title, "\n", lesson.why, "\n", ("Goal: ", "bold"), f"{goals}. ", *hint)
