"""When training can't continue it says so in a sentence, and there is a way back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pytest

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.tui.config import AppConfig
from toygrad.tui.data_choice import DataChoice

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

EXPLODING = AppConfig(
    data=DataChoice(name="plane"),
    network=NetworkSpec(hidden=(8, 8), activation="relu"),
    training=TrainingConfig(learning_rate=10.0),
)


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
        weights = user.parameters["layer1.weight"]
        user.app.session.set_parameters({"layer1.weight": np.full_like(weights, math.inf)})
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
        learner = user.app.session._learner
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
