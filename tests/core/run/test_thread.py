"""Run: a thread that trains, answers, waits and ends when it is told to."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import Empty, Queue
from typing import Any

import pytest

from tests.core.run.steering import ManualClock, bits, until
from tests.core.run.steering import running as steered
from toygrad.core import NetworkSpec, Session, Snapshot, TrainingConfig
from toygrad.core.nn import Element
from toygrad.core.run import Checkpoints, Clock, Configure, Journal
from toygrad.core.run.clock import Pacer, StepRate
from toygrad.core.run.run import Run
from toygrad.core.training.batches import Batches
from toygrad.core.training.evaluation import Evaluator
from toygrad.core.training.history import History
from toygrad.core.training.learner import Learner
from toygrad.core.training.pictures import Pictures
from toygrad.core.training.units import Units
from toygrad.core.training.update import Updater
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


# --- Nothing ends the thread in silence ---------------------------------------------------------

Plant = Callable[[pytest.MonkeyPatch, Session], None]


def raising(*_: Any, **__: Any) -> Any:
    raise RuntimeError("out of chalk")


def without_memory(*_: Any, **__: Any) -> Any:
    raise MemoryError


def on_class(owner: type, name: str, fault: Any = raising) -> Plant:
    return lambda patch, session: patch.setattr(owner, name, fault)


# Every call of the loop, and what each of them stands on.
FAULTS: dict[str, Plant] = {
    "engine": lambda p, s: p.setattr(s._loop.run.learner, "_engine", raising),
    "updater": on_class(Updater, "__call__"),
    "epoch": on_class(Batches, "begin"),
    "curves": on_class(History, "append"),
    "evaluator": on_class(Evaluator, "__call__"),
    "evaluator without memory": on_class(Evaluator, "__call__", without_memory),
    "step": on_class(Run, "take_steps"),
    "checkpoint": on_class(Checkpoints, "add"),
    "state": on_class(Learner, "state", without_memory),
    "units": on_class(Units, "look"),
    "pictures": on_class(Pictures, "grid"),
    "copies": on_class(History, "curves"),
    "pacer": on_class(Pacer, "until_next"),
    "speed": on_class(StepRate, "note"),
    "edit": on_class(Learner, "with_setup"),
    "edit without memory": on_class(Learner, "with_setup", without_memory),
    "inverse": on_class(Configure, "inverse"),
    "journal": on_class(Journal, "with_entry"),
    "wait": on_class(Clock, "wait"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_anywhere_is_said_and_a_reset_recovers(
    fault: str, two_classes: Dataset, caplog: pytest.LogCaptureFixture
) -> None:
    training = TrainingConfig(batch_size=10, pace=1000.0)
    session = Session(NetworkSpec(), two_classes, training)
    with running(session) as (thread, _, published):
        session.request_snapshot((4, 3))
        published.get(timeout=PATIENCE_SECONDS)
        with pytest.MonkeyPatch.context() as patch:
            FAULTS[fault](patch, session)
            session.resume()
            session.configure(replace(training, learning_rate=0.1, batch_size=7))
            end = time.monotonic() + PATIENCE_SECONDS
            while session.state != "failed":
                assert time.monotonic() < end
                session.request_snapshot((4, 3))
                time.sleep(0.001)
            failure = session.failure
            assert failure is not None
            memory = "memory" in fault or fault == "state"
            assert ("not enough memory" if memory else "out of chalk") in failure.error
        assert thread.is_alive()
        assert "out of chalk" in caplog.text or "MemoryError" in caplog.text
        session.reset()
        session.resume()
        session.evaluate()
        until(lambda: session.step >= 20 and session.state == "training")


def test_a_failed_edit_changes_nothing_and_what_was_asked_after_it_is_checked_again(
    two_classes: Dataset,
) -> None:
    session = Session(NetworkSpec(), two_classes)
    session.advance(5)
    before = bits(session)
    with running(session), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Learner, "_attach", without_memory)
        session.configure(network=NetworkSpec(hidden=(9, 9)))
        while session.state != "failed":
            time.sleep(0.001)
    assert session.network_spec == NetworkSpec()
    assert bits(session) == before
    assert session.parameters()["layer1.weight"].shape == (2, 4)
    with pytest.raises(IndexError):
        session.set_element(Element(1, 0, 8), 1.0)


def test_a_frame_says_that_it_failed_even_where_no_frame_can_be_made(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    with running(session) as (_, _, published), pytest.MonkeyPatch.context() as patch:
        session.request_snapshot()
        assert published.get(timeout=PATIENCE_SECONDS).state == "ready"
        patch.setattr(Units, "look", raising)
        session.request_snapshot()
        failed = published.get(timeout=PATIENCE_SECONDS)
        assert (failed.state, failed.step) == ("failed", 0)
        assert failed.failure is not None


def test_the_log_says_why_the_loop_ended(
    two_classes: Dataset, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    session = Session(NetworkSpec(), two_classes)
    with running(session):
        pass
    assert "the training loop ended at tick 0: it was told to" in caplog.text


# --- Nobody waits for anybody -------------------------------------------------------------------


def test_a_knob_returns_at_once_in_the_middle_of_a_long_epoch(two_classes: Dataset) -> None:
    slow = TrainingConfig(engine="scalar", batch_size=2)
    session = Session(NetworkSpec(hidden=(24, 24)), two_classes, slow)
    with running(session):
        session.advance_epochs(50)
        while session.step == 0:
            time.sleep(0.001)
        seconds = []
        for rate in (0.3, 0.01, 0.03, 1.0, 0.1):
            began = time.perf_counter()
            session.configure(replace(slow, learning_rate=rate))
            session.set_element(Element(1, 0, 0), rate)
            seconds.append(time.perf_counter() - began)
        # The median: another program may take the processor once.
        assert sorted(seconds)[2] < 0.05
        assert session.training.learning_rate == 0.1
        assert session.epoch < 50
        session.pause()
        while session.is_busy:
            time.sleep(0.001)
        assert session.epoch < 50


class HastyClock(Clock):
    """Every look at it takes a while, so that a seek takes a slice for each step."""

    seconds = 0.0

    def now(self) -> float:
        self.seconds += 0.01
        return self.seconds


@pytest.mark.parametrize("is_on_its_way", [False, True])
@pytest.mark.parametrize(("goal", "ticks", "end"), [(9, [3, 5, 9], 9), (60, [3, 5, 80], 80)])
def test_an_edit_in_the_past_takes_hold_there_or_not_at_all_if_the_thread_ends_before(
    two_classes: Dataset, is_on_its_way: bool, goal: int, ticks: list[int], end: int
) -> None:
    session = Session(NetworkSpec(), two_classes, clock=HastyClock())
    for tick in (3, 5, 80):
        session.advance(tick - session.tick)
        session.configure(TrainingConfig(learning_rate=tick / 50))
    # So that it is far: every step has to be taken again.
    session._loop.run._checkpoints = Checkpoints()
    stop, ticks_shown = threading.Event(), list[int]()

    def publish(frame: Snapshot) -> None:
        ticks_shown.append(frame.tick)
        if len(ticks_shown) == 1:
            session.seek(goal)
        if len(ticks_shown) == 1 + is_on_its_way:
            session.configure(TrainingConfig(learning_rate=0.7))
            stop.set()
        session.request_snapshot()

    session.request_snapshot()
    session.run(stop, publish)
    assert ticks_shown[0] == 80 and all(tick < goal for tick in ticks_shown[1:])
    document = session.document()
    assert [entry.tick for entry in document.journal.entries] == ticks
    assert document.end == end
    assert document.journal.setup.training.learning_rate == (0.7 if goal == 9 else 80 / 50)


def test_an_element_is_checked_against_the_network_that_is_on_its_way(
    two_classes: Dataset,
) -> None:
    session = Session(NetworkSpec(), two_classes)
    with running(session):
        for _ in range(20):
            session.configure(network=NetworkSpec(hidden=(8, 2)))
            session.set_element(Element(1, 0, 7), 0.25)
            assert session.parameters()["layer1.weight"][0, 7] == 0.25
            session.configure(network=NetworkSpec(hidden=(4,)))
            with pytest.raises(IndexError):
                session.set_element(Element(1, 0, 7), 0.25)


def answers(session: Session) -> tuple[float, bytes, bytes]:
    """What a session says of itself: a loss, an output and every parameter."""
    loss, output = session.evaluate().train_loss, session.predict([[0.0, 1.0]])
    arrays = session.parameters().values()
    return loss, output.tobytes(), b"".join(array.tobytes() for array in arrays)


def test_answers_asked_for_in_the_middle_of_training_belong_to_one_step(
    two_classes: Dataset,
) -> None:
    as_fast_as_possible = TrainingConfig(pace=math.inf, stop_epochs=700, engine="tape")
    session = Session(NetworkSpec(), two_classes, as_fast_as_possible)
    seen = []
    with running(session):
        session.resume()
        while session.state == "training":
            seen.append(answers(session))
        ticks = session.document().end
    again = Session(NetworkSpec(), two_classes, TrainingConfig(engine="tape"))
    honest = [answers(again)]
    for _ in range(ticks):
        again.advance()
        honest.append(answers(again))
    assert ticks == 2100
    # Each answer is of one step, not all three of the same one.
    for asked, right in zip(zip(*seen, strict=True), zip(*honest, strict=True), strict=True):
        assert set(asked) <= set(right)
        assert len(set(asked)) > 1


def test_the_last_request_decides_what_a_frame_shows(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    with running(session) as (_, _, published):
        for columns in range(2, 60):
            session.request_snapshot((3, 3), (1, 0))
            session.request_snapshot((columns, 5))
            end = time.monotonic() + PATIENCE_SECONDS
            while True:
                snapshot = published.get(timeout=PATIENCE_SECONDS)
                assert snapshot.grid is not None
                if snapshot.grid.shape == (5, columns, 1):
                    assert snapshot.unit is None
                    break
                assert time.monotonic() < end


def test_commands_of_several_threads_are_all_carried_out(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    rates = [0.001 * k for k in range(1, 41)]

    def turn(part: int) -> None:
        for rate in rates[part::4]:
            session.configure(replace(session.training, learning_rate=rate))

    with running(session):
        threads = [threading.Thread(target=turn, args=(part,)) for part in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        entries = session.document().journal.entries
    assert sorted(entry.setup.training.learning_rate for entry in entries) == rates
    assert session.training == entries[-1].setup.training


# --- Time, on a clock that the test moves -------------------------------------------------------


def test_steps_come_at_the_pace_that_was_set(two_classes: Dataset) -> None:
    clock = ManualClock()
    session = Session(NetworkSpec(), two_classes, TrainingConfig(pace=10.0), clock=clock)
    with steered(session):
        session.resume()
        # 30 training samples, 3 steps an epoch, 30 steps a second: the first at once.
        until(lambda: session.step == 1)
        for step in range(2, 40):
            clock.move(1 / 30)
            until(lambda step=step: session.step == step)  # type: ignore[misc]
            session.evaluate()
            assert session.step == step


def test_time_that_was_lost_is_forgiven(two_classes: Dataset) -> None:
    clock = ManualClock()
    session = Session(NetworkSpec(), two_classes, TrainingConfig(pace=100.0), clock=clock)
    with steered(session):
        session.resume()
        until(lambda: session.step == 1)
        clock.move(60.0)
        until(lambda: session.step >= 15)
        session.evaluate()
        # 300 steps a second: those of the last twentieth of a second, not 18,000.
        assert session.step <= 20


def test_the_speed_is_that_of_the_last_half_second(two_classes: Dataset) -> None:
    clock = ManualClock()
    session = Session(NetworkSpec(), two_classes, TrainingConfig(pace=10.0), clock=clock)
    with steered(session) as published:
        session.resume()
        until(lambda: session.step == 1)
        for step in range(2, 62):
            clock.move(1 / 30)
            until(lambda step=step: session.step == step)  # type: ignore[misc]
        session.request_snapshot()
        assert published.get(timeout=PATIENCE_SECONDS).steps_per_second == pytest.approx(30, abs=4)


def test_it_stops_by_itself_and_says_paused(two_classes: Dataset) -> None:
    training = TrainingConfig(pace=math.inf, stop_epochs=4)
    session = Session(NetworkSpec(), two_classes, training)
    with running(session):
        session.resume()
        until(lambda: session.state == "paused")
        assert session.epoch == 4
        session.resume()
        until(lambda: session.epoch > 4)
        assert session.state == "training"
