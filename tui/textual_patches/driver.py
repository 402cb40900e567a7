"""Textual's driver for terminals, made to end at once and to leave the terminal as it was."""

from __future__ import annotations

import codecs
import os
import selectors
import signal
import sys
import termios
import threading
from contextlib import suppress
from typing import Any, cast

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from . import output
from .messages import TerminalReady

# Textual has another driver for Windows.
assert sys.platform != "win32"

READ_BYTES = 4096
# A lone escape differs from the start of a longer key only by a pause after it.
SECONDS_BETWEEN_TICKS = 0.1
# How long a terminal that does not read may delay the end.
SECONDS_TO_LEAVE = 0.3

# The first ends whatever sequence was cut short. The keyboard protocol has a stack for each screen.
LEAVE = (
    "\x18\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l"
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1016l\x1b[?1006l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
# Before `LEAVE` where what takes the terminal was dropped: it would take what the shell has pushed.
PUSH_FIRST = "\x18\x1b[?1049h\x1b[>1u"
# What a program that was stopped unasked may have left behind.
ENTER_AGAIN = "\x18\x1b[?1049h\x1b[<u"


class PromptDriver(LinuxDriver):
    """Textual's driver, which can end and leave the terminal at any moment, from any thread.

    Textual's own checks for the end ten times a second, and then once more: up to a fifth of a
    second between q and the shell. It waits for a terminal that does not read, fails when it has
    to go on after a stop, and stays behind, with a busy thread, when the terminal goes.
    """

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        screen: Any = self._file
        self._output = output.TerminalOutput(screen, self._hang_up, self._note_taken)
        self._written, self._is_awaited = 0, False
        # It writes, flushes and has a descriptor, which is all that is asked of it.
        self._file = cast(Any, self._output)
        self._end_reader = self._end_writer = -1
        # Held while the terminal changes hands.
        self._turn = threading.RLock()
        self._is_on = self._is_over = self._is_noting = False
        self._entered = ""
        self._own_modes: list[Any] = []

    @staticmethod
    def _hang_up() -> None:
        """Ends the process as if a terminal that went without a signal had sent it."""
        os.kill(os.getpid(), signal.SIGHUP)

    # --- The terminal's modes ------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Takes the terminal, and remembers how."""
        self._end_reader, self._end_writer = os.pipe()
        with self._turn:
            self._output.unmute()
            self._entered = ""
            self._is_on, self._is_over, self._is_noting = True, False, True
            try:
                super().start_application_mode()  # type: ignore[no-untyped-call]
            except BaseException:
                self.stop_application_mode()
                raise
            finally:
                self._is_noting = False
            with suppress(termios.error):
                self._own_modes = termios.tcgetattr(self.fileno)

    def takes_more(self) -> bool:
        """Whether the terminal has taken all that was written; else `TerminalReady` says when."""
        # In this order: it may happen meanwhile.
        self._is_awaited = True
        self._is_awaited = self._output.sent < self._written
        return not self._is_awaited

    def _note_taken(self) -> None:
        if self._is_awaited and self._output.sent >= self._written:
            self._is_awaited = False
            self._app.post_message(TerminalReady())

    def write(self, data: str) -> None:
        """Passes on what is to be written; what is written at the start is noted."""
        if self._is_noting:
            self._entered += data
        self._written += 1
        super().write(data)

    def stop_application_mode(self) -> None:
        """Gives the terminal back for good."""
        self._is_over = True
        self._output.mute()
        self.disable_input()
        self.leave_terminal()

    def leave_terminal(self, words: str = "") -> None:
        """Gives the terminal back as it was, if it is not yet, whatever the other threads do.

        Args:
            words: A line to be seen after it; empty for none.
        """
        with self._turn:
            if not self._is_on:
                return
            self._is_on = False
            self._output.mute()
            if not self._is_in_foreground:
                # It is the shell's now.
                return
            with suppress(termios.error):
                if self.attrs_before is not None:
                    termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
                termios.tcflush(self.fileno, termios.TCIFLUSH)
            self._output.write_now(lambda: self._leaving(words), SECONDS_TO_LEAVE)

    def _leaving(self, words: str) -> str:
        first = "" if self._output.has_pushed else PUSH_FIRST
        return first + LEAVE + (f"{words}\n" if words else "")

    def enter_terminal(self) -> bool:
        """Takes the terminal again after a stop of the process.

        Returns:
            False if the process has to stay stopped, because it is in the background.
        """
        with self._turn:
            if self._is_over or not self._own_modes:
                return True
            if not self._is_in_foreground:
                return False
            with suppress(termios.error):
                modes = termios.tcgetattr(self.fileno)
                if modes != self._own_modes:
                    self.attrs_before = modes
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._own_modes)
            again = ENTER_AGAIN if self._is_on else ""
            self._is_on = True
            self._output.write_now(lambda: again + self._entered, SECONDS_TO_LEAVE)
            self._output.unmute()
        return True

    @property
    def _is_in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return True

    def _sigtstp_application(self, *_: object) -> None:
        """Does nothing: whoever runs the application obeys SIGTSTP, in a thread of its own."""

    def _sigcont_application(self, *_: object) -> None:
        """Does nothing, as for SIGTSTP; Textual would enter a terminal that was never left."""

    # --- Keys ----------------------------------------------------------------------------------

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            self._app.call_later(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Passes on keys and mouse events until `disable_input`."""
        parser = XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        # The one that watches terminals on every system: kqueue, the default on macOS, can't.
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._end_reader, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = {key.fd for key, _ in selector.select(SECONDS_BETWEEN_TICKS)}
                if self._end_reader in ready:
                    os.read(self._end_reader, 1)
                    return
                if self.fileno in ready:
                    typed = self._read()
                    if not typed:
                        self._hang_up()
                        return
                    for message in parser.feed(decode(typed)):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes:
        """What was typed; nothing if the terminal is gone."""
        try:
            return os.read(self.fileno, READ_BYTES)
        except OSError:
            return b""

    def disable_input(self) -> None:
        """Wakes the input thread so that it ends."""
        if self._key_thread is not None and self._key_thread.is_alive():
            os.write(self._end_writer, b"\0")
        super().disable_input()

    def close(self) -> None:
        super().close()
        if self._end_reader >= 0:
            os.close(self._end_reader)
            os.close(self._end_writer)
