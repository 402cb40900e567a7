"""Textual's driver for a browser, made to end with it and to leave signals to the application."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp


class PromptWebDriver(WebDriver):
    """Textual's driver, which ends the application when what it serves is gone.

    Textual's own goes on for ever once the server was killed, and obeys SIGTERM in the first
    thread, which may be waiting for a browser that does not read.
    """

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._write = self._write_or_end  # type: ignore[assignment]

    def start_application_mode(self) -> None:
        with _signals_as_they_are():
            super().start_application_mode()

    def run_input_thread(self) -> None:
        super().run_input_thread()
        self._end()

    def _write_or_end(self, data: bytes) -> None:
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self.fileno, left) :]
        except OSError:
            self._end()

    def _end(self) -> None:
        if not self.exit_event.is_set():
            self.exit_event.set()
            self._app.post_message(ExitApp())


@contextmanager
def _signals_as_they_are() -> Iterator[None]:
    """Undoes what is changed about signals meanwhile."""
    if sys.platform == "win32":
        yield
        return
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    wakeup = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(wakeup)
    yield
    loop = asyncio.get_running_loop()
    for number, handler in handlers.items():
        loop.remove_signal_handler(number)
        signal.signal(number, handler)
    signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
