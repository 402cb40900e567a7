"""SittingFile: the log of one document, and the proof that its process lives."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from ....datasets.files import flush_folder, write_file
from ..checkpoints import Checkpoint
from ..document import RunDocument
from ..file import HEAD, MAX_FILE_BYTES, Encoder, RunFileError, pack
from ..file.spread import spread
from .lock import ProcessLock
from .log import MODE, Log
from .sittings import lock_of, part_of

MAX_GROWTH_BYTES = 4_000_000
"""A log is rewritten when it has grown by so much."""
KEPT_BYTES = 1_000_000
"""So much of older checkpoints is kept then."""
MAX_BEGUN_BYTES = MAX_FILE_BYTES * 9 // 10
TOO_LARGE = f"This run is too large: at most {MAX_BEGUN_BYTES // 1_000_000} MB can be kept."
MAX_PACKED_BYTES = 2_000_000
"""To pack more would take too long."""


class SittingFile:
    """A file that a document is written to as it comes about.

    Args:
        path: Its name; it doesn't exist.
        document: What there is so far.

    Raises:
        OSError: If it can't be written; nothing is left of it then.
        RunFileError: If the document is too large.
    """

    def __init__(self, path: Path, document: RunDocument) -> None:
        self.path = path
        self._is_empty = not (document.end or document.journal.entries)
        self._encoder = Encoder(is_private=True)
        data = _beginning(self._encoder, document, 0)
        self._process_lock = ProcessLock(lock_of(path))
        try:
            self._log = Log(path)
            try:
                self._log.append(data)
            except OSError:
                self._log.close()
                path.unlink()
                raise
        except OSError:
            self._process_lock.release()
            raise
        self._begun_bytes = self._log.n_bytes
        self._is_in_folder = False
        # In the thread that trains there is time for the last checkpoint alone.
        self._lacks_checkpoints = len(document.checkpoints) > 1

    @property
    def n_bytes(self) -> int:
        """Its size, with what the disk didn't take."""
        return self._log.n_bytes

    @property
    def n_owed(self) -> int:
        """How many bytes the disk didn't take so far."""
        return self._log.n_owed

    @property
    def has_grown(self) -> bool:
        """Whether it should be rewritten."""
        if self._lacks_checkpoints:
            return True
        most = max(MAX_GROWTH_BYTES, self._begun_bytes)
        # No file may become so large that it is not read any more.
        room = (MAX_FILE_BYTES - self._begun_bytes) // 2
        return self.n_bytes - self._begun_bytes > min(most, room)

    def exists(self) -> bool:
        """Whether nobody has removed it."""
        return self.path.exists()

    def append(self, encode: Callable[[Encoder], bytes]) -> None:
        """Writes what an encoder makes.

        Raises:
            OSError: If the disk doesn't take it; it comes first the next time.
            RunFileError: If it can't be written, or the file would be too large to be read.
        """
        self._is_empty = False
        data = encode(self._encoder)
        if self.n_bytes + len(data) > MAX_FILE_BYTES:
            raise RunFileError(TOO_LARGE)
        self._log.append(data)

    def end(self, tick: int, checkpoints: Iterable[Checkpoint] = ()) -> None:
        """Ends the document: the file is a saved run then.

        Raises:
            OSError: If the disk doesn't take it.
        """
        self._is_empty &= not tick
        last = b"".join(map(self._encoder.checkpoint, checkpoints))
        self._log.append(last + self._encoder.end(tick))

    def flush(self) -> None:
        """Brings what was written to the disk.

        Raises:
            OSError: If that fails.
        """
        self._log.flush()
        if not self._is_in_folder:
            flush_folder(self.path.parent)
            self._is_in_folder = True

    def close(self) -> None:
        """Lets others continue with it; removes it if nothing was done."""
        with suppress(OSError):
            self._log.flush()
        self._log.close()
        if self._is_empty:
            with suppress(OSError):
                self.path.unlink()
        self._process_lock.release()

    # --- Rewriting it --------------------------------------------------------------------------

    def rewrite(self, document: RunDocument) -> Encoder:
        """Writes the document to another file, beside this one.

        Returns:
            What wrote it, for `become`.

        Raises:
            FileError: If that fails.
        """
        encoder = Encoder(is_private=True)
        write_file(part_of(self.path), _beginning(encoder, document, KEPT_BYTES))
        return encoder

    def become(self, encoder: Encoder) -> None:
        """Goes on with the file that `rewrite` wrote.

        Raises:
            OSError: If that fails; this file is as it was then.
        """
        # Some systems don't replace a file that is open.
        self._log.close()
        try:
            # As private as a log.
            os.chmod(part_of(self.path), MODE)
            os.replace(part_of(self.path), self.path)
            self._encoder = encoder
            self._lacks_checkpoints = False
        finally:
            self._log = Log(self.path)
            self._begun_bytes = self._log.n_bytes
            self._is_in_folder = False


def _beginning(encoder: Encoder, document: RunDocument, kept_bytes: int) -> bytes:
    """A whole document, with its last checkpoint and others that fit, to be appended to."""
    frames = [encoder.recipe(document.recipe), *map(encoder.entry, document.journal.entries)]
    frames.append(encoder.past_runs(document.past_runs))
    data = HEAD + _packed(b"".join(frames))
    most = len(data) + kept_bytes
    for i in spread([checkpoint.tick for checkpoint in document.checkpoints]):
        data += _packed(encoder.checkpoint(document.checkpoints[i]))
        if len(data) > most:
            break
    data += encoder.tick(document.end)
    if len(data) > MAX_BEGUN_BYTES:
        raise RunFileError(TOO_LARGE)
    return data


def _packed(frames: bytes) -> bytes:
    return pack(frames) if len(frames) <= MAX_PACKED_BYTES else frames
