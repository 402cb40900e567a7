"""A box to tick, in one row."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Checkbox

from ..widgets.ascii import is_ascii


class TickBox(Checkbox):
    """A compact `Checkbox`; off it shows no mark, not a pale one, and in ASCII it has brackets.

    Args:
        label: What is ticked.
        value: Whether it is.
        tooltip: Shown when the pointer rests on it.
        id: The widget's id.
    """

    DEFAULT_CSS = """
    TickBox { width: 1fr; height: 1; background: transparent; padding: 0; }
    """

    def __init__(self, label: str, value: bool = False, *, tooltip: str, id: str) -> None:
        super().__init__(label, value, compact=True, tooltip=tooltip, id=id)

    def render(self) -> Content:
        self.BUTTON_INNER = "x" if self.value else " "
        if is_ascii(self):
            self.BUTTON_LEFT, self.BUTTON_RIGHT = "[]"
        return super().render()

    def show(self, value: bool) -> None:
        """Shows a value without a message: only what the user ticks is news."""
        with self.prevent(Checkbox.Changed):
            self.value = value
