"""An application that ends at once, and fails with a sentence instead of a traceback."""

from __future__ import annotations

from textual.app import App, ReturnType
from textual.driver import Driver


class PatchedApp(App[ReturnType]):
    """An application with a driver that ends at once, which says in `fail` why it failed."""

    def get_driver_class(self) -> type[Driver]:
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        # Here, because it cannot be imported on Windows.
        from .driver import PromptDriver

        return PromptDriver

    def _handle_exception(self, error: Exception) -> None:
        if self.is_headless:
            # A test gets the exception itself.
            super()._handle_exception(error)
        else:
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """Ends the application because of an error that nothing caught."""
        raise NotImplementedError
