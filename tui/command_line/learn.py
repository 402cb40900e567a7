"""Chapters on the command line: listed, checked, begun."""

from __future__ import annotations

from pathlib import Path

from ...datasets import FileError, shown, shown_path
from ..drawing.numbers import counted
from ..learn.chapters import CHAPTERS, Course
from ..learn.lesson_check import check_lesson
from ..learn.lesson_file import SUFFIX, LessonError, LessonFile, lesson_of, read_text
from ..options import UsageError, spelled

MOST_LESSONS = 100


def course_of(path: Path | None) -> Course:
    """The lessons of a file or a folder, checked; the chapters without one.

    Raises:
        UsageError: If one can't be read or played; in one sentence with file and line.
    """
    if path is None:
        return CHAPTERS
    files = lesson_files(path)
    title = f"Lessons: {shown(path.name)}" if path.is_dir() else "Lesson"
    lessons = {file.stem: checked_lesson(file) for file in files}
    return Course(title, tuple(lessons), lessons)


def print_course(course: Course, solved: set[str]) -> None:
    """A line for each lesson: whether it is solved, its name, its title, how long it takes."""
    width = max(map(len, course.names))
    for name in course.names:
        takes = counted(course.lesson(name).minutes, "minute")
        lesson, mark = course.lesson(name), "x" if course.record(name) in solved else " "
        print(f"[{mark}] {shown(name):<{width}}  {shown(lesson.title)}, {takes}")


def chapter_named(typed: str, course: Course) -> str:
    """The name of a lesson that was meant.

    Raises:
        UsageError: If there is none; in one sentence that lists the names.
    """
    name = spelled(typed, course.names)
    if name not in course.names:
        what = "lesson" if course.own else "chapter"
        raise UsageError(f"No {what} {typed!r}: choose from {', '.join(course.names)}.")
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


def _is_lesson(path: Path) -> bool:
    is_hidden = path.name.startswith(".")
    return path.suffix.lower() == SUFFIX and not is_hidden and path.is_file()


def lesson_files(path: Path) -> list[Path]:
    """A lesson file, or those of a folder in the order of their names.

    Raises:
        UsageError: If the folder has none.
    """
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if _is_lesson(file))
    if not files:
        raise UsageError(f"{shown_path(path)} has no lessons: their names end in {SUFFIX}.")
    if len(files) > MOST_LESSONS:
        raise UsageError(
            f"{shown_path(path)} has {len(files):,} lessons: use at most {MOST_LESSONS}."
        )
    return files
