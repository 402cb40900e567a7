"""What the user waits for: commands, imports, the first frame, and what a key opens first.

Processor time, which a busy machine stretches less than the clock does; and ratios of the same run:
the commands beside `import numpy`, the first frame beside a bare application of Textual.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import asyncio
import inspect
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import BARE, CASES, command_of, print_row, start_seconds
from tests.benchmarks.terminal import Program
from toygrad.tui.app import ToygradApp

CASE = CASES["circle 2-4-2-1"]
COMMANDS = ("--help", "datasets", "presets")
TRAIN = ("train", "--epochs", "1", "--json")
LIBRARIES = "import asyncio, numpy, textual.app, textual.widgets, typer"
ALL = "import toygrad.tui.command_line.cli, toygrad.tui.app, toygrad.core.run.session"
OPENED = {"palette": 0.2, "help": 0.15, "lessons": 0.15, "microscope": 0.15, "doctor": 0.15}
"""What keys open, and how many seconds it may take."""
ACTIONS = {"palette": "command_palette"}
MOUNT = "mount to first frame"
WARM_UP_SECONDS = 1.5


class StartedApp(ToygradApp):
    """The application, which notes what its first frame costs, then opens screens and leaves."""

    CSS_PATH = str(Path(inspect.getfile(ToygradApp)).with_name("app.tcss"))

    def __init__(self, result: Path) -> None:
        super().__init__(CASE.options, state_folder=result.parent)
        self._result = result
        self._seconds: dict[str, float] = {}

    def on_mount(self) -> None:
        """Comes before that of the application, and before its screen."""
        self._begun = time.process_time()

    def _display(self, *arguments: object) -> None:
        super()._display(*arguments)  # type: ignore[arg-type]
        if self._memory is not None and MOUNT not in self._seconds:
            self._seconds[MOUNT] = time.process_time() - self._begun
            self.set_timer(WARM_UP_SECONDS, lambda: self.run_worker(self._measure()))

    async def _measure(self) -> None:
        for name in OPENED:
            self._seconds[name] = await self._open(name)
            self.pop_screen()
            await asyncio.sleep(0.5)
        self._result.write_text(json.dumps(self._seconds))
        self.exit()

    async def _open(self, name: str) -> float:
        """Processor seconds until a screen is drawn that was never opened before."""
        drawn, begun = asyncio.Event(), time.process_time()
        await self.run_action(ACTIONS.get(name, name))
        self.screen.call_after_refresh(drawn.set)
        await drawn.wait()
        return time.process_time() - begun


def started() -> dict[str, float]:
    """What an application noted, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "seconds.json")
        Program([sys.executable, __file__, "--started-app", str(result)]).wait_until_gone(60.0)
        if not result.exists():
            raise RuntimeError(f"the application failed: run {__file__} --started-app FILE")
        seconds: dict[str, float] = json.loads(result.read_text())
    return seconds


def processor_seconds(*words: str) -> float:
    """What a Python process uses, its start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def print_commands(rounds: int) -> None:
    """The commands beside `import numpy`, and imports."""
    module = ("-m", "toygrad.tui")
    subjects = {
        "numpy": ("-c", "import numpy"),
        "libraries": ("-c", LIBRARIES),
        "all": ("-c", f"{LIBRARIES}\n{ALL}"),
        "train": (*module, *TRAIN),
        **{command: (*module, command) for command in COMMANDS},
    }
    used: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, words in subjects.items():
            used[name].append(processor_seconds(*words))
    for command in COMMANDS:
        ratio = statistics.median(a / b for a, b in zip(used[command], used["numpy"], strict=True))
        print_row(f"{command}, times import numpy", "2 or less", f"{ratio:.1f}")
    own = min(used["all"]) - min(used["libraries"])
    print_row("imports of core and tui, without libraries", "", f"{1e3 * own:.0f} ms")
    print_row("train --epochs 1 --json", "0.35 s or less", f"{min(used['train']):.2f} s")


def print_start(rounds: int) -> None:
    """The first frame beside that of a bare application, and what opens afterwards."""
    bare = [sys.executable, "-c", BARE]
    pairs = [(start_seconds(command_of(CASE)), start_seconds(bare)) for _ in range(rounds)]
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    print_row("command to first frame, times a bare application", "2.5 or less", f"{ratio:.1f}")
    runs = [started() for _ in range(rounds)]
    for name, asked in {MOUNT: 0.15, **OPENED}.items():
        seconds = min(run[name] for run in runs)
        what = name if name == MOUNT else f"{name} opened for the first time"
        print_row(what, f"{asked:g} s or less", f"{seconds:.3f} s")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="of everything, in turns (7)")
    # What the script runs in processes of their own.
    parser.add_argument("--started-app", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.started_app:
        StartedApp(arguments.started_app).run()
        return
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before")
    print_commands(arguments.rounds)
    print_start(arguments.rounds)


if __name__ == "__main__":
    main()
