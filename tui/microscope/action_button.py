"""A symbol to click, which does what a key of the screen does."""

from __future__ import annotations

from textual.app import RenderResult
from textual.widget import Widget


class ActionButton(Widget):
    """A symbol with a blank on either side.

    Args:
        symbol: What is shown.
        ascii_symbol: What is shown in ASCII.
        action: What it does, an action of the screen.
        tooltip: Shown when the pointer rests on it.
        id: The widget's id.
    """

    DEFAULT_CSS = """
    ActionButton { width: 3; height: 1; color: $text-primary; text-style: bold; }
    ActionButton:hover { background: $primary; color: $background; }
    """

    def __init__(
        self, symbol: str, ascii_symbol: str, action: str, tooltip: str, *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._symbols = (symbol, ascii_symbol)
        self._action = action
        self.tooltip = tooltip

    def show_symbol(self, symbol: str, ascii_symbol: str) -> None:
        """Shows another symbol."""
        if (symbol, ascii_symbol) != self._symbols:
            self._symbols = (symbol, ascii_symbol)
            self.refresh()

    def render(self) -> RenderResult:
        return f" {self._symbols[bool(getattr(self.app, 'ascii', False))]} "

    async def on_click(self) -> None:
        await self.run_action(f"screen.{self._action}")
