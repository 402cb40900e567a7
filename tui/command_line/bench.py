"""`toygrad-tui bench`: the same network on every engine, timed and compared."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from ...core import Session
from ...core.training import ENGINES
from ...core.training.config import AUTO
from ..config import AppConfig

COMPARED_STEPS = 3
SECONDS_AT_A_TIME = 0.02
# "auto" is one of the others.
TIMED = tuple(engine for engine in ENGINES if engine != AUTO)


@dataclass(frozen=True, slots=True)
class EngineTiming:
    """An engine's row.

    Attributes:
        engine: Its name.
        why_not: Why another one takes its steps, a sentence; empty if none does.
        steps_per_second: Updates per second.
        largest_difference: Of any gradient from the first engine's, in the first steps.
    """

    engine: str
    steps_per_second: float
    largest_difference: float
    why_not: str = ""


def time_engines(options: AppConfig, seconds: float) -> Iterator[EngineTiming]:
    """Trains the options' network on each engine, with the same weights and batches.

    Args:
        options: What to train.
        seconds: How long to time each engine.

    Yields:
        One timing per engine, the slowest engine first.
    """
    reference: list[np.ndarray] = []
    for engine in TIMED:
        training = replace(options.training, engine=engine)
        session = replace(options, training=training).session()
        gradients, first = _first_steps(session)
        reference = reference or gradients
        differences = [
            float(np.abs(a - b).max()) for a, b in zip(gradients, reference, strict=True)
        ]
        rate = _steps_per_second(session, seconds, first)
        yield EngineTiming(engine, rate, max(differences), session.why_on_tape)


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
    at_a_time = max(1, int(SECONDS_AT_A_TIME / max(first, 1e-9)))
    while (elapsed := time.perf_counter() - start) < seconds:
        taken = session.step
        session.advance(at_a_time)
        if session.step == taken:
            # It diverged: what was timed so far counts.
            break
        took = time.perf_counter() - start - elapsed
        at_a_time = max(1, min(2 * at_a_time, int(at_a_time * SECONDS_AT_A_TIME / took)))
    return (session.step - before) / max(elapsed, 1e-9)


def print_engines(options: AppConfig, seconds: float, *, as_json: bool) -> None:
    """Times the engines and prints their table, or one JSON object."""
    console = Console(stderr=as_json)
    with console.status("Training on each engine …"):
        timings = list(time_engines(options, seconds))
    if as_json:
        print(msgspec.json.encode({"engines": timings}).decode(), flush=True)
        return
    table = Table(box=None, padding=(0, 3, 0, 0))
    table.add_column("engine")
    for name in ("steps/s", "x scalar", "largest gradient difference"):
        table.add_column(name, justify="right")
    for timing in timings:
        table.add_row(
            timing.engine,
            *(
                ("-", "-", "-")
                if timing.why_not
                else (
                    f"{timing.steps_per_second:,.0f}",
                    f"{timing.steps_per_second / timings[0].steps_per_second:,.0f}",
                    f"{timing.largest_difference:.1e}",
                )
            ),
        )
    console.print(table)
    for timing in timings:
        if timing.why_not:
            console.print(f"{timing.engine}: {timing.why_not}", highlight=False, markup=False)
