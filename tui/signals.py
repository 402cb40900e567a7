"""Signals: what ends a command or the application, or stops it for a while, and the exit codes."""

from __future__ import annotations

import logging
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Protocol

# The last save may take this long, and all of the end not much longer.
SECONDS_TO_SAVE = 1.0
SECONDS_TO_END = 1.8
# A stopped process that is to end is first continued: its signals come one after the other.
SECONDS_BETWEEN_SIGNALS = 0.1

_log = logging.getLogger(__name__)


class Ended(BaseException):
    """A signal that ends a command; its number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def exit_code(number: int) -> int:
    """What the shell gets when a signal ends a process."""
    return 128 + number


def ended_sentence(number: int) -> str:
    """What to say when a signal ends a process."""
    if number == signal.SIGINT:
        return "Interrupted."
    return f"Ended by {signal.Signals(number).name}."


# --- Commands ----------------------------------------------------------------------------------


def raise_ended() -> None:
    """Makes a signal that would end the process at once raise `Ended` in the first thread."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _raise)
    for number in _existing("SIGTERM", "SIGHUP"):
        # What a shell or nohup ignores stays so.
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _raise)


def _raise(number: int, frame: FrameType | None) -> None:
    raise Ended(number)


class Interruption(threading.Event):
    """Set by a signal that is to end some work, at a moment that suits the work.

    Attributes:
        number: Of the signal.
    """

    number: int = signal.SIGINT


@contextmanager
def signals_as_event() -> Iterator[Interruption]:
    """Makes the first Ctrl-C, SIGTERM or SIGHUP set an event; a second one acts as before."""
    interruption = Interruption()
    # A shell starts background jobs with SIGINT ignored, which should stay so.
    previous = {
        number: handler
        for number in _existing("SIGINT", "SIGTERM", "SIGHUP")
        if (handler := signal.getsignal(number)) is not signal.SIG_IGN
    }

    def restore() -> None:
        for number, handler in previous.items():
            signal.signal(number, handler)

    def note(number: int, frame: FrameType | None) -> None:
        interruption.number = number
        interruption.set()
        restore()

    for number in previous:
        signal.signal(number, note)
    try:
        yield interruption
    finally:
        restore()


# --- The application ---------------------------------------------------------------------------


class Application(Protocol):
    """What signals ask of an application, in a thread of their own."""

    def prepare_to_end(self) -> None:
        """Saves what is not saved yet, and takes no longer than `SECONDS_TO_SAVE`."""

    def leave_terminal(self, words: str = "") -> None:
        """Gives the terminal back as it was, with a line after it."""

    def enter_terminal(self) -> bool:
        """Takes it again; False if it can't, being in the background."""


class LastWork:
    """Work that is done once, in a thread of its own; whoever calls waits for it, not for long.

    Args:
        work: What is to be done.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._thread = threading.Thread(target=self._do, name="last-work", daemon=True)
        self._starting = threading.Lock()

    def __call__(self) -> None:
        """Does it, or waits for whoever does."""
        with self._starting:
            if self._thread.ident is None:
                self._thread.start()
        self._thread.join(SECONDS_TO_SAVE)
        if self._thread.is_alive():
            _log.error("the last work took longer than %g seconds", SECONDS_TO_SAVE)

    def _do(self) -> None:
        try:
            self._work()
        except Exception as error:
            _log.error("the last work failed", exc_info=error)


def obey_signals(app: Application) -> None:
    """From now on, a thread does what signals ask, whatever the other threads are doing.

    Python runs its own handlers in the first thread alone, which may be busy or wait for a
    terminal that does not read.
    """
    if sys.platform != "win32":
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        for name in ("SIGTERM", "SIGQUIT", "SIGHUP", "SIGINT", "SIGTSTP", "SIGCONT"):
            signal.signal(signal.Signals[name], _do_nothing)
        # Python writes the numbers of all signals that have a handler, at once.
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        obedience = _Obedience(app, reader)
        threading.Thread(target=obedience.run, name="signals", daemon=True).start()


def _do_nothing(number: int, frame: FrameType | None) -> None:
    """Stands where a handler has to be."""


if sys.platform != "win32":
    ENDING = (signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGINT)

    class _Obedience:
        """Reads the numbers of signals and does what they ask."""

        def __init__(self, app: Application, reader: int) -> None:
            self._app = app
            self._reader = reader

        def run(self) -> None:
            while True:
                told = os.read(self._reader, 4096)
                if ending := [number for number in told if number in ENDING]:
                    end(self._app, ending[0])
                try:
                    self._stop_or_go_on(told)
                except Exception as error:
                    _log.error("a stop or its end failed", exc_info=error)

        def _stop_or_go_on(self, told: bytes) -> None:
            last = [number for number in told if number in (signal.SIGTSTP, signal.SIGCONT)][-1:]
            if last == [signal.SIGTSTP]:
                self._app.leave_terminal()
                _stop()
            elif last and not self._app.enter_terminal() and not self._is_told_more():
                _stop()

        def _is_told_more(self) -> bool:
            ready, _, _ = select.select([self._reader], [], [], SECONDS_BETWEEN_SIGNALS)
            return bool(ready)

    def _stop() -> None:
        # SIGTSTP itself would be ignored where no shell controls the jobs.
        os.kill(os.getpid(), signal.SIGSTOP)


def end(app: Application, number: int) -> None:
    """Saves, gives the terminal back and ends the process as after a signal."""
    end_within(SECONDS_TO_END, exit_code(number))
    for work in (app.prepare_to_end, partial(app.leave_terminal, ended_sentence(number))):
        try:
            work()
        except Exception as error:
            _log.error("not all could be done at the end", exc_info=error)
    os._exit(exit_code(number))


def end_within(seconds: float, code: int) -> None:
    """Ends the process after some seconds, unless it ends before, whatever its threads do."""
    timer = threading.Timer(seconds, os._exit, (code,))
    timer.daemon = True
    timer.start()


def _existing(*names: str) -> list[signal.Signals]:
    """The signals that the system has."""
    return [signal.Signals[name] for name in names if name in signal.Signals.__members__]
