"""Processor time a frame of each pane at 150 x 46, drawn to a pseudo-terminal.

Each pane gets snapshots by itself while nothing trains; what the application uses at rest is
subtracted.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import asyncio
import inspect
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import CASES, Case, print_row
from tests.benchmarks.terminal import Program
from toygrad.tui.app import ToygradApp

FRAMES = 15
# The loss pane draws at most three times a second.
SECONDS_A_FRAME = 0.35
STEPS_A_FRAME = 60
ASKED_MS = {"status": 1.0, "network": 4.0, "output": 5.0, "loss": 7.0, "gradients": 4.0}
"""Of the spiral; the other networks are shown beside it."""


class PanesApp(ToygradApp):
    """The application without a thread, which shows snapshots to one pane after the other."""

    CSS_PATH = str(Path(inspect.getfile(ToygradApp)).with_name("app.tcss"))

    def __init__(self, case: Case, result: Path) -> None:
        super().__init__(case.options, run_trainer=False)
        self._result = result

    def on_mount(self) -> None:
        """Begins when the first frame is there."""
        self.set_timer(1.5, lambda: self.run_worker(self._measure()))

    async def _measure(self) -> None:
        rest = await self._frame_seconds("")
        seconds = {
            str(pane.id): await self._frame_seconds(str(pane.id)) - rest
            for pane in self.playground.panes
        }
        self._result.write_text(json.dumps(seconds))
        self.exit()

    async def _frame_seconds(self, pane_id: str) -> float:
        """Processor seconds a frame of one pane, the median; of none at rest."""
        used = []
        for _ in range(FRAMES):
            self.session.advance(STEPS_A_FRAME)
            grid, unit = self.playground.grid_size, self.playground.pictured_unit
            snapshot = self.session.snapshot(grid, unit)
            begun = time.process_time()
            if pane_id:
                self.playground.query_one(f"#{pane_id}").snapshot = snapshot  # type: ignore[attr-defined]
            await asyncio.sleep(SECONDS_A_FRAME)
            used.append(time.process_time() - begun)
        return statistics.median(used)


def pane_seconds(name: str) -> dict[str, float]:
    """Processor seconds a frame of every pane."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "panes.json")
        program = Program([sys.executable, __file__, name, "--measured-app", str(result)])
        program.wait_until_gone(120.0)
        if not result.exists():
            raise RuntimeError(f"the application failed: run {__file__} NAME --measured-app FILE")
        seconds: dict[str, float] = json.loads(result.read_text())
    return seconds


def main() -> None:
    """Prints a table for each network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", choices=list(CASES), help="one network; all by default")
    parser.add_argument("--measured-app", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measured_app:
        PanesApp(CASES[arguments.case], arguments.measured_app).run()
        return
    for name in [arguments.case] if arguments.case else CASES:
        print(name)
        for pane, seconds in pane_seconds(name).items():
            is_asked = name.startswith("spiral") and pane in ASKED_MS
            asked = f"at most {ASKED_MS[pane]:g} ms" if is_asked else ""
            print_row(f"{pane}, a frame", asked, f"{1e3 * seconds:.1f} ms")


if __name__ == "__main__":
    main()
