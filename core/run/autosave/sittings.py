"""Sittings: the folder with the last runs, and which of them may be continued."""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ....datasets.files import FileError, read_file
from .. import SUFFIX
from ..document import RunDocument
from ..edits import RESTARTS, Restore
from ..file import MAX_FILE_BYTES, document_from_bytes, holds_work
from .lock import is_held

MAX_SITTINGS = 10
MAKING_SECONDS = 60.0
_CONTINUED = ".continued"
_LOCK = ".lock"
_PART = ".part"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Sitting:
    """A run of another time, as far as it was saved.

    Attributes:
        path: Its file.
        when: When something was last saved, in local time.
        document: The run.
    """

    path: Path
    when: datetime
    document: RunDocument

    @property
    def is_empty(self) -> bool:
        """Whether nothing was learned, and nothing edited."""
        return not (self.document.end or self.document.journal.entries)

    @property
    def name(self) -> str:
        """The lesson that was on, or the name of its data set."""
        entries = self.document.journal.entries
        setup = entries[-1].setup if entries else self.document.journal.start
        return setup.lesson or setup.dataset.name

    @property
    def epoch(self) -> int:
        """About which epoch it continues in."""
        if not self.document.checkpoints:
            return 0
        last = self.document.checkpoints[-1]
        epoch, tick = last.state.precise_epoch, last.tick
        for entry in self.document.journal.entries[last.n_entries :]:
            if isinstance(entry.edit, Restore):
                epoch, tick = entry.edit.state.precise_epoch, entry.tick
            elif isinstance(entry.edit, RESTARTS):
                epoch, tick = 0.0, entry.tick
        batches = -(-len(last.state.rows) // last.state.setup.training.batch_size)
        return int(epoch + (self.document.end - tick) / batches)


class Sittings:
    """The sittings in a folder, those whose process has ended.

    Args:
        folder: It need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def newest(self) -> Sitting | None:
        """The one to continue with: the last in which something was done; None if there is none."""
        return next(iter(self), None)

    def note_continued(self, sitting: Sitting) -> None:
        """Offers one only after all others: it goes on in a sitting that is newer."""
        with suppress(OSError):
            path = sitting.path
            if not path.stem.endswith(_CONTINUED):
                path.rename(path.with_name(f"{path.stem}{_CONTINUED}{SUFFIX}"))

    def new_path(self) -> Path:
        """Where a new sitting goes."""
        name = f"{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}-{secrets.token_hex(2)}"
        return self._folder / f"{name}{SUFFIX}"

    def prune(self) -> None:
        """Keeps the last ten, the one that begins among them, and all whose process lives.

        Removes what a process left behind that was killed, too.
        """
        with suppress(OSError):
            ended = self._paths(are_alive=False)
            if len(ended) >= MAX_SITTINGS:
                # Those in which nothing was done make room first.
                ended.sort(key=_is_untouched)
            for path in ended[MAX_SITTINGS - 1 :]:
                path.unlink()
            kept = {lock_of(path) for path in self._paths(are_alive=True)}
            for path in self._folder.iterdir():
                if path.suffix in (_LOCK, _PART) and lock_of(path) not in kept and _is_old(path):
                    path.unlink()

    def __iter__(self) -> Iterator[Sitting]:
        """Those in which something was done, the one to continue with first."""
        for path in self._paths(are_alive=False):
            try:
                when = datetime.fromtimestamp(path.stat().st_mtime)
                document = document_from_bytes(read_file(path, limit=MAX_FILE_BYTES), tolerant=True)
            except (FileError, OSError) as error:
                _log.warning("%s is not offered: %s", path.name, error)
                continue
            sitting = Sitting(path, when, document)
            if not sitting.is_empty:
                yield sitting

    def _paths(self, *, are_alive: bool) -> list[Path]:
        """Those to continue with first, first."""
        try:
            found = [
                (not path.stem.endswith(_CONTINUED), path.stat().st_mtime_ns, path)
                for path in self._folder.iterdir()
                if path.suffix == SUFFIX and is_held(lock_of(path)) is are_alive
            ]
        except OSError:
            return []
        return [path for *_, path in sorted(found, reverse=True)]


def _is_old(path: Path) -> bool:
    """Whether it is no file that another process is just making."""
    return time.time() - path.stat().st_mtime > MAKING_SECONDS and not is_held(path)


def _is_untouched(path: Path) -> bool:
    """Whether nothing was done in a sitting; false where that can't be read."""
    with suppress(FileError):
        return not holds_work(read_file(path, limit=MAX_FILE_BYTES))
    return False


def lock_of(path: Path) -> Path:
    """The lock beside the file of a sitting."""
    return path.with_suffix(_LOCK)


def part_of(path: Path) -> Path:
    """Where a sitting is rewritten, beside its file."""
    return path.with_suffix(_PART)
