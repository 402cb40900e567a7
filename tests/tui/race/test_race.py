"""A race by keys alone: fork, change one lane, compare, keep, drop, undo, save."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core import TrainingConfig
from toygrad.core.run.file import read_run
from toygrad.tui.config import AppConfig
from toygrad.tui.learn.presets import PRESETS
from toygrad.tui.loss import pane as loss

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Start, User

SIZES = ((80, 24), (150, 46))


def bar(user: User) -> str:
    return user.text("#race")


def numbers(user: User) -> list[int]:
    return [view.number for view in user.snapshot.lanes]


def names(user: User) -> list[str]:
    return [view.short for view in user.snapshot.lanes]


def epochs(user: User) -> set[int]:
    return {view.snapshot.epoch for view in user.snapshot.lanes}


@pytest.mark.parametrize("size", SIZES)
async def test_two_lanes_from_the_first_key_to_the_last(
    start: Start, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with start(size) as user:
        await user.advance(30)
        assert not user.app.playground.query_one("#race").display
        await user.press("equals_sign")
        assert "same settings" in bar(user) and "changes lane 2" in bar(user)
        assert "Lane 2 goes on beside lane 1" in user.said[-1]
        # The same to the bit until something differs.
        await user.press("e")
        first, second = (view.snapshot for view in user.snapshot.lanes)
        np.testing.assert_array_equal(first.parameters, second.parameters)
        await user.press("right_square_bracket", "e", "e")
        assert epochs(user) == {5 if user.snapshot.epoch == 5 else user.snapshot.epoch}
        assert user.snapshot.training.learning_rate == 0.1
        assert " 1 learning rate 0.03" in bar(user) and "▸2 0.1" in bar(user)
        assert "learning rate 0.03" in user.text("#loss")

        # The panes follow the chosen lane.
        await user.press("I")
        assert user.snapshot.training.learning_rate == 0.03
        assert user.value("learning_rate") == 0.03
        assert "▸1" in bar(user) and "changes lane 1" in bar(user)

        # One change for both.
        await user.press("E", "full_stop")
        assert "changes all lanes" in bar(user)
        paces = [view.snapshot.training.pace for view in user.snapshot.lanes]
        assert paces[0] == paces[1] != TrainingConfig().pace
        rates = [view.snapshot.training.learning_rate for view in user.snapshot.lanes]
        assert rates == [0.03, 0.1]
        await user.press("E")

        # Order, leaving, and the way back through all of it.
        await user.press("U")
        assert numbers(user) == [2, 1]
        await user.press("Q")
        assert numbers(user) == [] and user.snapshot.training.learning_rate == 0.1
        assert "Dropped lane 1: learning rate 0.03" in user.said[-1]
        await user.press("e", "ctrl+z")
        assert numbers(user) == [2, 1]
        assert len(epochs(user)) == 1
        await user.press("O")
        assert numbers(user) == [] and user.snapshot.training.learning_rate == 0.03
        await user.press("ctrl+z", "I", "ctrl+s", "enter")
        (saved,) = tmp_path.glob("*.toygrad")
        assert read_run(saved).journal.setup.training.learning_rate == 0.1
        await user.press("I")
        # The other lane is in no file.
        assert "circle" not in user.text("#status")
        for n in (2, 2, 2, 0):
            await user.press("ctrl+z")
            assert len(user.snapshot.lanes) == n
        assert user.snapshot.training == TrainingConfig()
        await user.press("ctrl+y")
        assert len(user.snapshot.lanes) == 2


@pytest.mark.parametrize("size", SIZES)
async def test_values_of_a_setting_race(start: Start, size: tuple[int, int]) -> None:
    async with start(size) as user:
        await user.advance(30)
        await user.reach("learning_rate")
        await user.press("v")
        assert "race learning rate" in user.text("#training")
        await user.type("0.1, 1")
        await user.press("enter")
        assert "▸1 learning rate 0.03" in bar(user)
        assert " 2 0.1" in bar(user) and " 3 1" in bar(user)
        assert "3 lanes go on from the same state" in user.said[-1]
        await user.press("e", "ctrl+z")
        assert numbers(user) == []

        # Names race as well.
        await user.reach("optimizer")
        await user.press("v", "ctrl+u")
        await user.type("sgd, Adam")
        await user.press("enter")
        assert names(user) == ["sgd", "adam"]


@pytest.mark.parametrize(
    ("setting", "typed", "sentence"),
    [
        ("learning_rate", "0.1, quick", "not a number"),
        ("learning_rate", "", "two values or more"),
        ("learning_rate", "0.03", "two values or more"),
        ("learning_rate", "-1", "learning rate"),
        ("learning_rate", "nan", "finite"),
        ("batch_size", "2.5", "whole"),
        ("batch_size", "1, 2, 3, 4, 5, 6, 7, 8, 9", "at most 9"),
        ("optimizer", "sgdd", "Use sgd"),
    ],
)
async def test_what_can_not_race_is_said_in_a_sentence(
    start: Start, setting: str, typed: str, sentence: str
) -> None:
    async with start((80, 24)) as user:
        await user.reach(setting)
        await user.press("v")
        await user.type(typed)
        await user.press("enter")
        assert sentence in user.said[-1]
        assert numbers(user) == []


async def test_what_needs_a_race_and_what_has_no_room(start: Start) -> None:
    async with start((80, 24)) as user:
        for key in ("I", "E", "O", "Q", "U"):
            await user.press(key)
            assert "only one lane" in user.said[-1]
        await user.press(*["B"] * 8)
        assert len(user.snapshot.lanes) == 9
        assert all(str(n) in bar(user) for n in range(1, 10))
        await user.press("equals_sign")
        assert "at most 9 lanes" in user.said[-1]
        assert len(user.snapshot.lanes) == 9


async def test_lanes_are_seen_side_by_side_and_clicked(start: Start) -> None:
    async with start((150, 46)) as user:
        await user.press("equals_sign", "right_square_bracket")
        await user.advance(60)
        output = user.text("#output")
        assert "1 0.03" in output and "▸2 0.1" in output and "2 minus 1" in output
        maps = user.app.screen.query_one("#output-lanes")
        await user.pilot.click(maps, offset=user.place(maps, "1 0.03"))
        await user.settle()
        assert "▸1 0.03" in user.text("#output")
        # Another view, and the chosen lane's own map.
        await user.press("5", "v")
        assert "report" in user.text("#output")
        await user.press("v", "v", "v")
        assert "lanes" in user.text("#output")
        await user.press("O")
        assert "map" in user.text("#output")


async def test_other_kinds_of_data_race_too(start: Start) -> None:
    for name in ("sine-squared", "multi-gauss", "iris"):
        async with start((150, 46)) as user:
            user.app.action_choose_dataset(name)
            await user.settle()
            await user.press("equals_sign", "right_square_bracket", "e", "e")
            assert len(user.snapshot.lanes) == 2
            assert "learning rate" in bar(user)


async def test_opening_a_preset_ends_the_race_until_it_is_undone(start: Start) -> None:
    async with start((120, 40)) as user:
        await user.press("equals_sign", "right_square_bracket", "e")
        name = next(iter(PRESETS))
        await user.app.action_begin_preset(name)
        await user.settle()
        assert numbers(user) == []
        await user.press("ctrl+z")
        assert names(user) == ["0.03", "0.1"]


@pytest.mark.parametrize("ascii", [False, True])
async def test_the_race_looks_as_it_did(
    start: Start,
    golden: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    ascii: bool,
) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    seen: dict[str, str] = {}
    async with start((80, 24), AppConfig(ascii=ascii)) as user:
        await user.reach("learning_rate")
        await user.press("v")
        await user.type("0.3, 1")
        await user.press("enter", "5")
        await user.advance(500)
        user.app.clear_notifications()
        for width, height in ((80, 24), (120, 40), (150, 46)):
            await user.resize(width, height)
            await user.advance(25)
            seen[f"{width}x{height}"] = user.text()
    for size, text in seen.items():
        lines = text.replace("▀", " ").splitlines()
        golden(f"race-{size}{'-ascii' if ascii else ''}", "\n".join(map(str.rstrip, lines)))
