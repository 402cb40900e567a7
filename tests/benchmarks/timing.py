"""Timing in processes of their own, in rounds, so that a noisy machine is noisy for all alike."""

from __future__ import annotations

import importlib
import multiprocessing
import statistics
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

SECONDS_A_TURN = 0.05

Step = Callable[[], float]


class Worker:
    """A process with one step made in it at a time.

    A step is made by a function that is named, for only the process may import its module.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()

    def make(self, module: str, function: str, *arguments: Any) -> None:
        """Makes the step: `module.function(*arguments)` returns it."""
        self._ask("make", module, function, arguments)

    def results(self, steps: int) -> list[float]:
        """What the next steps return."""
        numbers: list[float] = self._ask("results", steps)
        return numbers

    def seconds(self) -> float:
        """Seconds a step, over a turn of several."""
        seconds: float = self._ask("seconds")
        return seconds

    def close(self) -> None:
        """Ends the process."""
        self._connection.send(None)
        self._process.join()

    def _ask(self, *request: Any) -> Any:
        self._connection.send(request)
        return self._connection.recv()


def measure(workers: Mapping[str, Worker], rounds: int) -> dict[str, list[float]]:
    """Seconds a step of every worker in every round, after a first turn to warm up."""
    for worker in workers.values():
        worker.seconds()
    seconds: dict[str, list[float]] = {name: [] for name in workers}
    for _ in range(rounds):
        for name, worker in workers.items():
            seconds[name].append(worker.seconds())
    return seconds


def ratio(seconds: list[float], reference: list[float]) -> float:
    """The median of the rounds' ratios: in one round both have met the same noise."""
    return statistics.median(a / b for a, b in zip(seconds, reference, strict=True))


def _serve(connection: Connection) -> None:
    step: Step = float
    while (request := connection.recv()) is not None:
        match request:
            case ("make", module, function, arguments):
                step = getattr(importlib.import_module(module), function)(*arguments)
                connection.send(None)
            case ("results", steps):
                connection.send([float(step()) for _ in range(steps)])
            case ("seconds",):
                connection.send(_seconds_a_step(step))


def _seconds_a_step(step: Step) -> float:
    # Looks at the clock once in a while only: reading it is part of a quick step's time.
    between_looks, steps, start = 1, 0, time.perf_counter()
    while True:
        for _ in range(between_looks):
            step()
        steps += between_looks
        seconds = time.perf_counter() - start
        if seconds >= SECONDS_A_TURN:
            return seconds / steps
        between_looks *= 2
