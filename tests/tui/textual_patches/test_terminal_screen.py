"""A terminal shows what the application's screen holds, however slowly it reads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from pyte.screens import Char
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Resize
from textual.geometry import Size

from tests.tui.conftest import Start, User
from tests.tui.textual_patches.terminal_model import TerminalModel
from toygrad.tui.loss import pane as loss
from toygrad.tui.textual_patches.messages import TerminalReady

StartInModel = Callable[..., AbstractAsyncContextManager[tuple[User, "ModelDriver"]]]

pytestmark = pytest.mark.usefixtures("all_paints")


class ModelDriver(HeadlessDriver):
    """A driver with a terminal that reads at once, unless it is told to wait.

    Attributes:
        is_headless: Whether the application writes nothing to it.
        is_slow: Whether it reads nothing for now.
        frames: How often something was written.
    """

    is_headless = False
    is_slow = False
    frames = 0

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.terminal = TerminalModel(*self._get_terminal_size())

    def write(self, data: str) -> None:
        """Passes on what is written, which is not allowed while it is slow."""
        assert not self.is_slow
        self.frames += 1
        self.terminal.read(data)

    def leave_terminal(self, words: str) -> None:
        """Makes it look like a driver for real terminals."""

    def takes_more(self) -> bool:
        """Whether it has read everything."""
        return not self.is_slow


def expected(user: User) -> list[list[Char]]:
    """What a terminal shows to which Textual writes the whole screen."""
    app = user.app
    model = TerminalModel(*app.size)
    update: Any = app.screen._compositor.render_update(
        full=True, screen_stack=app._background_screens
    )
    model.read(update.render_segments(app.console))
    return model.cells


@pytest.fixture
def start_in_model(start: Start, monkeypatch: pytest.MonkeyPatch) -> StartInModel:
    """Starts the application with a `ModelDriver`."""
    monkeypatch.setattr("textual.drivers.headless_driver.HeadlessDriver", ModelDriver)
    monkeypatch.setattr(ModelDriver, "is_headless", False)

    @asynccontextmanager
    async def begin(size: tuple[int, int]) -> AsyncIterator[tuple[User, ModelDriver]]:
        async with start(size) as user:
            driver = user.app._driver
            assert isinstance(driver, ModelDriver)
            yield user, driver

    return begin


async def test_the_terminal_shows_what_the_screen_holds_whatever_is_done(
    start_in_model: StartInModel,
) -> None:
    async with start_in_model((100, 30)) as (user, driver):
        assert driver.terminal.cells == expected(user)
        for keys in ("e ] 4 down", "7 j z", "z question_mark", "pagedown", "escape", "ctrl+p l"):
            await user.press(*keys.split())
            assert driver.terminal.cells == expected(user), keys
        driver.terminal.resize(80, 24)
        await user.resize(80, 24)
        assert driver.terminal.cells == expected(user)
        await user.press("escape", "m", "s")
        assert driver.terminal.cells == expected(user)


async def test_a_slow_terminal_gets_one_frame_with_all_that_it_missed(
    start_in_model: StartInModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise the loss is drawn a little later, in a frame of its own.
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    async with start_in_model((80, 24)) as (user, driver):
        driver.is_slow, frames = True, driver.frames
        for key in ("s", "]", "6", "s"):
            await user.press(key)
        assert driver.frames == frames
        assert driver.terminal.cells != expected(user)
        driver.is_slow = False
        user.app.post_message(TerminalReady())
        await user.settle()
        assert driver.frames == frames + 1
        assert driver.terminal.cells == expected(user)


async def test_all_is_drawn_again_when_the_terminal_was_entered_again(
    start_in_model: StartInModel,
) -> None:
    async with start_in_model((80, 24)) as (user, driver):
        driver.terminal.resize(80, 24)
        assert driver.terminal.cells != expected(user)
        user.app.post_message(Resize(Size(80, 24), Size(80, 24)))
        await user.settle()
        assert driver.terminal.cells == expected(user)
