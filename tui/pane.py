"""What all panes of the playground share: a title, a help text, and a snapshot to show."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import Vertical
from textual.reactive import reactive
from textual.widget import Widget

from ..core import Snapshot
from .selection import Selection


class Pane(Vertical):
    """One pane. It shows its `snapshot` and sends messages up; it touches nothing else.

    Attributes:
        TITLE: Its name on the screen.
        HELP_TEXT: What it shows and what can be done in it, for the help screen.
        snapshot: What it shows. Set from above; None before the first.
        selection: What is selected on the playground. Set from above.
    """

    TITLE: ClassVar[str] = ""
    HELP_TEXT: ClassVar[str] = ""
    ALLOW_MAXIMIZE = True

    snapshot: reactive[Snapshot | None] = reactive(None, always_update=True, repaint=False)
    selection: reactive[Selection] = reactive(Selection(), repaint=False, init=False)

    _on_border: tuple[str, str] = ("", "")

    def on_mount(self) -> None:
        self.border_title = self.TITLE

    def watch_snapshot(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None and self.display:
            self.show_snapshot(snapshot)

    def watch_selection(self) -> None:
        if self.snapshot is not None and self.display:
            self.show_selection(self.snapshot)

    def show_selection(self, snapshot: Snapshot) -> None:
        """Draws what changes with the selection; nothing in most panes."""

    def on_show(self) -> None:
        if self.snapshot is not None:
            self.show_snapshot(self.snapshot)
            self.show_selection(self.snapshot)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draws what the pane is for."""
        raise NotImplementedError

    def write_on_border(self, title: str, subtitle: str) -> None:
        """Writes above and below; the pane is painted anew only if it says something else now."""
        if (title, subtitle) != self._on_border:
            self._on_border = (title, subtitle)
            self.border_title = title
            self.border_subtitle = subtitle

    def restore(self) -> None:
        """Shows the settings in force again where what was asked for could not be done."""

    def focus_first(self) -> None:
        """Gives the focus to the pane's first widget that takes it."""
        first = next((w for w in self.query(Widget) if w.focusable), None)
        if first is not None:
            first.focus()
