"""Run: a thread that trains, answers, waits and ends when it is told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue

import pytest

from toygrad.core import NetworkSpec, Session, Snapshot, TrainingConfig
from toygrad.datasets import Dataset

PATIENCE_SECONDS = 5.0


@contextmanager
def running(
    session: Session,
) -> Iterator[tuple[threading.Thread, threading.Event, Queue[Snapshot]]]:
    stop, published = threading.Event(), Queue[Snapshot]()
    thread = threading.Thread(target=session.run, args=(stop, published.put))
    thread.start()
    try:
        yield thread, stop, published
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


def test_a_thread_answers_each_request_once_and_pauses_and_resumes(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes, TrainingConfig(pace=float("inf")))
    with running(session) as (_, _, published):

        def answer() -> Snapshot:
            session.request_snapshot((4, 3))
            return published.get(timeout=PATIENCE_SECONDS)

        first = answer()
        assert (first.state, first.step) == ("ready", 0)
        with pytest.raises(Empty):
            published.get(timeout=0.02)

        session.resume()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (training := answer()).step == 0:
            assert time.monotonic() < deadline
        assert training.state == "training"
        assert training.grid is not None
        assert training.grid.shape == (3, 4, 1)

        session.configure(TrainingConfig(learning_rate=0.1), network=NetworkSpec(hidden=(3,)))
        changed = answer()
        assert (changed.sizes, changed.learning_rate) == ((2, 3, 1), 0.1)

        session.pause()
        paused, later = answer(), answer()
        assert paused.state == later.state == "paused"
        assert paused.step == later.step >= training.step

        session.reset()
        restarted = answer()
        assert (restarted.run_id, restarted.step) == (1, 0)
        assert published.empty()


def test_a_thread_ends_at_once_in_the_middle_of_a_slow_step(two_classes: Dataset) -> None:
    slow = TrainingConfig(engine="scalar", batch_size=30, pace=float("inf"))
    session = Session(NetworkSpec(hidden=(16, 16)), two_classes, slow)
    session.resume()
    with running(session) as (thread, stop, published):
        session.request_snapshot()
        published.get(timeout=PATIENCE_SECONDS)
        asked = time.monotonic()
        stop.set()
        thread.join(PATIENCE_SECONDS)
        assert time.monotonic() - asked < 0.2
    # Without a thread, edits are carried out at once again.
    session.reset()
    assert session.step == 0
