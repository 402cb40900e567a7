"""Slow motion: an update in five stages, with what each did, while everything else waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.segment import Segment

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.network.diagram import NetworkDiagram
from toygrad.tui.slow_motion.bar import STAGES, SlowMotionBar

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

SMALL, WIDE = (80, 24), (150, 46)


def bar_of(user: User) -> SlowMotionBar:
    return user.app.playground.query_one(SlowMotionBar)


def diagram_of(user: User) -> tuple[str, list[list[Segment]]]:
    """The lit titles of the diagram, and its cells below the titles."""
    diagram = user.app.playground.query_one(NetworkDiagram)
    picture = diagram._current_picture()
    assert picture is not None and diagram.data is not None
    assert diagram.region.area > 0
    lines = [list(diagram.render_line(y)) for y in range(diagram.size.height)]
    n_titles = picture.layout.title_rows
    titles = [segment for line in lines[:n_titles] for segment in line]
    lit = " ".join(s.text.strip() for s in titles if s.style is not None and s.style.reverse)
    return lit, lines[n_titles:]


async def test_s_goes_through_the_five_stages_and_shows_the_update_last(start: Start) -> None:
    async with start(WIDE, AppConfig(training=TrainingConfig(learning_rate=3.0))) as user:
        await user.advance(20)
        before, old_cells = user.snapshot, None
        assert diagram_of(user)[0] == ""
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
            shown, (lit, cells) = user.snapshot, diagram_of(user)
            assert shown.step == before.step + (stage == "update")
            # The diagram has the weights that the stage is about: the old ones until they move.
            old_cells = cells if old_cells is None else old_cells
            assert (cells == old_cells) is (stage != "update")
            acting = {name for name in ("inputs", "layer 1", "layer 2", "output") if name in lit}
            layers = {"layer 1", "layer 2", "output"}
            assert stage != "forward" or acting == {"inputs", *layers}
            assert stage != "loss" or acting == {"output"}
            assert stage != "gradient" or len(acting & layers) == len(acting) == 1
            assert stage not in ("backward", "update") or acting == layers
        moved = user.snapshot.parameters - before.parameters
        np.testing.assert_allclose(moved, user.snapshot.updates, atol=1e-15)
        await user.press("escape")
        assert not bar_of(user).display
        assert diagram_of(user)[0] == ""
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


@pytest.mark.usefixtures("each_frame")
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


async def test_the_focus_goes_back_to_the_settings_whose_list_was_open(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("3")
        await user.reach("optimizer")
        await user.press("enter")
        settings = user.settings("optimizer")
        assert settings.is_open
        await user.press("S", "escape")
        assert not bar_of(user).is_on
        assert user.app.focused is settings and not settings.is_open
