"""Help and the palette hold all there is, and every key is named and explained."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import Input

import toygrad.tui
from toygrad.tui.commands import PlaygroundCommands
from toygrad.tui.help import FIRST
from toygrad.tui.key_words import keys_in, with_keys
from toygrad.tui.keys import written_keys
from toygrad.tui.playground import PlaygroundScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Start


def own_classes() -> Iterator[type[DOMNode]]:
    """Every class with bindings of its own in the package."""
    for module in pkgutil.walk_packages(toygrad.tui.__path__, "toygrad.tui."):
        # Both are for terminals alone, which Windows has none of.
        is_missing = sys.platform == "win32" and module.name.endswith((".driver", ".output"))
        if module.name.endswith("__main__") or is_missing:
            continue
        for item in vars(importlib.import_module(module.name)).values():
            is_own = isinstance(item, type) and item.__module__ == module.name
            if is_own and issubclass(item, DOMNode) and "BINDINGS" in vars(item):
                yield item


@pytest.mark.parametrize("owner", list(own_classes()))
def test_every_binding_has_an_id_a_description_and_a_tooltip(owner: type[DOMNode]) -> None:
    for binding in vars(owner)["BINDINGS"]:
        assert isinstance(binding, Binding)
        assert binding.id, binding
        assert binding.description, binding
        assert binding.tooltip, binding


def test_no_two_bindings_share_an_id() -> None:
    ids = [binding.id for owner in own_classes() for binding in vars(owner)["BINDINGS"]]
    assert len(ids) == len(set(ids)) > 30


async def test_help_holds_every_key_with_its_meaning_and_every_pane(start: Start) -> None:
    async with start((100, 500)) as user:
        await user.press("question_mark")
        words = " ".join(user.text().replace("│", " ").split())
        for binding in PlaygroundScreen.BINDINGS:
            assert isinstance(binding, Binding)
            assert binding.tooltip in words
            assert f" {written_keys(binding)} " in words
        for pane in user.app.playground.panes:
            assert f" {pane.TITLE} " in words
            assert " ".join(pane.HELP_TEXT.split())[:40] in words
        for tooltip in (
            "Hold the table still",
            "The value above, or the name after",
            "Sort by the",
        ):
            assert tooltip in words


async def test_what_matters_first_is_on_one_screen_and_each_key_exists(start: Start) -> None:
    known = {binding.id: binding for owner in own_classes() for binding in vars(owner)["BINDINGS"]}
    for keys, meaning in FIRST:
        for key, id in keys_in(f"{keys} {meaning}"):
            assert key in written_keys(known[id]).split()
    async with start((80, 24)) as user:
        await user.press("question_mark")
        for keys, meaning in FIRST:
            assert " ".join(with_keys(keys).split()) in " ".join(user.text().split())
            assert meaning in user.text()


async def test_the_palette_finds_and_runs_actions_data_sets_and_choices(start: Start) -> None:
    async with start((80, 24)) as user:
        session = user.app.session
        for typed in ("step (s)", "data set: gauss", "optimizer: adamw"):
            await user.press("ctrl+p")
            assert isinstance(user.app.focused, Input)
            user.app.focused.value = typed
            await user.pilot.pause(0.3)
            await user.press("enter")
            await user.pilot.pause(0.1)
            await user.settle()
        assert session.step == 1
        assert session.dataset.name == "gauss"
        assert session.training.optimizer == "adamw"


async def test_the_palette_offers_every_key(start: Start) -> None:
    async with start((80, 24)) as user:
        provider = PlaygroundCommands(user.app.screen)
        offered = {str(hit.prompt) async for hit in provider.discover()}
        for binding in PlaygroundScreen.BINDINGS:
            assert isinstance(binding, Binding)
            assert any(binding.description in title for title in offered)


async def test_the_palette_does_what_the_keys_of_a_pane_do(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.advance(60)
        offered = [
            command.title for command in PlaygroundCommands(user.app.screen)._pane_commands()
        ]
        for pane in ("Data", "Network", "Output", "Loss", "Gradients"):
            assert any(title.startswith(f"{pane}: ") for title in offered)
        await user.press("ctrl+p")
        assert isinstance(user.app.focused, Input)
        user.app.focused.value = next(t for t in offered if t.endswith("(o)") and "Loss" in t)
        await user.pilot.pause(0.3)
        await user.press("enter")
        await user.pilot.pause(0.1)
        await user.settle()
        assert user.focus == "loss"
        assert "light" in user.text("#loss")
