"""The user's own files: a field for a path, which completes it, and the controls around it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Button, Input, Label

from ..keys import bindings
from ..widgets.basics import is_ascii
from ..widgets.choice import Choice

SUFFIXES: Final = (".csv", ".tsv", ".txt")
"""Files that are suggested, besides folders."""
TARGET_LABEL_WIDTH: Final = 13


def completed_path(text: str) -> str | None:
    """An existing path that begins with what was typed.

    Args:
        text: The beginning of a path; `~` is the user's folder.

    Returns:
        The text, completed by the first matching name in its folder, folders ending in a
        separator; None if none matches. Hidden ones match only where a dot was typed.
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
    """A path to type; hidden until it is asked for.

    Args:
        placeholder: What is shown while it is empty.
        tooltip: What the path is for.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        tab    | path.complete | cursor_right | Complete | Accept the suggested path
        escape | path.cancel   | cancel       | Cancel   | Close the field and change nothing
        """
    )

    class Canceled(Message):
        """The user gave no path after all."""

    def __init__(self, placeholder: str, tooltip: str, *, id: str) -> None:
        super().__init__(
            placeholder=placeholder,
            compact=True,
            id=id,
            suggester=_PathSuggester(),
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


class CsvFile(Vertical):
    """Buttons to open and save a CSV file, fields for the paths, and the target column.

    The buttons, the fields and the drop-down list send their own messages.
    """

    DEFAULT_CSS = """
    CsvFile { height: auto; }
    CsvFile Horizontal { height: 1; }
    CsvFile Label { width: 9; color: $text-muted; }
    CsvFile Button { width: auto; min-width: 0; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._columns: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        dots = "..." if is_ascii(self) else "…"
        with Horizontal():
            yield Label("CSV file")
            for verb, tooltip in (
                ("open", "Train on the samples of a CSV file."),
                ("save", "Save all samples, those you added too, as a CSV file (w)."),
            ):
                label = Content(f"{verb}{dots}")
                yield Button(label, compact=True, id=f"{verb}-csv", tooltip=tooltip)
        yield PathField(
            "path of a CSV file",
            "A table with a header; its last column is the target. Tab completes the path.",
            id="csv-path",
        )
        yield PathField(
            "path to save to",
            "Where to save the samples, as a CSV file that opens here again: try samples.csv.",
            id="save-path",
        )

    def show_columns(self, columns: tuple[str, ...], target: str) -> None:
        """Offer the columns of a file, none if no file is open, with the target chosen."""
        if columns == self._columns:
            for choice in self.query(Choice):
                choice.value = target
            return
        self._columns = columns
        self.query(Choice).remove()
        if columns:
            choice = Choice(
                "target column",
                [(name, name) for name in columns],
                target,
                label_width=TARGET_LABEL_WIDTH,
                tooltip="The column that the network learns; the others are inputs.",
            )
            self.mount(choice, before=0)
