"""Times the application at 150 x 46 in a pseudo-terminal, training as fast as it goes.

Three networks: 4, 2 on the circle; 2-8-8-8-1 on the spiral; 64-256-256-10 on the digits. `--memory`
measures instead how a session's memory grows over a million steps, which takes a minute or two.
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
import time
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.figures import add_json_option, keep, two_digits
from tests.benchmarks.terminal import Program
from toygrad.core import NetworkSpec, Session, Snapshot, TrainingConfig
from toygrad.datasets import DataChoice
from toygrad.tui.app import ToygradApp
from toygrad.tui.config import AppConfig

ROUNDS = 3
STARTS = 7
QUITS = 7
KEYS = 60
WARM_UP_SECONDS = 2.0
SPEED_SECONDS = 5.0
PAUSE_SECONDS = 5.0
# Long enough for any key to be answered, odd beside the frame interval.
BETWEEN_KEYS_SECONDS = 0.273
# A first frame has the name of the network pane with the network's shape behind it.
FIRST_FRAME = re.compile(r"Network +\d+ ")


@dataclass(frozen=True)
class Case:
    """One network to be timed, and what is asked of it.

    Attributes:
        arguments: Of the command.
        options: The same for a session alone.
        rates: The learning rate as the status bar has it, and the next one of the list.
        share: What part of the session's speed the application keeps.
        frames: Frames a second.
        key: Seconds from a key to the repaint, 95 % of them.
    """

    arguments: tuple[str, ...]
    options: AppConfig
    rates: tuple[str, str]
    share: float
    frames: float
    key: float


def _case(
    dataset: str, hidden: tuple[int, ...], rates: tuple[str, str], asked: tuple[float, float, float]
) -> Case:
    shape = ",".join(map(str, hidden))
    rate = rates[0]
    command = ("--dataset", dataset, "--hidden", shape, "--pace", "inf", "--learning-rate", rate)
    training = TrainingConfig(pace=math.inf, learning_rate=float(rate))
    options = AppConfig(
        data=DataChoice(name=dataset), network=NetworkSpec(hidden=hidden), training=training
    )
    return Case((*command, "--batch-size", "10"), options, rates, *asked)


CASES = {
    "circle 2-4-2-1": _case("circle", (4, 2), ("0.03", "0.1"), (0.6, 15.0, 0.03)),
    "spiral 2-8-8-8-1": _case("spiral", (8, 8, 8), ("0.03", "0.1"), (0.5, 12.0, 0.035)),
    "digits 64-256-256-10": _case("digits", (256, 256), ("0.01", "0.03"), (0.0, 12.0, 0.04)),
}


def command_of(case: Case) -> list[str]:
    """The application in a process of its own."""
    return [sys.executable, "-m", "toygrad.tui", *case.arguments]


def trained(case: Case) -> Program:
    """The application, training and warm."""
    program = Program(command_of(case))
    program.wait_for(FIRST_FRAME)
    program.press(" ")
    time.sleep(WARM_UP_SECONDS)
    return program


# --- Steps and frames a second -------------------------------------------------------------------


class MeasuredApp(ToygradApp):
    """The application, which trains at once, counts and leaves."""

    # Textual looks for it beside the class.
    CSS_PATH = str(Path(inspect.getfile(ToygradApp)).with_name("app.tcss"))

    def __init__(self, case: Case, result: Path) -> None:
        super().__init__(case.options)
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
        rates += [since, since + seconds]
        self._result.write_text(json.dumps(rates))
        self.exit()

    def _show(self, snapshot: Snapshot) -> None:
        self._frames += 1
        super()._show(snapshot)


def app_speed(name: str) -> tuple[float, float]:
    """Steps and frames a second of the application with all panes open."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "rates.json")
        program = Program([sys.executable, __file__, name, "--measured-app", str(result)])
        program.wait_until_gone(10.0 + WARM_UP_SECONDS + SPEED_SECONDS)
        if not result.exists():
            raise RuntimeError(f"the application failed: run {__file__} --measured-app FILE")
        steps, frames, *_ = json.loads(result.read_text())
    return steps, frames


def session_speed(name: str) -> float:
    """Steps a second of `Session.advance` in a process of its own."""
    command = [sys.executable, __file__, name, "--session-alone"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def time_session(case: Case) -> float:
    """Steps a second of `Session.advance`, here."""
    session = case.options.session()
    session.advance(500)
    begun, start = session.step, time.perf_counter()
    while (seconds := time.perf_counter() - start) < SPEED_SECONDS:
        session.advance(100)
    return (session.step - begun) / seconds


# --- Keys, start, end, rest ----------------------------------------------------------------------


def key_seconds(case: Case) -> list[float]:
    """From pressing ] or [ while it trains until the new learning rate was written."""
    program = trained(case)
    seconds = []
    for number in range(KEYS):
        key, rate = ("[", case.rates[0]) if number % 2 else ("]", case.rates[1])
        pressed = program.press(key)
        time.sleep(BETWEEN_KEYS_SECONDS)
        seconds.append(program.written_at(re.compile(rf"lr +{re.escape(rate)} ")) - pressed)
    program.quit()
    return seconds


BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App[None]):
    BINDINGS = [("q", "quit", "Quit")]

    def compose(self):
        yield Static("Network 1 ")

Bare().run()
"""
"""The least application of Textual, whose first frame looks like that of ours to `wait_for`."""


def start_seconds(command: list[str]) -> float:
    """From the command to the first frame."""
    program = Program(command)
    seconds = program.wait_for(FIRST_FRAME) - program.started
    program.quit()
    return seconds


def paused_share(case: Case) -> float:
    """The share of a core that it uses when it is paused."""
    program = trained(case)
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


def print_speeds(name: str, case: Case) -> dict[str, str]:
    """Steps and frames."""
    alone, inside, frames = [], [], []
    for _ in range(ROUNDS):
        alone.append(session_speed(name))
        steps, frame_rate = app_speed(name)
        inside.append(steps)
        frames.append(frame_rate)
    share = statistics.median(a / b for a, b in zip(inside, alone, strict=True))
    print_row("steps/s, Session.advance alone", "", f"{statistics.median(alone):,.0f}")
    print_row("steps/s, the application", "", f"{statistics.median(inside):,.0f}")
    asked = f"{case.share:.0%} or more" if case.share else ""
    print_row("the application's share of it", asked, f"{share:.0%}")
    print_row("frames/s", f"{case.frames:g} or more", f"{statistics.median(frames):.1f}")
    return {
        f"{name}: steps a second": two_digits(statistics.median(inside)),
        f"{name}: share of the session's": f"{share:.0%}".replace("%", " %"),
        f"{name}: frames a second": two_digits(statistics.median(frames)),
    }


def print_keys(name: str, case: Case) -> dict[str, str]:
    """How long a key takes."""
    keys = sorted(1e3 * seconds for seconds in key_seconds(case))
    p95 = keys[math.ceil(0.95 * len(keys)) - 1]
    print_row(
        "key to repaint while training, p95 (median)",
        f"below {1e3 * case.key:.0f} ms",
        f"{p95:.0f} ms ({statistics.median(keys):.0f} ms)",
    )
    return {
        f"{name}: a key": f"{statistics.median(keys):.0f} ms",
        f"{name}: 95 % of keys": f"{p95:.0f} ms",
    }


def print_rest(case: Case) -> dict[str, str]:
    """Start, end and pause."""
    # In turns: the machine may be busier at one time than at another.
    pairs = [
        (start_seconds(command_of(case)), start_seconds([sys.executable, "-c", BARE]))
        for _ in range(STARTS)
    ]
    ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    print_row("command to first frame, median", "below 0.8 s", f"{ours:.2f} s")
    print_row("the same, times that of a bare application", "2.5 or less", f"{ours / bare:.1f}")
    quits = [trained(case).quit() for _ in range(QUITS)]
    print_row(
        "quitting while training, median (slowest)",
        "below 0.2 s",
        f"{statistics.median(quits):.2f} s ({max(quits):.2f} s)",
    )
    paused = paused_share(case)
    print_row("share of a core when paused", "below 3 %", f"{paused:.1%}")
    return {
        "first frame": f"{two_digits(ours)} s",
        "first frame / bare": two_digits(ours / bare),
        "quitting": f"{two_digits(statistics.median(quits))} s",
        "paused": f"{paused:.1%}".replace("%", " %"),
    }


def print_memory() -> None:
    """How the resident memory of a session grows, on a small net and small data."""
    session = Session(
        NetworkSpec(hidden=(2,)),
        DataChoice(n_samples=100).load(),
        replace(TrainingConfig(), pace=math.inf, batch_size=30),
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
    parser.add_argument("case", nargs="?", choices=list(CASES), help="one network; all by default")
    parser.add_argument("--memory", action="store_true", help="how memory grows, instead")
    add_json_option(parser)
    # What the script runs in processes of their own.
    parser.add_argument("--session-alone", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--measured-app", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.session_alone:
        print(time_session(CASES[arguments.case]))
    elif arguments.measured_app:
        MeasuredApp(CASES[arguments.case], arguments.measured_app).run()
    elif arguments.memory:
        print_memory()
    else:
        print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before")
        figures: dict[str, str] = {}
        for name in [arguments.case] if arguments.case else CASES:
            print(name)
            figures |= print_speeds(name, CASES[name]) | print_keys(name, CASES[name])
            if name == next(iter(CASES)):
                figures |= print_rest(CASES[name])
        if arguments.json:
            keep(arguments.json, figures)


if __name__ == "__main__":
    main()
