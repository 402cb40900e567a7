"""A long sitting: what grows, and what is the longest that the screen did not answer.

Trains as fast as it goes for some minutes, then resets, changes data, edits the network and opens
the microscope again and again, in one application that has its own training thread. After each
quarter of a part it notes memory, threads and the longest turn of the message loop.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import asyncio
import gc
import math
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
from textual.pilot import Pilot

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.datasets import DataChoice
from toygrad.tui.app import ToygradApp
from toygrad.tui.config import AppConfig

SIZE = (150, 46)
MINUTES, RESETS, DATA_SETS, EDITS, OPENINGS = 30.0, 500, 500, 2000, 200
QUARTERS = 4
TICK_SECONDS = 0.005
NAMES = ("circle", "spiral", "xor", "gauss")
SHAPES = ((4, 2), (8, 8), (6,), (8, 8, 8), (3, 3, 3))


class Watch:
    """Notes the longest that the message loop did not come round."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def run(self) -> None:
        """Looks until it is cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - TICK_SECONDS)
            last = now

    def take(self) -> float:
        """The longest since the last call, in seconds."""
        longest, self.longest = self.longest, 0.0
        return longest


@asynccontextmanager
async def watching() -> AsyncIterator[Watch]:
    """A watch that runs meanwhile."""
    watch = Watch()
    task = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def part(name: str, times: int, act: Callable[[int], Awaitable[None]], watch: Watch) -> None:
    """Does something many times, and prints a line after each quarter."""
    process = psutil.Process()
    watch.take()
    for quarter in range(QUARTERS):
        began = time.perf_counter()
        for number in range(quarter * times // QUARTERS, (quarter + 1) * times // QUARTERS):
            await act(number)
        seconds, longest = time.perf_counter() - began, watch.take()
        gc.collect()
        await asyncio.sleep(TICK_SECONDS)
        watch.take()
        memory = process.memory_full_info().uss / 2**20
        print(
            f"{name:<12} {(quarter + 1) * times // QUARTERS:>6} {seconds:>8.1f} s "
            f"{memory:>8.1f} MB {threading.active_count():>3} threads "
            f"{1000 * longest:>6.0f} ms",
            flush=True,
        )


async def sit(scale: float) -> None:
    """The whole sitting, or a share of it."""
    app = ToygradApp(AppConfig(training=TrainingConfig(pace=math.inf)))
    sets = [DataChoice(name=name).load() for name in NAMES]
    async with app.run_test(size=SIZE) as pilot, watching() as watch:
        session = app.session

        async def settled(seconds: float = 0.02) -> None:
            await asyncio.sleep(seconds)

        async def minute(number: int) -> None:
            await asyncio.sleep(60.0 * scale)

        async def reset(number: int) -> None:
            session.reset()
            session.resume()
            await settled()

        async def change_data(number: int) -> None:
            session.configure(dataset=sets[number % len(sets)])
            session.resume()
            await settled()

        async def edit(number: int) -> None:
            session.configure(network=NetworkSpec(hidden=SHAPES[number % len(SHAPES)]))
            await settled()

        async def look(number: int) -> None:
            await _open_microscope(app, pilot)

        session.resume()
        await part("minutes", max(QUARTERS, int(MINUTES)), minute, watch)
        await part("resets", int(RESETS * scale), reset, watch)
        await part("data sets", int(DATA_SETS * scale), change_data, watch)
        await part("edits", int(EDITS * scale), edit, watch)
        session.pause()
        await part("microscope", int(OPENINGS * scale), look, watch)


async def _open_microscope(app: ToygradApp, pilot: Pilot[None]) -> None:
    """Opens and closes it by keys."""
    await pilot.press("m")
    while app.screen is app.playground:
        await asyncio.sleep(TICK_SECONDS)
    await asyncio.sleep(TICK_SECONDS)
    await pilot.press("escape")
    while app.screen is not app.playground:
        await asyncio.sleep(TICK_SECONDS)


def main() -> None:
    """Sits through it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="a share of it, 0.1 for a tenth")
    asyncio.run(sit(parser.parse_args().scale))


if __name__ == "__main__":
    main()
