"""Remembered styles are those that Textual works out, in every state of the widgets."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widgets import Button, Checkbox, Input, Label

from toygrad.tui.textual_patches import stylesheet
from toygrad.tui.textual_patches.app import PatchedApp
from toygrad.tui.textual_patches.stylesheet import RememberingStylesheet, StateMemory

from ..conftest import Start, User


def styles(node: DOMNode) -> dict[str, Any]:
    """The rules of a node and of its component classes, and what Textual notes of it beside."""
    return {
        "rules": node.styles.base.get_rules(),
        **{name: style.get_rules() for name, style in node._component_styles.items()},
        **{flag: getattr(node, flag) for flag in stylesheet.FLAGS},
    }


def assert_as_by_textual(app: PatchedApp[None]) -> None:
    """Compares what the widgets have with what Textual's own style sheet gives them."""
    nodes = [app, *app.screen.walk_children(with_self=True)]
    app.stylesheet.update(app.screen)
    remembered = [styles(node) for node in nodes]
    plain = Stylesheet(variables=app.stylesheet._variables)
    plain._rules = app.stylesheet.rules
    plain.update(app.screen)
    for node, expected in zip(nodes, remembered, strict=True):
        assert styles(node) == expected, node


class Form(PatchedApp[None]):
    CSS = """
    Vertical { &:focus-within { background: red; } Label { color: green; } }
    Vertical:focus-within > Label.wide { color: blue; }
    Label:first-of-type { text-style: bold; }
    Label:even { text-style: italic; }
    .wide:disabled, Input:disabled { color: yellow; }
    #second:hover .wide { color: purple; }
    Checkbox:focus > .toggle--label { color: cyan; }
    """

    def compose(self) -> ComposeResult:
        for name in ("first", "second"):
            with Vertical(id=name):
                yield Label("one", classes="wide")
                yield Label("two")
                yield Input()
                yield Checkbox("three")
                yield Button("four")

    def fail(self, error: Exception) -> None:
        raise error


async def test_any_state_of_a_form_has_textual_s_styles() -> None:
    app = Form()
    async with app.run_test() as pilot:
        assert isinstance(app.stylesheet, RememberingStylesheet)
        assert_as_by_textual(app)
        seen = set()
        for key in ("tab", "tab", "tab", "shift+tab", "tab", "tab", "tab"):
            await pilot.press(key)
            assert_as_by_textual(app)
            seen.add(str(app.query_one("#first Label.wide").styles.color))
        assert len(seen) == 2
        await pilot.hover("#second Label")
        assert_as_by_textual(app)
        app.query_one("#second").disabled = True
        await pilot.pause()
        assert_as_by_textual(app)
        for label in app.query("#first Label"):
            label.toggle_class("wide")
        await pilot.pause()
        assert_as_by_textual(app)
        await app.query("#first Label").first().remove()
        assert_as_by_textual(app)
        app.theme = "textual-light"
        await pilot.pause()
        assert_as_by_textual(app)


async def test_the_application_has_textual_s_styles(start: Start) -> None:
    async with start((120, 40)) as user:
        for keys in (("tab",), ("2", "down"), ("4", "n"), ("z",), ("z", "question_mark")):
            await user.press(*keys)
            assert_as_by_textual(user.app)


async def test_more_states_than_it_remembers_change_nothing(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stylesheet, "MOST_STATES", 20)
    made: list[StateMemory] = []

    def new_memory(sheet: RememberingStylesheet, rules: Any) -> StateMemory:
        made.append(StateMemory(rules))
        return made[-1]

    monkeypatch.setattr(RememberingStylesheet, "new_memory", new_memory)

    async def look(user: User) -> None:
        await user.press("tab")
        assert_as_by_textual(user.app)

    async with start((80, 24)) as user:
        await look(user)
    assert len(made) > 2
    assert all(len(memory.outcomes) < 40 for memory in made)
