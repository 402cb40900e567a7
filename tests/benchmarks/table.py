"""Times the table of gradients with 50 and with 100,000 parameters, side by side.

Milliseconds of the processor an update (from a snapshot to what the screen shows) and a scroll step
(the cursor one row down, from the middle), as medians, and the ratio of the two sizes. Each table
is in an application of its own, as large as it is in a terminal of 150 x 46.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable

from textual.app import App, ComposeResult

from toygrad.core import NetworkSpec, Session, Snapshot, TrainingConfig
from toygrad.datasets import DataChoice, Dataset
from toygrad.tui.gradients.parameter_table import ParameterTable
from toygrad.tui.gradients.view import GradientMemory

SIZE = (75, 19)
# 2-8-2-1 has 45 parameters, 64-256-256-10 has 85,002, 64-280-280-10 about 100,000.
SMALL, LARGE = ("circle", (8, 2)), ("digits", (280, 280))
UPDATES = 60
SCROLLS = 60
WARM_UP = 10
ARRANGEMENTS = ("single parameters", "tensors", "tensors, all open", "filtered")


class TableApp(App[None]):
    """The table alone."""

    ENABLE_COMMAND_PALETTE = False
    ascii = False

    def compose(self) -> ComposeResult:
        """The table."""
        yield ParameterTable()


def data(name: str) -> Dataset:
    """A data set by its name."""
    return DataChoice(name=name).load()


def arrange(table: ParameterTable, arrangement: str) -> None:
    """Shows the rows in one of the ways there are."""
    table.by_tensor = arrangement.startswith("tensors")
    table.filter_text = "layer2 ok" if arrangement == "filtered" else ""
    if arrangement == "tensors, all open":
        table.action_open_all()


def draw(table: ParameterTable) -> None:
    """What the screen asks of it for a frame."""
    for y in range(table.size.height):
        table.render_line(y)


def milliseconds(act: Callable[[], None]) -> float:
    """The processor's time of something."""
    start = time.process_time()
    act()
    return 1e3 * (time.process_time() - start)


async def measure(name: str, hidden: tuple[int, ...]) -> tuple[int, dict[str, tuple[float, float]]]:
    """Times one network's table.

    Returns:
        How many parameters it has, and for each arrangement the times of an update and of a
        scroll step.
    """
    session = Session(NetworkSpec(hidden=hidden), data(name), TrainingConfig())
    memory = GradientMemory()
    times: dict[str, tuple[float, float]] = {}
    app = TableApp()
    async with app.run_test(size=SIZE) as pilot:
        table = app.query_one(ParameterTable)

        def update(snapshot: Snapshot) -> None:
            memory.remember(snapshot)
            table.show(memory.rows(snapshot))
            draw(table)

        def scroll() -> None:
            table.action_move_cursor(1)
            draw(table)

        for arrangement in ARRANGEMENTS:
            session.advance(1)
            update(session.snapshot())
            arrange(table, arrangement)
            await pilot.pause()
            updates, scrolls = [], []
            for _ in range(WARM_UP + UPDATES):
                session.advance(1)
                snapshot = session.snapshot()
                updates.append(milliseconds(lambda snapshot=snapshot: update(snapshot)))  # type: ignore[misc]
            table.select(len(snapshot.parameters) // 2)
            for _ in range(WARM_UP + SCROLLS):
                scrolls.append(milliseconds(scroll))
                await pilot.pause()
            times[arrangement] = (
                statistics.median(updates[WARM_UP:]),
                statistics.median(scrolls[WARM_UP:]),
            )
    return len(snapshot.parameters), times


def main() -> None:
    """Prints the table."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    few, small = asyncio.run(measure(*SMALL))
    many, large = asyncio.run(measure(*LARGE))
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}")
    print(f"| ms an update / a scroll step | {few:,} | {many:,} | ratio |")
    print("|---|---:|---:|---:|")
    for arrangement in ARRANGEMENTS:
        (u, s), (many_u, many_s) = small[arrangement], large[arrangement]
        print(
            f"| {arrangement} | {u:.2f} / {s:.2f} | {many_u:.2f} / {many_s:.2f} "
            f"| {many_u / u:.1f} / {many_s / s:.1f} |"
        )


if __name__ == "__main__":
    main()
