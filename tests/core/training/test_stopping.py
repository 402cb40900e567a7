"""Training pauses by itself where it was asked to, says why, and can go on."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from toygrad.core import ConfigError, TrainingConfig

if TYPE_CHECKING:
    from tests.core.conftest import Make


def test_training_stops_after_so_many_epochs_and_goes_on_when_told_to(make: Make) -> None:
    run = make(stop_epochs=5)
    run.advance_epochs(3)
    assert run.snapshot().stopped == ""
    run.advance(1_000)
    assert run.epoch == 5
    assert run.snapshot().stopped == "Stopped after 5 epochs, as asked."
    run.advance_epochs(2)
    assert run.epoch == 7
    assert run.snapshot().stopped == ""


def test_training_stops_where_the_loss_is_reached(make: Make) -> None:
    run = make("gauss", stop_loss=0.05)
    run.advance(100_000)
    snapshot = run.snapshot()
    assert snapshot.evaluation.test_loss <= 0.05
    assert "the loss reached 0.05" in snapshot.stopped
    epoch = run.epoch
    run.advance_epochs(3)
    assert run.epoch == epoch + 3


def test_training_stops_without_improvement(make: Make) -> None:
    run = make("xor", n_samples=40, noise=0.4, learning_rate=0.3, stop_patience=20)
    run.advance(200_000)
    assert "no improvement in 20 epochs" in run.snapshot().stopped
    assert "at epoch" in run.snapshot().stopped


def test_where_nothing_tests_the_training_loss_counts(make: Make) -> None:
    run = make("gauss", stop_loss=0.05, train_share=1.0)
    run.advance(100_000)
    assert run.snapshot().evaluation.train_loss <= 0.05
    assert run.snapshot().stopped


def test_a_reset_forgets_why_it_stopped(make: Make) -> None:
    run = make(stop_epochs=2)
    run.advance_epochs(2)
    assert run.snapshot().stopped
    run.reset()
    assert run.snapshot().stopped == ""
    run.advance(1_000)
    assert run.epoch == 2


def test_a_thread_pauses_and_can_be_resumed(make: Make) -> None:
    run = make(stop_epochs=3, pace=float("inf"))
    stop = threading.Event()
    thread = threading.Thread(target=run.run, args=(stop, lambda snapshot: None))
    thread.start()

    def wait_until_paused_after(epoch: int) -> None:
        until = time.monotonic() + 10.0
        while (run.state == "training" or run.epoch < epoch) and time.monotonic() < until:
            time.sleep(0.002)

    try:
        run.resume()
        wait_until_paused_after(3)
        assert (run.state, run.epoch) == ("paused", 3)
        run.configure(replace(run.training, stop_epochs=9))
        run.resume()
        wait_until_paused_after(9)
        assert (run.state, run.epoch) == ("paused", 9)
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("name", ["stop_epochs", "stop_patience", "stop_loss"])
def test_a_condition_cannot_be_negative(name: str) -> None:
    with pytest.raises(ConfigError, match="0 or more"):
        replace(TrainingConfig(), **{name: -1})  # type: ignore[arg-type]
