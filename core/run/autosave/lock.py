"""ProcessLock: a file that tells whether the process that made it still lives."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, *, shared: bool) -> None:
        # The owner tries for ten seconds: who only looks is gone at once.
        msvcrt.locking(handle, msvcrt.LK_NBLCK if shared else msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(handle: int, *, shared: bool) -> None:
        # Who only looks shares it with others who look; the owner waits until they are gone.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB if shared else fcntl.LOCK_EX)


class ProcessLock:
    """Held until it is released, or until the process ends in any way.

    Args:
        path: A file of its own; there is none yet.

    Raises:
        OSError: If it can't be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        # First, at the place where others look for it.
        with suppress(OSError):
            _lock(self._handle, shared=False)
        # Where files can't be locked, the number of the process has to do; a full disk has no room.
        with suppress(OSError):
            os.write(self._handle, b"%d\n" % os.getpid())

    def release(self) -> None:
        """Lets go of it, and removes the file."""
        os.close(self._handle)
        with suppress(OSError):
            self._path.unlink()


def is_held(path: Path) -> bool:
    """Whether the process that made a lock still lives; false if there is no lock."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        _lock(handle, shared=True)
    except BlockingIOError:
        return True
    except OSError:
        return sys.platform == "win32" or _lives(handle)
    else:
        return False
    finally:
        os.close(handle)


def _lives(handle: int) -> bool:
    """Whether the process whose number is in a file lives, or another one with that number."""
    try:
        os.kill(int(os.read(handle, 20)), 0)
    except (ValueError, ProcessLookupError):
        return False
    except OSError:
        pass
    return True
