"""PathField: a field for a path, which completes it, and the paths that match what was typed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from heapq import nsmallest
from itertools import islice
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from ...datasets import can_reach
from ..keys import bindings

# A folder may hold millions of files.
MOST_LOOKED_AT = 20_000


class PathMatch(NamedTuple):
    """An existing path that begins with what was typed.

    Attributes:
        text: What was typed, completed; a folder ends in a separator.
        name: Its last part, without a separator.
        is_folder: Whether it is a folder.
        modified: When it was last written, in seconds since the epoch; 0.0 if nobody knows.
    """

    text: str
    name: str
    is_folder: bool
    modified: float


def matching_paths(text: str, suffixes: Sequence[str], n: int) -> list[PathMatch]:
    """The existing paths that begin with what was typed.

    Args:
        text: The beginning of a path; `~` is the user's folder.
        suffixes: Of the files that match; folders always do.
        n: How many at most.

    Returns:
        The first ones by name; none if the folder can't be read. Hidden ones match only where a
        dot was typed.
    """
    folder, begin = os.path.split(text)
    try:
        if not can_reach(os.path.expanduser(folder) or "."):
            return []
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            found = (
                entry
                for entry in islice(entries, MOST_LOOKED_AT)
                if entry.name.startswith(begin)
                and (begin.startswith(".") or not entry.name.startswith("."))
                and (entry.name.endswith(tuple(suffixes)) or entry.is_dir())
            )
            first = nsmallest(n, found, key=lambda entry: entry.name)
            return [_match(text, begin, entry) for entry in first]
    except (OSError, ValueError):
        return []


def _match(text: str, begin: str, entry: os.DirEntry[str]) -> PathMatch:
    is_folder = entry.is_dir()
    try:
        modified = entry.stat().st_mtime
    except OSError:
        modified = 0.0
    rest = entry.name[len(begin) :] + (os.sep if is_folder else "")
    return PathMatch(text + rest, entry.name, is_folder, modified)


def completed_path(text: str, suffixes: Sequence[str]) -> str | None:
    """What was typed, completed by the first path that matches; None if none does."""
    longer = (match.text for match in matching_paths(text, suffixes, 2) if match.text != text)
    return next(longer, None)


class _PathSuggester(Suggester):
    def __init__(self, suffixes: Sequence[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._suffixes = suffixes

    async def get_suggestion(self, value: str) -> str | None:
        # A folder on a network may take its time.
        return await asyncio.to_thread(completed_path, value, self._suffixes) if value else None


class PathField(Input):
    """A path to type; hidden until it is asked for.

    Args:
        placeholder: What is shown while it is empty.
        tooltip: What the path is for.
        suffixes: Of the files that are suggested, besides folders.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        tab    | path.complete | cursor_right | *Complete | Accept the suggested path
        escape | path.cancel   | cancel       | Cancel   | Close the field and change nothing
        """
    )

    class Canceled(Message):
        """The user gave no path after all."""

    def __init__(self, placeholder: str, tooltip: str, *, suffixes: Sequence[str], id: str) -> None:
        super().__init__(
            placeholder=placeholder,
            compact=True,
            id=id,
            suggester=_PathSuggester(suffixes),
            select_on_focus=False,
            tooltip=tooltip,
        )
        self.display = False

    @property
    def path(self) -> Path | None:
        """What was typed, with the user's folder for `~`; None if that is nothing."""
        text = self.value.strip()
        return Path(os.path.expanduser(text)) if text else None

    def ask(self, text: str) -> None:
        """Show the field with a text, and give it the focus."""
        self.value = text
        self.cursor_position = len(text)
        self.display = True
        self.focus()

    def action_cancel(self) -> None:
        self.display = False
        self.post_message(self.Canceled())
