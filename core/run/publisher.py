"""Publisher: which snapshot was asked for, and the last one that was shown."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from ..training.snapshot import Snapshot
from .picture import DEFAULT_GRID, Wanted

_log = logging.getLogger(__name__)
Publish = Callable[[Snapshot], None]


class Publisher:
    """Publishes a snapshot for every request; of several that wait, for the last one only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures = Wanted(DEFAULT_GRID, None)
        self._asked: Wanted | None = None
        # Taken from the requests, and not published yet.
        self._owed: Wanted | None = None
        self._last_snapshot: Snapshot | None = None

    def want(self, grid: tuple[int, int] | None, unit: tuple[int, int] | None) -> Wanted:
        """The pictures to be made; without a grid it is that of the last ones."""
        with self._lock:
            return self._want(grid, unit)

    def request(self, grid: tuple[int, int] | None, unit: tuple[int, int] | None) -> None:
        """Asks for one snapshot to be published."""
        with self._lock:
            self._asked = self._want(grid, unit)

    def _want(self, grid: tuple[int, int] | None, unit: tuple[int, int] | None) -> Wanted:
        self._pictures = Wanted(grid or self._pictures.grid, unit)
        return self._pictures

    def publish(self, publish: Publish, look: Callable[[Wanted], Snapshot]) -> None:
        """Publishes a snapshot, if one was asked for."""
        with self._lock:
            wanted, self._asked = self._asked, None
        if wanted is None:
            return
        self._owed = wanted
        self._last_snapshot = look(wanted)
        publish(self._last_snapshot)
        self._owed = None

    def offer_failure(self, publish: Publish, failed: Callable[[Snapshot], Snapshot]) -> None:
        """Shows that it failed, on the last frame that could be made, if one was asked for."""
        wanted, self._owed = self._owed, None
        if wanted is None:
            return
        if self._last_snapshot is None:
            with self._lock:
                self._asked = self._asked or wanted
            return
        try:
            publish(failed(self._last_snapshot))
        except Exception as error:
            _log.error("the failure could not be shown", exc_info=error)
