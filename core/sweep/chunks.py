"""Chunks: runs in pieces of about a second of work, and what comes back of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from ... import __version__
from ..diagnosis.result import as_line
from ..diagnosis.trials import never
from .cell import run_cell
from .sweep import Sweep

CHUNK_SECONDS: Final = 1.0
MAX_CHUNK: Final = 5_000
# A chunk is at most so many times as long as the last one.
GROWTH: Final = 8


class VersionMismatchError(Exception):
    """A worker has another version of the program; says both."""


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk that was run.

    Attributes:
        lines: The result of each of its cells as a line of JSON, fewer if it was stopped: whoever
            gathers results from everywhere has no time to make them.
        seconds: How long it took.
    """

    lines: list[bytes]
    seconds: float


def run_chunk(
    sweep: Sweep,
    numbers: tuple[int, ...],
    version: str = __version__,
    stopped: Callable[[], bool] = never,
) -> Done:
    """Trains some cells, one after the other.

    Args:
        sweep: The sweep.
        numbers: Which cells.
        version: The program's, where the sweep was begun.
        stopped: Asked between steps; true ends it early, without a result of the present cell.

    Raises:
        VersionMismatchError: If this process has another version of the program.
    """
    if version != __version__:
        raise VersionMismatchError(f"{__version__} there and {version} here")
    began, lines = time.perf_counter(), []
    for number in numbers:
        result = run_cell(sweep, number, stopped)
        if result.interrupted:
            break
        lines.append(f"{as_line(result)}\n".encode())
    return Done(lines, time.perf_counter() - began)


class Chunks:
    """Hands out the cells that are to be run, in chunks that grow to about a second of work.

    Attributes:
        seconds_per_cell: How long one takes; None before the first came back.
    """

    def __init__(
        self, numbers: Iterable[int], n_left: int, n_workers: int, seconds: float = CHUNK_SECONDS
    ) -> None:
        """Hands out nothing yet.

        Args:
            numbers: The cells, in their order; read only as far as they are handed out.
            n_left: How many they are.
            n_workers: So many work at a time.
            seconds: How long a chunk is to take.
        """
        self._numbers = iter(numbers)
        self._n_left, self._n_workers, self._wanted = n_left, n_workers, seconds
        self._size = 1
        self.seconds_per_cell: float | None = None

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        while chunk := self.next():
            yield chunk

    def next(self) -> tuple[int, ...]:
        """The next chunk; empty if all were handed out."""
        # At the end all workers are to be done at about the same time.
        size = min(self._size, max(1, self._n_left // (2 * self._n_workers)))
        chunk = tuple(islice(self._numbers, size))
        self._n_left -= len(chunk)
        return chunk

    def note(self, done: Done) -> None:
        """Learns from a chunk how many cells the next ones are to have."""
        if not done.lines or done.seconds <= 0.0:
            return
        self.seconds_per_cell = done.seconds / len(done.lines)
        fitting = int(self._wanted / self.seconds_per_cell)
        self._size = max(1, min(fitting, GROWTH * self._size, MAX_CHUNK))
