"""Timing in processes of their own, in rounds, so that a noisy machine is noisy for all alike."""

from __future__ import annotations

import importlib
import multiprocessing
import statistics
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

SECONDS_A_TURN = 0.05

Step = Callable[[], Any]
"""Takes a step and returns its loss; or several steps, and returns the array of their losses."""


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

    def call(self, module: str, function: str) -> Any:
        """What `module.function()` returns there."""
        return self._ask("call", module, function)

    def results(self, steps: int) -> list[float]:
        """What the next steps return; of a call that takes several, the first ones."""
        numbers: list[float] = self._ask("results", steps)
        return numbers

    def seconds(self, turn: float = SECONDS_A_TURN) -> float:
        """Seconds a step, over a turn of several that lasts so many seconds at least."""
        seconds: float = self._ask("seconds", turn)
        return seconds

    def close(self) -> None:
        """Ends the process."""
        self._connection.send(None)
        self._process.join()

    def _ask(self, *request: Any) -> Any:
        self._connection.send(request)
        return self._connection.recv()


def measure(
    workers: Mapping[str, Worker], rounds: int, turn: float = SECONDS_A_TURN
) -> dict[str, list[float]]:
    """Seconds a step of every worker in every round, after a first turn to warm up."""
    for worker in workers.values():
        worker.seconds(turn)
    seconds: dict[str, list[float]] = {name: [] for name in workers}
    for _ in range(rounds):
        for name, worker in workers.items():
            seconds[name].append(worker.seconds(turn))
    return seconds


def ratio(seconds: list[float], reference: list[float]) -> float:
    """The median of the rounds' ratios: in one round both have met the same noise."""
    return statistics.median(a / b for a, b in zip(seconds, reference, strict=True))


def best_ratio(seconds: list[float], *references: list[float]) -> float:
    """The least time over the least of all references': what others do only adds to a time."""
    return min(seconds) / min(map(min, references))


def _serve(connection: Connection) -> None:
    step: Step = float
    while (request := connection.recv()) is not None:
        match request:
            case ("make", module, function, arguments):
                step = getattr(importlib.import_module(module), function)(*arguments)
                connection.send(None)
            case ("call", module, function):
                connection.send(getattr(importlib.import_module(module), function)())
            case ("results", steps):
                connection.send(_results(step, steps))
            case ("seconds", turn):
                connection.send(_seconds_a_step(step, turn))


def _results(step: Step, steps: int) -> list[float]:
    results: list[float] = []
    while len(results) < steps:
        results += np.ravel(step()).tolist()
    return results[:steps]


def _seconds_a_step(step: Step, turn: float) -> float:
    # Looks at the clock once in a while only: reading it is part of a quick step's time.
    between_looks, calls, start = 1, 0, time.perf_counter()
    while True:
        for _ in range(between_looks):
            result = step()
        calls += between_looks
        seconds = time.perf_counter() - start
        if seconds >= turn:
            return float(seconds / (calls * np.size(result)))
        between_looks *= 2
