"""Textual's driver for terminals, made to end at once."""

from __future__ import annotations

import codecs
import os
import selectors
from typing import Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

READ_BYTES = 4096
# A lone escape differs from the start of a longer key only by a pause after it.
SECONDS_BETWEEN_TICKS = 0.1


class PromptDriver(LinuxDriver):
    """Textual's driver with an input thread that ends on demand.

    Textual's own checks for the end ten times a second, and then once more: up to a fifth of a
    second between q and the shell.
    """

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._end_reader, self._end_writer = os.pipe()

    def run_input_thread(self) -> None:
        """Passes on keys and mouse events until `disable_input`."""
        parser = XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._end_reader, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = {key.fd for key, _ in selector.select(SECONDS_BETWEEN_TICKS)}
                if self._end_reader in ready:
                    os.read(self._end_reader, 1)
                    return
                if self.fileno in ready:
                    typed = os.read(self.fileno, READ_BYTES)
                    if not typed:
                        # The terminal is gone.
                        return
                    for message in parser.feed(decode(typed)):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def disable_input(self) -> None:
        """Wakes the input thread so that it ends."""
        if self._key_thread is not None and self._key_thread.is_alive():
            os.write(self._end_writer, b"\0")
        super().disable_input()

    def close(self) -> None:
        super().close()
        os.close(self._end_reader)
        os.close(self._end_writer)
