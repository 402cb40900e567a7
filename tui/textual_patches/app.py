"""An application that ends at once, and fails with a sentence instead of a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import App, ReturnType
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.driver import Driver
from textual.events import Resize
from textual.geometry import Size
from textual.notifications import Notify
from textual.widget import Widget

from .faults import mend_textual

if TYPE_CHECKING:
    from .driver import PromptDriver


class PatchedApp(App[ReturnType]):
    """An application with a driver that ends at once, which says in `fail` why it failed."""

    def __init__(self) -> None:
        mend_textual()
        super().__init__()

    def get_driver_class(self) -> type[Driver]:
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        # Here, because it cannot be imported on Windows.
        from .driver import PromptDriver

        return PromptDriver

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
    def _terminal(self) -> PromptDriver | None:
        is_one = hasattr(self._driver, "leave_terminal")
        return cast("PromptDriver", self._driver) if is_one else None
