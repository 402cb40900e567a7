"""Chapters: the lessons that come with the application, in their order."""

from __future__ import annotations

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
)
"""What `learn` takes, in the order in which they build on each other."""


def chapter_text(name: str) -> str:
    """The text of a chapter's file."""
    return (files(__package__) / "course" / f"{name}.toml").read_text(encoding="utf-8")


@cache
def chapter(name: str) -> LessonFile:
    """A chapter by its name, one of `NAMES`."""
    return lesson_of(chapter_text(name), f"{name}.toml")


def after(name: str) -> str:
    """The name of the chapter that follows; empty after the last."""
    place = NAMES.index(name) + 1
    return NAMES[place] if place < len(NAMES) else ""
