"""Ends the application in a terminal at random moments, in every way, and says what it left.

A moment lies anywhere between the start and two seconds of training, with a fast network or one
whose steps take long. `--seed N` repeats a run, `--times N` says how often (50).
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.tui.terminal import Terminal

ASKED_SECONDS = 2.0
LATEST_SECONDS = 3.0
STOPPED_SECONDS = 0.2
NETWORKS = (
    ("--dataset", "circle", "--pace", "inf"),
    ("--dataset", "digits", "--hidden", "32", "--engine", "scalar", "--pace", "inf"),
)


@dataclass(frozen=True)
class Way:
    """A way to end it.

    Attributes:
        do: Does it.
        number: The signal whose exit code is asked for.
        is_told: Whether the terminal sends a signal when it goes.
        reads: Whether the terminal still reads, so that what it shows can be checked.
    """

    do: Callable[[Terminal], None]
    number: int
    is_told: bool = True
    reads: bool = True


def _send(*numbers: int) -> Callable[[Terminal], None]:
    return lambda terminal: terminal.signal(*numbers)


def _stop_and_go_on(terminal: Terminal) -> None:
    terminal.signal(signal.SIGTSTP)
    _read_for(terminal, STOPPED_SECONDS)
    terminal.signal(signal.SIGCONT)
    _read_for(terminal, STOPPED_SECONDS)
    terminal.signal(signal.SIGTERM)


def _stall(terminal: Terminal) -> None:
    terminal.press("?\x1b" * 100)
    time.sleep(STOPPED_SECONDS)
    terminal.signal(signal.SIGTERM)


WAYS = {
    "SIGTERM": Way(_send(signal.SIGTERM), signal.SIGTERM),
    "SIGTERM twice": Way(_send(signal.SIGTERM, signal.SIGTERM), signal.SIGTERM),
    "SIGQUIT": Way(_send(signal.SIGQUIT), signal.SIGQUIT),
    "SIGHUP": Way(_send(signal.SIGHUP), signal.SIGHUP),
    "SIGINT": Way(_send(signal.SIGINT), signal.SIGINT),
    "closed": Way(Terminal.hang_up, signal.SIGHUP, reads=False),
    "closed, no signal": Way(Terminal.hang_up, signal.SIGHUP, is_told=False, reads=False),
    "SIGTSTP, SIGCONT, SIGTERM": Way(_stop_and_go_on, signal.SIGTERM),
    "stalled, SIGTERM": Way(_stall, signal.SIGTERM),
}


def _read_for(terminal: Terminal, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        terminal.read()


def try_once(way: Way, chance: random.Random) -> tuple[float, str]:
    """Ends it once; the seconds that took, and what is wrong, if anything is."""
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal(Path(home), *chance.choice(NETWORKS), is_told=way.is_told)
        try:
            moment = chance.uniform(0.0, LATEST_SECONDS)
            _read_for(terminal, moment / 2)
            terminal.press(" ")
            _read_for(terminal, moment / 2)
            if way.do is Terminal.hang_up:
                # Before, it is not in it.
                terminal.wait_for_sequence("\x1b[?1049h")
            way.do(terminal)
            began = time.monotonic()
            code = terminal.wait_for_end(reads=way.reads and way.do is not _stall)
            took = time.monotonic() - began
            # Before the command has begun, the system ends it.
            if code not in (128 + way.number, -way.number):
                return took, f"exit code {code} after {moment:.2f} s: {terminal.raw[-200:]!r}"
            if way.reads and "\x1b[?1049h" in terminal.raw:
                terminal.assert_restored()
        except AssertionError as error:
            return float("nan"), f"{error or 'not restored'}: {terminal.raw[-200:]!r}"
        finally:
            terminal.close()
    return took, ""


def main() -> None:
    """Prints a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    results = defaultdict(list)
    for number in range(given.times):
        name = list(WAYS)[number % len(WAYS)]
        results[name].append(try_once(WAYS[name], chance))
    print(f"{'':28}{'times':>6}{'wrong':>7}{'slowest':>10}   asked: 0 wrong, {ASKED_SECONDS:g} s")
    for name, tries in results.items():
        wrong = [complaint for _, complaint in tries if complaint]
        slowest = max(seconds for seconds, _ in tries)
        print(f"{name:28}{len(tries):6}{len(wrong):7}{slowest:8.2f} s")
        for complaint in wrong:
            print(f"    {complaint}")


if __name__ == "__main__":
    main()
