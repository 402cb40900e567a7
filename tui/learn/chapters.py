"""Chapters, the lessons that come with the application, and courses of others, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from .lesson_file import LessonFile, lesson_of

NAMES = (
    "slope",
    "graph",
    "chain-rule",
    "gradients-add",
    "order",
    "neuron",
    "tanh",
    "loss",
    "descent",
    "zero-grad",
    "layers",
    "sick",
    "bug-hunt",
)
"""What `learn` takes, in the order in which they build on each other."""


def chapter_text(name: str) -> str:
    """The text of a chapter's file."""
    return (files(__package__) / "course" / f"{name}.toml").read_text(encoding="utf-8")


@cache
def chapter(name: str) -> LessonFile:
    """A chapter by its name, one of `NAMES`."""
    return lesson_of(chapter_text(name), f"{name}.toml")


@dataclass(frozen=True, slots=True)
class Course:
    """Lessons in their order; by default the chapters that come with the application.

    Attributes:
        title: Above their list.
        names: Of the lessons, in their order.
        own: Lessons of somebody's own by their names; empty for the chapters.
    """

    title: str = "Chapters: step by step"
    names: tuple[str, ...] = NAMES
    own: Mapping[str, LessonFile] = field(default_factory=dict)

    def lesson(self, name: str) -> LessonFile:
        """A lesson by its name."""
        return self.own[name] if self.own else chapter(name)

    def after(self, name: str) -> str:
        """The name of the lesson that follows; empty after the last, and after none of these."""
        following = dict(zip(self.names, self.names[1:], strict=False))
        return following.get(name, "")

    def record(self, name: str) -> str:
        """Under which name it is kept that a lesson was solved."""
        return f"{name}: {self.own[name].title}" if self.own else name

    def first_unsolved(self, solved: set[str]) -> str:
        """The lesson to go on with; the first one if all are solved."""
        left = (name for name in self.names if self.record(name) not in solved)
        return next(left, self.names[0])


CHAPTERS = Course()
