"""The command in a real terminal, as far as a program can be one."""

from __future__ import annotations

import os
import re
import signal
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)


from tests.tui.terminal import Terminal, epoch_of


def _is(term: str, **variables: str) -> None:
    """Makes this process one in a terminal of few colours, with a font that has symbols."""
    for name in ("COLORTERM", "LC_ALL", "LC_CTYPE"):
        os.environ.pop(name, None)
    os.environ |= {"TERM": term, "LANG": "C.UTF-8", **variables}


def over_ssh() -> None:
    """As most shells over ssh, which doesn't pass COLORTERM on."""
    _is("xterm-256color")


def on_the_console() -> None:
    """As the console of Linux."""
    _is("linux")


def in_screen() -> None:
    """As GNU screen."""
    _is("screen")


def without_color() -> None:
    """As whoever wants no colours."""
    _is("xterm-256color", NO_COLOR="1")


COLORS = re.compile(r"\x1b\[([\d;]*)m")
# Foreground and background of each depth: of the sixteen, and the terminal's own.
SIXTEEN = r"[349][0-79]|10[0-7]"
OF_DEPTH = {
    over_ssh: rf"[34]8;5;\d+|{SIXTEEN}",
    on_the_console: SIXTEEN,
    in_screen: SIXTEEN,
    without_color: "[34]9",
}
# Bold, italic, underlined and reversed, and what ends each; dim is not for every terminal.
ATTRIBUTES = {"0", "1", "3", "4", "7", "22", "23", "24", "27"}


def is_drawn(text: str) -> bool:
    """Whether all of the screen is there, from the status bar to the footer."""
    lines = text.splitlines()
    return "epoch" in lines[0] and "Help" in lines[-1] and all(line.strip() for line in lines)


@pytest.mark.timeout(60)
def test_it_trains_and_is_stopped_and_goes_on_and_leaves_the_terminal_as_it_was(
    tmp_path: Path,
) -> None:
    key_map = tmp_path / "toygrad-tui" / "keys.toml"
    key_map.parent.mkdir()
    key_map.write_text('app.quit = "Z"\n')
    terminal = Terminal(tmp_path)
    try:
        terminal.wait_for(lambda text: "ready" in text and "lr 0.03" in text)
        terminal.press(" ")
        terminal.wait_for(lambda text: "training" in text and epoch_of(text) >= 3)
        terminal.press("]")
        assert epoch_of(terminal.wait_for(lambda text: "lr 0.1 " in text)) >= 3
        own_modes = termios.tcgetattr(terminal.descriptor)

        terminal.signal(signal.SIGTSTP)
        terminal.wait_until_stopped()
        terminal.assert_restored()
        terminal.resize(120, 40)
        terminal.signal(signal.SIGCONT)
        terminal.wait_for(lambda text: is_drawn(text) and "training" in text)
        assert termios.tcgetattr(terminal.descriptor) == own_modes
        terminal.press("[")
        terminal.wait_for(lambda text: "lr 0.03 " in text)

        terminal.signal(signal.SIGSTOP)
        terminal.wait_until_stopped()
        terminal.reset()
        terminal.signal(signal.SIGCONT)
        terminal.wait_for(is_drawn)
        assert termios.tcgetattr(terminal.descriptor) == own_modes
        terminal.press("]")
        terminal.wait_for(lambda text: "lr 0.1 " in text)

        terminal.press("Z")
        assert terminal.wait_for_end() == 0
        terminal.assert_restored()
    finally:
        terminal.close()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("before", OF_DEPTH, ids=lambda before: before.__name__)
def test_a_terminal_gets_the_colours_that_it_has(
    before: Callable[[], None], tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path, before=before)
    # A map of blocks, or of the characters that show its sizes.
    is_map = re.compile("▀▀" if before is over_ssh else r"[=#*]{3}")
    try:
        terminal.wait_for(lambda text: "ready" in text and "lr 0.03" in text)
        terminal.press(" ")
        terminal.wait_for(lambda text: epoch_of(text) >= 20)
        terminal.press("5z")
        text = terminal.wait_for(lambda text: bool(is_map.search(text)) and "-1" in text)
        # What Textual cuts off a border.
        others = {character for character in text if not character.isascii()} - {"…"}
        assert bool(others) == (before is not on_the_console), others
        colors = re.compile(rf"(?:^|(?<=;))(?:{OF_DEPTH[before]})(?=;|$)")
        for codes in {*COLORS.findall(terminal.raw)}:
            attributes = colors.sub("", codes).split(";")
            assert {number for number in attributes if number} <= ATTRIBUTES, codes
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        terminal.assert_restored()
    finally:
        terminal.close()
