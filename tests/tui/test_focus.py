"""Every control is reached with keys alone, and what has the focus is seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widget import Widget
from textual.widgets import Input

from toygrad.tui.playground import PANE_IDS
from toygrad.tui.status.pane import StatusLine

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

MOST_KEYS = 120
LEFT_OUT = {"network", "training"}
"""Their drop-down lists keep the arrows."""
# What opens controls that are out of sight at first, and leads to them.
OPENERS = {"data": ["end"], "network": ["v n"], "gradients": ["slash", "escape"]}


def controls(user: User, pane: str) -> set[Widget]:
    """Whatever in a pane can have the focus now."""
    inside = user.app.screen.query_one(f"#{pane}")
    return {w for w in user.app.screen.focus_chain if inside in w.ancestors_with_self}


async def reached(user: User, pane: str) -> set[Widget]:
    """What has the focus while the arrows are pressed: down to the end, at each stop to the right.

    A knob turns with left and right, so those are tried where the next stop is beside this one.
    """
    found: set[Widget] = set()

    async def press(key: str) -> bool:
        before = user.app.focused
        await user.pilot.press(key)
        now = user.app.focused
        if now is not None and user.focus == pane:
            found.add(now)
        return now is not before

    for opener in OPENERS.get(pane, [""]):
        for key in opener.split():
            await press(key)
        for _ in range(MOST_KEYS):
            beside = sum([await press("right") for _ in range(3)])
            for _ in range(beside):
                await press("left")
            if not await press("down"):
                break
        while await press("up"):
            pass
    return found


@pytest.mark.parametrize("size", [(80, 24), (150, 46)])
async def test_every_control_of_every_pane_is_reached_with_keys(
    size: tuple[int, int], start: Start
) -> None:
    async with start(size) as user:
        for number, pane in enumerate(PANE_IDS, start=1):
            await user.press(str(number))
            found = await reached(user, pane)
            if pane in LEFT_OUT:
                continue
            left = {f"{type(w).__name__}#{w.id or w.name}" for w in controls(user, pane) - found}
            assert not left, (pane, left)
            await user.press("escape", "escape")


async def test_where_the_focus_is_can_be_seen_in_the_status_bar_without_colours(
    start: Start,
) -> None:
    async with start((80, 24)) as user:
        line = user.app.screen.query_one(StatusLine)
        assert not line.text_style.underline
        await user.press("1")
        assert user.app.focused is line
        assert line.text_style.underline


async def test_keys_are_keys_again_after_a_csv_file_has_opened(
    start: Start, tmp_path: Path
) -> None:
    path = f"{tmp_path}/a.csv"
    async with start((80, 24)) as user:
        await user.press("2", "w")
        await user.fill(path)
        await user.press("end", "enter")
        assert isinstance(user.app.focused, Input)
        await user.fill(path)
        assert user.app.session.dataset.name == "a"
        await user.press("s")
        assert user.app.session.step == 1
