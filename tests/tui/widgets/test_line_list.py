"""Lists of rows: a cursor, a heading that stays, and only what is in view is drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from toygrad.tui.widgets.line_list import LineList
from toygrad.tui.widgets.line_view import LineView
from toygrad.tui.widgets.row_styles import RowStyles


class Text(LineView):
    """Thirty lines."""

    def draw(self, width: int, height: int) -> list[Strip]:
        return [Strip([Segment(f"line {row} of {width}")]) for row in range(30)]


class Host(App[None]):
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, widget: LineView) -> None:
        super().__init__()
        self.widget = widget
        self.chosen: list[int] = []
        self.drawn: list[int] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        assert message.control is self.widget
        self.chosen.append(message.row)

    def draw_row(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        self.drawn.append(row)
        return [Segment(f"row {row}", styles.plain)]


def drive(widget: LineView, check: Callable[[Host, Pilot[None]], Awaitable[None]]) -> None:
    async def run() -> None:
        app = Host(widget)
        async with app.run_test(size=(30, 8)) as pilot:
            widget.focus()
            await pilot.pause()
            await check(app, pilot)

    asyncio.run(run())


def lines(widget: LineView) -> list[str]:
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


@pytest.mark.parametrize(
    ("keys", "row"),
    [("down", 0), ("down j j", 2), ("down down k", 0), ("pagedown pagedown", 14), ("up", 0)],
)
def test_keys_choose_a_row(keys: str, row: int) -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        listed.show([[Segment("heading")]], 1_000, app.draw_row)
        await pilot.press(*keys.split())
        assert listed.cursor == row == app.chosen[-1]
        assert lines(listed)[0] == "heading"
        assert f"row {row}" in lines(listed)

    listed = LineList()
    drive(listed, check)


def test_only_what_is_in_view_is_drawn() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        listed.show([[Segment("heading")]], 100_000, app.draw_row)
        await pilot.pause()
        assert set(app.drawn) <= set(range(8))
        listed.choose(99_999)
        await pilot.pause()
        assert lines(listed)[-1] == "row 99999"
        assert len(set(app.drawn)) < 30

    listed = LineList()
    drive(listed, check)


def test_a_click_chooses_and_a_shorter_list_loses_the_cursor() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        listed.show([[Segment("heading")]], 5, app.draw_row)
        await pilot.click(LineList, offset=(2, 3))
        assert app.chosen == [2]
        await pilot.click(LineList, offset=(2, 7))
        await pilot.click(LineList, offset=(2, 0))
        assert app.chosen == [2]
        listed.show([], 2, app.draw_row)
        assert listed.cursor is None
        listed.show([], 0, app.draw_row)
        await pilot.press("down")
        assert app.chosen == [2]

    listed = LineList()
    drive(listed, check)


@pytest.mark.usefixtures("all_paints")
def test_a_long_text_scrolls_and_fits_its_width() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        await pilot.pause()
        assert lines(text)[0] == "line 0 of 29"
        await pilot.press("j", "j")
        await pilot.pause(0.3)
        assert lines(text)[0] == "line 2 of 29"
        await pilot.press("k")
        await pilot.pause(0.3)
        assert lines(text)[0] == "line 1 of 29"

    text = Text(tooltip="thirty lines")
    drive(text, check)
