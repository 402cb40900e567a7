"""Words in a place of a fixed size, which can change often: they cause no new layout."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget


class Words(Widget):
    """A text that is drawn anew when it says something else.

    Args:
        tooltip: Shown when the pointer rests on it.
        id: The widget's id.
    """

    def __init__(self, *, tooltip: str, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = tooltip
        self._content = Content("")

    @property
    def content(self) -> Content:
        """What it says."""
        return self._content

    def say(self, content: Content) -> None:
        """Says something."""
        if not content.is_same(self._content):
            self._content = content
            self.refresh()

    def render(self) -> RenderResult:
        return self._content
