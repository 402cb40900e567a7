"""PaneTabs: the panes by their names, where not all of them fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content
from textual.events import Click, MouseMove
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class PaneTabs(Widget):
    """One line of names; a click on one shows its pane.

    One widget, because Textual's tabs are eleven, and a start has no time for those.

    Attributes:
        active: The pane that was shown last.
        hidden: Panes that are not named.
        pointed: The pane whose name is under the mouse; empty for none.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    PaneTabs { height: 1; color: $text-muted; pointer: pointer; }
    """

    active: reactive[str] = reactive("")
    hidden: reactive[frozenset[str]] = reactive(frozenset())
    pointed: reactive[str] = reactive("")

    @dataclass
    class Chosen(Message):
        """The user wants to see a pane."""

        pane: str

    def __init__(self, tooltips: Mapping[str, str], *, active: str, id: str) -> None:
        """Lists panes.

        Args:
            tooltips: What each pane shows, by its id.
            active: The pane that is shown.
            id: Of the widget.
        """
        super().__init__(id=id)
        self._tooltips = tooltips
        self.set_reactive(PaneTabs.active, active)
        self.tooltip = tooltips[active]

    def render(self) -> Content:
        styles = {self.pointed: "$foreground", self.active: "bold underline $foreground"}
        names = (
            Content.assemble(" ", (pane.capitalize(), styles.get(pane, "")), " ")
            for pane in self._named
        )
        return Content("").join(names)

    @property
    def _named(self) -> list[str]:
        return [pane for pane in self._tooltips if pane not in self.hidden]

    def _pane_at(self, x: int) -> str:
        end = 0
        for pane in self._named:
            end += len(pane) + 2
            if 0 <= x < end:
                return pane
        return ""

    def on_mouse_move(self, event: MouseMove) -> None:
        self.pointed = self._pane_at(event.x)
        if self.pointed:
            self.tooltip = self._tooltips[self.pointed]

    def on_leave(self) -> None:
        self.pointed = ""

    def on_click(self, event: Click) -> None:
        if pane := self._pane_at(event.x):
            self.post_message(self.Chosen(pane))
