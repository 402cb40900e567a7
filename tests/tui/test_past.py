"""Back in time by keys: every pane shows that moment, what can be done is said, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.screen import Screen
from textual.widget import Widget

from toygrad.core import Snapshot, TrainingConfig
from toygrad.tui.config import AppConfig
from toygrad.tui.learn.challenges import CHALLENGES
from toygrad.tui.learn.strip import LessonStrip
from toygrad.tui.loss import pane as loss
from toygrad.tui.loss.pane import LossPane
from toygrad.tui.past import BEGINNING, LATEST, what_to_do, where_in_time

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

SIZE = (120, 40)
FREE = {"backspace", "ctrl+s", "ctrl+o", "=", "W"}
PATIENCE_SECONDS = 10.0


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)


def status(user: User) -> str:
    return " ".join(user.text("#status").split())


def compare(shown: Snapshot, passed: Snapshot) -> None:
    """Everything a pane shows is that of the moment as it was first passed, to the bit."""
    for name in ("parameters", "gradients", "updates", "frozen", "outputs", "batch_rows", "grid"):
        np.testing.assert_array_equal(getattr(shown, name), getattr(passed, name), err_msg=name)
    for name in ("tick", "step", "epoch", "training", "network", "lesson", "sizes", "evaluation"):
        assert getattr(shown, name) == getattr(passed, name), name
    assert shown.dataset is passed.dataset
    assert shown.curves.best == passed.curves.best
    np.testing.assert_array_equal(shown.curves.recent, passed.curves.recent)


async def test_every_pane_shows_the_moment_that_backspace_or_the_cursor_went_to(
    start: Start,
) -> None:
    # Five steps an epoch.
    async with start(SIZE, AppConfig(training=TrainingConfig(batch_size=50))) as user:
        passed = {0: user.snapshot}

        async def press(*keys: str) -> None:
            for key in keys:
                await user.press(key)
                passed[user.snapshot.tick] = user.snapshot

        # A held key says it once.
        await press("backspace", "backspace", "N", "N")
        assert user.said == [BEGINNING, LATEST]
        user.app.clear_notifications()
        await press("e", "s", "s", "right_square_bracket", "s", "e", "4", "a", "e", "s")
        # Another data set of the same kind: the weights are kept.
        await press("2", "right", "enter", "e", "s", "s")
        end = user.snapshot
        layers, rate, data = user.text("#layers"), user.value("learning_rate"), end.dataset.name
        assert (data, end.epoch, end.future) == ("xor", 4, None)
        screen = user.text("#loss")
        for n in range(1, end.tick + 1):
            await user.press("backspace")
            assert user.snapshot.tick == end.tick - n
            if user.snapshot.tick in passed:
                compare(user.snapshot, passed[user.snapshot.tick])
            if n == 1:
                # What is said covers the border.
                user.app.clear_notifications()
                await user.settle()
                assert "◀ past" in status(user)
                assert f"step {end.tick - 1} of {end.tick}" in status(user)
                assert f"step {end.tick - 1} of {end.tick} · N goes" in user.text("#loss")
        assert "lr 0.03" in user.text("#status")
        assert "▸ circle" in user.text("#data")
        assert user.text("#layers") != layers and user.value("learning_rate") != rate
        # To the last epoch, by the cursor on what is known of the future.
        await user.press("6", "c")
        pane = user.app.playground.query_one(LossPane)
        assert pane.cursor == 4.0
        assert "epoch 4 · enter goes forward to it" in user.text("#loss")
        assert "now" in user.text("#loss")
        await user.press("left", "enter")
        assert user.snapshot.epoch == 3 and pane.cursor == 3.0
        compare(user.snapshot, passed[user.snapshot.tick])
        assert "this is now" in user.text("#loss")
        await user.press("enter")
        assert user.said[-1] == "This is where you are. Move the cursor with the arrows first."
        await user.press("right", "enter", "N", "N")
        compare(user.snapshot, end)
        assert (user.text("#layers"), user.value("learning_rate")) == (layers, rate)
        assert "▸ xor" in user.text("#data") and "‖ paused epoch 4 train" in status(user)
        user.app.clear_notifications()
        await user.press("escape")
        assert user.text("#loss") == screen


async def test_what_is_done_in_the_past_begins_a_branch_and_says_so(start: Start) -> None:
    async with start(SIZE) as user:
        await user.press("e", "right_square_bracket", "e", "e", "e", "6", "c", "left", "left")
        assert "epoch 2 · enter goes back to it" in user.text("#loss")
        await user.press("enter")
        assert user.said == [
            "space continues here and keeps the rest as a past run, N goes forward."
        ]
        assert "◀ past epoch 2 of 4 train" in status(user)
        await user.press("ctrl+z")
        undone = "Undone at step 50. Training continues from here. The rest is now a past run."
        assert user.said[1:] == [undone]
        assert (user.snapshot.training.learning_rate, user.snapshot.step) == (0.03, 50)
        assert user.snapshot.future is None and "‖ paused epoch 2 train" in status(user)
        await user.press("z")
        assert "1 left at epoch 2" in user.text("#loss-legend")
        await user.press("z")
        await user.press("N")
        assert user.said[-1] == LATEST
        user.app.clear_notifications()
        # In a field it is the key of the text.
        await user.press("slash")
        await user.type("biass")
        await user.press("backspace", "enter")
        assert "25 parameters" in user.text("#gradients") and user.snapshot.step == 50
        # The whole way back to before a reset, and on in the run that it ended.
        await user.press("e", "r")
        first = user.snapshot
        await user.press("backspace")
        future = user.snapshot.future
        assert future is not None and (user.snapshot.step, future.steps) == (75, 0)
        words = "space continues this run, which was reset here, N goes to the next run"
        assert user.said[-1] == f"{words}."
        await user.press("N")
        compare(user.snapshot, first)
        await user.press("backspace", "s")
        assert (user.snapshot.step, user.snapshot.future) == (76, None)
        (run,) = user.snapshot.past_runs
        assert run.name == "left at epoch 2, learning rate 0.03 -> 0.1 at epoch 1"


async def test_a_lesson_is_on_the_strip_only_while_it_was_on(start: Start) -> None:
    challenge = CHALLENGES["xor-two"]
    title = challenge.title
    async with start(SIZE) as user:
        strip = user.app.playground.query_one(LessonStrip)

        def text() -> str:
            return user.text("#lesson") if strip.is_open else ""

        await user.press("s", "s")
        await user.app.run_action("begin_challenge('xor-two')")
        await user.press("y")
        await user.press("s", "s")
        assert title in text() and user.snapshot.tick == 4
        await user.press("backspace", "backspace")
        assert title in text() and user.snapshot.step == 0
        await user.press("backspace")
        assert text() == "" and (user.snapshot.step, user.snapshot.lesson) == (2, "")
        await user.press("N", "N")
        assert title in text() and user.snapshot.lesson == "xor-two"


def widgets(kind: type[Widget]) -> Iterator[type[Widget]]:
    for sub in kind.__subclasses__():
        if sub.__module__.startswith("toygrad.tui") and not issubclass(sub, Screen):
            yield sub
        yield from widgets(sub)


def test_keys_of_the_whole_application_are_used_by_no_widget() -> None:
    for widget in widgets(Widget):
        for binding in vars(widget).get("BINDINGS", ()):
            assert not FREE & set(binding.key.split(",")), (widget, binding)


async def test_a_held_backspace_with_a_thread_ends_where_it_was_counted_to(start: Start) -> None:
    async with start((80, 24), run_trainer=True) as user:

        async def until_step(step: int) -> None:
            for _ in range(int(PATIENCE_SECONDS / 0.01)):
                shown = user.app.trainer.snapshot
                if shown is not None and (shown.step, shown.goal) == (step, None):
                    return
                await asyncio.sleep(0.01)
            raise AssertionError(f"step {step} did not come")

        await user.pilot.press("e", "e")
        await until_step(50)
        await user.pilot.press(*["backspace"] * 30)
        await until_step(20)
        await user.pilot.press("N", "N", "s")
        await until_step(23)
        assert user.app.session.snapshot().future is None


def test_it_is_said_how_far_it_is() -> None:
    session = AppConfig().session()
    session.advance(99)
    assert where_in_time(session.snapshot()) == ""
    session.go_back()
    snapshot = session.snapshot()
    assert where_in_time(snapshot) == "98 of 99"
    assert what_to_do(snapshot) == ("space continues here", "N goes forward")
    going = replace(snapshot, goal=1_234)
    assert where_in_time(going) == "98, going to 1,234"
