"""The microscope: a program, its graph, and the chain rule step by step."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.geometry import Offset, Region
from textual.widgets import Input, Tabs, TextArea

from toygrad.core.explain.stepper import Stepper
from toygrad.core.expression import run_program
from toygrad.tui.config import AppConfig
from toygrad.tui.microscope.check_part import CheckPart
from toygrad.tui.microscope.examples import EXAMPLES, FIRST_EXAMPLE
from toygrad.tui.microscope.graph_diagram import GraphDiagram
from toygrad.tui.microscope.graph_labels import captions
from toygrad.tui.microscope.part_tabs import PARTS
from toygrad.tui.microscope.player import PACES
from toygrad.tui.microscope.program_part import ProgramEditor
from toygrad.tui.microscope.screen import MicroscopeScreen
from toygrad.tui.microscope.steps import FORWARD, StepTrack
from toygrad.tui.playground import PlaygroundScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

WIDE = (150, 46)


async def write(user: User, program: str) -> None:
    user.app.screen.query_one(ProgramEditor).text = program
    await user.settle()


async def begin(user: User) -> None:
    """Shows the first example before its first step, with nothing selected."""
    user.app.clear_notifications()
    user.app.screen.query_one(CheckPart).show_view("gradients")
    await write(user, "")
    await write(user, EXAMPLES[FIRST_EXAMPLE])
    await user.press("2")


def stepper(user: User) -> Stepper:
    screen = user.app.screen
    assert isinstance(screen, MicroscopeScreen)
    state = screen._state
    assert state is not None
    return state.stepper


# --- Opening and leaving -------------------------------------------------------------------------


async def test_m_opens_it_and_m_and_escape_go_back_with_everything_kept(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("m")
        screen = user.app.screen
        assert isinstance(screen, MicroscopeScreen)
        await write(user, "a = 3\nL = a*a\n")
        await user.press("n", "n", "m", "right_square_bracket")
        assert user.app.session.training.learning_rate == 0.1
        await user.press("m")
        assert user.app.screen is screen
        assert "step 2 of 3" in user.text("#step-bar")
        assert user.app.screen.query_one(TextArea).text == "a = 3\nL = a*a\n"
        await user.press("escape")
        assert isinstance(user.app.screen, PlaygroundScreen)


async def test_escape_leaves_the_program_first(start_small: Start) -> None:
    async with start_small(WIDE) as user:
        await user.press("m", "1")
        assert isinstance(user.app.focused, TextArea)
        await user.type("m = 1")
        await user.press("escape")
        assert isinstance(user.app.screen, MicroscopeScreen)
        assert user.app.focused is user.app.screen.query_one("#graph")
        await user.press("escape")
        assert isinstance(user.app.screen, PlaygroundScreen)


async def test_no_key_trains_behind_it(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("m", "s", "e", "r")
        assert user.app.session.step == 0
        await user.press("space", "space")
        assert user.app.session.state == "ready"


async def test_q_quits(start_small: Start) -> None:
    async with start_small(WIDE) as user:
        await user.press("m")
        await user.pilot.press("q")
        assert not user.app.is_running or user.app._exit


# --- Stepping ------------------------------------------------------------------------------------


async def keys_step_forward_and_back(user: User) -> None:
    await begin(user)
    assert "Press n to compute the first value" in user.text("#said")
    await user.press("n")
    assert "e = a*b = 2.0*-3.0 = -6.0" in user.text("#said")
    assert "Forward: e is computed." in user.text("#said")
    await user.press("f", "n", "n")
    said = user.text("#said")
    assert "d.grad += L.grad * ∂L/∂d = 1.0 * -2.0 = -2.0   (was 0, now -2.0)" in said
    assert "f.grad += L.grad * ∂L/∂f = 1.0 * 4.0 = 4.0   (was 0, now 4.0)" in said
    assert "each factor gets the gradient times the other" in said
    await user.press("p")
    assert "L.grad = ∂L/∂L = 1.0" in user.text("#said")
    await user.press("b")
    assert "step 7 of 7" in user.text("#step-bar")
    await user.press("home")
    assert "step 0 of 7" in user.text("#step-bar")
    await user.press("p")
    assert stepper(user).position == 0


async def every_step_back_restores_every_number_on_the_screen(user: User) -> None:
    await begin(user)
    screens = [user.text("#graph")]
    for _ in range(7):
        await user.press("n")
        screens.append(user.text("#graph"))
    for shown in reversed(screens[:-1]):
        await user.press("p")
        assert user.text("#graph") == shown


async def the_graph_shows_numbers_as_they_are_computed(user: User) -> None:
    await begin(user)
    assert "-8.0000" not in user.text("#graph")
    await user.press("f")
    assert "-8.0000" in user.text("#graph")
    await user.press("n", "n")
    assert "∂-2" in user.text("#graph")
    assert "∂4" in user.text("#graph")


async def the_list_shows_the_order_and_what_is_done(user: User) -> None:
    await begin(user)
    await user.press("f", "n", "n")
    rows = [row.strip(" │") for row in user.text("#steps").splitlines()[1:8]]
    assert rows == [
        "✓ 1 → e = a*b",
        "✓ 2 → d = e + c",
        "✓ 3 → L = d*f",
        "✓ 4 ← L.grad = 1",
        "▶ 5 ← L.grad to d, f",
        "6 ← d.grad to e, c",
        "7 ← e.grad to a, b",
    ]


async def arrows_in_the_list_take_and_undo_steps(user: User) -> None:
    await begin(user)
    await user.press("3", "down", "down", "j")
    assert stepper(user).position == 3
    await user.press("up", "k")
    assert stepper(user).position == 1
    await user.press("pagedown")
    assert stepper(user).position == 7


async def the_line_of_the_step_is_highlighted_in_the_program(user: User) -> None:
    await begin(user)
    editor = user.app.screen.query_one(ProgramEditor)
    for line in (5, 6, 7, 7, 7, 6, 5):
        await user.press("n")
        assert editor._step == line
        assert editor.get_line(line - 1).spans


@pytest.mark.parametrize("size", [(80, 24), (120, 40), WIDE], ids=str)
async def test_every_step_of_every_example_is_seen(
    size: tuple[int, int], start_small: Start
) -> None:
    async with start_small(size) as user:
        await user.press("m")
        screen = user.app.screen
        assert isinstance(screen, MicroscopeScreen)
        diagram = screen.query_one(GraphDiagram)
        for name in [*EXAMPLES, "network"]:
            if name == "network":
                screen.look_at_network()
            else:
                screen.look_at_example(name)
            await user.settle()
            view, painter, state = diagram._view, diagram._painter, screen._state
            assert view is not None and painter is not None and state is not None
            assert diagram.zoom.form.numbers == 2, name
            for position in range(state.stepper.n_steps + 1):
                screen._go_to(position)
                last, rules = state.stepper.last, captions(state.stepper, "∂")
                assert diagram._canvas is not None
                rows = ["".join(map(chr, row)) for row in diagram._canvas.glyphs.tolist()]
                assert not rules or any(rule in row for rule in rules for row in rows), name
                ends = () if last is None else (last.node, *last.node.parents)
                for node in filter(None, map(view.node_of, ends)):
                    box = painter.layout.boxes[node.id]
                    left, top = box.left - diagram.scroll_x, box.top - diagram.scroll_y
                    assert left >= 0 and left + box.width <= diagram.size.width, name
                    assert top >= 0 and top + box.height <= diagram.size.height, name
                    corners = painter.paint({}).glyphs[
                        [box.top, box.top + box.height - 1], box.left + box.width - 1
                    ]
                    assert "".join(map(chr, corners)) in ("╮╯", "┐┘", "┓┛", "╗╝"), name
            # Whole, from edge to edge.
            assert painter.layout.width <= diagram.size.width, name
            assert painter.layout.height <= diagram.size.height, name


async def test_home_goes_back_to_the_start_however_far_the_graph_and_the_steps_scroll(
    start_small: Start,
) -> None:
    async with start_small((80, 24)) as user:
        await user.press("m")
        await write(user, EXAMPLES["micrograd's README"])
        await user.press("2", *["plus"] * 9)
        for key, part in (("2", "graph"), ("3", "steps")):
            await user.press(key, "b")
            focused = user.app.focused
            assert focused is not None and focused.id == part
            assert focused.allow_vertical_scroll or focused.allow_horizontal_scroll
            await user.press("home")
            assert stepper(user).position == 0


# --- What the sentences and the picture teach ----------------------------------------------------


def said(user: User) -> str:
    return " ".join(user.text("#said").split())


def graph(user: User) -> str:
    return " ".join(user.text("#graph").split())


async def every_operation_says_its_own_rule_at_its_node(user: User) -> None:
    await write(user, EXAMPLES["a neuron"])
    await user.press("2", "f", "n", "n")
    rule = "∂o/∂n = 1 - tanh(n)**2 = 1 - 0.707107**2 = 0.5"
    assert f"Backward through tanh(n): {rule} (near 0 where tanh saturates)." in said(user)
    # As much of it as there is room for.
    assert "1 - tanh(n)**2 = 0.5" in graph(user)
    assert "∂0.5" in graph(user)
    assert "◀" in graph(user) and "▶" not in graph(user)
    await user.press("n")
    # It stays on its wire, and the rule of the next operation is at that.
    assert "∂0.5" in graph(user)
    assert "1 - tanh(n)**2" not in graph(user)
    assert "∂n/∂node3 = 1, ∂n/∂b = 1" in graph(user)


async def what_is_used_twice_adds_and_w_shows_what_else_would_be(user: User) -> None:
    await write(user, EXAMPLES["3x^2 - 4x + 5, slope 14"])
    await user.press("b")
    assert "x is used twice: the two gradients add. Press w to see what = would" in said(user)
    assert "gradients of y" in graph(user)
    await user.press("w")
    assert "what if: = in place of +=" in graph(user)
    assert "x.grad = node1.grad * ∂node1/∂x = 3.0 * 6.0 = 18.0 (was -4.0, now 18.0)" in said(user)
    assert "= throws -4.0 away, += keeps it, 14.0 in all." in said(user)
    # The wrong one, then the right one.
    lines = user.text("#graph").splitlines()
    (wrong,) = [k for k, line in enumerate(lines) if "grad +18.000" in line]
    assert "true +14.000" in lines[wrong + 1]
    assert "differs" in user.text("#check")
    # What is passed on is not wrong here, so there is nothing else to suppose.
    await user.press("w")
    assert "gradients of y" in graph(user)
    assert "+18.000" not in user.text("#graph")


async def a_node_taken_too_early_is_shown_beside_the_right_order(user: User) -> None:
    await write(user, "x = 2\na = x*x\nL = a*3 + a\n")
    await user.press("b")
    order = "Only now, after all that use a (topological order): earlier it would pass on"
    assert order in said(user)
    assert "x.grad would be" in said(user) and "not 16.0." in said(user)
    await user.press("w", "w")
    assert "what if: a taken too early" in graph(user)
    assert stepper(user).bugs.early is not None
    await user.press("home", "f", "n", "n", "n")
    assert "Too early: a.grad is 1.0 so far, and more will arrive." in said(user)
    await user.press("n")
    await user.press("b")
    assert "+4.0000" in user.text("#graph") and "+16.0000" in user.text("#graph")
    await user.press("w")
    assert stepper(user).beside is None


async def without_a_value_used_twice_there_is_nothing_to_suppose(user: User) -> None:
    await begin(user)
    user.app.clear_notifications()
    await user.press("w")
    assert user.said == ["No value is used twice here: = and += would give the same gradients."]
    user.app.clear_notifications()


async def predicting_ends_what_is_supposed_and_hides_it(user: User) -> None:
    await write(user, EXAMPLES["3x^2 - 4x + 5, slope 14"])
    await user.press("w", "P")
    assert stepper(user).beside is None
    await user.press("w")
    assert stepper(user).beside is None
    assert user.said[-1].startswith("Hidden while you predict.")
    await user.press("escape")
    user.app.clear_notifications()


# --- Playing -------------------------------------------------------------------------------------


async def test_space_plays_to_the_end_and_again_from_the_start(start_small: Start) -> None:
    async with start_small(WIDE) as user:
        await user.press("m", "space")
        screen = user.app.screen
        assert isinstance(screen, MicroscopeScreen)
        assert stepper(user).position == 1
        assert "‖" in user.text("#step-bar")
        for _ in range(7):
            screen.action_step(1)
        await user.settle()
        assert not screen._player.is_playing
        assert "▶" in user.text("#step-bar")
        await user.press("space")
        assert stepper(user).position == 1
        await user.press("space")
        assert not screen._player.is_playing


async def test_it_steps_by_itself_at_the_pace(start_small: Start) -> None:
    async with start_small(WIDE) as user:
        await user.press("m", *["full_stop"] * len(PACES), "space")
        await user.pilot.pause(3.5 / PACES[-1])
        assert 2 <= stepper(user).position <= 7


async def test_comma_and_full_stop_change_the_pace_while_it_plays(start_small: Start) -> None:
    async with start_small(WIDE) as user:
        await user.press("m")
        assert "2 steps/s" in user.text("#step-bar")
        await user.press("space", "comma", "comma", "comma", "comma")
        assert "0.5 steps/s" in user.text("#step-bar")
        await user.press("full_stop")
        assert " 1 steps/s" in user.text("#step-bar")
        await user.press("m")
        await user.press("m")
        assert "▶" in user.text("#step-bar")


# --- The mouse -----------------------------------------------------------------------------------


async def a_click_selects_a_node_and_a_double_click_steps_to_it(user: User) -> None:
    await begin(user)
    diagram = user.app.screen.query_one(GraphDiagram)
    place = user.place(diagram, "╭d ") + Offset(2, 0)
    await user.pilot.click(diagram, offset=place)
    assert diagram.selected is not None
    assert diagram.selected.label == "d"
    await user.pilot.click(diagram, offset=place, times=2)
    await user.settle()
    assert stepper(user).position == 2


async def a_click_on_a_step_goes_there_and_back(user: User) -> None:
    await begin(user)
    steps = user.app.screen.query_one("#steps")
    for text, position in (("L.grad to", 5), ("d = e", 2)):
        await user.pilot.click(steps, offset=user.place(steps, text))
        await user.settle()
        assert stepper(user).position == position


async def buttons_and_the_track_do_what_the_keys_do(user: User) -> None:
    await begin(user)
    for symbol, position in (("⇥", 1), ("⇥", 2), ("⇤", 1), ("↺", 0)):
        bar = user.app.screen.query_one("#step-bar")
        await user.pilot.click(bar, offset=user.place(bar, symbol))
        await user.settle()
        assert stepper(user).position == position
    track = user.app.screen.query_one(StepTrack)
    await user.pilot.click(track, offset=(track.size.width - 12, 0))
    await user.settle()
    assert stepper(user).position == 7
    await user.pilot.click(track, offset=(len(FORWARD), 0))
    await user.settle()
    assert stepper(user).position == 0


async def test_the_wheel_scrolls_the_graph(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("m")
        leaves = [f"a{k} = {k}" for k in range(9)]
        await write(user, "\n".join([*leaves, f"L = {'+'.join(f'a{k}' for k in range(9))}"]))
        await user.press("2", *["plus"] * 9)
        diagram = user.app.screen.query_one(GraphDiagram)
        assert diagram.max_scroll_y > 0
        before = diagram.scroll_offset.y
        await user.pilot._post_mouse_events([events.MouseScrollDown], diagram, (5, 5))
        await user.settle()
        assert diagram.scroll_offset.y > before


async def a_tooltip_describes_the_node_under_the_pointer(user: User) -> None:
    await begin(user)
    await user.press("f")
    diagram = user.app.screen.query_one(GraphDiagram)
    await user.pilot.hover(diagram, offset=user.place(diagram, "╭d ") + Offset(2, 0))
    assert diagram.tooltip == "d = e + c\ndata 4\ngradient not computed yet"


# --- Selecting and zooming -----------------------------------------------------------------------


async def a_node_is_selected_by_arrows_and_stepped_to(user: User) -> None:
    await begin(user)
    await user.press("left", "up", "enter")
    assert stepper(user).position == 2
    assert "d = e + c" in user.text("#said")
    diagram = user.app.screen.query_one(GraphDiagram)
    for key, name in (("left", "c"), ("k", "e"), ("l", "d"), ("down", "f"), ("k", "d")):
        await user.press(key)
        assert diagram.selected is not None
        assert diagram.selected.label == name


async def plus_and_minus_zoom_and_0_fits(user: User) -> None:
    await begin(user)
    await user.press("b")
    diagram = user.app.screen.query_one(GraphDiagram)
    fitted = diagram.zoom
    assert (fitted.level, fitted.form.label_width) == (0, 8)
    assert "∂-3" in user.text("#graph")
    await user.press("minus")
    assert "data -" not in user.text("#graph")
    assert "∂-3" not in user.text("#graph")
    await user.press("minus")
    assert (diagram.zoom.level, diagram.zoom.form.numbers) == (0, 0)
    await user.press("minus")
    assert diagram.zoom.level == 1
    await user.press("plus", "plus", "plus")
    assert diagram.zoom == fitted
    await user.press("minus", "minus", "0")
    assert diagram.zoom == fitted


async def z_gives_the_graph_all_the_room_and_takes_it_back(user: User) -> None:
    await begin(user)
    diagram = user.app.screen.query_one(GraphDiagram)
    width = diagram.size.width
    await user.press("z")
    assert diagram.size.width > width + 40
    assert "e = a*b" not in user.text("#graph")
    await user.press("z")
    assert diagram.size.width == width


async def test_a_small_terminal_has_the_graph_alone_and_a_map_where_it_is_scrolled(
    start_small: Start,
) -> None:
    async with start_small((80, 24)) as user:
        await user.press("M")
        diagram = user.app.screen.query_one(GraphDiagram)
        height = diagram.size.height
        assert diagram._mini_map is None
        await user.press("t")
        path = "Path 1 of 2 from layer1.weight[0,0]: "
        assert path in said(user)
        assert re.search(r"\* 0.5 = -?[0-9.e-]+\.$", said(user))
        await user.press("z")
        assert diagram.size.height == height + 5
        await user.press("t")
        assert user.said[-1].startswith("Path 2 of 2 from layer1.weight[0,0]: ")
        assert "step  0 of 93" in user.text("#step-bar")
        await user.press("plus", "plus", "plus", "plus", "plus", "plus", "b", "p")
        assert diagram.max_scroll_x > 0
        assert "▪" in user.text("#graph") and "░" in user.text("#graph")
        found = diagram._mini_map
        assert found is not None
        # It moves out of the way of what acts.
        area = Region(*found.place, *reversed(found.canvas.glyphs.shape))
        assert diagram._painter is not None
        for node in diagram._acting():
            box = Region(*diagram._painter.layout.boxes[node.id])
            assert not area.overlaps(box.translate(-diagram.scroll_offset))
        # A click on it goes there.
        await user.pilot.click(diagram, offset=Offset(*found.place) + Offset(2, 2))
        await user.settle()
        assert diagram.scroll_x == 0
        await user.press("0", "z")
        assert diagram._mini_map is None
        assert diagram.size.height == height


# --- The program ---------------------------------------------------------------------------------


async def a_changed_number_flows_through_at_once(user: User) -> None:
    await begin(user)
    await user.press("b")
    await write(user, "a = 3.0\nL = a*a\n")
    assert "step 3 of 3" in user.text("#step-bar")
    assert "+9.0000" in user.text("#graph")
    await write(user, "a = 4.0\nL = a*a\n")
    assert "+16.0000" in user.text("#graph")
    assert "step 3 of 3" in user.text("#step-bar")


async def the_selection_stays_while_numbers_change(user: User) -> None:
    await begin(user)
    await user.press("left", "up")
    await write(user, EXAMPLES["(a*b + c) * f"].replace("10.0", "11.0"))
    selected = user.app.screen.query_one(GraphDiagram).selected
    assert selected is not None
    assert selected.label == "d"


async def an_example_is_chosen(user: User) -> None:
    await begin(user)
    await user.click("example")
    await user.choose("example", "3x^2 - 4x + 5, slope 14")
    await user.press("b")
    assert "+14.0000" in user.text("#check")
    assert "x.grad +=" in user.text("#said")


async def test_the_palette_opens_every_example(start_small: Start) -> None:
    async with start_small(WIDE) as user:
        for name in EXAMPLES:
            await user.app.run_action(f"app.microscope_example({name!r})")
            await user.settle()
            screen = user.app.screen
            assert isinstance(screen, MicroscopeScreen)
            assert screen.query_one(TextArea).text == EXAMPLES[name]
            await user.press("b")
            assert stepper(user).phase == "done"


BAD = {
    "a = 1\nb = 2/0\nL = a*2": "Line 2, column 7: division by zero",
    "a = 1\nb = log(-1)\nL = a*2": "Line 2, column 5: log",
    "a = 1\nb = exp(1000)\nL = a*2": "Line 2, column 5: ",
    "a = 1\nb = 9**9**9\nL = a*2": "Line 2, column ",
    "a = 1\nb = c + 1\nc = b + 1\nL = a*2": "b and c depend on each other",
    "a = 1\nb = zz + 1\nL = a*2": "unknown name zz",
    "a = 1\nb = ().__class__\nL = a*2": "Line 2, column ",
    "a = 1\nb = é + 1\nL = a*2": "Line 2, column 5: ",
    "a = 1\nL = a*2\nb = " + "(" * 200 + "1" + ")" * 200: "Line 3, column ",
    "a = 1\nL = a*2\n" + "# line\n" * 10_000: "a program has at most 1,000 lines",
}


async def what_is_wrong_is_one_sentence_and_the_rest_stays(user: User) -> None:
    await begin(user)
    for text, sentence in BAD.items():
        await user.press("home")
        await write(user, text)
        said = " ".join(user.text("#errors").replace("│", " ").split())
        assert sentence in said
        await user.press("f")
        assert "+2.0000" in user.text("#graph")
        assert user.said == []


async def many_errors_are_counted(user: User) -> None:
    await begin(user)
    await write(user, "\n".join(f"a{k} = z{k}" for k in range(30)))
    assert "And 27 more lines with errors." in user.text("#errors")
    await write(user, "a = 1")
    assert not user.app.screen.query_one("#errors").display


async def an_error_is_underlined(user: User) -> None:
    await begin(user)
    await write(user, "a = 1\nb = a + zz # sum\n")
    line = user.app.screen.query_one(ProgramEditor).get_line(1)
    underlined = [s for s in line.spans if getattr(s.style, "underline", False)]
    assert [line.plain[s.start : s.end] for s in underlined] == ["zz "]


async def a_derivative_that_does_not_exist_is_a_sentence(user: User) -> None:
    await begin(user)
    await write(user, "a = 0\nL = sqrt(a)\n")
    await user.press("b")
    sentence = "L = sqrt(a) = sqrt(0.0) has no derivative there: change a number to continue."
    assert sentence in user.text("#said")
    assert stepper(user).position == 2
    assert "none" in user.text("#check")
    await user.press("v", "v", "v", "t")
    await user.press("p")
    assert stepper(user).position == 1


async def nothing_to_compute_is_said(user: User) -> None:
    await begin(user)
    for text in ("", "# nothing", "x = ", "x = ().__class__", "x = 9**9**9"):
        await write(user, text)
        keys = ("n", "p", "f", "b", "home", "left", "enter", "t", "plus", "0", "space")
        await user.press(*keys, "v", "v", "v", "v", "right_square_bracket")
        assert "Nothing is computed yet" in user.text("#graph")
        assert "no steps" in user.text("#step-bar")
    await user.press("x")
    assert "Nothing to export yet" in user.said[-1]


CHECKS = {
    "stepping": (
        keys_step_forward_and_back,
        every_step_back_restores_every_number_on_the_screen,
        the_graph_shows_numbers_as_they_are_computed,
        the_list_shows_the_order_and_what_is_done,
        arrows_in_the_list_take_and_undo_steps,
        the_line_of_the_step_is_highlighted_in_the_program,
    ),
    "teaching": (
        every_operation_says_its_own_rule_at_its_node,
        what_is_used_twice_adds_and_w_shows_what_else_would_be,
        a_node_taken_too_early_is_shown_beside_the_right_order,
        without_a_value_used_twice_there_is_nothing_to_suppose,
        predicting_ends_what_is_supposed_and_hides_it,
    ),
    "mouse": (
        a_click_selects_a_node_and_a_double_click_steps_to_it,
        a_click_on_a_step_goes_there_and_back,
        buttons_and_the_track_do_what_the_keys_do,
        a_tooltip_describes_the_node_under_the_pointer,
    ),
    "selecting": (
        a_node_is_selected_by_arrows_and_stepped_to,
        z_gives_the_graph_all_the_room_and_takes_it_back,
        plus_and_minus_zoom_and_0_fits,
    ),
    "program": (
        a_changed_number_flows_through_at_once,
        the_selection_stays_while_numbers_change,
        an_example_is_chosen,
        many_errors_are_counted,
        an_error_is_underlined,
        a_derivative_that_does_not_exist_is_a_sentence,
        what_is_wrong_is_one_sentence_and_the_rest_stays,
        nothing_to_compute_is_said,
    ),
}


@pytest.mark.parametrize("group", CHECKS)
async def test_the_program_in_the_microscope(group: str, start_small: Start) -> None:
    async with start_small(WIDE) as user:
        await user.press("m")
        for check in CHECKS[group]:
            await check(user)


# --- Parts and sizes -----------------------------------------------------------------------------


async def test_one_part_at_a_time_on_a_small_terminal(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("m")
        assert user.app.screen.query_one("#parts").display
        for key, part in (("3", "steps"), ("4", "check"), ("2", "graph"), ("1", "program")):
            await user.press(key)
            widgets = [p for p in PARTS if user.app.screen.query_one(f"#{p}").region.area]
            assert widgets == [part]
        tabs = user.app.screen.query_one("#parts", Tabs)
        await user.press("escape")
        await user.pilot.click(tabs, offset=user.place(tabs, "Steps"))
        await user.settle()
        assert user.app.screen.query_one("#steps").region.area


async def test_resizing_keeps_the_place(start_small: Start) -> None:
    async with start_small(WIDE) as user:
        await user.press("m", "f", "n")
        for size in ((80, 24), (120, 40), (60, 16), (150, 46)):
            await user.resize(*size)
            assert "step 4 of 7" in user.text("#step-bar")
            assert max(map(len, user.lines())) <= size[0]


async def test_a_terminal_too_small_gets_a_sentence(start_small: Start) -> None:
    async with start_small((59, 15)) as user:
        await user.press("m")
        assert "needs a terminal of at least 60 columns" in " ".join(user.text().split())


async def test_it_is_ascii_where_that_is_asked_for(start_small: Start) -> None:
    async with start_small(WIDE, AppConfig(ascii=True)) as user:
        await user.press("m", "b", "left")
        for keys in ((), ("v",), ("v", "t"), ("v",), ("g",), ("g",)):
            await user.press(*keys)
            bad = {c for c in user.text() if not c.isascii()}
            assert not bad


async def test_help_holds_its_keys_and_parts(start_small: Start) -> None:
    async with start_small((100, 200)) as user:
        await user.press("m", "question_mark")
        words = " ".join(user.text().replace("│", " ").split())
        for text in ("Take the next step", "Follow the next path", "Type one assignment per line"):
            assert text in words
        for title in ("Program", "Graph", "Steps", "Check", "Stepping"):
            assert f" {title} " in words
        assert "learning rate" not in words
        await user.press("escape")
        assert isinstance(user.app.screen, MicroscopeScreen)


async def test_the_palette_holds_its_keys(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("m", "ctrl+p")
        assert isinstance(user.app.focused, Input)
        user.app.focused.value = "forward (f)"
        await user.pilot.pause(0.3)
        await user.press("enter")
        await user.pilot.pause(0.1)
        await user.settle()
        assert stepper(user).position == 3


# --- Examples ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_computed(name: str) -> None:
    program = run_program(EXAMPLES[name])
    assert program.errors == ()
    assert program.output is not None


def test_examples_have_the_gradients_that_are_published() -> None:
    readme = run_program(EXAMPLES["micrograd's README"])
    assert readme.output is not None
    readme.output.backward()
    a, b = (readme.values[name] for name in "ab")
    assert f"{readme.output.data:.4f} {a.grad:.4f} {b.grad:.4f}" == "24.7041 138.8338 645.5773"
    slope = run_program(EXAMPLES["3x^2 - 4x + 5, slope 14"])
    assert slope.output is not None
    slope.output.backward()
    assert slope.values["x"].grad == 14.0


async def test_the_screen_shows_the_numbers_of_micrograds_readme(start_small: Start) -> None:
    async with start_small(WIDE) as user:
        await user.app.run_action('app.microscope_example("micrograd\'s README")')
        await user.settle()
        await user.press("b")
        assert f"{stepper(user).data(stepper(user).output):.4f}" == "24.7041"
        for number in ("+138.8338", "+645.5773"):
            assert number in user.text("#check")


def test_tanh_and_its_exponentials_have_the_same_slope() -> None:
    slopes, nodes = [], []
    for name in ("tanh in one node", "tanh from exp, same slope"):
        program = run_program(EXAMPLES[name])
        assert program.output is not None
        nodes.append(len(Stepper(program.output).order))
        program.output.backward()
        slopes.append(program.values["x"].grad)
    assert slopes[0] == pytest.approx(slopes[1], rel=1e-12)
    assert nodes[1] > nodes[0]
