"""Reach: the one folder in which files are read and written, where strangers use the program."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

MAX_BYTES = 200_000_000
"""What the folder may hold."""

_folder: Path | None = None
_readable: frozenset[Path] = frozenset()


def confine(folder: Path | None, *, readable: Iterable[Path] = ()) -> None:
    """From now on, nothing outside a folder is read, listed or written; links are followed.

    Args:
        folder: Which one; None for no limit.
        readable: Files elsewhere that may be read all the same.
    """
    global _folder, _readable
    _folder = None if folder is None else _real(folder)
    _readable = frozenset(map(_real, readable))


def own_folder() -> Path | None:
    """The folder that everything is confined to; None if nothing is."""
    return _folder


def can_reach(path: str | os.PathLike[str]) -> bool:
    """Whether a file may be written, or a folder listed."""
    try:
        return _folder is None or _real(path).is_relative_to(_folder)
    except (OSError, ValueError):
        # What can't be a path leads nowhere.
        return False


def can_read(path: str | os.PathLike[str]) -> bool:
    """Whether a file may be read."""
    if can_reach(path):
        return True
    with suppress(OSError, ValueError):
        return _real(path) in _readable
    return False


def has_room_for(n_bytes: int) -> bool:
    """Whether the folder may hold so much more."""
    return _folder is None or _size(_folder) + n_bytes <= MAX_BYTES


def _real(path: str | os.PathLike[str]) -> Path:
    return Path(os.path.realpath(path))


def _size(folder: Path) -> int:
    """The bytes of all files below a folder."""
    n_bytes = 0
    for inside, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                n_bytes += os.lstat(os.path.join(inside, name)).st_size
    return n_bytes
