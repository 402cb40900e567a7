"""Pane: what all panes of the playground share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ..core import Snapshot
from .selection import Selection
from .textual_patches.widgets import set_border_texts

BORDER_MARGIN: Final = 2
"""Cells of a pane's width that the texts on its border can't have."""
BROAD: Final = 3.0
"""From this ratio of width to height on, a pane puts its parts beside each other ..."""
LEAST_BROAD: Final = 56
"""... if it is so wide that each has room."""


class Pane(Vertical):
    """A pane. It shows its `snapshot` and sends messages up; it changes nothing else.

    Attributes:
        TITLE: Its name on the screen.
        HELP_TEXT: What it shows and what the user can do, for the help screen.
        snapshot: What it shows, set from above; None before the first.
        selection: What is selected on the playground, set from above.
    """

    TITLE: ClassVar[str] = ""
    HELP_TEXT: ClassVar[str] = ""
    ALLOW_MAXIMIZE = True

    snapshot: reactive[Snapshot | None] = reactive(None, always_update=True, repaint=False)
    selection: reactive[Selection] = reactive(Selection(), repaint=False, init=False)

    _on_border: tuple[str | Content, str] = ("", "")
    # The board leaves out what does not fit.
    _is_seen = False

    def on_mount(self) -> None:
        self.border_title = self.TITLE

    def watch_snapshot(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None and self._is_seen:
            self.show_snapshot(snapshot)

    def watch_selection(self) -> None:
        if self.snapshot is not None and self._is_seen:
            self.show_selection(self.snapshot)

    def show_selection(self, snapshot: Snapshot) -> None:
        """Draws what depends on the selection; nothing in most panes."""

    def on_resize(self) -> None:
        width, height = self.size
        self.set_class(width >= max(BROAD * height, LEAST_BROAD), "-broad")

    def on_hide(self) -> None:
        self._is_seen = False

    def on_show(self) -> None:
        self._is_seen = True
        if self.snapshot is not None:
            self.show_snapshot(self.snapshot)
            self.show_selection(self.snapshot)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draws the pane's content."""
        raise NotImplementedError

    def write_on_border(self, title: str | Content, subtitle: str) -> None:
        """Sets title and subtitle; the pane is redrawn only if one changed."""
        if (title, subtitle) != self._on_border:
            self._on_border = (title, subtitle)
            set_border_texts(self, title, subtitle)

    def lines_wanted(self, width: int) -> int:
        """How many lines it fills at a width, border included; 0 if it takes what it gets."""
        return 0

    def later_widgets(self) -> Iterable[type[Widget]]:
        """What has keys and is made when it is first wanted; for the help screen."""
        return ()

    def restore(self) -> None:
        """Shows the settings in force again after a change was refused."""

    def focus_first(self) -> None:
        """Focuses the pane's first focusable widget."""
        first = next((w for w in self.query(Widget) if w.focusable), None)
        if first is not None:
            first.focus()
