"""What visitors of `toygrad-tui serve` take: memory, processor and bytes, of one at 120 x 40 each.

Memory is PSS: what processes share is divided among them, so that sums are right. Linux alone.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import psutil

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.figures import add_json_option, keep, two_digits
from tests.tui import browser
from tests.tui.browser import Server, Visit, serving, visitor

SIZE = (120, 40)
SETTLE_SECONDS, MEASURED_SECONDS = 15.0, 10.0


class CountedVisit:
    """A visitor whose bytes are counted.

    Attributes:
        n_bytes: So many were sent.
    """

    def __init__(self, visit: Visit) -> None:
        self.visit, self.n_bytes, take = visit, 0, visit.take

        def counted(data: bytes) -> None:
            self.n_bytes += len(data)
            take(data)

        visit.take = counted  # type: ignore[method-assign]


async def arrived(stack: AsyncExitStack, server: Server) -> CountedVisit:
    """A visitor in front of a playground."""
    visit = await stack.enter_async_context(visitor(server))
    counted = CountedVisit(visit)
    await visit.wait_for(lambda text: "ready" in text and "Press space" in text)
    return counted


def playgrounds(server: Server) -> list[psutil.Process]:
    """Their processes."""
    found: list[psutil.Process] = psutil.Process(server.process.pid).children(recursive=True)
    return [process for process in found if not process.children()]


def megabytes(processes: Sequence[psutil.Process]) -> float:
    """The memory of one, the median."""
    return 1e-6 * statistics.median(float(p.memory_full_info().pss) for p in processes)


def processor_seconds(processes: Sequence[psutil.Process]) -> float:
    """What all have used."""
    return sum((float(sum(process.cpu_times()[:2])) for process in processes), 0.0)


async def measure(n_visitors: int, home: Path, *arguments: str) -> dict[str, float]:
    """A server, and playgrounds that wait, then train at the pace they begin with."""
    async with serving(home, *arguments) as server, AsyncExitStack() as stack:
        visits = [await arrived(stack, server) for _ in range(n_visitors)]
        processes = playgrounds(server)
        assert len(processes) == n_visitors, processes
        figures = {"waits": megabytes(processes)}
        for counted in visits:
            await counted.visit.press(" ")
        await asyncio.sleep(SETTLE_SECONDS)
        used, since = processor_seconds(processes), time.perf_counter()
        sent = sum(counted.n_bytes for counted in visits)
        await asyncio.sleep(MEASURED_SECONDS)
        seconds = (time.perf_counter() - since) * n_visitors
        return figures | {
            "trains": megabytes(processes),
            "server": psutil.Process(server.process.pid).memory_full_info().pss / 1e6,
            "core": (processor_seconds(processes) - used) / seconds,
            "sent": (sum(counted.n_bytes for counted in visits) - sent) / seconds / 1e3,
        }


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=3, help="at the same time (3)")
    add_json_option(parser)
    options = parser.parse_args()
    browser.COLUMNS, browser.ROWS = SIZE
    with tempfile.TemporaryDirectory() as folder:
        usual = asyncio.run(measure(options.visitors, Path(folder)))
        tape = asyncio.run(measure(options.visitors, Path(folder), "--engine", "tape"))
    figures = {
        "the server": f"{two_digits(usual['server'])} MB",
        "a playground that waits": f"{two_digits(usual['waits'])} MB",
        "a playground that trains": f"{two_digits(usual['trains'])} MB",
        "a playground that trains on the tape": f"{two_digits(tape['trains'])} MB",
        "share of a core": f"{100.0 * usual['core']:.0f} %",
        "sent a second": f"{two_digits(usual['sent'])} kB",
        "a class of 30": f"{(usual['server'] + 30.0 * usual['trains']) / 1e3:.1f} GB",
        "its cores": f"{30.0 * usual['core']:.0f}",
    }
    for name, shown in figures.items():
        print(f"  {name:<40} {shown:>10}")
    if options.json:
        keep(options.json, figures)


if __name__ == "__main__":
    main()
