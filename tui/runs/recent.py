"""RecentFiles: the runs that were opened and saved last, kept in the user's state folder."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from ...datasets import read_file, write_file

FILE_NAME = "recent.json"
MOST_FILES = 12
MOST_BYTES = 200_000


class RecentFile(NamedTuple):
    """A file that was opened or saved.

    Attributes:
        path: Where it is, absolute.
        when: Seconds since the epoch.
        label: What to show in place of its name; empty for the name.
    """

    path: Path
    when: float
    label: str = ""


class RecentFiles:
    """The last `MOST_FILES` files.

    Args:
        folder: Where the list is kept; None for nowhere.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / FILE_NAME
        self._lock = Lock()

    def files(self) -> list[RecentFile]:
        """Those that still exist, the latest first."""
        return [recent for recent in self._listed() if os.path.isfile(recent.path)]

    def note(self, path: Path, label: str = "") -> None:
        """Puts a file first.

        Args:
            path: The file.
            label: What to show in place of its name.

        Raises:
            FileError: If the list can't be written.
        """
        if self._path is None:
            return
        path = Path(os.path.abspath(path))
        with self._lock:
            others = [recent for recent in self._listed() if recent.path != path]
            files = [RecentFile(path, time.time(), label), *others][:MOST_FILES]
            # In ASCII, which keeps names that are no UTF-8.
            text = json.dumps([[str(file.path), file.when, file.label] for file in files], indent=1)
            write_file(self._path, text, make_folder=True)

    def _listed(self) -> list[RecentFile]:
        if self._path is None:
            return []
        try:
            rows = json.loads(read_file(self._path, limit=MOST_BYTES))
            files = [
                RecentFile(Path(str(path)), float(when), str(label)) for path, when, label in rows
            ]
            return files[:MOST_FILES]
        except (ValueError, TypeError, RecursionError):
            return []
