"""The doctor's screen, by keys alone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.tui.extremes import SIZES
from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.tui.config import AppConfig
from toygrad.tui.doctor import doctor
from toygrad.tui.doctor.screen import NOTHING_HELPS, DoctorScreen
from toygrad.tui.playground import PlaygroundScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.worker import Worker

    from tests.tui.conftest import Start, User

TOO_LOW = AppConfig(network=NetworkSpec(hidden=(4,)), training=TrainingConfig(learning_rate=1e-4))


@pytest.fixture(autouse=True)
def the_same_on_any_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries so many steps, not so many seconds."""
    monkeypatch.setattr(doctor, "LIMITS", {"steps": 200})


def jobs(user: User) -> list[Worker[object]]:
    """What examines the run now."""
    return [worker for worker in user.app.workers if worker.group == "doctor"]


async def examined(user: User) -> None:
    await user.press("D")
    screen = user.app.screen
    assert isinstance(screen, DoctorScreen)
    await asyncio.wait_for(user.app.workers.wait_for_complete(jobs(user)), 60.0)
    await user.settle()
    assert screen.is_done


async def test_it_shows_what_helps_and_enter_takes_it_and_undo_takes_it_back(
    start_small: Start, golden: Callable[[str, str], None]
) -> None:
    async with start_small((80, 24), TOO_LOW) as user:
        await user.advance(10)
        before, weights = user.snapshot.training, user.parameters
        await examined(user)
        for size in ((150, 46), (120, 40), (60, 16), (80, 24)):
            await user.resize(*size)
            golden("doctor_{}x{}".format(*size), user.text("#doctor"))
        await user.press("down", "up")
        assert all((array == weights[name]).all() for name, array in user.parameters.items())
        await user.press("enter")
        assert isinstance(user.app.screen, PlaygroundScreen)
        assert user.snapshot.training != before or user.sizes() != (2, 4, 1)
        assert user.said[-1].startswith("Taken: ")
        await user.press("ctrl+z")
        assert user.snapshot.training == before
        assert user.sizes() == (2, 4, 1)
        assert all((array == weights[name]).all() for name, array in user.parameters.items())


async def test_where_nothing_helps_it_says_so_and_escape_changes_nothing(
    start_small: Start,
) -> None:
    async with start_small((80, 24)) as user:
        await user.advance(5_000)
        before = user.snapshot.training
        await examined(user)
        assert NOTHING_HELPS in " ".join(user.text().replace("│", " ").split())
        listed = user.text("#doctor-list")
        assert "▸ as now" in listed and "✓" not in listed.replace("✓ helps", "")
        await user.press("escape")
        assert isinstance(user.app.screen, PlaygroundScreen)
        assert (user.snapshot.training, user.snapshot.step) == (before, 5_000)


async def test_leaving_before_the_end_stops_the_trials(
    start_small: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "LIMITS", {"steps": 10**9})
    async with start_small((80, 24), TOO_LOW) as user:
        await user.pilot.press("D")
        assert isinstance(user.app.screen, DoctorScreen)
        await user.press("escape")
        await asyncio.wait_for(user.app.workers.wait_for_complete(jobs(user)), 60.0)


async def test_without_time_for_trials_it_says_that_and_no_more(
    start_small: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "LIMITS", {"seconds": 0.0})
    async with start_small((80, 24), TOO_LOW) as user:
        await examined(user)
        words = " ".join(user.text().replace("│", " ").split())
        assert "Press D again when this computer is less busy." in words
        assert NOTHING_HELPS not in words


@pytest.mark.usefixtures("each_frame")
async def test_it_is_drawn_at_every_size(start: Start) -> None:
    async with start((80, 24), TOO_LOW) as user:
        await examined(user)
        for width, height in SIZES:
            await user.pilot.resize_terminal(width, height)
            await user.pilot.press("down")
            assert len(user.lines()) == height
        await user.press("escape")
        assert isinstance(user.app.screen, PlaygroundScreen)
