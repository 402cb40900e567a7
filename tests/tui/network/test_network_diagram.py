"""The diagram in an app: keys, mouse, messages, tooltips, scrolling."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.events import MouseScrollUp
from textual.message import Message
from textual.pilot import Pilot

from toygrad.tui.network.diagram import (
    EMPTY_SENTENCE,
    NetworkDiagram,
    neighbour,
    neuron_of,
    next_link,
)
from toygrad.tui.network.diagram_data import DiagramData
from toygrad.tui.network.diagram_drawing import layout_of
from toygrad.tui.network.diagram_pictures import Image, Maps, Pictures
from toygrad.tui.selection import Bias, Link, Part, Unit


class Host(App[None]):
    """The diagram alone, remembering its messages."""

    ENABLE_COMMAND_PALETTE = False
    ascii = False

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self.escaped = 0

    def compose(self) -> ComposeResult:
        yield NetworkDiagram(id="diagram")

    @property
    def diagram(self) -> NetworkDiagram:
        return self.query_one(NetworkDiagram)

    def on_network_diagram_selected(self, message: NetworkDiagram.Selected) -> None:
        self.messages.append(message)

    def on_network_diagram_opened(self, message: NetworkDiagram.Opened) -> None:
        self.messages.append(message)

    def key_escape(self) -> None:
        self.escaped += 1


def network(*sizes: int) -> DiagramData:
    shapes = list(pairwise(sizes))
    return DiagramData(
        tuple(f"x{number}" for number in range(1, sizes[0] + 1)),
        (*(f"layer {number}" for number in range(1, len(shapes))), "output"),
        ("tanh",) * len(shapes),
        tuple(np.linspace(-1.0, 0.5, a * b).reshape(a, b) for a, b in shapes),
        tuple(np.linspace(-0.5, 0.5, n) for n in sizes[1:]),
        tuple(Maps(np.ones((n, 8, 8))) for n in sizes),
        tuple(("",) * n for n in sizes),
    )


DATA = network(2, 3, 1)


def drive(
    check: Callable[[Host, "Pilot[None]"], Awaitable[None]],
    data: DiagramData | None = DATA,
    size: tuple[int, int] = (60, 26),
) -> None:
    async def run() -> None:
        app = Host()
        async with app.run_test(size=size) as pilot:
            app.diagram.focus()
            if data is not None:
                app.diagram.show(data)
            await pilot.pause()
            await check(app, pilot)

    asyncio.run(run())


def lines(diagram: NetworkDiagram) -> list[str]:
    return [diagram.render_line(y).text for y in range(diagram.size.height)]


def selected(app: Host) -> list[Part | None]:
    """The parts of all selections that the diagram sent."""
    return [m.part for m in app.messages if isinstance(m, NetworkDiagram.Selected)]


def box_sizes(app: Host) -> list[tuple[int, int]]:
    """The width and height in pixels of the boxes of each column."""
    assert app.diagram.data is not None
    layout = app.diagram._layout(app.diagram.data)
    return [(column.size.width, column.size.pixels) for column in layout.columns]


def cell_of(app: Host, part: Part) -> tuple[int, int]:
    """Where a part is in the diagram, its titles included."""
    data = app.diagram.data
    assert data is not None
    layout = app.diagram._layout(data)
    match part:
        case Unit(number, unit):
            column = layout.columns[number]
            x, y = column.left, int(column.middle_rows[unit])
        case Bias(layer, unit):
            column = layout.columns[layer + 1]
            x, y = column.left - 1, int(column.middle_rows[unit])
        case Link(layer, source, _):
            column = layout.columns[layer]
            x, y = column.right, int(column.middle_rows[source])
    return x, y + layout.title_rows


def test_without_a_network_there_is_a_sentence() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        assert EMPTY_SENTENCE in lines(app.diagram)[13]
        await pilot.press("left", "w", "b", "enter", "j")
        await pilot.click("#diagram", offset=(5, 5))
        assert app.messages == [] and app.diagram.selected is None

    drive(check, None)


def test_it_fills_its_widget_with_boxes_as_large_as_possible() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        assert all(len(line) == 80 for line in lines(app.diagram))
        assert box_sizes(app) == [(18, 18), (15, 15), (18, 18)]
        assert "layer 1 · - 3 + · tanh" in lines(app.diagram)[0]

    drive(check, size=(80, 26))


def test_arrows_and_letters_go_from_unit_to_unit() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        seen = []
        for key in ("right", "down", "j", "l", "right", "h", "k", "up", "left", "left", "up"):
            await pilot.press(key)
            seen.append(app.diagram.selected)
        assert seen == [
            Unit(1, 0),
            Unit(1, 1),
            Unit(1, 2),
            Unit(2, 0),
            Unit(2, 0),
            Unit(1, 1),
            Unit(1, 0),
            Unit(1, 0),
            Unit(0, 0),
            Unit(0, 0),
            Unit(0, 0),
        ]
        assert len(app.messages) == 7
        assert {type(part) for part in selected(app)} == {Unit}
        assert selected(app)[-1] == Unit(0, 0)

    drive(check)


def test_w_walks_the_incoming_links_from_the_largest() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.diagram.select(Unit(2, 0))
        await pilot.press("w", "w", "w", "w")
        assert selected(app) == [Link(1, source, 0) for source in (0, 2, 1, 0)]
        assert app.diagram.selected == Link(1, 0, 0)

    drive(check)


def test_b_selects_the_bias_and_enter_opens_it() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.diagram.select(Link(0, 1, 2))
        await pilot.press("b", "enter")
        assert selected(app) == [Bias(0, 2)]
        opened = app.messages[1]
        assert isinstance(opened, NetworkDiagram.Opened) and opened.part == Bias(0, 2)

    drive(check)


def test_inputs_have_neither_weights_nor_a_bias() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.diagram.select(Unit(0, 0))
        await pilot.press("w", "b")
        assert app.diagram.selected == Unit(0, 0) and app.messages == []

    drive(check)


def test_escape_clears_the_selection_and_is_then_left_to_others() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.diagram.select(Unit(1, 1))
        await pilot.press("escape")
        assert selected(app) == [None]
        assert app.diagram.selected is None and app.escaped == 0
        await pilot.press("escape")
        assert app.escaped == 1 and len(app.messages) == 1

    drive(check)


@pytest.mark.parametrize("part", [Unit(1, 2), Unit(0, 0), Bias(1, 0), Link(1, 0, 0)])
def test_a_click_selects_what_is_there_and_a_second_opens_it(part: Part) -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.click("#diagram", offset=cell_of(app, part))
        assert app.diagram.selected == part
        assert len(app.messages) == 1
        await pilot.click("#diagram", offset=cell_of(app, part), times=2)
        assert isinstance(app.messages[-1], NetworkDiagram.Opened)

    drive(check)


def test_a_click_on_a_title_or_beside_everything_changes_nothing() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.diagram.select(Unit(1, 0))
        await pilot.click("#diagram", offset=(30, 0))
        await pilot.click("#diagram", offset=(0, 25))
        assert app.diagram.selected == Unit(1, 0) and app.messages == []

    drive(check)


def test_the_tooltip_gives_name_and_number_of_the_part_under_the_pointer() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        diagram = app.diagram
        assert diagram.tooltip is None
        await pilot.hover("#diagram", offset=cell_of(app, Bias(0, 2)))
        assert isinstance(diagram.tooltip, Content)
        assert diagram.tooltip.plain.splitlines()[0] == "layer1.bias[2] = +0.5000"
        await pilot.hover("#diagram", offset=cell_of(app, Link(1, 0, 0)))
        assert diagram.tooltip.plain.splitlines()[0] == "layer2.weight[0,0] = -1.0000"
        assert DATA.weights[1][0, 0] == -1.0
        diagram.show(network(2, 3, 1))
        assert isinstance(diagram.tooltip, Content)
        diagram.show(network(2, 1))
        assert diagram.tooltip is None
        await pilot.hover("#diagram", offset=(0, 0))
        assert diagram.tooltip is None

    drive(check)


def test_a_selection_from_outside_sends_nothing_and_must_be_there() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.diagram.select(Bias(1, 0))
        app.diagram.select(None)
        with pytest.raises(IndexError, match="no Unit"):
            app.diagram.select(Unit(1, 3))
        await pilot.pause()
        assert app.messages == []

    drive(check)


def test_the_selection_stays_as_long_as_its_part_is_there() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.diagram.select(Unit(1, 2))
        app.diagram.show(network(2, 3, 1))
        assert app.diagram.selected == Unit(1, 2)
        app.diagram.show(network(2, 2, 1))
        assert app.diagram.selected is None and app.messages == []

    drive(check)


def shown(app: Host) -> list[range]:
    """The units of each column that are shown."""
    assert app.diagram.data is not None
    columns = app.diagram._layout(app.diagram.data).columns
    return [range(column.units)[column.visible] for column in columns]


def test_a_wide_layer_scrolls_to_what_is_selected_and_says_how_many_more_there_are() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        titles, count = lines(app.diagram)[0], len(shown(app)[1])
        assert any(f"↓ {40 - count} more" in line for line in lines(app.diagram))
        for _ in range(41):
            await pilot.press("down")
        assert app.diagram.selected == Unit(1, 39) and shown(app)[1][-1] == 39
        assert lines(app.diagram)[0] == titles
        assert any(f"↑ {40 - count} more" in line for line in lines(app.diagram))
        for _ in range(40):
            await pilot.press("up")
        assert app.diagram.selected == Unit(1, 0) and shown(app)[1][0] == 0

    drive(check, network(1, 40, 1), (60, 20))


def test_the_wheel_and_a_click_on_the_number_of_others_scroll_a_layer() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        count, (x, y) = len(shown(app)[1]), cell_of(app, Unit(1, 0))
        await pilot.click("#diagram", offset=(x, 18))
        assert shown(app)[1][0] == count
        await pilot._post_mouse_events([MouseScrollUp], "#diagram", offset=(x, y), button=0)
        assert shown(app)[1][0] == count - 1 and app.messages == []

    drive(check, network(1, 40, 1), (60, 20))


@pytest.mark.parametrize("hidden", [3, 20])
def test_keys_reach_every_layer_and_the_output_is_always_seen(hidden: int) -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        for key, columns in (("right", range(1, hidden + 2)), ("left", range(hidden, -1, -1))):
            for column in columns:
                await pilot.press(key)
                assert app.diagram.selected is not None
                assert isinstance(app.diagram.selected, Unit)
                assert app.diagram.selected.column == column
                seen = shown(app)
                assert seen[0] and seen[-1] and app.diagram.selected.unit in seen[column]
                text = "\n".join(lines(app.diagram))
                assert "inputs" in text and "output" in text
                missing = sum(not units for units in seen)
                said = [int(n) for n in re.findall(r"\+ (\d+) ", text)]
                assert sum(said) == missing

    drive(check, network(2, *[3] * hidden, 1), (56, 22))


def test_a_line_below_says_when_not_all_links_are_drawn() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        last = app.diagram.scrollable_content_region.height - 1
        text = "56 of 930 links are drawn"
        assert lines(app.diagram)[last].rstrip() == text
        await pilot.click("#diagram", offset=(3, last))
        assert app.messages == []

    drive(check, network(30, 30, 1))


def test_ascii_and_no_colour_are_drawn_without_braille_and_blocks() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        assert not all(line.isascii() for line in lines(app.diagram))
        app.ascii = True
        app.diagram.show(DATA)
        assert all(line.isascii() for line in lines(app.diagram))

    drive(check)


def test_no_colour_is_drawn_without_braille_and_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def check(app: Host, pilot: "Pilot[None]") -> None:
        assert all(line.isascii() for line in lines(app.diagram))

    drive(check)


def test_a_new_theme_brings_its_colours() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        before = app.diagram.render_line(10)
        app.theme = "textual-light"
        await pilot.pause()
        after = app.diagram.render_line(10)
        assert after.text == before.text and after != before

    drive(check)


def test_a_smaller_room_has_smaller_boxes() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.resize_terminal(30, 10)
        assert box_sizes(app)[1][1] < 15
        assert app.diagram.selected is None

    drive(check)


def test_every_binding_can_be_found_and_changed() -> None:
    for binding in NetworkDiagram.BINDINGS:
        assert not isinstance(binding, tuple)
        assert binding.id and binding.description and binding.tooltip


LAYOUT = layout_of(DATA, 60, 26)


@pytest.mark.parametrize(
    ("part", "across", "down", "to"),
    [
        (None, 1, 0, Unit(1, 0)),
        (Bias(0, 1), 0, 1, Unit(1, 2)),
        (Bias(1, 0), -1, 0, Unit(1, 1)),
        (Link(0, 1, 2), -1, 0, Unit(0, 1)),
        (Link(0, 1, 2), 1, 0, Unit(1, 2)),
        (Link(0, 1, 2), 0, -1, Link(0, 0, 2)),
        (Link(0, 1, 2), 0, 1, Link(0, 1, 2)),
        (Unit(0, 1), 1, 0, Unit(1, 2)),
    ],
)
def test_each_part_has_its_neighbours(part: Part | None, across: int, down: int, to: Part) -> None:
    assert neighbour(LAYOUT, part, across, down) == to


def test_keys_and_mouse_select_single_pixels_of_a_digit() -> None:
    weights = Maps(np.ones((3, 8, 8)), are_pixels=True)
    pictures: tuple[Pictures, ...] = (Image(np.eye(8)), weights, Maps(np.ones((1, 8, 8))))
    network_of_pixels = replace(network(64, 3, 1), pictures=pictures)

    async def check(app: Host, pilot: "Pilot[None]") -> None:
        # From the neuron to the right edge of the picture, and about in it.
        await pilot.press("right", "left")
        assert isinstance(app.diagram.selected, Unit)
        row = app.diagram.selected.unit // 8
        assert app.diagram.selected == Unit(0, 8 * row + 7)
        for key, pixel in (("h", 8 * row + 6), ("j", 8 * row + 14), ("right", 8 * row + 15)):
            await pilot.press(key)
            assert app.diagram.selected == Unit(0, pixel)
        await pilot.press("right")
        assert isinstance(app.diagram.selected, Unit) and app.diagram.selected.column == 1
        x, y = cell_of(app, Unit(0, 16))
        scale = app.diagram._layout(network_of_pixels).columns[0].scale
        await pilot.click("#diagram", offset=(x + scale, y))
        assert app.diagram.selected == Unit(0, 17)

    drive(check, network_of_pixels)


def test_a_part_belongs_to_its_neuron() -> None:
    assert neuron_of(Unit(1, 2)) == neuron_of(Link(0, 1, 2)) == neuron_of(Bias(0, 2)) == Unit(1, 2)
    assert neuron_of(Unit(0, 1)) is None and neuron_of(None) is None


def test_links_go_round_by_size() -> None:
    assert next_link(DATA, Unit(2, 0)) == next_link(DATA, Bias(1, 0)) == Link(1, 0, 0)
    assert next_link(DATA, Link(1, 1, 0)) == Link(1, 0, 0)
    assert next_link(DATA, Unit(0, 0)) is None
