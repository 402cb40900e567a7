"""ColumnChooser: the list of a table's columns, each of which can be shown or not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from .parameter_columns import ALWAYS, COLUMN_WORDS, ColumnName


class ColumnChooser(OptionList):
    """The columns that there can be, with a cross at those that are wanted."""

    DEFAULT_CSS = """
    ColumnChooser {
        display: none;
        width: 24;
        height: 1fr;
        background: $panel;
        border: none;
        padding: 0 1;
    }
    """

    @dataclass
    class Changed(Message):
        """The user wants other columns."""

        chosen: frozenset[ColumnName]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True)
        self.tooltip = "The columns of the table: enter shows one or hides it, escape closes"
        self._columns: list[ColumnName] = []
        self._chosen: frozenset[ColumnName] = frozenset()

    def offer(self, kind: tuple[ColumnName, ...], chosen: Collection[ColumnName]) -> None:
        """Shows the columns that can be left out.

        Args:
            kind: All the columns that there can be.
            chosen: Those that are wanted.
        """
        here = self.highlighted
        self._columns = [name for name in kind if name not in ALWAYS]
        self._chosen = frozenset(chosen)
        self.clear_options()
        self.add_options([Option(self._prompt(name), id=name) for name in self._columns])
        self.highlighted = min(here or 0, len(self._columns) - 1)

    def _prompt(self, name: ColumnName) -> Content:
        cross = "x" if name in self._chosen else " "
        return Content(f"[{cross}] {COLUMN_WORDS[name]}")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        name = self._columns[event.option_index]
        self._chosen ^= {name}
        self.replace_option_prompt(name, self._prompt(name))
        self.post_message(self.Changed(self._chosen))
