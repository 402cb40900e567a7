"""No write to a terminal outlasts the wish for it, and one that goes away is noticed."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import pty

from toygrad.tui.textual_patches.driver import PromptDriver
from toygrad.tui.textual_patches.messages import TerminalReady
from toygrad.tui.textual_patches.output import TerminalOutput

# More than the system keeps for a terminal that does not read.
LONG = "x" * 1_000_000


class Pair:
    """Both ends of a terminal."""

    def __init__(self) -> None:
        self.reader, writer = pty.openpty()
        self.file = os.fdopen(writer, "w", encoding="utf-8")
        self.gone: list[bool] = []
        self.taken: list[int] = []
        self.output = TerminalOutput(
            self.file,
            lambda: self.gone.append(True),
            lambda: self.taken.append(self.output.sent),
        )

    def read(self) -> str:
        said = b""
        while select.select([self.reader], [], [], 0.05)[0]:
            said += os.read(self.reader, 65536)
        return said.decode()


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.file.close()
    os.close(made.output.fileno())


def test_what_is_flushed_arrives_and_what_is_muted_does_not(pair: Pair) -> None:
    pair.output.write("a\u2588")
    pair.output.flush()
    pair.output.mute()
    pair.output.write("b")
    pair.output.flush()
    pair.output.write_now(lambda: "c", 1.0)
    pair.output.unmute()
    pair.output.write("d")
    pair.output.flush()
    assert pair.read() == "a\u2588cd"
    assert not pair.gone
    # What is dropped needs no reader either.
    assert pair.taken == [1, 2, 3]
    os.close(pair.reader)


def test_a_write_that_nobody_reads_ends_when_muted_and_the_last_words_still_arrive(
    pair: Pair,
) -> None:
    thread = threading.Thread(target=pair.output.write, args=(LONG,))
    thread.start()
    thread.join(0.2)
    assert thread.is_alive() and not pair.taken
    pair.output.mute()
    thread.join(5.0)
    assert not thread.is_alive()
    pair.output.write_now(lambda: "last words", 1.0)
    assert pair.read().endswith("last words")
    os.close(pair.reader)


def test_what_the_keyboard_was_told_is_known_as_far_as_it_was_sent(pair: Pair) -> None:
    output = pair.output
    output.write("\x1b[>1u")
    output.mute()
    output.flush()
    assert not output.has_pushed
    output.unmute()
    output.write("\x1b[<u\x1b[>1u")
    output.flush()
    assert output.has_pushed
    output.write("a frame")
    output.flush()
    assert output.has_pushed
    output.write_now(lambda: "\x1b[<u", 1.0)
    assert not output.has_pushed
    os.close(pair.reader)


@pytest.mark.parametrize("is_sent", [True, False])
def test_leaving_takes_from_the_keyboard_what_was_put_there_and_no_more(
    is_sent: bool, pair: Pair
) -> None:
    driver: Any = PromptDriver.__new__(PromptDriver)
    driver._output = pair.output
    pair.output.write("\x1b[?1049h\x1b[>1u")
    if not is_sent:
        pair.output.mute()
    pair.output.flush()
    pair.output.write_now(lambda: driver._leaving("bye"), 1.0)
    said = pair.read()
    assert said.count("\x1b[>1u") == said.count("\x1b[<u") == 1
    # On the stack of the screen that is left, not on that of the shell.
    assert said.index("\x1b[?1049h") < said.index("\x1b[>1u") < said.index("\x1b[<u")
    assert said.index("\x1b[<u") < said.index("\x1b[?1049l")
    os.close(pair.reader)


def test_a_terminal_that_goes_away_is_said_so_and_needs_no_more_writes(pair: Pair) -> None:
    os.close(pair.reader)
    pair.output.write(LONG)
    pair.output.write(LONG)
    assert pair.gone == [True]


def test_a_driver_says_when_the_terminal_has_read_a_frame_to_whoever_asked() -> None:
    said: list[object] = []
    driver: Any = PromptDriver.__new__(PromptDriver)
    driver._app = SimpleNamespace(post_message=said.append)
    driver._output = SimpleNamespace(sent=1)
    driver._written, driver._is_awaited = 2, False
    driver._note_taken()
    assert not driver.takes_more()
    driver._note_taken()
    assert not said
    driver._output.sent = 2
    for _ in range(2):
        driver._note_taken()
    assert [type(message) for message in said] == [TerminalReady]
    assert driver.takes_more()
