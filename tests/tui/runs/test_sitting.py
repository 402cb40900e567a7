"""Whatever was on is offered the next time, and continues as it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core.run.autosave import Sittings
from toygrad.tui.runs.places import SITTINGS

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def is_offered(user: User) -> bool:
    return bool(user.app.screen.query_one("#continue").display)


async def test_the_last_run_is_offered_in_one_line_and_continued_by_one_key(
    start: Start, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    async with start((80, 24), state_folder=state) as user:
        assert not is_offered(user)
        await user.advance(60)
        await user.press("right_square_bracket", "q")
        before, rate = user.parameters, user.app.session.training.learning_rate

    async with start((80, 24), state_folder=state) as user:
        line = user.text("#continue")
        assert line.startswith(" Press ctrl+r to continue: circle, epoch 2, just now")
        assert "\n" not in line
        await user.press("ctrl+r")
        assert user.said[-1] == "Continued: circle, epoch 2, just now."
        assert not is_offered(user)
        assert (user.state(), user.snapshot.step) == ("paused", 60)
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])
        assert user.snapshot.training.learning_rate == rate
        await user.press("ctrl+z")
        assert user.snapshot.training.learning_rate < rate
        await user.press("s", "q")

    # What was continued goes on in the newer sitting, which is the one offered now.
    newest = Sittings(state / SITTINGS).newest()
    assert newest is not None and newest.document.end == 61

    # Declined it is kept, and an empty sitting takes no place.
    async with start((80, 24), state_folder=state) as user:
        await user.press("escape")
        assert not is_offered(user)
        await user.press("ctrl+r")
        assert user.said[-1].startswith("Nothing to continue")
        await user.press("q")
    async with start((80, 24), state_folder=state) as user:
        assert is_offered(user)
        await user.press("s")
        assert not is_offered(user)
        assert user.snapshot.step == 1


async def test_the_run_that_is_left_by_opening_another_can_be_opened_again(
    start: Start, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    async with start((80, 24), state_folder=state) as user:
        await user.press("s", "ctrl+s")
        await user.fill("one")
        await user.advance(30)
        before = user.parameters
        await user.press("ctrl+o")
        await user.fill("one.toygrad")
        assert user.said[-1] == "Opened one.toygrad. The run before is kept: ctrl+o lists it."
        assert user.snapshot.step == 1
        await user.press("ctrl+o")
        assert "circle, epoch 1, not saved" in user.text("#open-files")
        # A file is listed once: one.toygrad, state/, and then the run that was left.
        await user.press("down", "down", "down", "enter")
        assert user.snapshot.step == 31
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])
        # It is no file of the user's: saving asks for one.
        await user.press("ctrl+s")
        assert user.app.screen is not user.app.playground


async def test_a_folder_that_cannot_be_written_is_said_once_and_nothing_else_changes(
    start: Start, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    state.write_text("a file", encoding="utf-8")
    async with start((80, 24), state_folder=state) as user:
        await user.press("s", "s", "right_square_bracket")
        await user.advance(20)
        assert len(user.said) == 1
        assert user.snapshot.step == 22
