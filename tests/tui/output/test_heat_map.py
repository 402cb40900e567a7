"""The heat map: sizes, resampling, axes, the pointer."""

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from toygrad.tui.drawing.heatmap import Mark
from toygrad.tui.drawing.palette import qualitative
from toygrad.tui.output.heat_map import Extent, HeatMap

AXES = Extent("x1", (-6.0, 6.0), "x2", (-6.0, 6.0))


class Host(App[None]):
    """A map of 10 by 4 cells, remembering its messages."""

    CSS = "HeatMap { width: 10; height: 4; }"
    ENABLE_COMMAND_PALETTE = False
    ascii = False

    def __init__(self, axes: Extent | None) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self._axes = axes

    def compose(self) -> ComposeResult:
        yield HeatMap(axes=self._axes, tooltip="decision boundary", id="map")

    @property
    def map(self) -> HeatMap:
        return self.query_one(HeatMap)

    def on_heat_map_hovered(self, message: HeatMap.Hovered) -> None:
        self.messages.append(message)

    def on_heat_map_left(self, message: HeatMap.Left) -> None:
        self.messages.append(message)

    def on_heat_map_clicked(self, message: HeatMap.Clicked) -> None:
        self.messages.append(message)


def drive(
    check: Callable[[Host, "Pilot[None]"], Awaitable[None]], axes: Extent | None = None
) -> None:
    async def run() -> None:
        app = Host(axes)
        async with app.run_test(size=(30, 10)) as pilot:
            await check(app, pilot)

    asyncio.run(run())


def lines(heat_map: HeatMap) -> list[str]:
    return [heat_map.render_line(y).text for y in range(heat_map.size.height)]


def test_the_grid_has_two_rows_a_line() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        assert app.map.grid_size == (10, 8)
        app.map.axes = AXES
        assert app.map.grid_size == (7, 6)
        assert app.map.axes == AXES

    drive(check)


def test_an_empty_map_is_blank() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        assert lines(app.map) == [" " * 10] * 4
        app.map.show(np.zeros((0, 0), dtype=np.uint8))
        assert lines(app.map) == [" " * 10] * 4

    drive(check)


def test_levels_of_the_grid_are_drawn_as_given() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        levels = np.full((8, 10), 63, dtype=np.uint8)
        levels[0, 0] = 0
        app.map.show(levels, [Mark(3, 9, "x", Style())])
        assert lines(app.map) == ["▀" + " " * 9, " " * 10, " " * 10, " " * 9 + "x"]

    drive(check)


def test_levels_of_another_shape_are_resampled_to_the_nearest() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.ascii = True
        app.map.show(np.array([[0, 63], [63, 0]], dtype=np.uint8))
        assert lines(app.map) == ["=====#####"] * 2 + ["#####====="] * 2

    drive(check)


def test_classes_have_their_own_colours() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        labels = np.array([[0, 1]], dtype=np.uint8)
        app.map.show_classes(labels, qualitative(2))
        grounds = [segment.style.bgcolor for segment in app.map.render_line(0) if segment.style]
        assert grounds == [color.rich_color for color in qualitative(2)]
        with pytest.raises(ValueError, match="a colour for each class"):
            app.map.show_classes(labels, ())

    drive(check)


def test_axes_are_beside_the_map() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.ascii = True
        app.map.show(np.zeros((6, 7), dtype=np.uint8))
        assert lines(app.map) == [" 6 =======", "x2 =======", "-6 =======", "   -6 x1 6"]

    drive(check, AXES)


def test_the_pointer_is_reported_as_fractions() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.hover("#map", offset=(0, 0))
        await pilot.click("#map", offset=(9, 3))
        await pilot.hover(offset=(25, 9))
        hovered, clicked = app.messages[0], app.messages[-2]
        assert isinstance(hovered, HeatMap.Hovered)
        assert hovered.at == (0.05, 0.125)
        assert isinstance(clicked, HeatMap.Clicked)
        assert (clicked.at, clicked.button) == ((0.95, 0.875), 1)
        assert isinstance(app.messages[-1], HeatMap.Left)

    drive(check)


def test_the_right_button_is_reported() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.click("#map", offset=(2, 2), button=3)
        clicked = app.messages[-1]
        assert isinstance(clicked, HeatMap.Clicked) and clicked.button == 3
        assert clicked.control is app.map

    drive(check)


def test_ctrl_makes_the_left_button_the_right_one() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.click("#map", offset=(2, 2), control=True)
        clicked = app.messages[-1]
        assert isinstance(clicked, HeatMap.Clicked) and clicked.button == 3

    drive(check)


def test_the_pointer_on_an_axis_is_not_on_the_map() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.click("#map", offset=(1, 1))
        await pilot.click("#map", offset=(5, 3))
        assert app.messages == []
        await pilot.click("#map", offset=(3, 0))
        clicked = app.messages[-1]
        assert isinstance(clicked, HeatMap.Clicked)
        assert clicked.at == (0.5 / 7, 0.5 / 3)

    drive(check, AXES)


def test_a_new_theme_changes_the_neutral_colour() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.map.show(np.full((2, 2), 32, dtype=np.uint8))
        dark = app.map.render_line(0)
        app.theme = "textual-light"
        await pilot.pause()
        assert app.map.render_line(0) != dark

    drive(check)
