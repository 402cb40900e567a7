"""The table: keys, mouse, messages, and a cursor that stays on its parameter."""

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from numpy.typing import ArrayLike
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from toygrad.tui.gradients.parameter_rows import TableRows
from toygrad.tui.gradients.parameter_table import ParameterTable

NAMES = tuple(f"layer1.weight[{index},0]" for index in range(100))


class Host(App[None]):
    """The table alone, remembering its messages."""

    ENABLE_COMMAND_PALETTE = False
    ascii = False

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self.escaped = 0

    def compose(self) -> ComposeResult:
        yield ParameterTable(tooltip="gradients", id="table")

    @property
    def table(self) -> ParameterTable:
        return self.query_one(ParameterTable)

    def on_parameter_table_selected(self, message: ParameterTable.Selected) -> None:
        self.messages.append(message)

    def on_parameter_table_opened(self, message: ParameterTable.Opened) -> None:
        self.messages.append(message)

    def key_escape(self) -> None:
        self.escaped += 1


def make_rows(gradients: ArrayLike, names: tuple[str, ...] = NAMES) -> TableRows:
    slopes = np.asarray(gradients, dtype=np.float64)
    n = len(slopes)
    return TableRows(
        names[:n],
        np.ones(n),
        slopes,
        np.full(n, 1e-3),
        np.zeros((4, n)),
        (slopes == 0).astype(np.uint8),
        ("ok", "dead"),
    )


RISING = make_rows(np.arange(100.0), NAMES)


def drive(
    check: Callable[[Host, "Pilot[None]"], Awaitable[None]], size: tuple[int, int] = (80, 12)
) -> None:
    async def run() -> None:
        app = Host()
        async with app.run_test(size=size) as pilot:
            app.table.focus()
            await check(app, pilot)

    asyncio.run(run())


def lines(table: ParameterTable) -> list[str]:
    return [table.render_line(y).text.rstrip() for y in range(table.size.height)]


def first_words(table: ParameterTable) -> list[str]:
    return [line.split()[0] for line in lines(table)[1:] if line]


def test_an_empty_table_says_why() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        assert lines(app.table)[2] == "no parameters yet"
        app.table.show(make_rows([], ()))
        assert lines(app.table)[2] == "this network has no parameters"
        app.table.show(RISING)
        app.table.filter_text = "xyz"
        assert lines(app.table)[2] == "no parameter matches “xyz”, press escape to clear"
        await pilot.press("down", "enter", "end", "pagedown")
        assert app.messages == []

    drive(check)


def test_the_largest_gradients_come_first() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        await pilot.pause()
        assert lines(app.table)[0].split()[3] == "|grad|▼"
        assert first_words(app.table) == list(NAMES[:88:-1])
        assert app.table.rows is RISING
        assert app.table.tooltip == "gradients"

    drive(check)


def test_the_last_row_of_very_many_is_reached() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        n = 100_000
        zeros = np.zeros(n)
        names = [str(index) for index in range(n)]
        many = TableRows(
            names, zeros, zeros, zeros, np.zeros((0, n)), zeros.astype(np.uint8), ("ok",)
        )
        app.table.show(many)
        await pilot.press("end")
        assert first_words(app.table) == names[-11:]
        assert app.table.selected_index == n - 1

    drive(check)


@pytest.mark.parametrize(
    ("keys", "index"),
    [
        ("down", 99),
        ("down down", 98),
        ("j j j k", 98),
        ("down up up", 99),
        ("end", 0),
        ("end home", 99),
        ("down pagedown", 88),
        ("end pageup", 11),
    ],
)
def test_keys_move_the_cursor(keys: str, index: int) -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        await pilot.press(*keys.split())
        assert app.table.selected_index == index
        assert NAMES[index] in first_words(app.table)
        last = app.messages[-1]
        assert isinstance(last, ParameterTable.Selected)
        assert (last.name, last.index, last.control) == (NAMES[index], index, app.table)

    drive(check)


def test_the_cursor_stays_on_its_parameter_and_the_view_goes_with_it() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        await pilot.press("down")
        app.table.show(make_rows(np.arange(100.0)[::-1]))
        await pilot.pause()
        assert app.table.selected_name == NAMES[99]
        assert NAMES[99] in first_words(app.table)
        assert len(app.messages) == 1

    drive(check)


def test_without_a_cursor_the_top_stays_in_view() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        app.table.show(make_rows(np.arange(100.0)[::-1]))
        await pilot.pause()
        assert first_words(app.table)[0] == NAMES[0]
        assert app.table.selected_name is None

    drive(check)


def test_the_cursor_is_lost_with_its_parameter() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        await pilot.press("down")
        app.table.show(make_rows([1.0, 2.0]))
        await pilot.pause()
        assert app.table.selected_index is None

    drive(check)


def test_selecting_by_program_scrolls_without_a_message() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        app.table.select(0)
        await pilot.pause()
        assert NAMES[0] in first_words(app.table)
        assert app.messages == []
        with pytest.raises(IndexError, match="no parameter 100 among 100"):
            app.table.select(100)

    drive(check)


def test_fewer_rows_are_all_in_view() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        await pilot.press("end")
        app.table.show(make_rows([1.0, 2.0]))
        await pilot.pause()
        assert first_words(app.table) == [NAMES[1], NAMES[0]]

    drive(check)


def test_rows_wait_while_the_table_is_held() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.held = True
        app.table.show(RISING)
        later = make_rows(np.arange(100.0)[::-1])
        app.table.show(later)
        assert app.table.rows is RISING
        app.table.held = False
        assert app.table.rows is later

    drive(check)


def test_the_filter_narrows_and_escape_clears_first_it_then_the_cursor() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        app.table.filter_text = "weight[1 ok"
        await pilot.pause()
        assert app.table.shown_count == 11
        await pilot.press("down", "escape")
        assert app.table.filter_text == "" and app.table.shown_count == 100
        assert app.table.selected_index == 19
        await pilot.press("escape")
        assert app.table.selected_index is None
        assert app.escaped == 0
        await pilot.press("escape")
        assert app.escaped == 1

    drive(check)


@pytest.mark.parametrize(
    ("keys", "sort_by", "descending"),
    [
        ("l", "ratio", True),
        ("left", "gradient", True),
        ("left left left", "name", False),
        ("right right right", "name", False),
        ("o", "abs gradient", False),
        ("o o", "abs gradient", True),
    ],
)
def test_keys_change_the_order(keys: str, sort_by: str, descending: bool) -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        await pilot.press(*keys.split())
        assert (app.table.sort_by, app.table.descending) == (sort_by, descending)

    drive(check)


def test_a_click_on_a_title_sorts_and_a_second_reverses_the_order() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        await pilot.click("#table", offset=(26, 0))
        assert (app.table.sort_by, app.table.descending) == ("value", True)
        await pilot.click("#table", offset=(26, 0))
        assert (app.table.sort_by, app.table.descending) == ("value", False)
        assert app.messages == []

    drive(check)


def test_a_new_order_begins_at_the_top() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        app.table.scroll_to(y=50, animate=False)
        app.table.sort_by = "name"
        await pilot.pause()
        assert app.table.scroll_offset.y == 0

    drive(check)


def test_an_unknown_order_is_refused() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        with pytest.raises(ValueError, match="cannot sort by 'size'"):
            app.table.sort_by = "size"  # type: ignore[assignment]

    drive(check)


def test_a_click_selects_and_a_double_click_opens() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        await pilot.pause()
        await pilot.click("#table", offset=(3, 2))
        assert app.table.selected_index == 98
        await pilot.click("#table", offset=(3, 3), times=2)
        assert [type(message).__name__ for message in app.messages] == [
            "Selected",
            "Selected",
            "Opened",
        ]
        opened = app.messages[-1]
        assert isinstance(opened, ParameterTable.Opened) and opened.index == 97

    drive(check)


def test_a_click_below_the_rows_does_nothing() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(make_rows([1.0, 2.0]))
        await pilot.click("#table", offset=(3, 9))
        assert app.messages == []

    drive(check)


def test_enter_opens_the_selected_parameter() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        await pilot.press("enter")
        assert app.messages == []
        await pilot.press("down", "enter")
        opened = app.messages[-1]
        assert isinstance(opened, ParameterTable.Opened) and opened.name == NAMES[99]

    drive(check)


def test_a_narrow_table_keeps_name_value_and_gradient() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        await pilot.pause()
        assert lines(app.table)[0].split() == ["parameter", "value", "|grad|▼"]
        await pilot.resize_terminal(100, 12)
        await pilot.pause()
        assert lines(app.table)[0].split()[-1] == "verdict"

    drive(check, (44, 12))


def test_an_ascii_app_gets_ascii_rows() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.ascii = True
        app.table.show(RISING)
        assert all(line.isascii() for line in lines(app.table))

    drive(check)


def test_a_new_theme_brings_its_colours() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.table.show(RISING)
        await pilot.press("down")
        dark = app.table.render_line(2)
        app.theme = "textual-light"
        await pilot.pause()
        assert app.table.render_line(2).text == dark.text
        assert app.table.render_line(2) != dark

    drive(check)


def test_every_binding_can_be_remapped_and_explained() -> None:
    for binding in ParameterTable.BINDINGS:
        assert not isinstance(binding, tuple)
        assert binding.id and binding.description and binding.tooltip
