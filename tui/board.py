"""Board: holds the panes and the tabs, and puts each where `arrangement` says."""

from __future__ import annotations

from textual.containers import Container
from textual.geometry import NULL_OFFSET, NULL_SPACING, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from .arrangement import OTHERS, WATCHED, arrange
from .pane import Pane


class BoardLayout(Layout):
    """Leaves out the panes that have no room."""

    name = "board"

    def __init__(self) -> None:
        self.recent = [*WATCHED, *OTHERS.values()]
        self.hidden: frozenset[str] = frozenset()

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        training = parent.query_one("#training", Pane)
        places = arrange(*size, self.recent, training.lines_wanted, hidden=self.hidden)
        return [
            WidgetPlacement(places[child.id], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if child.id in places
        ]


class Board(Container):
    """The panes below the status bar, and the tabs if not all of them fit."""

    def __init__(self, *children: Widget, id: str) -> None:
        super().__init__(*children, id=id)
        self._layout = BoardLayout()

    @property
    def layout(self) -> Layout:
        """The one layout for every size."""
        return self._layout

    def hide(self, hidden: frozenset[str]) -> None:
        """Shows all panes but those with these names."""
        if hidden != self._layout.hidden:
            self._layout.hidden = hidden
            self.children[0].refresh(layout=True)

    @property
    def hidden(self) -> frozenset[str]:
        """The names of the panes that have no place."""
        return self._layout.hidden

    def show(self, pane_id: str) -> None:
        """Makes sure that a pane is seen."""
        recent = self._layout.recent
        if recent[0] != pane_id:
            recent.remove(pane_id)
            recent.insert(0, pane_id)
            # Textual keeps an arrangement until a child asks for another one.
            self.children[0].refresh(layout=True)
