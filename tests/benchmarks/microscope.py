"""Times the microscope at 150 x 46 in a pseudo-terminal: a step's repaint, and opening a graph.

A step is timed from the key to the text on the screen, on the default network's own graph of 75
nodes. A graph is opened by writing a program of that many nodes into the editor, and timed to the
end of the frame that shows it.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import asyncio
import inspect
import json
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import print_row
from tests.benchmarks.terminal import Program
from toygrad.tui.app import ToygradApp
from toygrad.tui.microscope.graph_diagram import GraphDiagram
from toygrad.tui.microscope.program_part import ProgramEditor

STEPS = 60
BETWEEN_KEYS_SECONDS = 0.273
ASKED_STEP_MS = 50.0
ASKED_OPEN_SECONDS = 1.0
NODES = (62, 299)
OPENINGS = 7
FIRST_FRAME = re.compile(r"Network +\d+ ")


def step_seconds() -> tuple[list[float], float]:
    """From the key to the repaint, of every step; and the processor time of one."""
    program = Program([sys.executable, "-m", "toygrad.tui"])
    program.wait_for(FIRST_FRAME, 20.0)
    time.sleep(1.0)
    program.press("M")
    program.wait_for(re.compile(r"step +0 of \d+"))
    seconds, used = [], program.processor_seconds()
    for step in range(1, STEPS + 1):
        time.sleep(BETWEEN_KEYS_SECONDS)
        pressed = program.press("n")
        seconds.append(program.wait_for(re.compile(rf"step +{step} of ")) - pressed)
    used = program.processor_seconds() - used
    program.quit()
    return seconds, used / STEPS


def program_of(nodes: int) -> str:
    """A program whose graph has so many nodes: leaves, products with them, and sums."""
    lines = ["x = 0.5", "y0 = 1.0"]
    for k in range((nodes - 2) // 3):
        lines += [f"w{k} = 0.{k + 1}", f"y{k + 1} = w{k}*x + y{k}"]
    return "\n".join(lines)


class OpeningApp(ToygradApp):
    """The application that opens graphs one after the other and notes how long each takes."""

    CSS_PATH = str(Path(inspect.getfile(ToygradApp)).with_name("app.tcss"))

    def __init__(self, result: Path) -> None:
        super().__init__(run_trainer=False)
        self._result = result

    def on_mount(self) -> None:
        """Begins when the first frame is there."""
        self.set_timer(1.5, lambda: self.run_worker(self._measure()))

    async def _measure(self) -> None:
        await self.action_microscope()
        await asyncio.sleep(0.5)
        seconds: dict[int, list[float]] = {nodes: [] for nodes in NODES}
        for _ in range(OPENINGS):
            for nodes, found in seconds.items():
                found.append(await self._open(program_of(nodes)))
        self._result.write_text(json.dumps({n: statistics.median(s) for n, s in seconds.items()}))
        self.exit()

    async def _open(self, text: str) -> float:
        painted = asyncio.Event()
        begun = time.perf_counter()
        self.screen.query_one(ProgramEditor).text = text
        wanted = f"{text.count(chr(10)) // 2 * 3 + 2} nodes"
        while wanted not in str(self.screen.query_one(GraphDiagram).border_title):
            await asyncio.sleep(0)
        self.screen.call_after_refresh(painted.set)
        await painted.wait()
        taken = time.perf_counter() - begun
        await asyncio.sleep(0.3)
        return taken


def open_seconds() -> dict[int, float]:
    """Seconds until a graph of so many nodes is there."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "open.json")
        program = Program([sys.executable, __file__, "--measured-app", str(result)])
        program.wait_until_gone(60.0)
        if not result.exists():
            raise RuntimeError(f"the application failed: run {__file__} --measured-app FILE")
        return {int(nodes): seconds for nodes, seconds in json.loads(result.read_text()).items()}


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measured-app", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measured_app:
        OpeningApp(arguments.measured_app).run()
        return
    seconds, used = step_seconds()
    steps = sorted(seconds)
    p95 = steps[round(0.95 * (len(steps) - 1))]
    asked = f"at most {ASKED_STEP_MS:g} ms"
    print_row("a step, 95 % of them", asked, f"{1e3 * p95:.0f} ms")
    print_row("a step, the median", asked, f"{1e3 * statistics.median(steps):.0f} ms")
    print_row("a step, processor time", asked, f"{1e3 * used:.0f} ms")
    for nodes, opened in open_seconds().items():
        row = f"a graph of {nodes} nodes"
        print_row(row, f"under {ASKED_OPEN_SECONDS:g} s", f"{1e3 * opened:.0f} ms")


if __name__ == "__main__":
    main()
