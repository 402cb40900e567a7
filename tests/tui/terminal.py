"""A terminal with the application in it, as far as a program can be one."""

from __future__ import annotations

import io
import multiprocessing
import os
import re
import select
import struct
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import pyte
import pytest

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import fcntl
import pty
import termios

COLUMNS, ROWS = 100, 30
PATIENCE_SECONDS = 20.0

# What turns the modes off, in this order: the keyboard's stack belongs to the alternate screen.
LEFT = re.compile(
    r"\x1b\[\?2026l.*\x1b\[\?2004l.*\x1b\[\?7h.*\x1b\[\?2048l.*\x1b\[\?1000l.*\x1b\[\?1003l"
    r".*\x1b\[\?1015l.*\x1b\[\?1006l.*\x1b\[<u.*\x1b\[\?1049l.*\x1b\[\?25h.*\x1b\[\?1004l",
    re.DOTALL,
)
MODES = re.compile(r"\x1b\[\?(\d+)([hl])")
# Line wrap and the cursor are on as a rule.
USUAL = {"7": "h", "25": "h"}

# Forks of a process that has imported everything start in a third of the time.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["toygrad.tui.app", "toygrad.tui.command_line.cli"])


def _run(
    terminal: str, is_told: bool, home: str, arguments: Sequence[str], before: Callable[[], None]
) -> None:
    """The command in a session of its own, whose terminal is this one."""
    os.setsid()
    descriptor = os.open(terminal, os.O_RDWR | os.O_NOCTTY)
    if is_told:
        fcntl.ioctl(descriptor, termios.TIOCSCTTY, 0)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.dup2(descriptor, number)
        file = io.TextIOWrapper(io.FileIO(number, "w" if number else "r", closefd=False))
        setattr(sys, name, file)
        setattr(sys, f"__{name}__", file)
    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    os.environ |= {"HOME": home, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home}
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        os.environ.pop(name, None)
    sys.argv = ["toygrad-tui", *arguments]
    before()
    from toygrad.tui.command_line.cli import main

    main()


def nothing() -> None:
    """What is to be done before the command, as a rule."""


def epoch_of(text: str) -> int:
    """The epoch on the screen; -1 if there is none."""
    found = re.search(r"epoch +([\d,]+)", text)
    return int(found[1].replace(",", "")) if found else -1


class Terminal:
    """A terminal with the command in it.

    Args:
        home: The user's folder.
        arguments: Of the command.
        before: A function at the top of a module, called in the process before the command.
        is_told: Whether the process gets a signal when the terminal is closed.

    Attributes:
        home: The user's folder.
        raw: All that was written to it.
        modes: Of the terminal, before the command.
    """

    def __init__(
        self,
        home: Path,
        *arguments: str,
        before: Callable[[], None] = nothing,
        is_told: bool = True,
    ) -> None:
        self.home = home
        self.descriptor, self._other_end = pty.openpty()
        self.resize(COLUMNS, ROWS)
        self.modes = termios.tcgetattr(self.descriptor)
        name = os.ttyname(self._other_end)
        self.process = _PROCESSES.Process(
            target=_run, args=(name, is_told, str(home), arguments, before)
        )
        self.process.start()
        self.raw = ""

    def resize(self, columns: int, rows: int) -> None:
        """Gives the terminal a size; if the command is in it, it is told."""
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen, self._unseen = pyte.Screen(columns, rows), b""
        self.stream = pyte.ByteStream(self.screen)

    def press(self, keys: str) -> None:
        """Types into it."""
        os.write(self.descriptor, keys.encode())

    def signal(self, *numbers: int) -> None:
        """Sends signals to the process, one right after the other."""
        assert self.process.pid is not None
        for number in numbers:
            os.kill(self.process.pid, number)

    def read(self) -> None:
        """Reads what was written to it, if there is anything."""
        new, patience = b"", 0.05
        # Linux raises when the other end of a terminal is closed.
        with suppress(OSError):
            while select.select([self.descriptor], [], [], patience)[0]:
                new, patience = new + os.read(self.descriptor, 65536), 0.0
        self.raw += new.decode("utf-8", "replace")
        self._unseen += new

    def show(self) -> str:
        """What is on the screen."""
        # Without questions to the terminal, which pyte takes for something else.
        known = re.sub(rb"\x1b\[[<>=?][\d;]*[a-zA-Z$]+", b"", self._unseen)
        self._unseen = b""
        for sequence in re.split(rb"(?=\x1b)", known):
            try:
                self.stream.feed(sequence)
            except TypeError:
                # What a signal cut in two: terminals ignore it, pyte's parser ends.
                self.stream = pyte.ByteStream(self.screen)
        return "\n".join(self.screen.display)

    def wait_for(self, is_there: Callable[[str], bool]) -> str:
        """Reads until the screen is as wanted, and returns it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not is_there(text := self.show()):
            assert time.monotonic() < end, text
            self.read()
        return text

    def wait_for_sequence(self, sequence: str) -> None:
        """Reads until an escape sequence was sent."""
        end = time.monotonic() + PATIENCE_SECONDS
        while sequence not in self.raw:
            assert time.monotonic() < end, self.raw[-200:]
            self.read()

    def wait_until_stopped(self) -> None:
        """Reads until the process is stopped by a signal."""
        process = psutil.Process(self.process.pid)
        end = time.monotonic() + PATIENCE_SECONDS
        while process.status() != psutil.STATUS_STOPPED:
            assert time.monotonic() < end, "it did not stop"
            self.read()
        self._read_the_rest()

    def wait_for_end(self, *, reads: bool = True) -> int:
        """Waits until the process is gone; its exit code.

        Args:
            reads: Whether the terminal goes on reading what is written.
        """
        end = time.monotonic() + PATIENCE_SECONDS
        while self.process.is_alive():
            assert time.monotonic() < end, "it did not end"
            if reads:
                self.read()
            else:
                self.process.join(0.05)
        self._read_the_rest()
        assert self.process.exitcode is not None
        return self.process.exitcode

    def _read_the_rest(self) -> None:
        """Reads all that was written; the system hands it on a little later."""
        n_read = -1
        while n_read < len(self.raw):
            n_read = len(self.raw)
            self.read()

    def assert_restored(self) -> None:
        """Checks that the terminal is as it was before the command."""
        assert termios.tcgetattr(self.descriptor) == self.modes
        assert LEFT.search(self.raw)
        # A terminal remembers the last word on each mode.
        last = dict(MODES.findall(self.raw))
        assert last == {mode: USUAL.get(mode, "l") for mode in last}
        assert len(re.findall(r"\x1b\[>\d+u", self.raw)) == self.raw.count("\x1b[<u")
        assert "Traceback" not in self.raw

    def reset(self) -> None:
        """Changes it as a shell does that gets it back from a command that was stopped unasked."""
        termios.tcsetattr(self.descriptor, termios.TCSANOW, self.modes)
        self.screen.reset()
        self._unseen = b""

    def hang_up(self) -> None:
        """Closes the terminal, as its window."""
        os.close(self.descriptor)

    def close(self) -> None:
        """Ends what is left."""
        self.process.kill()
        self.process.join()
        for descriptor in (self.descriptor, self._other_end):
            with suppress(OSError):
                os.close(descriptor)
