"""Visitors: who is served, each in a folder of their own, and what their applications are told."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import site
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MAX_FOLDERS = 100
"""Of visitors; those who came last keep theirs."""
FOLDER_VARIABLE = "TOYGRAD_VISITOR_FOLDER"
_TOKEN = re.compile(r"[0-9a-f]{32}")


class Visitors:
    """The folders of visitors, and which of them are in use.

    Args:
        root: Where the folders are; it need not exist.
        most: How many applications may run at a time.
    """

    def __init__(self, root: Path, most: int) -> None:
        self._root = root
        self._most = most
        self._running: Counter[Path] = Counter()

    @property
    def is_full(self) -> bool:
        """Whether no further application may run."""
        return self._running.total() >= self._most

    @contextmanager
    def visit(self, token: str) -> Iterator[Path]:
        """The folder of a visitor, for one visit.

        Args:
            token: What only this visitor knows; the folder's name doesn't give it away.

        Raises:
            OSError: If it can't be made.
        """
        folder = self._root / hashlib.sha256(token.encode()).hexdigest()[:16]
        self._running[folder] += 1
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.utime(folder)
            self._prune()
            yield folder
        finally:
            self._running[folder] -= 1

    def _prune(self) -> None:
        with suppress(OSError):
            folders = sorted(self._root.iterdir(), key=lambda folder: -folder.stat().st_mtime)
            for folder in folders[MAX_FOLDERS:]:
                if not self._running[folder]:
                    shutil.rmtree(folder, ignore_errors=True)


def new_token() -> str:
    """What a visitor is known by from now on."""
    # Here, because only who serves needs it, and it takes long to load.
    from secrets import token_hex

    return token_hex(16)


def is_token(text: str) -> bool:
    """Whether a text could be what `new_token` made."""
    return _TOKEN.fullmatch(text) is not None


def environment_of(folder: Path) -> dict[str, str]:
    """What the application of a visitor gets: its folder, also as the user's own, and one core."""
    own = dict.fromkeys(("HOME", "USERPROFILE", FOLDER_VARIABLE), str(folder))
    # Python's packages are not looked for there.
    own["PYTHONUSERBASE"] = site.getuserbase()
    return own | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
