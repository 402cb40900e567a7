"""An application that ends at once, and fails with a sentence instead of a traceback."""

from __future__ import annotations

import sys
from typing import Any, cast

from rich.console import RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ReturnType
from textual.command import CommandPalette
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.driver import Driver
from textual.events import Resize
from textual.geometry import Size
from textual.notifications import Notify
from textual.screen import Screen
from textual.widget import Widget

from .dirty_region_compositor import DirtyRegionScreen
from .faults import mend_textual
from .screen_memory import ScreenMemory
from .strips import lighten_strips
from .stylesheet import RememberingStylesheet
from .terminal_update import TerminalUpdate, color_system, paint


class PatchedApp(App[ReturnType]):
    """An application with a driver that ends at once, which says in `fail` why it failed.

    It sends the terminal only what changes, and only one frame at a time: whatever a slow terminal
    has no time for is left out.
    """

    _memory: ScreenMemory | None = None
    _displayed: Screen[object] | None = None

    def __init__(self) -> None:
        mend_textual()
        lighten_strips()
        super().__init__()
        self.stylesheet = RememberingStylesheet(variables=self.get_css_variables())

    def get_default_screen(self) -> Screen[object]:
        return DirtyRegionScreen()

    def get_driver_class(self) -> type[Driver]:
        chosen = super().get_driver_class()
        # Here, because one can't be imported on Windows, and few need the other.
        if sys.platform != "win32" and chosen.__name__ == "LinuxDriver":
            from .driver import PromptDriver

            return PromptDriver
        if chosen.__name__ == "WebDriver":
            from .web_driver import PromptWebDriver

            return PromptWebDriver
        return chosen

    def action_command_palette(self) -> None:
        # Textual's own has a fixed id: a second one, before the first is mounted or after it is
        # closed but not gone, is an error.
        if self.use_command_palette and not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette())

    def update_styles(self, node: DOMNode, animate: bool = True) -> None:
        # A widget that is not on a screen yet is styled when it gets there, once.
        if not isinstance(node, Widget) or node in self._registry:
            super().update_styles(node, animate)

    def on_notify(self, event: Notify) -> None:
        # What a held key says again and again would cover half of the screen.
        new = event.notification
        for note in list(self._notifications):
            if (note.title, note.message) == (new.title, new.message):
                self._unnotify(note, refresh=False)

    def _handle_exception(self, error: Exception) -> None:
        if self._exit and isinstance(error, NoMatches):
            # Textual mounts nothing after `exit`, and widgets on their way miss their parts.
            return
        if self.is_headless:
            # A test gets the exception itself.
            super()._handle_exception(error)
        else:
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """Ends the application because of an error that nothing caught."""
        raise NotImplementedError

    # --- Frames --------------------------------------------------------------------------------

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        is_plain = self.is_headless or self.is_inline
        if is_plain or not isinstance(renderable, LayoutUpdate | ChopsUpdate):
            super()._display(screen, renderable)
            return
        if isinstance(renderable, LayoutUpdate):
            size = renderable.region.size
            if self._memory is None or self._memory.size != size:
                self._memory = ScreenMemory(size, color_system(self.console))
                self._memory.forget()
        if self._memory is not None:
            self._displayed = screen
            paint(self._memory, renderable)
            self._send_changes()

    def _send_changes(self) -> None:
        """Sends what the terminal does not show yet, unless it has still to read what came before.

        Then it is sent afterwards.
        """
        driver, memory, screen = self._terminal, self._memory, self._displayed
        if memory is None or screen is None or (driver and not driver.takes_more()):
            return
        super()._display(screen, cast(Any, TerminalUpdate(memory)))

    def on_terminal_ready(self) -> None:
        self._send_changes()

    def on_resize(self) -> None:
        # It comes whenever the terminal was entered, too.
        if self._memory is not None:
            self._memory.forget()
            self._send_changes()

    # --- The terminal, from any thread ---------------------------------------------------------

    def leave_terminal(self, words: str = "") -> None:
        """Gives the terminal back as it was, whatever the other threads do.

        Args:
            words: A line to be seen after it; empty for none.
        """
        if driver := self._terminal:
            driver.leave_terminal(words)

    def enter_terminal(self) -> bool:
        """Takes the terminal again and draws everything.

        Returns:
            False if the process has to stay stopped, because it is in the background.
        """
        driver = self._terminal
        if driver is None:
            return True
        if not driver.enter_terminal():
            return False
        size = Size(*driver._get_terminal_size())
        driver.send_message(Resize(size, size))
        self.call_later(self.refresh, layout=True)
        return True

    @property
    def _terminal(self) -> Any:
        """The driver, if it is the one that leaves and enters; there is none on Windows."""
        return self._driver if hasattr(self._driver, "leave_terminal") else None
