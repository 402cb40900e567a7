"""The file of a sweep: a line of JSON for each run, which a later sweep goes on with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final

import msgspec

from ...datasets.files import FileError, check_writable, shown_path
from .sweep import Sweep

# No line is longer, unless somebody else wrote it.
MAX_LINE_BYTES: Final = 50_000_000


class ResultsFileError(ValueError):
    """A file that a sweep can't go on with; in one sentence."""


class Seen(msgspec.Struct, frozen=True):
    """What is read of a line again.

    Attributes:
        sweep: The key of its sweep.
        cell: Which run it is.
        test_loss: Of the run, null where it is no number.
        train_loss: Likewise.
        test_accuracy: Likewise.
        train_accuracy: Likewise.
        epochs: How long it trained.
        diverged: Whether its loss became infinite.
        failed: What went wrong otherwise.
    """

    sweep: str
    cell: int
    test_loss: float | None
    train_loss: float | None
    test_accuracy: float | None
    train_accuracy: float | None
    epochs: int
    diverged: bool
    failed: str | None


_decode = msgspec.json.Decoder(Seen).decode


def seen_in(line: bytes) -> Seen:
    """What is read of a result.

    Raises:
        msgspec.MsgspecError: If it is none.
    """
    return _decode(line)


class CellSet:
    """Some cells of a sweep, a bit for each."""

    def __init__(self, n_cells: int) -> None:
        self._n_cells = n_cells
        self._bits = bytearray(-(-n_cells // 8))
        self.count = 0

    def add(self, number: int) -> bool:
        """Adds one; whether it was not there."""
        place, bit = number >> 3, 1 << (number & 7)
        if self._bits[place] & bit:
            return False
        self._bits[place] |= bit
        self.count += 1
        return True

    def __contains__(self, number: int) -> bool:
        return bool(self._bits[number >> 3] & 1 << (number & 7))

    def missing(self) -> Iterator[int]:
        """The others, in their order; looked at as they are asked for."""
        return (number for number in range(self._n_cells) if number not in self)


class ResultsFile:
    """A file of results that is written line by line, and nothing is written twice.

    Attributes:
        done: The cells that are in it.
    """

    def __init__(self, path: Path, sweep: Sweep) -> None:
        """Reads nothing yet.

        Args:
            path: It may exist.
            sweep: Whose results it is to hold.
        """
        self._path, self._sweep = path, sweep
        self.done = CellSet(sweep.n_cells)
        self._file: BinaryIO | None = None

    def check(self) -> None:
        """Checks that it can be written; leaves everything as it is.

        Raises:
            FileError: If it certainly can't.
        """
        check_writable(self._path)

    def read(self) -> Iterator[Seen]:
        """The results that are in it; half a line at the end, as a kill leaves it, is cut off.

        Raises:
            ResultsFileError: If it holds anything else than results of this sweep.
            FileError: If it can't be read.
        """
        if not self._path.exists():
            return
        whole = 0
        try:
            with open(self._path, "rb") as file:
                while line := file.readline(MAX_LINE_BYTES):
                    if not line.endswith(b"\n"):
                        if not whole and not self._is_a_beginning(line):
                            raise self._other("no results of a sweep")
                        break
                    seen = self._seen(line)
                    whole += len(line)
                    if self.done.add(seen.cell):
                        yield seen
            if whole < self._path.stat().st_size:
                os.truncate(self._path, whole)
        except OSError as error:
            said = (error.strerror or str(error)).lower()
            raise FileError(f"{shown_path(self._path)} can't be read: {said}.") from error

    def _is_a_beginning(self, line: bytes) -> bool:
        """Whether some bytes may be the first half of a result."""
        return line.startswith(b'{"dataset":'[: len(line)])

    def _seen(self, line: bytes) -> Seen:
        try:
            seen = seen_in(line)
        except msgspec.MsgspecError as error:
            raise self._other("something else than the results of a sweep") from error
        if seen.sweep != self._sweep.key or not 0 <= seen.cell < self._sweep.n_cells:
            raise self._other("the results of another sweep")
        return seen

    def _other(self, what: str) -> ResultsFileError:
        name = shown_path(self._path)
        return ResultsFileError(f"{name} holds {what}: give --out another file, or remove it.")

    # --- Writing -------------------------------------------------------------------------------

    def __enter__(self) -> ResultsFile:
        try:
            self._file = open(self._path, "ab", buffering=0)
        except OSError as error:
            said = (error.strerror or str(error)).lower()
            raise FileError(f"{shown_path(self._path)} can't be written: {said}.") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, number: int, line: bytes) -> bool:
        """Writes the result of a cell at once; whether it was not there.

        Raises:
            FileError: If it can't be written.
        """
        if not self.done.add(number):
            return False
        if self._file is not None:
            left = memoryview(line)
            try:
                while left:
                    left = left[self._file.write(left) or 0 :]
            except OSError as error:
                said = (error.strerror or str(error)).lower()
                name = shown_path(self._path)
                raise FileError(f"{name} can't be written: {said}. The sweep stops.") from error
        return True
