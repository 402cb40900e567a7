"""The list of settings: turned, dragged, typed, chosen; silent when the program sets it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Size
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from toygrad.tui.widgets.settings import (
    Action,
    Choice,
    Number,
    Section,
    Setting,
    Tick,
    format_number,
    linear_stops,
    parse_number,
)
from toygrad.tui.widgets.settings_list import SettingsList

RATES = (0.001, 0.003, 0.01, 0.03, 0.1)


def parse_rate(text: str) -> float:
    rate = parse_number(text)
    if rate <= 0:
        raise ValueError("A learning rate must be above zero.")
    return rate


RATE = Number("rate", "rate", "how fast", RATES, format_number, parse_rate)
SEED = Number("seed", "seed", "which samples")
LOSS = Choice("loss", "loss", "what is minimized", [("mean square", "mse"), ("hinge", "hinge")])
BUGS = Section("bugs", "", "what to break", frozenset({"sign"}))
SIGN = Tick("sign", "wrong sign", "uphill")
ADD = Action("add", "+ layer", "one more")
ALL = (RATE, SEED, LOSS, BUGS, SIGN, ADD)
VALUES = {"rate": 0.01, "seed": 7.0, "loss": "mse", "bugs": "plant a bug", "sign": False}


class Host(App[None]):
    """A list of settings, remembering its messages."""

    ENABLE_COMMAND_PALETTE = False
    ascii = False

    def __init__(self, settings: tuple[Setting, ...] = ALL) -> None:
        super().__init__()
        self.list = SettingsList(settings, VALUES)
        self.messages: list[Message] = []
        self.escaped = 0

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield self.list

    def on_settings_list_changed(self, message: SettingsList.Changed) -> None:
        self.messages.append(message)

    def on_settings_list_rejected(self, message: SettingsList.Rejected) -> None:
        self.messages.append(message)

    def on_settings_list_pressed(self, message: SettingsList.Pressed) -> None:
        self.messages.append(message)

    def on_settings_list_removed(self, message: SettingsList.Removed) -> None:
        self.messages.append(message)

    def key_escape(self) -> None:
        self.escaped += 1

    @property
    def changes(self) -> list[tuple[str, Any]]:
        changed = [m for m in self.messages if isinstance(m, SettingsList.Changed)]
        return [(message.name, message.value) for message in changed]

    @property
    def values(self) -> list[Any]:
        return [value for _, value in self.changes]

    def lines(self) -> list[str]:
        return [self.list.render_line(y).text.rstrip() for y in range(self.list.size.height)]


def drive(
    check: Callable[[Host, Pilot[None]], Awaitable[None]],
    size: tuple[int, int] = (21, 8),
    settings: tuple[Setting, ...] = ALL,
) -> None:
    async def run() -> None:
        app = Host(settings)
        async with app.run_test(size=size) as pilot:
            await pilot.press("tab")
            assert app.focused is app.list
            await check(app, pilot)

    asyncio.run(run())


# --- How it looks ------------------------------------------------------------------------------


def test_a_setting_is_one_row() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        assert app.lines() == [
            "rate  0.01 ━━━━●────",
            "seed     7",
            "loss mean square   ▾",
            "▾ plant a bug",
            "[ ] wrong sign",
            "+ layer",
        ]
        app.ascii = True
        assert [app.lines()[row] for row in (0, 2, 3)] == [
            "rate  0.01 ====o----",
            "loss mean square   v",
            "v plant a bug",
        ]

    drive(check, (20, 8))


@pytest.mark.parametrize(("width", "row"), [(15, "rate  0.01"), (8, "r  0.01"), (4, "0.01")])
def test_a_narrow_list_leaves_out_the_track_then_the_label_and_never_cuts_a_number(
    width: int, row: str
) -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        assert app.lines()[0].replace("…", "") == row.replace("…", "")

    drive(check, (width, 8))


@pytest.mark.parametrize(
    ("value", "picture"),
    [
        (0.0001, "rate 0.0001 ●───────"),
        (0.015, "rate 0.015 ━━━━●────"),
        (0.025, "rate 0.025 ━━━━━━●──"),
        (5.0, "rate     5 ━━━━━━━━●"),
        (-1.23456e-10, "rate -1.23456e-10"),
    ],
)
def test_a_value_between_or_beyond_the_stops_has_the_nearest_handle_and_is_whole(
    value: float, picture: str
) -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        app.list.show({"rate": value})
        assert app.lines()[0] == picture
        assert app.messages == []

    drive(check, (20, 8), (RATE,))


@given(width=st.integers(4, 160), height=st.integers(1, 30))
def test_at_any_size_every_setting_stands_somewhere_alone(width: int, height: int) -> None:
    settings = SettingsList(ALL, VALUES)
    size = Size(width, height)
    rows = settings.get_content_height(size, size, width)
    regions = [settings.region_of(setting.name) for setting in settings.shown]
    assert len(set(regions)) == len(regions)
    assert all(r.x >= 0 and r.right <= width and r.y < rows for r in regions)
    for setting, region in zip(settings.shown, regions, strict=True):
        found, x = settings.placed.setting_at(region.right - 1, region.y)
        assert (found, x) == (setting, region.width - 1)


def test_a_wide_list_has_columns_and_opens_its_sections_if_they_fit() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        assert app.list.size.height == 2
        assert "wrong sign" in app.lines()[0]

    drive(check, (120, 2))

    async def closed(app: Host, pilot: Pilot[None]) -> None:
        assert "▸ plant a bug" in app.lines()
        await pilot.press("down", "down", "down", "enter")
        assert "▾ plant a bug" in app.lines() and "[ ] wrong sign" in app.lines()

    drive(closed, (21, 5))


# --- Keys --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "keys", "values"),
    [
        (0.01, "right", [0.03]),
        (0.01, "left h", [0.003, 0.001]),
        (0.015, "l", [0.03]),
        (0.015, "left", [0.01]),
        (0.1, "right", []),
        (5.0, "left", [0.1]),
        (0.01, "home", [0.001]),
        (0.01, "end end", [0.1]),
        (0.01, "enter 0 . 0 2 enter", [0.02]),
        (0.01, "j j right", ["hinge"]),
        (0.01, "down down end home", ["hinge", "mse"]),
        (0.01, "down down left", []),
        (0.01, "down down enter down enter", ["hinge"]),
        (0.01, "down down down down enter enter", [True, False]),
        (0.01, "down down down down right right", [True]),
    ],
)
def test_keys_turn_type_choose_and_tick(start: float, keys: str, values: list[Any]) -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        app.list.show({"rate": start})
        await pilot.press(*keys.split())
        await pilot.pause()
        assert app.values == values
        assert app.focused is app.list

    drive(check)


def test_an_action_is_done_and_a_row_removed() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        await pilot.press("delete")
        app.list.show({}, removable=("rate",))
        assert app.lines()[0].endswith(" x")
        await pilot.press("delete", *["down"] * 5, "enter")
        await pilot.click(SettingsList, offset=(20, 0))
        told = [(type(m).__name__, getattr(m, "name", "")) for m in app.messages]
        assert told == [("Removed", "rate"), ("Pressed", "add"), ("Removed", "rate")]

    drive(check)


def test_an_invalid_value_is_explained_and_can_be_corrected() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        await pilot.press("enter", "minus", "1", "enter")
        rejected = app.messages[-1]
        assert isinstance(rejected, SettingsList.Rejected)
        assert rejected.sentence == "A learning rate must be above zero."
        assert rejected.control is app.list
        assert app.query_one(Input).has_class("-invalid")
        await pilot.press("home", "delete")
        assert not app.query_one(Input).has_class("-invalid")
        await pilot.press("enter")
        assert app.values == [1.0]

    drive(check)


def test_escape_leaves_the_value_as_it_was() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        for opened in ("enter 9", "down down enter down"):
            await pilot.press(*opened.split(), "escape")
            await pilot.pause()
            assert (app.list.value("rate"), app.messages, app.escaped) == (0.01, [], 0)
            assert not app.list.is_open and app.focused is app.list
        await pilot.press("escape")
        assert app.escaped == 1

    drive(check)


def test_arrows_move_in_the_typed_text_not_the_list() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        await pilot.press("enter", "left", "right", "home", "h", "up", "down")
        assert app.messages == []
        assert app.query_one(Input).value == "h0.01"
        assert app.list.cursor == "rate"

    drive(check)


def test_a_locked_setting_does_nothing() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        app.list.show({}, locked=("rate",))
        await pilot.press("right", "enter")
        await pilot.click(SettingsList, offset=(20, 0))
        await pilot.click(SettingsList, offset=(8, 0))
        assert app.messages == [] and not app.list.is_open

    drive(check)


# --- The mouse ---------------------------------------------------------------------------------


def test_a_click_on_the_track_turns_to_it_and_one_on_the_value_types() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        await pilot.click(SettingsList, offset=(20, 0))
        assert app.values == [0.1]
        await pilot.click(SettingsList, offset=(1, 0))
        assert app.values == [0.1]
        await pilot.click(SettingsList, offset=(9, 1))
        await pilot.press(*"42", "enter")
        assert app.changes[-1] == ("seed", 42.0)

    drive(check)


def test_the_handle_follows_the_pointer_until_the_button_is_released() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        await pilot.mouse_down(SettingsList, offset=(16, 0))
        await pilot.hover(SettingsList, offset=(12, 1))
        await pilot.hover(SettingsList, offset=(18, 2))
        await pilot.mouse_up(SettingsList, offset=(18, 2))
        await pilot.hover(SettingsList, offset=(12, 0))
        assert app.values == [0.001, 0.03]

    drive(check)


def test_a_setting_that_is_hidden_while_it_is_dragged_stays_as_it_is() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        await pilot.mouse_down(app.list, offset=(12, 0))
        turned = list(app.values)
        app.list.show({}, hidden={"rate"})
        await pilot.hover(app.list, offset=(19, 0))
        await pilot.mouse_up(app.list, offset=(19, 0))
        assert app.values == turned

    drive(check, (20, 8))


def test_a_list_of_names_closes_when_the_names_change_and_a_strange_name_can_be_left() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        other = replace(LOSS, options=[("a", "a"), ("b", "b")])
        await pilot.press("down", "down", "enter")
        assert app.list.is_open
        app.list.offer((RATE, SEED, other), VALUES)
        assert not app.list.is_open
        # What is in force may be none of them.
        assert app.list.value("loss") == "mse"
        await pilot.press("enter", "escape", "left")
        assert app.values == ["a"]

    drive(check, (20, 8))


def test_a_click_opens_a_list_and_ticks_a_box() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        await pilot.click(SettingsList, offset=(8, 2))
        assert app.query_one(OptionList).has_focus
        await pilot.click(OptionList, offset=(3, 2))
        await pilot.pause()
        await pilot.click(SettingsList, offset=(1, 4))
        assert app.changes == [("loss", "hinge"), ("sign", True)]

    drive(check, (30, 12))


def test_the_wheel_turns_only_the_number_at_the_cursor() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        def turn(kind: type[MouseScrollUp] | type[MouseScrollDown], row: int) -> None:
            app.list.post_message(kind(app.list, 1, row, 0, 0, 0, False, False, False))

        turn(MouseScrollUp, 0)
        turn(MouseScrollDown, 0)
        turn(MouseScrollDown, 1)
        await pilot.pause()
        assert app.values == [0.03, 0.01]

    drive(check)


def test_the_tooltip_is_that_of_the_setting_under_the_pointer() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        for row, setting in enumerate(ALL):
            await pilot.hover(SettingsList, offset=(1, row))
            assert app.list.tooltip == setting.tooltip

    drive(check)


# --- Numbers -----------------------------------------------------------------------------------


def test_stops_must_ascend() -> None:
    with pytest.raises(ValueError, match="ascending"):
        Number("k", "k", "", (1, 3, 2))


@pytest.mark.parametrize(
    ("low", "high", "step", "stops"),
    [
        (0, 0.5, 0.1, (0, 0.1, 0.2, 0.3, 0.4, 0.5)),
        (10, 90, 40, (10, 50, 90)),
        (0, 1, 0.4, (0, 0.4, 0.8, 1)),
    ],
)
def test_linear_stops_include_both_ends(
    low: float, high: float, step: float, stops: tuple[float, ...]
) -> None:
    assert linear_stops(low, high, step) == stops


@pytest.mark.parametrize(("low", "high", "step"), [(0, 0, 1), (1, 0, 1), (0, 1, 0), (0, 1, -1)])
def test_an_impossible_range_is_refused(low: float, high: float, step: float) -> None:
    with pytest.raises(ValueError, match="no stops"):
        linear_stops(low, high, step)


@pytest.mark.parametrize("typed", ["", "abc", "1,5", "nan", "inf"])
def test_an_invalid_number_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^“.*” is not a .*number\.$"):
        parse_number(typed)


def test_every_binding_can_be_remapped_and_explained() -> None:
    for binding in SettingsList.BINDINGS:
        assert not isinstance(binding, tuple)
        assert binding.id and binding.description and binding.tooltip


@pytest.mark.parametrize("name", ["種類の名前がとても長い列", "a_column_with_a_long_name", "y"])
def test_a_name_stays_whole_beside_a_long_value(name: str) -> None:
    target = Choice("loss", "target", "what is learned", [(name, "mse")])

    async def check(app: Host, pilot: Pilot[None]) -> None:
        strip = app.list.render_line(0)
        assert strip.text.startswith("target ") and strip.text.rstrip().endswith("▾")
        assert strip.cell_length == 21

    drive(check, settings=(target, SEED))
