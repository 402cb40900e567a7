"""Chapters on the command line: listed, checked, begun."""

from __future__ import annotations

from pathlib import Path

from ...datasets import FileError, shown
from ..learn.chapters import NAMES, chapter
from ..learn.lesson_check import check_lesson
from ..learn.lesson_file import SUFFIX, LessonError, LessonFile, lesson_of, read_text
from ..options import UsageError


def print_chapters(solved: set[str]) -> None:
    """A line for each chapter: whether it is solved, its name, its title, how long it takes."""
    width = max(map(len, NAMES))
    for name in NAMES:
        lesson = chapter(name)
        mark = "x" if name in solved else " "
        print(f"[{mark}] {name:<{width}}  {lesson.title}, {lesson.minutes} minutes")


def chapter_named(typed: str) -> str:
    """The name of a chapter that was meant.

    Raises:
        UsageError: If there is none; in one sentence that lists the names.
    """
    name = typed.strip().lower().replace("_", "-").replace(" ", "-")
    if name not in NAMES:
        raise UsageError(f"No chapter {typed!r}: choose from {', '.join(NAMES)}.")
    return name


def checked_lesson(path: Path) -> LessonFile:
    """A lesson file, read and checked.

    Raises:
        UsageError: If it can't be read, or can't be played; in one sentence with file and line.
    """
    try:
        text = read_text(path)
        lesson = lesson_of(text, path.name)
        check_lesson(lesson, text, path.name)
    except (FileError, LessonError) as error:
        raise UsageError(str(error)) from error
    return lesson


def check_report(path: Path) -> None:
    """Checks that a report can be written before anybody begins.

    Raises:
        UsageError: If it certainly can't.
    """
    try:
        with path.open("a", encoding="utf-8"):
            pass
    except OSError as error:
        reason = error.strerror or "it is no file"
        raise UsageError(f"{shown(path.name)} can't be written: {reason}.") from error


def lesson_files(path: Path) -> list[Path]:
    """A lesson file, or those of a folder in the order of their names.

    Raises:
        UsageError: If the folder has none.
    """
    if not path.is_dir():
        return [path]
    files = sorted(path.glob(f"*{SUFFIX}"))
    if not files:
        raise UsageError(f"{path} has no lessons: their names end in {SUFFIX}.")
    return files
