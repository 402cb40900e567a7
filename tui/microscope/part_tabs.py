"""The tabs of the microscope's parts, for a small screen, which shows one at a time."""

from __future__ import annotations

from typing import Final

from textual.widgets import Tab, Tabs

PARTS: Final = ("program", "graph", "steps", "check")
FIRST_PART: Final = "graph"


class PartTabs(Tabs, can_focus=False):
    """A tab for each part; the screen's class says which is shown."""

    def __init__(self, *, id: str) -> None:
        tabs = [Tab(part.capitalize(), id=f"part-{part}") for part in PARTS]
        for number, tab in enumerate(tabs, start=1):
            tab.tooltip = f"Go to this part ({number})"
        super().__init__(*tabs, active=f"part-{FIRST_PART}", id=id)
        self._part = FIRST_PART

    def go_to(self, part: str) -> None:
        """Shows a part."""
        self.active = f"part-{part}"
        self._show(part)

    def on_tabs_tab_activated(self, event: Tabs.TabActivated) -> None:
        event.stop()
        self._show(str(event.tab.id).removeprefix("part-"))

    def _show(self, part: str) -> None:
        if part != self._part:
            # In one go: each change of a class restyles the whole screen.
            self.screen.toggle_class(f"-{self._part}", f"-{part}")
            self._part = part
