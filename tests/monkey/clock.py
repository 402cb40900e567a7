"""The session's time: it moves only while the monkey waits."""

from __future__ import annotations

import threading

from tests.core.run.steering import ManualClock


class MonkeyClock(ManualClock):
    """A clock that knows whether somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_waited_for = False

    def wait(self, event: threading.Event, seconds: float) -> None:
        self.is_waited_for = True
        super().wait(event, seconds)
        self.is_waited_for = False
