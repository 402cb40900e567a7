"""Every control is reached with keys alone, and what has the focus is seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widget import Widget
from textual.widgets import Input

from toygrad.tui.playground import PANE_IDS
from toygrad.tui.status.pane import StatusLine
from toygrad.tui.widgets.settings import Section
from toygrad.tui.widgets.settings_list import SettingsList

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

MOST_KEYS = 120
# What opens controls that are out of sight at first, and leads to them.
OPENERS = {
    "data": ["end"],
    "network": ["right enter", "escape w enter", "escape v"],
    "gradients": ["slash", "escape"],
}
Control = tuple[Widget, str]
"""A widget, and in a list of settings the name of one."""


def controls(user: User, pane: str) -> set[Control]:
    """Whatever in a pane can have the focus or the cursor now."""
    inside = user.app.screen.query_one(f"#{pane}")
    found: set[Control] = set()
    for widget in user.app.screen.focus_chain:
        if inside in widget.ancestors_with_self:
            settings = widget.shown if isinstance(widget, SettingsList) else ()
            found |= {(widget, setting.name) for setting in settings} or {(widget, "")}
    return found


def control(user: User) -> Control | None:
    """What has the focus, and the cursor."""
    focused = user.app.focused
    if focused is None:
        return None
    return focused, focused.cursor if isinstance(focused, SettingsList) else ""


def is_turned(user: User) -> bool:
    """Whether left and right change a value, so that nothing is to be reached with them."""
    focused = user.app.focused
    return isinstance(focused, SettingsList) and not focused.is_grid


async def missed(user: User, pane: str) -> set[Control]:
    """What can have the focus and does not while the arrows are pressed.

    They are pressed down to the end, at each stop to the right.

    Enter opens the sections of a list on the way.
    """
    start = control(user)
    found = set() if start is None else {start}
    wanted: set[Control] = set()

    async def press(key: str) -> bool:
        before = control(user)
        await user.pilot.press(key)
        now = control(user)
        if now is not None and user.focus == pane:
            found.add(now)
        return now != before

    for opener in OPENERS.get(pane, [""]):
        for key in opener.split():
            await press(key)
        wanted |= controls(user, pane)
        for _ in range(MOST_KEYS):
            await open_section(user)
            beside = 0 if is_turned(user) else sum([await press("right") for _ in range(3)])
            for _ in range(beside):
                await press("left")
            if not await press("down"):
                break
        wanted |= controls(user, pane)
        while await press("up"):
            pass
    return wanted - found


async def open_section(user: User) -> None:
    settings = user.app.focused
    if isinstance(settings, SettingsList):
        current = next(s for s in settings.shown if s.name == settings.cursor)
        if isinstance(current, Section) and not current.members & {s.name for s in settings.shown}:
            await user.press("enter")


@pytest.mark.parametrize("size", [(80, 24), (150, 46)])
async def test_every_control_of_every_pane_is_reached_with_keys(
    size: tuple[int, int], start: Start
) -> None:
    async with start(size) as user:
        for number, pane in enumerate(PANE_IDS, start=1):
            await user.press(str(number))
            missing = await missed(user, pane)
            left = {f"{type(w).__name__}#{w.id or w.name} {name}" for w, name in missing}
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
        await user.press("enter")
        assert user.app.session.dataset.name == "a"
        await user.press("s")
        assert user.app.session.step == 1
