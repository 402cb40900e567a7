"""`toygrad-tui bench`: the same network on every engine, timed and compared."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from rich.console import Console
from rich.table import Table

from ...core import Session
from ...core.training import ENGINES
from ..config import AppConfig

# Each engine is timed for this long, and for at least these steps.
SECONDS_EACH = 1.0
COMPARED_STEPS = 3
STEPS_AT_A_TIME = 10


@dataclass(frozen=True, slots=True)
class EngineTiming:
    """An engine's row.

    Attributes:
        engine: Its name.
        steps_per_second: Updates per second.
        largest_difference: Of any gradient from the first engine's, in the first steps.
    """

    engine: str
    steps_per_second: float
    largest_difference: float


def time_engines(options: AppConfig, seconds: float = SECONDS_EACH) -> Iterator[EngineTiming]:
    """Trains the options' network on each engine, with the same weights and batches.

    Args:
        options: What to train.
        seconds: How long to time each engine.

    Yields:
        One timing per engine, the slowest engine first.
    """
    reference: list[np.ndarray] = []
    for engine in ENGINES:
        training = replace(options.training, engine=engine)
        session = replace(options, training=training).session()
        gradients, first = _first_steps(session)
        reference = reference or gradients
        differences = [
            float(np.abs(a - b).max()) for a, b in zip(gradients, reference, strict=True)
        ]
        yield EngineTiming(engine, _steps_per_second(session, seconds, first), max(differences))


def _first_steps(session: Session) -> tuple[list[np.ndarray], float]:
    """The gradients of the first steps, and the seconds of the last of them."""
    gradients = []
    took = 0.0
    for _ in range(COMPARED_STEPS):
        start = time.perf_counter()
        session.advance()
        took = time.perf_counter() - start
        gradients.append(session.network.flat_gradients.copy())
    return gradients, took


def _steps_per_second(session: Session, seconds: float, first: float) -> float:
    if first > seconds:
        return 1.0 / first
    start, before = time.perf_counter(), session.step
    at_a_time = STEPS_AT_A_TIME if first * STEPS_AT_A_TIME < seconds else 1
    while (elapsed := time.perf_counter() - start) < seconds:
        taken = session.step
        session.advance(at_a_time)
        if session.step == taken:
            # It diverged: what was timed so far counts.
            break
    return (session.step - before) / max(elapsed, 1e-9)


def print_engines(options: AppConfig, console: Console) -> None:
    """Times the engines and prints their table."""
    timings = []
    with console.status("Training on each engine …"):
        for timing in time_engines(options):
            timings.append(timing)
    table = Table(box=None, padding=(0, 3, 0, 0))
    table.add_column("engine")
    for name in ("steps/s", "x scalar", "largest gradient difference"):
        table.add_column(name, justify="right")
    for timing in timings:
        table.add_row(
            timing.engine,
            f"{timing.steps_per_second:,.0f}",
            f"{timing.steps_per_second / timings[0].steps_per_second:,.0f}",
            f"{timing.largest_difference:.1e}",
        )
    console.print(table)
