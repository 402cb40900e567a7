"""The microscope's check: gradients beside differences, curves, and all the ways to the output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.style import Style
from textual.widgets import Tabs

from toygrad.core.explain.paths import paths
from toygrad.core.explain.stepper import Stepper
from toygrad.core.expression import run_program
from toygrad.tui.microscope.check_part import STEP_SIZES, VIEWS, CheckPart
from toygrad.tui.microscope.check_views import CheckTable, path_row, product_text
from toygrad.tui.microscope.examples import EXAMPLES, FIRST_EXAMPLE
from toygrad.tui.microscope.graph_diagram import GraphDiagram
from toygrad.tui.microscope.program_part import ProgramEditor
from toygrad.tui.microscope.screen import MicroscopeScreen
from toygrad.tui.widgets.line_list import LineList
from toygrad.tui.widgets.row_styles import RowStyles

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

WIDE = (150, 46)
FIRST = EXAMPLES[FIRST_EXAMPLE]


async def open_program(user: User, text: str, view: str = "gradients") -> None:
    """Shows a program at its first step, with nothing selected."""
    screen = user.app.screen
    user.app.clear_notifications()
    for program in ("", text):
        screen.query_one(ProgramEditor).text = program
        await user.settle()
    screen.query_one(CheckPart).show_view(view)
    await user.press("2")


def selected(user: User) -> str:
    node = user.app.screen.query_one(GraphDiagram).selected
    return "" if node is None else node.label


async def every_leaf_stands_beside_its_central_difference(user: User) -> None:
    await open_program(user, "a = -4.0\nb = 2.0\nL = (a*b)**2\n")
    rows = [row.split() for row in user.text("#check-table").splitlines()]
    assert rows[0] == ["value", "gradient", "measured", "error"]
    assert rows[1][:3] == ["a", "-32.0000", "-32.0000"]
    assert rows[2][:3] == ["b", "+64.0000", "+64.0000"]
    assert rows[1][-1] == rows[2][-1] == "ok"
    assert "2 x 2 = 4 evaluations" in user.text("#check-said")
    assert "1 forward and 1 backward pass" in " ".join(user.text("#check-said").split())


async def brackets_change_h_and_a_wrong_h_is_seen(user: User) -> None:
    await open_program(user, "x = 1\nL = exp(3*x)\n")
    await user.press("left_square_bracket")
    assert "h = 1e-06" in user.text("#check")
    await user.press(*["right_square_bracket"] * len(STEP_SIZES))
    assert "h = 1e-01" in user.text("#check")
    assert "differs" in user.text("#check-table")
    await user.press(*["left_square_bracket"] * len(STEP_SIZES))
    assert "h = 1e-12" in user.text("#check")
    assert "differs" in user.text("#check-table")


async def the_error_is_drawn_from_tiny_to_large_h(user: User) -> None:
    await open_program(user, "x = 1\nL = exp(3*x)\n")
    plot = user.text("#error-plot")
    assert "1e-12" in plot
    assert "0.01" in plot
    assert "┊" in plot


async def v_and_the_names_lead_through_the_views(user: User) -> None:
    await open_program(user, FIRST)
    check = user.app.screen.query_one(CheckPart)
    for view in (*VIEWS[1:], VIEWS[0]):
        await user.press("v")
        assert check.view == view
    tabs = user.app.screen.query_one("#views", Tabs)
    await user.pilot.click(tabs, offset=user.place(tabs, "Paths"))
    await user.settle()
    assert check.view == "paths"


async def the_curve_has_its_slope_in_words(user: User) -> None:
    await open_program(user, "x = 3.0\ny = 3*x**2 - 4*x + 5\n", "curve")
    text = user.text("#check")
    assert "At x = 3.0: y = 20.0, slope 14.0, which is the gradient." in text
    assert "y against x" in text
    assert "its slope, ∂y/∂x" in text
    assert text.count("●") == 2


async def a_curve_with_a_hole_is_drawn_around_it(user: User) -> None:
    for text in ("x = 0.5\ny = log(x)\n", "x = 1\ny = 1/x\n", "x = 700\ny = exp(x)\n"):
        await open_program(user, text, "curve")
        assert "which is the gradient" in user.text("#check")


async def a_row_selects_its_leaf_and_a_leaf_its_curve(user: User) -> None:
    await open_program(user, FIRST)
    await user.press("4")
    assert isinstance(user.app.focused, CheckTable)
    await user.press("down", "down")
    assert selected(user) == "b"
    await user.press("v")
    assert "L against b" in user.text("#check")
    await user.press("2", "left")
    assert selected(user) != ""


async def all_paths_add_up_to_the_gradient(user: User) -> None:
    await open_program(user, "a = 3.0\nb = a**2\nL = a*b + a\n", "paths")
    rows = [" ".join(row.split()) for row in user.text("#view-paths").splitlines()]
    assert "+18.0000 a → b → node1 → L = 6.0 * 3.0 * 1.0" in rows
    assert "+9.0000 a → node1 → L = 9.0 * 1.0" in rows
    assert "+1.0000 a → L = 1.0" in rows
    assert "3 paths from a to L add up to its gradient, 28.0." in user.text("#check-said")


async def t_follows_path_after_path_and_then_none(user: User) -> None:
    await open_program(user, "a = 3.0\nb = a**2\nL = a*b + a\n", "paths")
    await user.press("f")
    diagram = user.app.screen.query_one(GraphDiagram)
    for number, product in enumerate((18.0, 9.0, 1.0), start=1):
        await user.press("t")
        assert diagram._path is not None
        assert diagram._path.product == product
        assert f"Path {number} of 3 from a: " in user.text("#check-said")
        assert user.app.screen.query_one("#view-paths", LineList).cursor == number - 1
    await user.press("t")
    assert diagram._path is None
    assert "Forward: L is computed." in user.text("#said")
    await user.press("v", "t")
    assert "∂6" in user.text("#graph")
    assert "Path 1 of 3 from a: 6.0 * 3.0 * 1.0 = 18.0." in user.text("#said")
    assert user.said == []


async def a_path_is_chosen_in_the_list(user: User) -> None:
    await open_program(user, "a = 3.0\nL = a*a + a\n", "paths")
    await user.press("4", "down")
    path = user.app.screen.query_one(GraphDiagram)._path
    assert path is not None
    assert path.product == 3.0


async def paths_begin_at_the_selected_value(user: User) -> None:
    await open_program(user, FIRST, "paths")
    await user.press("left", "up")
    assert selected(user) == "d"
    assert "1 path from d to L" in user.text("#check")
    await user.press("right")
    # Nothing leads from the output to itself: then it is the first leaf.
    assert "1 path from a to L" in user.text("#check")


async def a_path_of_a_weight_leads_through_the_network(user: User) -> None:
    user.app.screen.query_one(CheckPart).show_view("paths")
    await user.press("M", "4", "down")
    path = user.app.screen.query_one(GraphDiagram)._path
    assert path is not None
    screen = user.app.screen
    assert isinstance(screen, MicroscopeScreen)
    state = screen._state
    assert state is not None
    names = [state.stepper.names[node] for node in path.nodes]
    assert names[-1] == "loss"
    assert "layer3[0]" in names


async def more_paths_than_can_be_shown_are_counted(user: User) -> None:
    lines = ["a0 = 1.01", *(f"a{k + 1} = a{k} + a{k}" for k in range(12))]
    await open_program(user, "\n".join(lines), "paths")
    text = " ".join(user.text("#check-said").split())
    assert "4,096 paths from a0 to a12 add up to its gradient, 4096.0" in text
    assert "the 3,996 not shown add 3996.0" in text


@pytest.mark.parametrize("width", [30, 60, 78, 200])
def test_a_path_is_whole_at_every_width_and_ends_in_its_product(width: int) -> None:
    lines = ["a0 = 1.5", *(f"a{k + 1} = a{k}*{k + 2}" for k in range(12))]
    output = run_program("\n".join(lines)).output
    assert output is not None
    stepper = Stepper(output)
    (path,) = paths(output, stepper.order[0]).shown
    assert product_text(path) == "2.0 * 3.0 * 4.0 * ... * 11.0 * 12.0 * 13.0"
    row = path_row(path, stepper, RowStyles(*[Style()] * 7), width, ascii=False)
    text = "".join(segment.text for segment in row)
    assert len(text) <= width
    assert text.endswith("3.0")
    assert float(text.split()[0]) == pytest.approx(path.product, rel=0.01)


CHECKS = {
    "gradients": (
        every_leaf_stands_beside_its_central_difference,
        the_error_is_drawn_from_tiny_to_large_h,
        v_and_the_names_lead_through_the_views,
        a_row_selects_its_leaf_and_a_leaf_its_curve,
        brackets_change_h_and_a_wrong_h_is_seen,
    ),
    "curves": (the_curve_has_its_slope_in_words, a_curve_with_a_hole_is_drawn_around_it),
    "paths": (
        all_paths_add_up_to_the_gradient,
        t_follows_path_after_path_and_then_none,
        a_path_is_chosen_in_the_list,
        paths_begin_at_the_selected_value,
        more_paths_than_can_be_shown_are_counted,
        a_path_of_a_weight_leads_through_the_network,
    ),
}


@pytest.mark.parametrize("view", CHECKS)
async def test_a_view_of_the_check(view: str, start_small: Start) -> None:
    async with start_small(WIDE) as user:
        await user.press("m")
        for check in CHECKS[view]:
            await check(user)


async def test_only_the_visible_view_is_computed(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("m")
        for view in VIEWS:
            await open_program(user, FIRST, view)
            await user.press("4")
            assert user.text("#check").strip()
            await user.press("2")
            user.app.screen.query_one(ProgramEditor).text = "x = 2\nL = x*x*x\n"
            await user.settle()
            await user.press("4")
            shown = user.text("#check")
            number = {"gradients": "+12.0000", "curve": "L = 8.0", "paths": "12.0"}.get(view, "")
            assert number in shown


async def test_a_value_of_a_graph_that_has_gone_is_not_examined(start_small: Start) -> None:
    async with start_small((120, 40)) as user:
        await user.press("m")
        check = user.app.screen.query_one(CheckPart)
        gone = check._leaves[0]
        await open_program(user, "x = 3.0\ny = x*x")
        check.show_value(gone)
        await user.settle()
        assert check._leaf is not None and check._leaf.label == "x"
