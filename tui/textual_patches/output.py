"""What a driver writes to: a terminal that may stall or go away, and can be taken from it."""

from __future__ import annotations

import os
import re
import select
import sys
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

# Textual has another driver for Windows.
assert sys.platform != "win32"

# So many bytes are collected before they are sent, as in Python's own files.
CHUNK_BYTES = 8192
SECONDS_BETWEEN_LOOKS = 0.05
# The keyboard protocol has a stack of modes, with one of the shell's below, perhaps.
PUSH, POP = re.compile(rb"\x1b\[>\d+u"), b"\x1b[<u"


class TerminalOutput:
    """A terminal; no write to it outlasts `mute`, even if nothing reads what was written.

    Args:
        stream: The terminal's file.
        gone: Called, in the thread that writes, when the terminal no longer exists.
        read: Likewise, whenever the terminal has taken all that was written so far.

    Attributes:
        sent: How many texts the terminal has taken, or were dropped.
        has_pushed: Whether the terminal was given a keyboard mode, and still has it.
    """

    def __init__(
        self, stream: TextIO, gone: Callable[[], None], read: Callable[[], None] = lambda: None
    ) -> None:
        self._descriptor = _without_waiting(stream.fileno())
        self._encoding = stream.encoding
        self._gone = gone
        self._read = read
        self.sent = self._written = 0
        self._sending = threading.Lock()
        self._collected = bytearray()
        self._is_muted = self.has_pushed = False

    def fileno(self) -> int:
        """The descriptor of the terminal."""
        return self._descriptor

    def write(self, text: str) -> None:
        """Writes a text, at the next flush at the latest."""
        self._written += 1
        self._collected += text.encode(self._encoding, "replace")
        if len(self._collected) >= CHUNK_BYTES:
            self.flush()

    def flush(self) -> None:
        """Sends what is collected, and waits for a terminal that does not read."""
        data, self._collected = bytes(self._collected), bytearray()
        with self._sending:
            self._send(data, lambda: not self._is_muted)
        self.sent = self._written
        self._read()

    def mute(self) -> None:
        """Drops what is being written and what will be."""
        self._is_muted = True

    def unmute(self) -> None:
        """Writes again."""
        self._is_muted = False

    def write_now(self, text: Callable[[], str], seconds: float) -> None:
        """Writes a text past all others, even if muted; gives up after some seconds.

        Args:
            text: Called once nothing else is being written.
            seconds: When to give up.
        """
        end = time.monotonic() + seconds
        if self._sending.acquire(timeout=seconds):
            try:
                data = text().encode(self._encoding, "replace")
                self._send(data, lambda: time.monotonic() < end, drops_unread=True)
            finally:
                self._sending.release()

    def _send(
        self, data: bytes, goes_on: Callable[[], bool], *, drops_unread: bool = False
    ) -> None:
        rest = memoryview(data)
        try:
            while rest and goes_on():
                try:
                    rest = rest[os.write(self._descriptor, rest) :]
                except BlockingIOError:
                    if drops_unread:
                        with suppress(termios.error):
                            termios.tcflush(self._descriptor, termios.TCOFLUSH)
                    select.select([], [self._descriptor], [], SECONDS_BETWEEN_LOOKS)
        except OSError:
            self._is_muted = True
            self._gone()
        self._note_keyboard(data[: len(data) - len(rest)])

    def _note_keyboard(self, sent: bytes) -> None:
        pop = sent.rfind(POP)
        push = max((found.start() for found in PUSH.finditer(sent)), default=-1)
        if push != pop:
            self.has_pushed = push > pop


def _without_waiting(descriptor: int) -> int:
    """Another descriptor of a terminal, which never waits; the same if there can be none.

    The one that is there belongs to the shell as well.
    """
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return descriptor
