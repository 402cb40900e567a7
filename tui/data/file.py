"""The user's own files: fields for their paths, and the controls around them."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Label

from ...datasets import CSV_SUFFIXES
from ..key_words import with_keys
from ..widgets.basics import is_ascii
from ..widgets.choice import Choice
from ..widgets.path_field import PathField

TARGET_LABEL_WIDTH: Final = 13


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
                (
                    "save",
                    with_keys(
                        "Save all samples, those you added too, as a CSV file (w{data.save})."
                    ),
                ),
            ):
                label = Content(f"{verb}{dots}")
                yield Button(label, compact=True, id=f"{verb}-csv", tooltip=tooltip)
        yield PathField(
            "path of a CSV file",
            "A table with a header; its last column is the target. Tab completes the path.",
            suffixes=CSV_SUFFIXES,
            id="csv-path",
        )
        yield PathField(
            "path to save to",
            "Where to save the samples, as a CSV file that opens here again: try samples.csv.",
            suffixes=CSV_SUFFIXES,
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
