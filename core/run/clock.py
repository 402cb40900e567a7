"""Clock: the one way in which time enters a session, so that a test can move it."""

from __future__ import annotations

import threading
import time


class Clock:
    """The machine's own time."""

    def now(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()

    def wait(self, event: threading.Event, seconds: float) -> None:
        """Waits until an event is set, but no longer than some seconds."""
        event.wait(seconds)


class Pacer:
    """Spreads steps evenly over time, and forgives the time that steps took too long."""

    # A step that comes later than this is not made up for.
    FORGIVEN_SECONDS = 0.05

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.restart()

    def restart(self) -> None:
        """Begins now: the next step is due at once."""
        self._next = self._clock.now()

    def until_next(self, interval: float) -> float:
        """Seconds to wait before the next step; 0.0 for none, which counts as taking it."""
        now = self._clock.now()
        if self._next > now:
            return self._next - now
        self._next = max(self._next + interval, now - self.FORGIVEN_SECONDS)
        return 0.0


class StepRate:
    """Steps a second, over windows of about half a second."""

    WINDOW_SECONDS = 0.5

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.restart(0)

    def restart(self, steps: int) -> None:
        """Forgets the speed so far."""
        self.per_second = 0.0
        self._since, self._steps = self._clock.now(), steps

    def note(self, steps: int) -> None:
        """Records the number of steps so far."""
        seconds = self._clock.now() - self._since
        if seconds >= self.WINDOW_SECONDS:
            self.per_second = (steps - self._steps) / seconds
            self._since += seconds
            self._steps = steps
