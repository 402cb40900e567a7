"""A program in a pseudo-terminal, and when it wrote what."""

from __future__ import annotations

import math
import os
import re
import threading
import time
from collections.abc import Sequence

import pexpect
import psutil
import pyte

COLUMNS, LINES = 150, 46

# Questions to the terminal, which pyte takes for something else.
_QUESTIONS = re.compile(rb"\x1b\[[<>=?][\d;]*[a-zA-Z$]+")


class Program:
    """A program in a pseudo-terminal, and when it wrote what."""

    def __init__(self, command: Sequence[str], size: tuple[int, int] = (COLUMNS, LINES)) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        # An installation has bytecode; without it the start would be that of a compiler.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.started = time.perf_counter()
        self._child = pexpect.spawn(
            command[0], list(command[1:]), dimensions=size[::-1], env=environment
        )
        # It would wait for 50 ms before each key.
        self._child.delaybeforesend = None
        self._chunks: list[tuple[float, bytes]] = []
        # Only what changes is written, so a screen has to put it together.
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._seen = 0
        self._texts: list[tuple[float, str]] = []
        self._lines = [""] * size[1]
        self._ended = 0.0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._child.child_fd, 1 << 20)
            except OSError:
                break
            if not data:
                break
            self._chunks.append((time.perf_counter(), data))
        self._child.wait()
        self._ended = time.perf_counter()

    def press(self, keys: str) -> float:
        """Presses keys, and forgets what was on the screen before.

        Returns:
            When, on the clock of `time.perf_counter`.

        Raises:
            RuntimeError: If the process has ended by itself.
        """
        if self._ended:
            raise RuntimeError(f"the process has ended: {self._child.exitstatus}")
        self._look()
        self._texts.clear()
        now = time.perf_counter()
        self._child.send(keys)
        return now

    def written_at(self, pattern: re.Pattern[str]) -> float:
        """When a text was first on the screen since the last key; infinity if it was not."""
        self._look()
        return next((when for when, text in self._texts if pattern.search(text)), math.inf)

    def _look(self) -> None:
        """Notes what was on the screen after each piece that was written."""
        for when, chunk in self._chunks[self._seen :]:
            self._seen += 1
            self._stream.feed(_QUESTIONS.sub(b"", chunk))
            for y in self._screen.dirty:
                row = self._screen.buffer[y]
                self._lines[y] = "".join(row[x].data for x in range(self._screen.columns))
            self._screen.dirty.clear()
            self._texts.append((when, "\n".join(self._lines)))

    def bytes_between(self, start: float, end: float) -> int:
        """How much was written between two times of `time.perf_counter`."""
        return sum(len(chunk) for when, chunk in self._chunks if start <= when < end)

    def wait_for(self, pattern: re.Pattern[str], timeout: float = 10.0) -> float:
        """Waits for a text and says when it came.

        Raises:
            TimeoutError: If it does not come.
        """
        deadline = time.perf_counter() + timeout
        while math.isinf(when := self.written_at(pattern)):
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{pattern.pattern!r} was never on the screen")
            time.sleep(0.1)
        return when

    def processor_seconds(self) -> float:
        """What all its threads have used."""
        times = psutil.Process(self._child.pid).cpu_times()
        return float(times.user + times.system)

    def quit(self) -> float:
        """Presses q; the seconds until the process is gone."""
        pressed = self.press("q")
        self.wait_until_gone(10.0)
        return self._ended - pressed

    def wait_until_gone(self, timeout: float) -> None:
        """Waits for the end of the process.

        Raises:
            TimeoutError: If it does not end.
        """
        self._reader.join(timeout)
        if not self._ended:
            raise TimeoutError("the process did not end")
