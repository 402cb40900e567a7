"""Everything that can be used says what it is, what it does and what to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widget import Widget
from textual.widgets import Tooltip

from toygrad.tui.key_words import keys_in, with_keys
from toygrad.tui.learn.screen import LessonsScreen
from toygrad.tui.loss.pane import LossPlot
from toygrad.tui.network.diagram import NetworkDiagram
from toygrad.tui.output.heat_map import HeatMap
from toygrad.tui.pane import Pane
from toygrad.tui.widgets.settings_list import SettingsList

if TYPE_CHECKING:
    from tests.tui.conftest import Size, Start, User

LEAST_LENGTH = 20
# A list has the tooltip of the setting under the pointer; a pane passes on what happens in it.
EXPLAINED_ELSEWHERE = (SettingsList, Tooltip, Pane)
# These tell what is under the pointer while it moves; a tooltip would lie on what it explains.
PICTURES = (HeatMap, LossPlot, NetworkDiagram)


def explanation(widget: Widget) -> str:
    """The tooltip that is shown on a widget: its own, or that of what it is in."""
    for node in widget.ancestors_with_self:
        if isinstance(node, Widget) and node.tooltip:
            assert not any(keys_in(str(node.tooltip))), "a key was not looked up"
            return str(node.tooltip)
    return ""


def is_used(widget: Widget) -> bool:
    """Whether keys or clicks go to it."""
    has_click = any(
        name in vars(owner)
        for owner in type(widget).__mro__
        if owner.__module__.startswith("toygrad.")
        for name in ("on_click", "on_mouse_down")
    )
    return (widget.can_focus or has_click) and not isinstance(
        widget, (*EXPLAINED_ELSEWHERE, *PICTURES)
    )


def unexplained(user: User) -> list[str]:
    return sorted(
        {
            f"{type(widget).__name__}#{widget.id}"
            for widget in user.app.screen.walk_children(Widget)
            if is_used(widget) and len(explanation(widget)) < LEAST_LENGTH
        }
    )


@pytest.mark.parametrize("size", [(80, 24), (150, 46)])
async def test_everything_on_the_playground_has_a_tooltip(size: Size, start: Start) -> None:
    async with start(size) as user:
        for key in "234567":
            await user.press(key)
        await user.advance(30)
        assert "\n".join(unexplained(user)) == ""
        for listed in user.app.screen.query(SettingsList):
            for setting in listed.settings:
                assert len(setting.tooltip) >= LEAST_LENGTH, setting.name


async def test_everything_on_the_other_screens_has_a_tooltip(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.press("L")
        assert isinstance(user.app.screen, LessonsScreen)
        assert "\n".join(unexplained(user)) == ""


async def test_each_tab_explains_its_pane(start: Start) -> None:
    async with start((80, 24)) as user:
        tabs = user.app.screen.query_one("#tabs")
        for pane in user.app.playground.panes[1:]:
            await user.pilot.hover(tabs, offset=user.place(tabs, str(pane.id).capitalize()))
            assert tabs.tooltip == with_keys(pane.HELP_TEXT)


async def test_each_field_of_the_status_bar_explains_itself(start: Start) -> None:
    async with start((150, 46)) as user:
        await user.advance(30)
        line = user.app.screen.query_one("StatusLine")
        told = set()
        for name in ("paused", "epoch", "train", "test", "accuracy", "lr", "step ", "steps/s"):
            place = user.place(line, name)
            await user.pilot.hover(line, offset=(place.x + 1, place.y))
            told.add(str(line.tooltip))
            assert len(str(line.tooltip)) >= LEAST_LENGTH
        assert len(told) == 8
