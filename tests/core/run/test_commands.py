"""Commands in every order: what the session says is what is there, and nothing is half done."""

from __future__ import annotations

import math
import random
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.core.run.steering import bits, running, until
from tests.core.run.test_determinism import new_session, random_command
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.run import Advance, AdvanceEpochs, Command, Configure, Seek
from toygrad.core.run.edits import Reset
from toygrad.core.training.learner import Learner
from toygrad.core.training.units import Units
from toygrad.core.training.update import Updater
from toygrad.datasets import Dataset


def raising(*_: Any, **__: Any) -> Any:
    raise RuntimeError("out of chalk")


def test_there_and_back_the_settings_are_those_of_the_moment() -> None:
    session = new_session()
    session.advance(10)
    session.configure(replace(session.training, learning_rate=0.1))
    session.advance(5)
    for tick, rate in ((5, 0.03), (15, 0.1), (0, 0.03), (12, 0.1)):
        session.seek(tick)
        assert (session.tick, session.training.learning_rate) == (tick, rate)
        assert session.can_undo == (rate == 0.1)


@pytest.mark.parametrize("seed", range(6))
def test_a_burst_of_edits_comes_to_the_same_with_a_thread_and_without(seed: int) -> None:
    alone, threaded = new_session(), new_session()
    rng = random.Random(seed)
    for session in (alone, threaded):
        session.advance(7)
    commands: list[Command] = []
    while len(commands) < 25:
        command = random_command(alone, rng)
        if not isinstance(command, Advance | AdvanceEpochs | Seek):
            alone.submit(command)
            commands.append(command)
    with running(threaded):
        for command in commands:
            threaded.submit(command)
        until(lambda: not threaded.is_busy)
        threaded.evaluate()
    assert bits(threaded) == bits(alone)


def test_edits_just_before_the_end_are_carried_out(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    with running(session):
        for rate in (0.1, 0.3, 1.0):
            session.configure(replace(session.training, learning_rate=rate))
    rates = [entry.setup.training.learning_rate for entry in session.document().journal.entries]
    assert rates == [0.1, 0.3, 1.0]


def test_a_reset_that_fails_is_a_failure(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    session.advance(3)
    with running(session), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Learner, "restarted", raising)
        session.reset()
        until(lambda: session.state == "failed")
        session.evaluate()
        assert (session.state, session.step) == ("failed", 3)


def test_a_step_that_failed_half_way_can_only_be_reset(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    with running(session):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Updater, "__call__", raising)
            session.resume()
            until(lambda: session.state == "failed")
        assert session.failure is not None
        assert not session.failure.can_resume
        session.reset()
        session.resume()
        until(lambda: session.step > 5)


def test_a_first_frame_that_failed_is_made_once_it_can_be(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    with running(session) as published:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Units, "look", raising)
            session.request_snapshot()
            until(lambda: session.state == "failed")
        assert published.get(timeout=5.0).step == 0


def test_going_back_pauses(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes, TrainingConfig(pace=math.inf))
    with running(session):
        session.resume()
        until(lambda: session.step > 200)
        session.seek(100)
        until(lambda: not session.is_busy)
        session.evaluate()
        assert (session.tick, session.state) == (100, "paused")


def test_the_last_of_resume_and_pause_counts(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    with running(session):
        session.resume()
        session.pause()
        until(lambda: not session.is_busy)
        assert session.state in ("ready", "paused")


def test_an_epoch_ends_where_the_batches_changed_on_the_way(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes, TrainingConfig(batch_size=1))
    session.advance(3)
    session.configure(replace(session.training, batch_size=7))
    session.advance_epochs(2)
    assert (session.epoch, session._loop.run.learner.batches.place) == (2, 0)


def test_undo_takes_back_weights_that_were_written_whole(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    before = session.snapshot().weights
    session.configure(weights=replace(before, parameters=before.parameters + 1.0))
    session.undo()
    np.testing.assert_array_equal(session.snapshot().parameters, before.parameters)


def test_what_a_caller_does_with_its_arrays_later_changes_no_journal(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    bias = np.full(4, 0.25)
    session.set_parameters({"layer1.bias": bias})
    bias[:] = 9.0
    session.advance(3)
    three = session.snapshot().parameters
    session.seek(0)
    session.seek(3)
    np.testing.assert_array_equal(session.snapshot().parameters, three)
    with pytest.raises(ValueError, match="read-only"):
        session.parameters()["layer1.bias"][0] = 1.0


def test_a_document_that_does_not_replay_leaves_the_run_alone(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    session.advance(20)
    before = bits(session)
    document = session.document()
    other = Session(NetworkSpec(hidden=(2,)), two_classes)
    other.advance(2)
    other.submit(Configure(training=replace(other.training, learning_rate=0.1)))
    bad = replace(other.document(), checkpoints=())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Learner, "with_setup", raising)
        with pytest.raises(RuntimeError):
            session.open(bad)
    assert bits(session) == before
    session.open(document)
    assert bits(session) == before


@pytest.mark.parametrize("tick", [-5, 10**12])
def test_a_moment_outside_the_document_is_its_nearest_end(tick: int) -> None:
    session = new_session()
    session.advance(9)
    session.submit(Reset())
    session.advance(4)
    session.seek(tick)
    assert session.tick == (0 if tick < 0 else 13)


def test_what_is_done_while_a_frame_is_published_holds_nothing_up(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    stop = threading.Event()
    losses = []

    def publish(_: Any) -> None:
        losses.append(session.evaluate().train_loss)
        session.advance(5)
        session.request_snapshot()

    thread = threading.Thread(target=session.run, args=(stop, publish))
    thread.start()
    session.request_snapshot()
    until(lambda: session.step > 20)
    session.pause()
    stop.set()
    thread.join(5.0)
    assert not thread.is_alive()
    assert len(losses) > 3


def test_quick_presses_of_new_weights_each_give_another_seed(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    with running(session):
        for _ in range(5):
            session.reseed(session.seed + 1)
        until(lambda: not session.is_busy)
        session.evaluate()
        assert session._loop.run.learner.seed == session.seed == 5


def test_undo_is_bounded_in_memory(two_classes: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toygrad.core.run.run.MAX_UNDO_BYTES", 1_000)
    session = Session(NetworkSpec(), two_classes)
    for number in range(100):
        session.set_parameters({"layer1.weight": np.full((2, 4), float(number))})
    while session.can_undo:
        session.undo()
    # Each is 64 bytes: 15 of them fit.
    assert session.parameters()["layer1.weight"][0, 0] == 99.0 - 15.0
