"""Times the application at 150 x 46, in a pseudo-terminal, on the circle with the network 4, 2.

Training runs as fast as it goes. `--memory` measures instead how a session's memory grows over a
million steps, which takes a minute or two.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import inspect
import json
import math
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pexpect
import psutil

from toygrad.core import NetworkSpec, Session, Snapshot, TrainingConfig
from toygrad.tui.app import ToygradApp
from toygrad.tui.data_choice import DataChoice
from toygrad.tui.options import Options

COLUMNS, LINES = 150, 46
COMMAND = [sys.executable, "-m", "toygrad.tui", "--pace", "inf"]
UNLIMITED = TrainingConfig(pace=math.inf)
ROUNDS = 3
STARTS = 7
QUITS = 7
KEYS = 60
WARM_UP_SECONDS = 2.0
SPEED_SECONDS = 5.0
PAUSE_SECONDS = 5.0
# Long enough for any key to be answered, odd beside the frame interval.
BETWEEN_KEYS_SECONDS = 0.273
STEPS_AT_ONCE = 500
# A first frame has the name of the network pane with the network's shape behind it.
FIRST_FRAME = re.compile(r"Network +2 ")

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


class Program:
    """A program in a pseudo-terminal, and when it wrote what."""

    def __init__(self, command: Sequence[str]) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.started = time.perf_counter()
        self._child = pexpect.spawn(
            command[0], list(command[1:]), dimensions=(LINES, COLUMNS), env=environment
        )
        # It would wait for 50 ms before each key.
        self._child.delaybeforesend = None
        self._chunks: list[tuple[float, bytes]] = []
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
        """Presses keys, and forgets what was written before.

        Returns:
            When, on the clock of `time.perf_counter`.

        Raises:
            RuntimeError: If the process has ended by itself.
        """
        if self._ended:
            raise RuntimeError(f"the process has ended: {self._child.exitstatus}")
        self._chunks.clear()
        now = time.perf_counter()
        self._child.send(keys)
        return now

    def written_at(self, pattern: re.Pattern[str]) -> float:
        """When a text was first complete, without its colours; infinity if it was not."""
        data = b""
        for when, chunk in list(self._chunks):
            data += chunk
            if pattern.search(_ESCAPES.sub("", data.decode("utf-8", "ignore"))):
                return when
        return math.inf

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


def trained() -> Program:
    """The application, training and warm."""
    program = Program(COMMAND)
    program.wait_for(FIRST_FRAME)
    program.press(" ")
    time.sleep(WARM_UP_SECONDS)
    return program


# --- Steps and frames a second -------------------------------------------------------------------


class MeasuredApp(ToygradApp):
    """The application, which trains at once, counts and leaves."""

    # Textual looks for it beside the class.
    CSS_PATH = str(Path(inspect.getfile(ToygradApp)).with_name("app.tcss"))

    def __init__(self, result: Path) -> None:
        super().__init__(Options(training=UNLIMITED))
        self._result = result
        self._frames = 0

    def on_mount(self) -> None:
        """Trains when the first frame is there, and begins to count when it is warm."""
        self.set_timer(1.0, self.session.resume)
        self.set_timer(1.0 + WARM_UP_SECONDS, self._begin)

    def _begin(self) -> None:
        self._since = (time.perf_counter(), self.session.step, self._frames)
        self.set_timer(SPEED_SECONDS, self._end)

    def _end(self) -> None:
        since, step, frames = self._since
        seconds = time.perf_counter() - since
        rates = [(self.session.step - step) / seconds, (self._frames - frames) / seconds]
        self._result.write_text(json.dumps(rates))
        self.exit()

    def _show(self, snapshot: Snapshot) -> None:
        self._frames += 1
        super()._show(snapshot)


def app_speed() -> tuple[float, float]:
    """Steps and frames a second of the application with all panes open."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "rates.json")
        program = Program([sys.executable, __file__, "--measured-app", str(result)])
        program.wait_until_gone(10.0 + WARM_UP_SECONDS + SPEED_SECONDS)
        if not result.exists():
            raise RuntimeError(f"the application failed: run {__file__} --measured-app FILE")
        steps, frames = json.loads(result.read_text())
    return steps, frames


def session_speed() -> float:
    """Steps a second of `Session.advance` in a process of its own."""
    command = [sys.executable, __file__, "--session-alone"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def time_session() -> float:
    """Steps a second of `Session.advance`, here."""
    session = Options(training=UNLIMITED).session()
    session.advance(2000)
    begun, start = session.step, time.perf_counter()
    while (seconds := time.perf_counter() - start) < SPEED_SECONDS:
        session.advance(STEPS_AT_ONCE)
    return (session.step - begun) / seconds


# --- Keys, start, end, rest ----------------------------------------------------------------------


def key_seconds() -> list[float]:
    """From pressing ] or [ while it trains until the new learning rate was written."""
    program = trained()
    seconds = []
    for number in range(KEYS):
        key, rate = ("[", "0.03") if number % 2 else ("]", "0.1")
        pressed = program.press(key)
        time.sleep(BETWEEN_KEYS_SECONDS)
        seconds.append(program.written_at(re.compile(rf"lr +{re.escape(rate)} ")) - pressed)
    program.quit()
    return seconds


def start_seconds() -> float:
    """From the command to the first frame."""
    program = Program(COMMAND)
    seconds = program.wait_for(FIRST_FRAME) - program.started
    program.quit()
    return seconds


def quit_seconds() -> float:
    """From q, while it trains, until the process is gone."""
    return trained().quit()


def paused_share() -> float:
    """The share of a core that it uses when it is paused."""
    program = trained()
    program.press(" ")
    time.sleep(1.0)
    used, since = program.processor_seconds(), time.perf_counter()
    time.sleep(PAUSE_SECONDS)
    share = (program.processor_seconds() - used) / (time.perf_counter() - since)
    program.quit()
    return share


# --- The tables ----------------------------------------------------------------------------------


def print_row(what: str, asked: str, measured: str) -> None:
    """One line of the table."""
    print(f"  {what:<52} {asked:>14} {measured:>24}", flush=True)


def print_speeds() -> None:
    """Steps and frames."""
    alone, inside, frames = [], [], []
    for _ in range(ROUNDS):
        alone.append(session_speed())
        steps, frame_rate = app_speed()
        inside.append(steps)
        frames.append(frame_rate)
    share = statistics.median(a / b for a, b in zip(inside, alone, strict=True))
    print_row("steps/s, Session.advance alone", "", f"{statistics.median(alone):,.0f}")
    print_row("steps/s, the application", "", f"{statistics.median(inside):,.0f}")
    print_row("the application's share of it", "60 % or more", f"{share:.0%}")
    print_row("frames/s", "15 or more", f"{statistics.median(frames):.1f}")


def print_latencies() -> None:
    """Everything that is waited for."""
    keys = sorted(1e3 * seconds for seconds in key_seconds())
    p95 = keys[math.ceil(0.95 * len(keys)) - 1]
    print_row(
        "key to repaint while training, p95 (median)",
        "below 50 ms",
        f"{p95:.0f} ms ({statistics.median(keys):.0f} ms)",
    )
    starts = [start_seconds() for _ in range(STARTS)]
    print_row(
        "command to first frame, median (slowest)",
        "below 0.8 s",
        f"{statistics.median(starts):.2f} s ({max(starts):.2f} s)",
    )
    quits = [quit_seconds() for _ in range(QUITS)]
    print_row(
        "quitting while training, median (slowest)",
        "below 0.2 s",
        f"{statistics.median(quits):.2f} s ({max(quits):.2f} s)",
    )
    print_row("share of a core when paused", "below 3 %", f"{paused_share():.1%}")


def print_memory() -> None:
    """How the resident memory of a session grows, on a small net and small data."""
    session = Session(
        NetworkSpec(hidden=(2,)),
        DataChoice(n_samples=100).load(),
        TrainingConfig(pace=math.inf, batch_size=30, engine="tape"),
    )
    process = psutil.Process()
    start = time.perf_counter()
    session.advance(10_000)
    early = process.memory_info().rss
    while session.step < 1_000_000:
        session.advance(10_000)
    grown = (process.memory_info().rss - early) / 1e6
    print_row("growth from step 10,000 to 1,000,000", "below 10 MB", f"{grown:.1f} MB")
    print_row("seconds for it", "", f"{time.perf_counter() - start:.0f}")


def main() -> None:
    """Prints the table that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory", action="store_true", help="how memory grows, instead")
    # What the script runs in processes of their own.
    parser.add_argument("--session-alone", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--measured-app", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.session_alone:
        print(time_session())
    elif arguments.measured_app:
        MeasuredApp(arguments.measured_app).run()
    elif arguments.memory:
        print_memory()
    else:
        print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before")
        print_speeds()
        print_latencies()


if __name__ == "__main__":
    main()
