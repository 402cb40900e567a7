"""Log: a file that grows, and that goes on where it was once a full disk has room again."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

MODE = 0o600
"""Nobody else reads what somebody did."""

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


class Log:
    """A file to append to. What the disk didn't take comes first the next time.

    Args:
        path: The file; it may exist.

    Attributes:
        path: Likewise.
        n_bytes: Its size, with what the disk didn't take.

    Raises:
        OSError: If it can't be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = os.open(path, _FLAGS, MODE)
        self.n_bytes = os.fstat(self._handle).st_size
        self._owed = b""
        self._is_flushed = True

    @property
    def n_owed(self) -> int:
        """How many bytes the disk didn't take so far."""
        return len(self._owed)

    def append(self, data: bytes) -> None:
        """Writes what is owed, then the data: from then on it outlives the process.

        Raises:
            OSError: If the disk doesn't take all of it.
        """
        self._owed += data
        self.n_bytes += len(data)
        try:
            while self._owed:
                self._owed = self._owed[os.write(self._handle, self._owed) :]
        finally:
            # Afterwards: a flush meanwhile may have missed it.
            self._is_flushed &= not data

    def flush(self) -> None:
        """Writes it to the disk: from then on it outlives a power cut.

        Raises:
            OSError: If that fails.
        """
        if not self._is_flushed:
            # First, so that what is appended meanwhile is flushed the next time.
            self._is_flushed = True
            try:
                os.fsync(self._handle)
            except OSError:
                self._is_flushed = False
                raise

    def close(self) -> None:
        """Closes the file."""
        # Only once: the number may be another file's by then.
        handle, self._handle = self._handle, -1
        with suppress(OSError):
            os.close(handle)
