"""Predict, then see, in the microscope: by keys alone, and nothing tells the answer before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from tests.tui.microscope.test_screen import stepper, write
from toygrad.tui.microscope.examples import EXAMPLES
from toygrad.tui.microscope.graph_diagram import GraphDiagram
from toygrad.tui.microscope.screen import MicroscopeScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User


async def answer(user: User, number: str) -> None:
    await user.type(number)
    await user.press("enter")


def shown(user: User) -> str:
    return " ".join(user.text("#predict").split())


async def test_gradients_then_values_are_asked_for_compared_and_counted(start_small: Start) -> None:
    async with start_small((120, 40)) as user:
        await user.press("m", "P")
        assert "What is d.grad? L = d*f, L.grad = 1.0" in shown(user)
        await answer(user, "2")
        assert "Only the sign is wrong." in user.text("#said")
        assert "2: not yet. 0 of 1 right at the first try" in shown(user)
        await answer(user, "4")
        assert "You multiplied by d itself" in user.text("#said")
        await answer(user, "-2")
        assert "Right: d.grad = 1.0 * -2.0 = -2.0." in user.text("#said")
        assert stepper(user).position == 4
        assert "What is f.grad?" in shown(user)
        await answer(user, "4.05")
        assert "Right. 1 of 2 right at the first try" in shown(user)
        assert "f.grad += L.grad * ∂L/∂f" in user.text("#said")
        assert stepper(user).position == 5

        # What would tell the answer is hidden, and all keys but those of a number still work.
        assert "Hidden until you answer." in user.text("#check")
        assert "gradient" not in user.text("#check")
        await user.press("t")
        assert any(said.startswith("Hidden while you predict") for said in user.said)
        await user.press("n", "p", "p")
        assert stepper(user).position == 4
        await user.press("b")
        assert "Every gradient is known. Press P to predict the values." in shown(user)

        await user.press("P")
        assert stepper(user).position == 0
        assert "What is e? e = a*b = 2.0*-3.0" in shown(user)
        await answer(user, "1e")
        assert "Not a number" in user.text("#said")
        await user.press("backspace", "backspace")
        await answer(user, "-1")
        assert "another operation" in user.text("#said")
        await user.press("enter")
        assert "e = a*b = 2.0*-3.0 = -6.0" in user.text("#said")
        assert "0 of 1 right" in shown(user)
        await answer(user, "4")
        await answer(user, "-8")
        assert "Every value is known. Press P to end." in shown(user)

        await user.press("P")
        assert not user.app.screen.query_one("#predict").display
        assert "Gradients" in user.text("#check")
        await user.press("P")
        assert isinstance(user.app.focused, Input)
        await user.press("escape")
        assert isinstance(user.app.screen, MicroscopeScreen)
        assert user.app.focused is user.app.screen.query_one("#graph")
        assert "Gradients" in user.text("#check")


async def test_a_step_that_completes_nothing_is_taken_by_enter(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("m")
        await write(user, "x = 3\ns = x**2\nt = x*2\nL = s + t\n")
        await user.press("P")
        await answer(user, "1")
        await answer(user, "1")
        assert "completes no gradient: press enter to take it." in shown(user)
        await user.press("enter")
        assert "2 of 2 right at the first try" in shown(user)
        assert "What is x.grad? It is used 2 times: s = x**2, s.grad = 1.0" in shown(user)
        await answer(user, "6")
        said = " ".join(user.text("#said").split())
        assert (
            "You forgot a path: x is used 2 times, and what each use passes back adds up." in said
        )
        await answer(user, "8")
        assert "Right. 2 of 3 right at the first try" in shown(user)


async def test_while_it_asks_every_example_is_whole_at_80_columns(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("m", "P")
        screen = user.app.screen
        assert isinstance(screen, MicroscopeScreen)
        diagram = screen.query_one(GraphDiagram)
        for name in EXAMPLES:
            screen.look_at_example(name)
            await user.press("n", "n")
            assert diagram.max_scroll_y == 0, name
        await user.press("escape", "home")
        assert not screen.has_class("-predicting")
