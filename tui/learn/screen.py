"""The list of lessons: chapters in their order, presets, challenges."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ..confirm import confirm
from ..drawing.numbers import counted
from ..file_jobs import dated_name, run_job, save_file, save_folder
from ..footer import Footer
from ..key_words import with_keys
from ..keys import bindings
from ..widgets.basics import is_ascii
from .challenges import CHALLENGES, Challenge
from .chapters import Course
from .presets import PRESETS, Preset
from .progress import LESSONS, Lesson
from .records import Record, Records

CHAPTERS_TOOLTIP = (
    "Lessons in the order in which they build on each other. Press enter or click to begin one; "
    "a chapter that you have solved has a mark."
)
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
    """One of the lists; left and right lead to the others."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        j | lessons.down | cursor_down | Down | Next lesson
        k | lessons.up | cursor_up | Up | Previous lesson
        right,l | lessons.other | screen.other_list(1) | *Next list | The list to the right
        left,h | lessons.before | screen.other_list(-1) | Previous list | The list to the left
        """
    )


class LessonsScreen(ModalScreen[Lesson | str | None]):
    """Chapters, presets and challenges to choose from; returns the chosen one.

    Args:
        course: The chapters.
        records: What was solved.
        current: The current lesson, or the name of the current chapter, if any.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape,q,L | lessons.close | dismiss | *Close | Back to the playground
        s | lessons.save | save_progress | *Save progress | Save what you have solved as a file
        D | lessons.forget | forget | Forget progress | Forget what you have solved
        """
    )

    def __init__(self, course: Course, records: Records, current: Lesson | str | None) -> None:
        super().__init__()
        self._course, self._records, self._current = course, records, current

    def compose(self) -> ComposeResult:
        with Vertical(id="lessons") as box:
            box.border_title = "Lessons"
            with Horizontal(id="lesson-lists"):
                yield from self._list(
                    "chapter-list", self._course.title, self._chapters, CHAPTERS_TOOLTIP
                )
                with Container(id="more-lessons"):
                    yield from self._list(
                        "preset-list", PRESET_HEADING, self._presets, PRESETS_TOOLTIP
                    )
                    yield from self._list(
                        "challenge-list", self._heading, self._challenges, CHALLENGES_TOOLTIP
                    )
            yield Static(id="lesson-about")
        yield Footer()

    @staticmethod
    def _list(id: str, heading: str, options: list[Option], tooltip: str) -> ComposeResult:
        with Vertical():
            yield Static(heading, classes="lesson-heading")
            lessons = LessonList(*options, id=id, compact=True)
            lessons.tooltip = with_keys(tooltip)
            yield lessons

    @property
    def _chapters(self) -> list[Option]:
        course = self._course
        return [
            Option(self._marked(course.record(name), course.lesson(name).title), id=name)
            for name in course.names
        ]

    def _marked(self, name: str, title: str) -> Content:
        """A title, with a mark before it if it is solved."""
        done = "x" if is_ascii(self) else "✓"
        return Content.assemble(
            (f"{done if name in self._records.solved else ' '} ", "$text-success"), title
        )

    @property
    def _presets(self) -> list[Option]:
        return [Option(preset.title, id=name) for name, preset in PRESETS.items()]

    @property
    def _challenges(self) -> list[Option]:
        """The challenges, with a mark before the solved ones."""
        return [Option(self._marked(name, c.title), id=name) for name, c in CHALLENGES.items()]

    @property
    def _heading(self) -> str:
        n_solved = len(self._records.solved & CHALLENGES.keys())
        if not n_solved:
            return CHALLENGE_HEADING
        return f"Challenges: {n_solved} of {len(CHALLENGES)} solved"

    def on_mount(self) -> None:
        current = self._current if isinstance(self._current, str) else ""
        if isinstance(self._current, Preset | Challenge):
            current = self._current.name
        shown = None
        for lessons in self.query(LessonList):
            names = [option.id for option in lessons.options]
            lessons.highlighted = names.index(current) if current in names else 0
            self.call_after_refresh(lessons.scroll_to_highlight)
            shown = lessons if shown is None or current in names else shown
        if shown is not None:
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
            said = self._about_chapter(lesson) if isinstance(lesson, str) else _about(lesson)
            self.query_one("#lesson-about", Static).update(said)

    def _highlighted(self, lessons: OptionList) -> Lesson | str | None:
        option = lessons.highlighted_option
        if option is None or option.id is None:
            return None
        lessons_by_name: dict[str, Lesson] = {**PRESETS, **CHALLENGES}
        return lessons_by_name.get(option.id, option.id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._highlighted(event.option_list))

    def _about_chapter(self, name: str) -> Content:
        lesson = self._course.lesson(name)
        record = self._records.all.get(self._course.record(name))
        also = ", ".join(LESSONS[other].title for other in lesson.also)
        takes = counted(lesson.minutes, "minute")
        parts = [
            Content.assemble((lesson.title, "bold"), f", about {takes}"),
            Content(f"You will be able to {lesson.able}"),
        ]
        if record is not None:
            parts.append(Content.styled(_solved(record), "$text-success"))
        if also:
            parts.append(Content.assemble(("Goes with: ", "bold"), f"{also}."))
        return Content("\n").join(parts)

    def action_save_progress(self) -> None:
        name, records = dated_name("toygrad progress", ".json"), self._records
        if records.solved:
            save_file(self.app, save_folder() / name, records.as_json, what="what you have solved")
        else:
            self.notify("Nothing is solved yet.")

    def action_forget(self) -> None:
        n = len(self._records.solved)
        if not n:
            self.notify("Nothing is solved yet.")
            return
        what = counted(n, "lesson")
        confirm(self.app, f"This forgets that you have solved {what}.", "Forget", self._forget)

    def _forget(self) -> None:
        run_job(
            self.app,
            self._records.clear,
            lambda _: self.dismiss(),
            lambda sentence: self.notify(sentence, markup=False),
            failed="The progress is not forgotten",
        )

    def action_other_list(self, by: int) -> None:
        lists = list(self.query(LessonList))
        place = next((k for k, lessons in enumerate(lists) if lessons.has_focus), 0)
        lists[(place + by) % len(lists)].focus()


def _solved(record: Record) -> str:
    hints = counted(record.hints, "hint")
    wrong = counted(record.wrong, "wrong answer")
    return f"Solved on {record.at[:10]} with {hints} and {wrong}." if record.at else "Solved."


def _about(lesson: Lesson) -> Content:
    title = (lesson.title, "bold")
    if not isinstance(lesson, Challenge):
        return Content.assemble(title, "\n", with_keys(lesson.watch))
    goals = ", ".join(goal.words for goal in lesson.goals)
    hint = ("Hint: ", "bold"), with_keys(lesson.advice)
    return Content.assemble(title, "\n", lesson.why, "\n", ("Goal: ", "bold"), f"{goals}. ", *hint)
