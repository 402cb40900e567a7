"""HelpScreen: all keys and panes, made from the bindings and the help texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from rich.table import Table
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from .keys import bindings


class HelpScreen(ModalScreen[None]):
    """All keys and panes."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape,q,? | help.close | dismiss    | *Close | Close the help
        j          | help.down  | scroll(1)  | Down   | Scroll down
        k          | help.up    | scroll(-1) | Up     | Scroll up
        """
    )

    def __init__(self, subject: Screen[Any]) -> None:
        super().__init__()
        self._subject = subject

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as scroll:
            scroll.border_title = "Help"
            scroll.border_subtitle = "escape closes"
            yield Static("Keys", classes="help-heading")
            yield Static(_key_table(self._subject))
            for pane in self._subject.query(Widget):
                help_text = getattr(pane, "HELP_TEXT", "")
                if not help_text:
                    continue
                yield Static(getattr(pane, "TITLE", ""), classes="help-heading")
                yield Static(help_text, markup=False)
                if rows := list(_own_bindings(pane)):
                    yield Static(_table(rows))

    def action_scroll(self, lines: int) -> None:
        self.query_one("#help").scroll_relative(y=lines, animate=False)


def _key_table(screen: Screen[Any]) -> Table:
    rows = [_row(binding) for binding in screen.BINDINGS if isinstance(binding, Binding)]
    rows.append(("ctrl+p", "Command palette: every action"))
    return _table(rows)


def _own_bindings(pane: Widget) -> Iterator[tuple[str, str]]:
    """The keys that work in a pane, each once."""
    seen = set()
    for widget in (pane, *pane.query(Widget)):
        for binding in type(widget).BINDINGS:
            if isinstance(binding, Binding) and binding.id and binding.id not in seen:
                seen.add(binding.id)
                yield _row(binding)


def _row(binding: Binding) -> tuple[str, str]:
    keys = binding.key_display or binding.key.replace(",", " ")
    return keys, binding.tooltip or binding.description


def _table(rows: list[tuple[str, str]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="bold", min_width=12, no_wrap=True)
    table.add_column()
    for row in rows:
        table.add_row(*row)
    return table
