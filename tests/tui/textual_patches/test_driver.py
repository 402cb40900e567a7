"""Keys are read from a terminal on every system."""

from __future__ import annotations

import os
import selectors
import sys
from threading import Event, Thread
from typing import Any

import pytest
from textual.events import Key
from textual.message import Message

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import pty

from toygrad.tui.textual_patches.driver import PromptDriver


class Kqueue(selectors.SelectSelector):
    """The default on macOS, which can't watch terminals."""

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        if os.isatty(fileobj):
            raise OSError(22, "Invalid argument")
        return super().register(fileobj, events, data)


class Reader(PromptDriver):
    """The part of the driver that reads."""

    def __init__(self, terminal: int) -> None:
        self.fileno = terminal
        self._debug = False
        self.exit_event = Event()
        self._end_reader, self._end_writer = os.pipe()
        self.keys: list[str] = []
        self.came = Event()

    def process_message(self, message: Message) -> None:
        if isinstance(message, Key):
            self.keys.append(message.key)
            self.came.set()


def test_keys_come_where_the_systems_default_cannot_watch_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(selectors, "DefaultSelector", Kqueue)
    keyboard, terminal = pty.openpty()
    driver = Reader(terminal)
    thread = Thread(target=driver.run_input_thread)
    thread.start()
    try:
        os.write(keyboard, b"a\r")
        assert driver.came.wait(20.0)
        assert driver.keys[0] == "a"
    finally:
        os.write(driver._end_writer, b"\0")
        thread.join()
        for number in (keyboard, terminal, driver._end_reader, driver._end_writer):
            os.close(number)
