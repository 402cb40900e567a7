"""Files of the user's own: opened, saved, and the column of theirs that is learned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Label

from ..widgets.ascii import is_ascii
from ..widgets.choice import Choice
from .path import PathField

LEARN_LABEL_WIDTH: Final = 12


class CsvFile(Vertical):
    """A button that saves, fields for the paths, and a list of columns.

    Args:
        id: The widget's id.
    """

    DEFAULT_CSS = """
    CsvFile { height: auto; }
    CsvFile Horizontal { height: 1; }
    CsvFile Label { width: 9; color: $text-muted; }
    CsvFile Button { width: auto; min-width: 0; }
    """

    @dataclass
    class OpenWanted(Message):
        """The user gave the path of a file to be learned."""

        path: Path

    @dataclass
    class SaveWanted(Message):
        """The user gave a path to save to."""

        path: Path

    @dataclass
    class ColumnChosen(Message):
        """The user wants another column of the file to be learned."""

        column: str

    class Left(Message):
        """The user gave no path after all."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._columns: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        dots = "..." if is_ascii(self) else "…"
        with Horizontal():
            yield Label("CSV file")
            yield Button(
                Content(f"open{dots}"),
                compact=True,
                id="open-csv",
                tooltip="Learn the points of a CSV file.",
            )
            yield Button(
                Content(f"save{dots}"),
                compact=True,
                id="save-csv",
                tooltip="Save all points, those added by hand too, to a file that can be opened "
                "again (ctrl+s).",
            )
        yield PathField(
            "path of a CSV file",
            "A table with a header: its last column is learned. Tab completes the path.",
            id="csv-path",
        )
        yield PathField(
            "path to save to",
            "Where the points go, as a CSV file that opens here again: try points.csv.",
            id="save-path",
        )

    def show_columns(self, columns: tuple[str, ...], learned: str) -> None:
        """Offer the columns of a file.

        Args:
            columns: Their names, in the order of the file; none if no file is open.
            learned: The one that is learned.
        """
        if columns == self._columns:
            for choice in self.query(Choice):
                choice.value = learned
            return
        self._columns = columns
        for choice in self.query(Choice):
            choice.remove()
        if columns:
            self.mount(
                Choice(
                    "learn column",
                    [(name, name) for name in columns],
                    learned,
                    label_width=LEARN_LABEL_WIDTH,
                    tooltip="The column of the file that is learned; the others are inputs.",
                ),
                before=0,
            )

    def ask_what_to_open(self) -> None:
        """Let a path be typed; the last one stands there still."""
        field = self.query_one("#csv-path", PathField)
        field.ask(field.value)

    def close_opening(self) -> None:
        """Hide the path of the file to be opened."""
        self.query_one("#csv-path").display = False

    def ask_where_to_save(self, name: str) -> None:
        """Let a path be typed.

        Args:
            name: What stands there at first.
        """
        field = self.query_one("#save-path", PathField)
        if not field.display:
            field.ask(name)

    def close_saving(self) -> None:
        """Hide the path that was saved to, and give the focus back to the button."""
        field = self.query_one("#save-path", PathField)
        if field.has_focus:
            self.query_one("#save-csv").focus()
        field.display = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        field = event.input
        if not isinstance(field, PathField) or field.path is None:
            return
        wanted = self.OpenWanted if field.id == "csv-path" else self.SaveWanted
        self.post_message(wanted(field.path))

    def on_path_field_left(self, event: PathField.Left) -> None:
        event.stop()
        self.post_message(self.Left())

    def on_choice_changed(self, event: Choice.Changed) -> None:
        event.stop()
        self.post_message(self.ColumnChosen(event.value))
