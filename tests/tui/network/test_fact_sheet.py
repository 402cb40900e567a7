"""The sheet of facts: as high as they are, scrolled by its cursor, with what can be done below."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.message import Message

from toygrad.tui.network.diagram_data import DiagramData
from toygrad.tui.network.diagram_pictures import Numbered
from toygrad.tui.network.fact_sheet import FactSheet
from toygrad.tui.network.facts import Facts, Hint, Line
from toygrad.tui.selection import Bias, Link, Part
from toygrad.tui.widgets.row_styles import RowStyles

if TYPE_CHECKING:
    from textual.pilot import Pilot

ONE = Bias(0, 0)
DATA = DiagramData(
    input_names=("x1",),
    layer_names=("output",),
    activations=("tanh",),
    weights=(np.ones((1, 1)),),
    biases=(np.zeros(1),),
    pictures=(Numbered(1),) * 2,
    notes=(("",), ("",)),
)
HINTS = tuple(Hint(key, "do it very well", f"do_{key}") for key in "abcdef")


@dataclass(frozen=True, eq=False)
class Numbers(Facts):
    """A title line, then a line for each weight."""

    count: int

    @property
    def title(self) -> str:
        return "numbers"

    def height(self, width: int) -> int:
        return 1 + self.count

    def line(self, y: int, width: int, styles: RowStyles) -> Line:
        return [Segment(f"number {y}" if y else "the title", styles.plain)]

    def choices(self, width: int) -> range:
        return range(1, 1 + self.count)

    def part_at(self, y: int, width: int) -> Part | None:
        return Link(0, y - 1, 0) if y else None


def numbers(count: int, part: Part = ONE, hints: tuple[Hint, ...] = HINTS) -> Numbers:
    return Numbers(part, DATA, "", hints, False, count)


class Host(App[None]):
    """The sheet alone, remembering its messages."""

    CSS = "FactSheet { max-height: 10; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    def compose(self) -> ComposeResult:
        yield FactSheet(id="sheet")

    @property
    def sheet(self) -> FactSheet:
        return self.query_one(FactSheet)

    def on_fact_sheet_chosen(self, message: FactSheet.Chosen) -> None:
        self.messages.append(message)

    def on_fact_sheet_asked(self, message: FactSheet.Asked) -> None:
        self.messages.append(message)

    def on_fact_sheet_left(self, message: FactSheet.Left) -> None:
        self.messages.append(message)


def drive(
    check: Callable[[Host, Pilot[None]], Awaitable[None]], facts: Numbers | None = None
) -> None:
    async def run() -> None:
        app = Host()
        async with app.run_test(size=(40, 24)) as pilot:
            app.sheet.focus()
            app.sheet.show(facts)
            await pilot.pause()
            await check(app, pilot)

    asyncio.run(run())


def lines(sheet: FactSheet) -> list[str]:
    return [sheet.render_line(y).text.rstrip() for y in range(sheet.size.height)]


def test_it_is_as_high_as_its_facts_and_what_can_be_done() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        assert lines(app.sheet) == [
            "the title",
            "number 1",
            "number 2",
            "a do it very well  b do it very well",
            "c do it very well  d do it very well",
            "e do it very well  f do it very well",
        ]
        app.sheet.show(numbers(2, part=Bias(0, 1), hints=()))
        await pilot.pause()
        assert lines(app.sheet) == ["the title", "number 1", "number 2"]

    drive(check, numbers(2))


def test_without_facts_it_is_empty_and_keys_do_nothing() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        assert app.sheet.size.height == 0
        await pilot.press("up", "down", "home", "end", "pagedown", "enter")
        assert app.messages == []

    drive(check)


def test_long_facts_scroll_above_some_of_what_can_be_done() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        sheet = app.sheet
        assert sheet.size.height == 10
        assert lines(sheet)[0] == "the title" and lines(sheet)[-2].startswith("a do it very well")
        await pilot.press("end")
        await pilot.pause()
        assert lines(sheet)[-3] == "number 30" and lines(sheet)[-2].startswith("a do it very well")
        await pilot.press("home")
        await pilot.pause()
        assert lines(sheet)[0] == "the title"
        await pilot.press("pagedown", "pagedown", "enter")
        (chosen,) = app.messages
        assert isinstance(chosen, FactSheet.Chosen) and chosen.part == Link(0, 16, 0)

    drive(check, numbers(30))


def test_new_numbers_of_the_same_part_keep_the_place_and_another_part_starts_at_the_top() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        await pilot.press("end")
        await pilot.pause()
        app.sheet.show(numbers(30))
        await pilot.pause()
        assert "number 30" in lines(app.sheet)
        app.sheet.show(numbers(30, part=Bias(0, 1)))
        await pilot.pause()
        assert lines(app.sheet)[0] == "the title"

    drive(check, numbers(30))


@pytest.mark.parametrize(("x", "y", "action"), [(0, 3, "do_a"), (19, 3, "do_b"), (3, 4, "do_c")])
def test_a_click_on_what_can_be_done_asks_for_it(x: int, y: int, action: str) -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        await pilot.click("#sheet", offset=(x, y))
        (asked,) = app.messages
        assert isinstance(asked, FactSheet.Asked) and asked.hint.action == action

    drive(check, numbers(2))


def test_a_click_on_a_line_chooses_it_and_elsewhere_nothing() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        await pilot.click("#sheet", offset=(2, 0))
        await pilot.click("#sheet", offset=(39, 4))
        assert app.messages == []
        await pilot.click("#sheet", offset=(2, 2))
        (chosen,) = app.messages
        assert isinstance(chosen, FactSheet.Chosen) and chosen.part == Link(0, 1, 0)
        await pilot.press("escape")
        assert isinstance(app.messages[-1], FactSheet.Left)

    drive(check, numbers(2))


def test_a_new_theme_brings_its_colours() -> None:
    async def check(app: Host, pilot: Pilot[None]) -> None:
        before = app.sheet.render_line(0)
        app.theme = "textual-light"
        await pilot.pause()
        after = app.sheet.render_line(0)
        assert after.text == before.text and after != before

    drive(check, numbers(2))
