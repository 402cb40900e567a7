"""Standard output that may be full, closed or read by nobody."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any, TextIO, cast

FULL = "The output can't be written ({}). Send it somewhere else."


class OutputError(Exception):
    """Standard output takes no more; in one sentence."""


class ReaderGone(OutputError):
    """The program that reads standard output has ended."""


class Output:
    """Standard output whose failures no library takes for its own.

    Rich and Typer end the program without a word when a pipe breaks.

    Args:
        stream: Where the text goes.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Writes a text.

        Raises:
            OutputError: If that fails.
        """
        try:
            return self._stream.write(text)
        except OSError as error:
            raise self._failure(error) from error

    def write_bytes(self, data: bytes) -> None:
        """Writes bytes as they are.

        Raises:
            OutputError: If that fails.
        """
        try:
            self._stream.buffer.write(data)
        except OSError as error:
            raise self._failure(error) from error

    def flush(self) -> None:
        """Passes on what was written so far.

        Raises:
            OutputError: If that fails.
        """
        try:
            self._stream.flush()
        except OSError as error:
            raise self._failure(error) from error

    def _failure(self, error: OSError) -> OutputError:
        silence(self._stream)
        if isinstance(error, BrokenPipeError):
            return ReaderGone("The program that reads the output has ended.")
        return OutputError(FULL.format(error.strerror or type(error).__name__))


def write_bytes(data: bytes) -> None:
    """Writes what is not for a terminal to standard output, as it is.

    Raises:
        OutputError: If that fails.
    """
    stream = sys.stdout
    stream.flush()
    if isinstance(stream, Output):
        stream.write_bytes(data)
    else:
        stream.buffer.write(data)
        stream.flush()


def guard_streams() -> None:
    """Prepares standard output and standard error for whatever they are.

    Raises:
        OutputError: If standard output is closed: the next file to be opened would take its place.
    """
    if sys.stderr is None:
        # Opened first, it takes the place of the closed one.
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        raise OutputError(FULL.format("it is closed"))
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows a question mark.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.stdout = cast(TextIO, Output(sys.stdout))


def silence(stream: TextIO) -> None:
    """Sends what a stream still holds nowhere: it would fail again when the program ends."""
    with suppress(OSError, ValueError):
        handle, null = stream.fileno(), os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, handle)
        os.close(null)
