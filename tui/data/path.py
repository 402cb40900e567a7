"""A field for the path of a file, which completes it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from ..keys import bindings

SUFFIXES: Final = (".csv", ".tsv", ".txt")
"""Files that are suggested, besides folders."""


def completed_path(text: str) -> str | None:
    """A path that is there and begins with what was typed.

    Args:
        text: The beginning of a path; `~` is the user's folder.

    Returns:
        The text with the rest of the first name in its folder that fits, folders ending in a
        separator; None if there is none. Hidden ones are named only where a dot was typed.
    """
    folder, begin = os.path.split(text)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            names = [entry.name + (os.sep if entry.is_dir() else "") for entry in entries]
    except (OSError, ValueError):
        return None
    for name in sorted(names):
        is_usable = name.endswith((os.sep, *SUFFIXES))
        is_shown = begin.startswith(".") or not name.startswith(".")
        if is_usable and is_shown and name.startswith(begin) and name != begin:
            return text + name[len(begin) :]
    return None


class _PathSuggester(Suggester):
    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        # A folder on a network may take its time.
        return await asyncio.to_thread(completed_path, value) if value else None


class PathField(Input):
    """A path, typed; out of sight until it is asked for.

    Args:
        placeholder: What is shown while nothing is typed.
        tooltip: What the path is for.
        id: The widget's id.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        tab    | path.complete | cursor_right | Complete | Complete the path with what is suggested
        escape | path.cancel   | leave        | Cancel   | Leave all as it was
        """
    )

    @dataclass
    class Left(Message):
        """The user gave no path after all."""

        field: PathField

        @property
        def control(self) -> PathField:
            """The field that sent it."""
            return self.field

    def __init__(self, placeholder: str, tooltip: str, *, id: str) -> None:
        super().__init__(
            placeholder=placeholder,
            compact=True,
            id=id,
            suggester=_PathSuggester(),
            select_on_focus=False,
            tooltip=tooltip,
        )

    @property
    def path(self) -> Path | None:
        """What was typed, with the user's folder for `~`; None if that is nothing."""
        text = self.value.strip()
        return Path(os.path.expanduser(text)) if text else None

    def on_mount(self) -> None:
        self.display = False

    def ask(self, text: str) -> None:
        """Show the field and give it the focus.

        Args:
            text: What stands in it.
        """
        self.value = text
        self.cursor_position = len(text)
        self.display = True
        self.focus()

    def action_leave(self) -> None:
        self.display = False
        self.post_message(self.Left(self))
