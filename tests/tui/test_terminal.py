"""The command in a real terminal, as far as a program can be one."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte
import pytest

COLUMNS, ROWS = 100, 30
PATIENCE_SECONDS = 20.0
ALTERNATE_SCREEN = "\x1b[?1049"
CURSOR = "\x1b[?25"
# Clicks, drags, every movement, and the form with coordinates beyond 223.
MOUSE_MODES = ("1000", "1003", "1006", "1015")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


class Terminal:
    """A terminal with a program in it."""

    def __init__(self, home: Path) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        environment |= {"HOME": str(home), "XDG_STATE_HOME": str(home)}
        environment.pop("NO_COLOR", None)
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "toygrad.tui"],
            dimensions=(ROWS, COLUMNS),
            env=environment,
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
        )
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.Stream(self.screen)
        self.raw = ""

    def read(self) -> str:
        """What the terminal shows now."""
        try:
            new = self.child.read_nonblocking(65536, timeout=0.05)
        except pexpect.TIMEOUT:
            new = ""
        self.raw += new
        # Questions to the terminal, which pyte takes for something else.
        self.stream.feed(re.sub(r"\x1b\[[<>=?][\d;]*[a-zA-Z$]+", "", new))
        return "\n".join(self.screen.display)

    def wait_for(self, is_there: Callable[[str], bool]) -> str:
        end = time.monotonic() + PATIENCE_SECONDS
        while not is_there(text := self.read()):
            assert time.monotonic() < end, text
        return text


def epoch_of(text: str) -> int:
    found = re.search(r"epoch +([\d,]+)", text)
    return int(found[1].replace(",", "")) if found else -1


def ended_with(raw: str, undone: str, *, after: str) -> bool:
    """Whether a mode was taken back after the last time it was set."""
    return raw.rfind(undone) > raw.rfind(after) >= 0


@pytest.mark.timeout(60)
def test_it_trains_in_a_terminal_and_leaves_it_as_it_was(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    try:
        terminal.wait_for(lambda text: "ready" in text and "lr 0.03" in text)
        terminal.child.send(" ")
        terminal.wait_for(lambda text: "training" in text and epoch_of(text) >= 3)
        terminal.child.send("]")
        text = terminal.wait_for(lambda text: "lr 0.1 " in text)
        assert epoch_of(text) >= 3
        terminal.child.send("q")
        try:
            while True:
                terminal.raw += terminal.child.read_nonblocking(65536, timeout=PATIENCE_SECONDS)
        except pexpect.EOF:
            terminal.child.close()
    finally:
        terminal.child.close(force=True)
    assert terminal.child.exitstatus == 0
    assert ended_with(terminal.raw, f"{ALTERNATE_SCREEN}l", after=f"{ALTERNATE_SCREEN}h")
    assert ended_with(terminal.raw, f"{CURSOR}h", after=f"{CURSOR}l")
    for number in MOUSE_MODES:
        assert ended_with(terminal.raw, f"\x1b[?{number}l", after=f"\x1b[?{number}h")
    assert "Traceback" not in terminal.raw
