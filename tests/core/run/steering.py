"""What the tests of sessions share: a clock that a test moves, a thread, and a state's bits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any

import numpy as np

from toygrad.core import Session, Snapshot
from toygrad.core.run import Clock

PATIENCE_SECONDS = 10.0


class ManualClock(Clock):
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        return self._now

    def wait(self, event: threading.Event, seconds: float) -> None:
        until = self._now + seconds
        while self._now < until and not event.wait(0.0005):
            pass

    def move(self, seconds: float) -> None:
        self._now += seconds


@contextmanager
def running(session: Session) -> Iterator[Queue[Snapshot]]:
    """A thread in `session.run()`, and what it publishes; it has to be alive at the end."""
    stop, published = threading.Event(), Queue[Snapshot]()
    thread = threading.Thread(target=session.run, args=(stop, published.put))
    thread.start()
    try:
        yield published
        assert thread.is_alive()
    finally:
        stop.set()
        # Whoever waits on a clock that stands still has to be woken.
        session.request_snapshot()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


def until(is_so: Callable[[], bool]) -> None:
    """Waits for something, and fails if it does not come."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.0005)


def bits(session: Session) -> dict[str, Any]:
    """Everything that decides how a session goes on, and its curves, to be compared by `==`."""
    run = session._loop.run
    expected, actual = session._loop.expected, run.expected
    assert [part == actual[k] for k, part in enumerate(expected)] == [True] * 3
    state = run.learner.state()
    curves = state.history.curves()
    arrays = {
        name: getattr(state, name)
        for name in ("parameters", "gradients", "frozen", "last_update", "carried", "rows")
    }
    arrays |= {f"curves.{name}": getattr(curves, name) for name in ("epochs", "mean", "recent")}
    arrays |= {
        f"optimizer.{name}": value
        for name, value in vars(state.optimizer).items()
        if "scratch" not in name
    }
    return {
        **{name: _bytes(value) for name, value in arrays.items()},
        "order": repr(state.order),
        "setup": (state.setup.training, state.setup.network, state.setup.dataset.points.tobytes()),
        "lesson": state.setup.lesson,
        "places": (state.epoch, state.step, state.place, state.noted_step, state.seed),
        "marks": [(mark.epoch, mark.text) for mark in curves.marks],
        "best": curves.best,
        "failure": None if state.failure is None else state.failure.step,
        "stacks": (len(run._undo), len(run._redo)),
        "setups": [(epoch, setup.training, setup.network) for epoch, setup in run._setups],
        "tick": run.tick,
    }


def _bytes(value: Any) -> Any:
    return value.tobytes() if isinstance(value, np.ndarray) else value
