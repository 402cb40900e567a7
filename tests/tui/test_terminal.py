"""The command in a real terminal, as far as a program can be one."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import termios

from tests.tui.terminal import Terminal, epoch_of


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
    key_map.write_text('app.quit = "Q"\n')
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

        terminal.press("Q")
        assert terminal.wait_for_end() == 0
        terminal.assert_restored()
    finally:
        terminal.close()
