"""With the real thread: it trains, pauses, answers and ends at once."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pytest

from toygrad.core import TrainingConfig
from toygrad.tui.config import AppConfig

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

PATIENCE_SECONDS = 5.0
QUIT_SECONDS = 0.2


async def until(is_so: Callable[[], bool]) -> None:
    """Waits for something, and fails if it does not come."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.01)


async def test_training_runs_shows_itself_and_stops_at_a_pause(start: Start) -> None:
    threads = threading.active_count()
    async with start(
        (80, 24), AppConfig(training=TrainingConfig(pace=60.0)), run_trainer=True
    ) as user:
        session = user.app.session
        await until(lambda: user.app.trainer.snapshot is not None)
        user.app.action_toggle_training()
        await until(lambda: user.snapshot.epoch >= 3)
        assert user.snapshot.state == "training"
        # A knob that is turned as it runs takes hold without a reset.
        user.app.action_learning_rate_stop(1)
        await until(lambda: user.snapshot.learning_rate == 0.1)
        assert user.snapshot.epoch >= 3

        user.app.action_toggle_training()
        await until(lambda: user.snapshot.state == "paused")
        step = session.step
        await asyncio.sleep(0.1)
        assert session.step == step

        user.app.action_step()
        await until(lambda: user.snapshot.step == step + 1)
        user.app.action_reset()
        await until(lambda: user.snapshot.step == 0 and user.snapshot.state == "ready")
    # The compiler beside it may have to finish first.
    await until(lambda: threading.active_count() <= threads + 1)


def is_past(user: User, step: int) -> bool:
    return user.snapshot.step > step


@pytest.mark.usefixtures("all_paints")
async def test_all_texts_of_a_frame_are_of_one_moment(start: Start) -> None:
    options = AppConfig(training=TrainingConfig(pace=200.0))
    async with start((120, 40), options, run_trainer=True) as user:
        user.app.action_toggle_training()
        # The first snapshot with a loss makes room for the plot and its legend.
        await until(lambda: "train" in user.text("#loss"))
        frames = set()
        for _ in range(12):
            await until(partial(is_past, user, user.snapshot.step))
            losses = re.search(r"train +(\S+) +test +(\S+)", user.text("#status"))
            legend = user.text("#loss")
            assert losses is not None
            frames.add(losses[1])
            assert re.search(rf"train +{re.escape(losses[1])}", legend), (losses, legend)
            assert re.search(rf"test +{re.escape(losses[2])}", legend), (losses, legend)
        assert len(frames) > 6


async def test_quitting_while_it_trains_at_full_speed_is_quick_and_ends_the_thread(
    start: Start,
) -> None:
    options = AppConfig(training=TrainingConfig(pace=float("inf"), engine="scalar"))
    async with start((80, 24), options, run_trainer=True) as user:
        app = user.app
        await until(lambda: app.trainer.snapshot is not None)
        app.action_toggle_training()
        await until(lambda: app.session.step > 0)
        trainer = next(iter(w for w in app.workers if w.group == "trainer"))
        began = time.perf_counter()
        await app.action_quit()
        await until(lambda: trainer.is_finished)
        assert time.perf_counter() - began < QUIT_SECONDS
    assert not app.session._loop.has_thread


@pytest.mark.parametrize("run_trainer", [False, True])
async def test_what_still_asks_for_a_frame_when_the_panes_are_gone_gets_none(
    run_trainer: bool, start: Start
) -> None:
    async with start((80, 24), run_trainer=run_trainer) as user:
        app = user.app
        await until(lambda: app.trainer.snapshot is not None)
        snapshot = app.trainer.snapshot
        assert snapshot is not None
    app.session.reset()
    app.trainer.keep_up()
    app.refresh_snapshot()
    app.trainer.receive(snapshot)
    assert app.trainer.snapshot is snapshot
