"""Slow motion: an update in five stages, with what each did, while everything else waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.slow_motion.bar import STAGES, SlowMotionBar

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

SMALL, WIDE = (80, 24), (150, 46)


def bar_of(user: User) -> SlowMotionBar:
    return user.app.playground.query_one(SlowMotionBar)


async def test_s_goes_through_the_five_stages_and_shows_the_update_last(start: Start) -> None:
    async with start(SMALL) as user:
        await user.advance(20)
        before = user.snapshot
        words = {
            "forward": "10 samples go through the network",
            "loss": "the mean loss of this batch is",
            "backward": "by the chain rule",
            "gradient": "|gradient| =",
            "update": "The loss of this batch goes from",
        }
        for stage in STAGES:
            await user.press("S")
            assert bar_of(user).stage == stage
            text = " ".join(user.text("#slow-motion").split())
            assert words[stage] in text
            assert [name for name in STAGES if name in text.split("escape")[0]] == list(STAGES)
            shown = user.snapshot
            assert shown.step == before.step + (stage == "update")
        moved = user.snapshot.parameters - before.parameters
        np.testing.assert_allclose(moved, user.snapshot.updates, atol=1e-15)
        await user.press("escape")
        assert not bar_of(user).display
        assert user.snapshot.step == before.step + 1


async def test_enter_and_a_click_continue_and_after_the_update_comes_the_next(start: Start) -> None:
    async with start(SMALL) as user:
        await user.press("S", "enter")
        assert bar_of(user).stage == "loss"
        await user.pilot.click("#slow-motion")
        await user.settle()
        assert bar_of(user).stage == "backward"
        await user.press("enter", "enter", "enter")
        assert bar_of(user).stage == "forward"
        assert user.snapshot.step == 1
        assert user.app.session.step == 2


async def test_training_pauses_and_the_batch_is_highlighted(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("space")
        assert user.state() == "training"
        assert "[" not in user.text("#output-map")
        await user.press("S")
        assert user.app.session.state == "paused"
        highlighted = user.text("#output-map")
        assert "[" in highlighted and "]" in highlighted
        await user.press("escape")
        assert "[" not in user.text("#output-map")
        assert user.app.playground.focused is None


async def test_what_is_paused_before_it_begins_stays_paused(start: Start) -> None:
    async with start(SMALL) as user:
        await user.press("space")
        bar_of(user).begin(user.snapshot)
        user.app.trainer.pause()
        await user.settle()
        assert user.app.session.state == "paused"


async def test_escape_in_the_middle_shows_the_update_and_gives_the_focus_back(
    start: Start,
) -> None:
    async with start(SMALL) as user:
        await user.press("7", "S", "S", "escape")
        assert user.snapshot.step == 1 == user.app.session.step
        assert user.focus == "gradients"


async def test_whatever_else_happens_ends_it(start: Start) -> None:
    async with start(SMALL) as user:
        for key in ("r", "s", "e", "right_square_bracket", "R", "space"):
            await user.press("S", "S")
            assert bar_of(user).display
            await user.press(key)
            assert not bar_of(user).display, key
            assert user.snapshot.step == user.app.session.step
            assert user.state() == user.app.session.state


async def test_a_step_that_cannot_be_shown_ends_it(start: Start) -> None:
    exploding = AppConfig(
        data=DataChoice(name="plane"),
        network=NetworkSpec(hidden=(8,), activation="relu"),
        training=TrainingConfig(learning_rate=10.0),
    )
    async with start(SMALL, exploding) as user:
        await user.advance(500)
        assert user.state() == "diverged"
        await user.press("S")
        assert not bar_of(user).display


async def test_it_fits_where_there_is_little_room(start: Start) -> None:
    async with start(SMALL) as user:
        await user.advance(5)
        for _ in STAGES:
            await user.press("S")
            lines = user.text("#slow-motion").splitlines()
            assert len(lines) <= 5
            assert "escape ends" in lines[0]
        # The footer has the keys, too.
        await user.resize(60, 16)
        first, second, *_ = user.text("#slow-motion").splitlines()
        assert first.rstrip().endswith("5 update")
        assert second.startswith(" Learning rate")
