"""What the doctor offers unasked, when a problem lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.doctor import doctor
from toygrad.tui.learn.challenges import CHALLENGES

if TYPE_CHECKING:
    from tests.tui.conftest import Start

DIVERGES = AppConfig(
    data=DataChoice(name="plane"),
    network=NetworkSpec(hidden=(8, 8), activation="relu"),
    training=TrainingConfig(learning_rate=10.0),
)


@pytest.fixture(autouse=True)
def the_same_on_any_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries so many steps, not so many seconds."""
    monkeypatch.setattr(doctor, "LIMITS", {"steps": 100})


async def test_a_run_that_diverged_is_examined_once_and_one_line_offers_what_helped(
    start: Start,
) -> None:
    async with start((80, 24), DIVERGES, advises=True) as user:
        weights = user.parameters
        await user.advance(2_000)
        assert user.snapshot.state == "diverged"
        offers = [said for said in user.said if said.startswith("D: ")]
        assert len(offers) == 1
        assert " gives test loss ." in offers[0] and "as now it diverges" in offers[0]
        await user.press("r")
        assert all((array == weights[name]).all() for name, array in user.parameters.items())
        await user.advance(2_000)
        assert len([said for said in user.said if said.startswith("D: ")]) == 1


async def test_a_lesson_is_left_to_the_user(start: Start) -> None:
    async with start((80, 24), DIVERGES, advises=True) as user:
        await user.press("L", "right", "right", "enter")
        assert user.app.session.lesson in CHALLENGES
        user.app.session.configure(
            DIVERGES.training, network=DIVERGES.network, dataset=DIVERGES.data.load()
        )
        await user.advance(2_000)
        assert user.snapshot.state == "diverged"
        assert not any(said.startswith("D: ") for said in user.said)
