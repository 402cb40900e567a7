"""The Training pane: when training stops by itself, and the mistakes made on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.widgets._collapsible import CollapsibleTitle

from toygrad.core.training.sabotage import SABOTAGES
from toygrad.tui.config import AppConfig
from toygrad.tui.training.fold import Fold
from toygrad.tui.training.tick_box import TickBox
from toygrad.tui.widgets.knob import Knob

if TYPE_CHECKING:
    from tests.tui.conftest import Size, Start, User

pytestmark = pytest.mark.slow

SIZES = [(80, 24), (120, 40), (150, 46)]


def message(user: User) -> str:
    return " ".join(user.text("#message").split())


def mistakes(user: User) -> tuple[str, ...]:
    return user.app.session.training.sabotage


async def unfold(user: User, section: str) -> None:
    """Opens a section of the pane as the keyboard does."""
    await user.press("3")
    user.app.screen.query_one(f"#{section} > CollapsibleTitle", CollapsibleTitle).focus()
    await user.press("enter")
    assert not user.app.screen.query_one(f"#{section}", Fold).collapsed


async def tick(user: User, name: str) -> None:
    user.app.screen.query_one(f"#sabotage-{name}", TickBox).focus()
    await user.press("enter")


# --- Stopping by itself --------------------------------------------------------------------------


async def test_a_condition_is_turned_on_and_training_pauses_with_a_sentence(start: Start) -> None:
    async with start((80, 24)) as user:
        await unfold(user, "stops")
        knob = user.app.screen.query_one("#stop-epochs", Knob)
        assert "after epochs        off" in user.text("#stops")
        knob.focus()
        await user.press("right")
        assert user.app.session.training.stop_epochs == 10
        assert "stop at epoch 10" in user.text("#stops")
        await user.advance(10_000)
        assert user.snapshot.epoch == 10
        assert message(user) == "Stopped after 10 epochs, as asked. Press space to continue."
        assert not user.app.screen.query_one("#message").has_class("-bad")
        await user.advance(25)
        assert user.snapshot.epoch == 11
        assert not user.app.screen.query_one("#message").display


@pytest.mark.parametrize(
    ("knob", "typed", "field", "value", "title"),
    [
        ("stop-epochs", "200 ep", "stop_epochs", 200, "stop at epoch 200"),
        ("stop-loss", "0.015", "stop_loss", 0.015, "stop at loss 0.015"),
        ("stop-patience", "40", "stop_patience", 40, "stop at no gain in 40"),
    ],
)
async def test_a_condition_is_typed_and_switched_off_again(
    knob: str, typed: str, field: str, value: float, title: str, start: Start
) -> None:
    async with start((80, 24)) as user:
        await unfold(user, "stops")
        user.app.screen.query_one(f"#{knob}", Knob).focus()
        await user.press("enter")
        await user.fill(typed)
        assert getattr(user.app.session.training, field) == value
        assert title in user.text("#stops")
        await user.press("enter")
        await user.fill("off")
        assert getattr(user.app.session.training, field) == 0
        assert "stop by itself: never" in user.text("#stops")
        assert user.said == []


async def test_a_condition_marks_nothing_on_the_loss(start: Start) -> None:
    async with start((80, 24)) as user:
        await unfold(user, "stops")
        await user.advance(50)
        user.app.screen.query_one("#stop-loss", Knob).focus()
        await user.press("right")
        assert user.snapshot.curves.marks == ()


# --- Sabotage ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SABOTAGES)
async def test_a_mistake_is_made_and_says_what_it_breaks_and_undo_ends_it(
    name: str, start: Start
) -> None:
    sabotage = SABOTAGES[name]
    async with start((80, 24)) as user:
        await user.advance(30)
        before = user.parameters
        await unfold(user, "sabotages")
        await tick(user, name)
        assert mistakes(user) == (name,)
        assert user.said == [sabotage.breaks]
        assert f"bug: {sabotage.title}" in user.text("#status")
        assert f"broken: {sabotage.title}" in user.text("#sabotages")
        assert [mark.text for mark in user.snapshot.curves.marks] == [f"sabotage {sabotage.title}"]
        for parameter, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[parameter])
        await user.press("ctrl+z")
        assert mistakes(user) == ()
        assert "sabotage" not in user.text("#status")
        assert not user.app.screen.query_one(f"#sabotage-{name}", TickBox).value
        assert user.snapshot.curves.marks[-1].text == "sabotage off"


async def test_a_box_unticked_ends_the_mistake_and_the_others_go_on(start: Start) -> None:
    async with start((80, 24)) as user:
        await unfold(user, "sabotages")
        await tick(user, "wrong_sign")
        await tick(user, "no_activation")
        assert mistakes(user) == ("no_activation", "wrong_sign")
        assert "+1" in user.text("#status")
        await tick(user, "wrong_sign")
        assert mistakes(user) == ("no_activation",)
        assert len(user.said) == 2


async def test_the_palette_switches_a_mistake_on_and_off(start: Start) -> None:
    async with start((80, 24)) as user:
        for expected in (("wrong_sign",), ()):
            await user.app.run_action("switch_sabotage('wrong_sign')")
            await user.settle()
            assert mistakes(user) == expected
        assert len(user.said) == 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii", [False, True])
async def test_a_mistake_is_in_the_status_bar_at_every_size(
    size: Size, ascii: bool, start: Start
) -> None:
    async with start(size, AppConfig(ascii=ascii)) as user:
        await user.app.run_action("switch_sabotage('dropped_layer')")
        await user.settle()
        assert "bug: drop layer 1's gradient" in user.text("#status")
        assert user.text("#status").isascii() or not ascii


async def test_in_ascii_the_sections_have_arrows_of_letters(start: Start) -> None:
    async with start((80, 24), AppConfig(ascii=True)) as user:
        await user.press("3")
        assert "> stop by itself: never" in user.text("#stops")
        await unfold(user, "stops")
        assert "v stop by itself: never" in user.text("#stops")
        assert user.text("#training").isascii()
