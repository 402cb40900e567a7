"""However the application ends or stops, the run is saved and the terminal is as it was before."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.tui.terminal import Terminal, epoch_of
from toygrad.tui import signals
from toygrad.tui.signals import LastWork

SAVED = "saved.txt"
# What a machine with other work to do may add to the two seconds that are promised.
LONGEST_END_SECONDS = 2.0 + 3.0

Open = Callable[..., Terminal]


@pytest.fixture
def open_terminal(tmp_path: Path) -> Iterator[Open]:
    """Opens a terminal with the command in it, which is ended if the test has not done so."""
    terminals: list[Terminal] = []

    def begin(before: Callable[[], None] = note_saving, **keywords: Any) -> Terminal:
        home = tmp_path / str(len(terminals))
        home.mkdir()
        terminals.append(Terminal(home, before=before, **keywords))
        return terminals[-1]

    yield begin
    for terminal in terminals:
        terminal.close()


def assert_saved_once(terminal: Terminal) -> None:
    assert (terminal.home / SAVED).read_text() == "saved"


def training(terminal: Terminal) -> Terminal:
    terminal.wait_for(lambda text: "ready" in text)
    terminal.press(" ")
    terminal.wait_for(lambda text: epoch_of(text) >= 1)
    return terminal


# --- What happens in the process before the command ---------------------------------------------


def note_saving() -> None:
    from toygrad.tui.app import ToygradApp

    def note(app: ToygradApp) -> None:
        with (Path(os.environ["HOME"]) / SAVED).open("a") as file:
            file.write("saved")

    ToygradApp.save_before_exit = note  # type: ignore[method-assign, assignment]


def fail(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("a bolt is loose")


def fail_in_a_handler() -> None:
    from toygrad.tui.app import ToygradApp

    note_saving()
    ToygradApp.action_step = fail  # type: ignore[method-assign]


def fail_in_compose() -> None:
    from toygrad.tui.loss.pane import LossPane

    note_saving()
    LossPane.compose = fail  # type: ignore[method-assign]


def fail_in_a_rendering() -> None:
    from toygrad.tui.status.pane import StatusPane

    note_saving()
    StatusPane.render_line = fail  # type: ignore[method-assign]


def fail_in_the_thread_of_the_keys() -> None:
    from toygrad.tui.textual_patches.driver import PromptDriver

    note_saving()
    PromptDriver.process_message = fail  # type: ignore[method-assign]


def fail_while_taking_the_terminal() -> None:
    from toygrad.tui.textual_patches.driver import PromptDriver

    note_saving()
    PromptDriver._query_in_band_window_resize = fail  # type: ignore[method-assign]


def work_without_end(*_: object) -> NoReturn:
    while True:
        pass


def sleep_without_end(*_: object) -> NoReturn:
    while True:
        time.sleep(60.0)


IN_A_STEP = "in a step"
"""A file in the user's folder, which says so."""


def hang_in_a_step() -> None:
    from toygrad.core.training.learner import Learner

    def hang(*_: object) -> NoReturn:
        (Path.home() / IN_A_STEP).touch()
        sleep_without_end()

    Learner.take_steps = hang  # type: ignore[method-assign, assignment]


def hang_in_a_busy_step_and_in_the_last_save() -> None:
    from toygrad.core.training.learner import Learner
    from toygrad.tui.app import ToygradApp

    Learner.take_steps = work_without_end  # type: ignore[method-assign, assignment]
    ToygradApp.save_before_exit = sleep_without_end  # type: ignore[method-assign, assignment]


# --- The end -------------------------------------------------------------------------------------


def test_each_signal_that_ends_it_saves_restores_the_terminal_and_has_its_exit_code(
    open_terminal: Open,
) -> None:
    numbers = (signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGINT)
    terminals = [open_terminal() for _ in numbers]
    terminated, quit, hung_up, interrupted = terminals
    # Two of them before there is anything on the screen.
    quit.wait_for_sequence("\x1b[?2004h")
    quit.signal(signal.SIGQUIT)
    interrupted.wait_for_sequence("\x1b[?1049h")
    interrupted.signal(signal.SIGINT)
    hung_up.wait_for(lambda text: "ready" in text)
    hung_up.signal(signal.SIGHUP)
    training(terminated).signal(signal.SIGTERM, signal.SIGTERM)
    for number, terminal in zip(numbers, terminals, strict=True):
        assert terminal.wait_for_end() == 128 + number
        terminal.assert_restored()
        assert_saved_once(terminal)
    assert "Ended by SIGTERM.\r\n" in terminated.raw[-40:]


def test_a_terminal_that_goes_with_or_without_a_signal_ends_it_after_it_is_saved(
    open_terminal: Open,
) -> None:
    terminals = [open_terminal(is_told=is_told) for is_told in (True, False)]
    for terminal in terminals:
        training(terminal).hang_up()
    for terminal in terminals:
        assert terminal.wait_for_end() == 128 + signal.SIGHUP
        assert_saved_once(terminal)


def test_it_ends_in_time_though_the_terminal_training_and_the_last_save_hang(
    open_terminal: Open,
) -> None:
    stalled, left = (
        open_terminal(hang_in_a_busy_step_and_in_the_last_save),
        open_terminal(hang_in_a_step),
    )
    stalled.wait_for(lambda text: "ready" in text)
    # Nobody reads what this draws, which is more than the system keeps for a terminal.
    stalled.press(" " + "?\x1b" * 200)
    left.wait_for(lambda text: "ready" in text)
    left.press(" ")
    # It may hang before it has shown that it trains.
    left.wait_for(lambda text: (left.home / IN_A_STEP).exists())
    left.press("q")
    since = time.monotonic()
    stalled.signal(signal.SIGTERM)
    assert stalled.wait_for_end(reads=False) == 128 + signal.SIGTERM
    assert left.wait_for_end() == 0
    assert time.monotonic() - since < LONGEST_END_SECONDS
    for terminal in (stalled, left):
        terminal.assert_restored()


def test_a_crash_restores_the_terminal_says_so_in_a_sentence_and_saves(
    open_terminal: Open,
) -> None:
    crashes = (
        fail_in_a_handler,
        fail_in_compose,
        fail_in_a_rendering,
        fail_in_the_thread_of_the_keys,
        fail_while_taking_the_terminal,
    )
    terminals = [open_terminal(crash) for crash in crashes]
    terminals[0].wait_for(lambda text: "ready" in text)
    terminals[0].press("s")
    terminals[3].wait_for_sequence("\x1b[?2004h")
    terminals[3].press("s")
    for crash, terminal in zip(crashes, terminals, strict=True):
        assert terminal.wait_for_end() == 1, crash
        terminal.assert_restored()
        assert_saved_once(terminal)
        (log,) = terminal.home.rglob("*.log")
        assert "a bolt is loose" in log.read_text()
        _, _, said = terminal.raw.rpartition("\x1b[?1004l")
        said = "".join(said.split())
        assert said.startswith("Somethingwentwronginside(RuntimeError('aboltisloose'));"), said
        assert said.endswith(f"thedetailsarein{log}."), said


# --- The last work -------------------------------------------------------------------------------


def test_the_last_work_is_done_once_and_never_raises(caplog: pytest.LogCaptureFixture) -> None:
    def work() -> NoReturn:
        done.append(1)
        raise OSError("no space left")

    done: list[int] = []
    last_work = LastWork(work)
    last_work()
    last_work()
    assert done == [1]
    assert "the last work failed" in caplog.text


def test_the_last_work_is_waited_for_by_all_who_ask_but_not_for_long(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(signals, "SECONDS_TO_SAVE", 0.01)

    def wait_and_note() -> None:
        finish.wait()
        done.set()

    finish, done = threading.Event(), threading.Event()
    last_work = LastWork(wait_and_note)
    last_work()
    assert "longer than 0.01 seconds" in caplog.text
    monkeypatch.setattr(signals, "SECONDS_TO_SAVE", 20.0)
    finish.set()
    last_work()
    assert done.is_set()
