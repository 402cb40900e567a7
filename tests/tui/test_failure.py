"""When training can't continue it says so in a sentence, and there is a way back."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pytest

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.core.training.learner import Learner
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

EXPLODING = AppConfig(
    data=DataChoice(name="plane"),
    network=NetworkSpec(hidden=(8, 8), activation="relu"),
    training=TrainingConfig(learning_rate=10.0),
)


async def until(is_so: Callable[[], bool]) -> None:
    """Waits for something, and fails if it does not come."""
    end = time.monotonic() + 5.0
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.01)


def said_on_top(user: User) -> str:
    return " ".join(user.text("#message").split())


async def test_divergence_is_a_state_with_a_sentence_and_reset_recovers(start: Start) -> None:
    async with start((100, 30), EXPLODING) as user:
        first = user.snapshot.parameters
        await user.advance(2000)
        snapshot = user.snapshot
        assert user.state() == "diverged"
        assert snapshot.failure is not None
        assert "diverged" in user.text("#status")
        sentence = said_on_top(user)
        assert f"at step {snapshot.failure.step}: learning rate 10 is too large" in sentence
        assert "Press r to reset, [ to lower it." in sentence
        for pane in ("output", "loss", "network", "gradients", "status"):
            assert "Traceback" not in user.text(f"#{pane}")

        await user.press("space")
        assert "Press r first: training can't continue from these weights." in user.said
        assert user.state() == "diverged"

        await user.press("r", "left_square_bracket")
        assert user.state() == "ready"
        assert not user.app.screen.query_one("#message").display
        np.testing.assert_array_equal(user.snapshot.parameters, first)


async def test_infinite_weights_diverge_at_the_next_step(start: Start) -> None:
    async with start((120, 40)) as user:
        user.app.session.network.flat_parameters[:8] = math.inf
        await user.press("s")
        assert user.state() == "diverged"
        assert "at step 1" in said_on_top(user)
        await user.press("r", "s")
        assert user.state() == "paused"


async def test_a_failure_is_a_sentence_without_a_traceback(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise RuntimeError("out of paper")

    async with start() as user:
        learner = user.app.session._loop.run.learner
        monkeypatch.setattr(learner, "_engine", fail)
        await user.press("s")
        assert user.state() == "failed"
        assert "failed" in user.text("#status")
        assert "Training failed at step 1" in said_on_top(user)
        assert "out of paper" in said_on_top(user)
        assert "Traceback" not in user.text()
        monkeypatch.undo()
        await user.press("r", "s")
        assert user.state() == "paused"
        assert user.snapshot.step == 1


async def test_after_a_failed_edit_training_goes_on_with_what_was_learned(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise MemoryError

    async with start(run_trainer=True) as user:
        session = user.app.session
        await until(lambda: user.app.trainer.snapshot is not None)
        await user.press("s")
        await until(lambda: user.snapshot.step == 1)
        monkeypatch.setattr(Learner, "with_setup", fail)
        user.app.action_set_training("optimizer", "adam")
        await until(lambda: user.snapshot.state == "failed")
        assert session.training.optimizer == "sgd"
        await until(lambda: "not enough memory" in said_on_top(user))
        assert "Press space to go on" in said_on_top(user)
        monkeypatch.undo()
        user.app.action_toggle_training()
        await until(lambda: user.snapshot.step > 3)
        assert user.snapshot.state == "training"
        assert not user.app.screen.query_one("#message").display


async def test_data_that_fail_to_load_are_refused_with_a_sentence(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise MemoryError

    async with start() as user:
        monkeypatch.setattr(DataChoice, "load", fail)
        user.app.action_choose_dataset("xor")
        await user.settle()
        assert user.said == ["The data could not be loaded: not enough memory."]
        assert user.snapshot.dataset.name == "circle"


async def test_a_frame_of_a_run_that_is_over_is_not_shown(start: Start) -> None:
    async with start() as user:
        await user.advance(30)
        old = user.snapshot
        await user.press("r")
        user.app.trainer.receive(old)
        await user.settle()
        assert (user.snapshot.step, user.snapshot.run_id) == (0, old.run_id + 1)
