"""A section that opens and closes under its title."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Collapsible

from ..textual_patches.collapsible_title import CollapsibleTitle
from ..widgets.ascii import is_ascii

OPEN_ASCII, CLOSED_ASCII = "v", ">"
OPEN, CLOSED = "▾", "▸"


class Fold(Collapsible):
    """A compact `Collapsible`, closed at first.

    Args:
        children: What is in it.
        title: What is written above it, open or closed.
        tooltip: Shown when the pointer rests on the title.
        id: The widget's id.
    """

    DEFAULT_CSS = """
    Fold { border: none; padding: 0; background: transparent; height: auto; }
    Fold:focus-within { background-tint: $foreground 0%; }
    Fold > CollapsibleTitle {
        padding: 0; width: 1fr; height: 1; color: $text-muted; text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    Fold > CollapsibleTitle:focus { color: $block-cursor-foreground; }
    Fold.-warning > CollapsibleTitle { color: $text-error; text-style: bold; }
    Fold.-warning > CollapsibleTitle:focus { color: $block-cursor-foreground; }
    Fold > Contents { padding: 0; }
    """

    def __init__(self, *children: Widget, title: str, tooltip: str, id: str) -> None:
        super().__init__(
            *children, title=title, collapsed_symbol=CLOSED, expanded_symbol=OPEN, id=id
        )
        self._title_tooltip = tooltip

    def on_mount(self) -> None:
        title = self.query_one(CollapsibleTitle)
        title.tooltip = self._title_tooltip
        if is_ascii(self):
            title.collapsed_symbol, title.expanded_symbol = CLOSED_ASCII, OPEN_ASCII
            # The title is written anew only where its words change.
            title.label = ""
            title.label = self.title
