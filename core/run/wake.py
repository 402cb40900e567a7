"""Wake: an event that native code can see too."""

from __future__ import annotations

import threading

import numpy as np


class Wake(threading.Event):
    """An event, and a number in memory that says the same.

    The two are never apart for longer than a call of `set` or `clear`, but for the number being 0
    where both came at once: then the event is set, and is seen by whoever asks it.

    Attributes:
        flag: Shape (1,): 1 if it is set.
    """

    def __init__(self) -> None:
        super().__init__()
        self.flag = np.zeros(1, dtype=np.int64)

    def set(self) -> None:
        """See `threading.Event`."""
        self.flag[0] = 1
        super().set()

    def clear(self) -> None:
        """See `threading.Event`."""
        super().clear()
        self.flag[0] = 0
