"""The Training pane: stop conditions, and bugs to plant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.core.training.sabotage import SABOTAGES
from toygrad.tui.config import AppConfig
from toygrad.tui.widgets.settings import Section

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

SIZES = [(80, 24), (120, 40), (150, 46)]


def message(user: User) -> str:
    return " ".join(user.text("#message").split())


def bugs(user: User) -> tuple[str, ...]:
    return user.app.session.training.sabotage


async def unfold(user: User, section: str) -> None:
    """Opens a section of the pane as the keyboard does."""
    settings = user.settings(section)
    (members,) = (
        s.members for s in settings.settings if isinstance(s, Section) and s.name == section
    )
    await user.reach(section)
    if not members & {s.name for s in settings.shown}:
        await user.press("enter")
    assert members <= {s.name for s in settings.shown}


async def tick(user: User, name: str) -> None:
    await user.reach(name)
    await user.press("enter")


# --- Stop conditions -----------------------------------------------------------------------------


async def test_a_stop_condition_pauses_training_with_a_sentence(start: Start) -> None:
    async with start((80, 24)) as user:
        await unfold(user, "stops")
        assert "after epochs        off" in user.text("#training")
        await user.reach("stop_epochs")
        await user.press("right")
        assert user.app.session.training.stop_epochs == 10
        assert "stop: epoch 10" in user.text("#training")
        await user.advance(10_000)
        assert user.snapshot.epoch == 10
        assert message(user) == "Stopped after 10 epochs, as asked. Press space to continue."
        assert not user.app.screen.query_one("#message").has_class("-bad")
        await user.advance(25)
        assert user.snapshot.epoch == 11
        assert not user.app.screen.query_one("#message").display


async def test_conditions_are_typed_and_switched_off_and_mark_nothing_on_the_loss(
    start: Start,
) -> None:
    async with start((80, 24)) as user:
        await unfold(user, "stops")
        await user.advance(50)
        for setting, typed, value, title in (
            ("stop_epochs", "200 ep", 200, "stop: epoch 200"),
            ("stop_loss", "0.015", 0.015, "stop: loss 0.015"),
            ("stop_patience", "40", 40, "stop: patience 40"),
        ):
            await user.reach(setting)
            await user.press("enter")
            await user.fill(typed)
            assert getattr(user.app.session.training, setting) == value
            assert title in user.text("#training")
            await user.press("enter")
            await user.fill("off")
            assert getattr(user.app.session.training, setting) == 0
            assert "stop condition: none" in user.text("#training")
        assert user.said == []
        assert user.snapshot.curves.marks == ()


# --- Rate factors --------------------------------------------------------------------------------


async def test_each_layer_has_a_rate_factor_that_undo_takes_back(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.advance(30)
        await unfold(user, "rate_factors")
        assert "rate factors: all 1" in user.text("#training")
        await user.reach("rate-factor-2")
        await user.press("enter")
        await user.fill("0.05")
        assert user.app.session.training.rate_factors == (1.0, 0.05)
        assert "rate factors: 1, 0.05, 1" in user.text("#training")
        assert user.snapshot.curves.marks[-1].text == "rate factors 1,0.05"
        await user.reach("rate-factor-1")
        await user.press("left")
        assert user.app.session.training.rate_factors == (0.3, 0.05)
        await user.press("enter")
        await user.fill("-1")
        assert user.said == ["The rate factor of a layer has to be 0 or more, not -1."]
        assert user.value("rate-factor-1") == 0.3
        await user.press("ctrl+z", "ctrl+z")
        assert not user.app.session.training.rate_factors
        assert "rate factors: all 1" in user.text("#training")


async def test_factors_follow_the_number_of_layers(start: Start) -> None:
    factors = TrainingConfig(rate_factors=(1.0, 0.5, 0.1))
    async with start((80, 24), AppConfig(training=factors)) as user:
        await unfold(user, "rate_factors")
        assert "rate factors: 1, 0.5, 0.1" in user.text("#training")
        user.app.session.configure(network=NetworkSpec(hidden=(4,)))
        await user.settle()
        await user.advance(1)
        assert "rate factors: 1, 0.5" in user.text("#training")
        await user.reach("rate-factor-1")
        await user.press("left")
        # That of the layer that is gone waits for it.
        assert user.app.session.training.rate_factors == (0.3, 0.5, 0.1)


# --- Bugs ----------------------------------------------------------------------------------------


async def test_a_bug_is_planted_and_says_what_it_breaks_and_undo_ends_it(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.advance(30)
        before = user.parameters
        await unfold(user, "sabotages")
        for name, sabotage in SABOTAGES.items():
            marks = user.snapshot.curves.marks
            await tick(user, name)
            assert bugs(user) == (name,)
            assert user.said == [sabotage.breaks]
            assert f"bug: {sabotage.title}" in user.text("#status")
            assert f"bug: {sabotage.title}" in user.text("#training")
            *old, mark = user.snapshot.curves.marks
            assert (*old,) == marks and mark.text == f"sabotage {sabotage.title}"
            for parameter, array in user.parameters.items():
                np.testing.assert_array_equal(array, before[parameter])
            await user.press("ctrl+z")
            assert bugs(user) == ()
            assert "sabotage" not in user.text("#status")
            assert not user.value(name)
            assert user.snapshot.curves.marks[-1].text == "sabotage off"
            user.app.clear_notifications()
            await user.advance(1)
            before = user.parameters


async def test_unticking_a_box_removes_that_bug_and_keeps_the_others(start: Start) -> None:
    async with start((80, 24)) as user:
        await unfold(user, "sabotages")
        await tick(user, "wrong_sign")
        await tick(user, "no_activation")
        assert bugs(user) == ("no_activation", "wrong_sign")
        assert "+1" in user.text("#status")
        await tick(user, "wrong_sign")
        assert bugs(user) == ("no_activation",)
        assert len(user.said) == 2


async def test_the_palette_switches_a_bug_on_and_off(start: Start) -> None:
    async with start((80, 24)) as user:
        for expected in (("wrong_sign",), ()):
            await user.app.run_action("switch_sabotage('wrong_sign')")
            await user.settle()
            assert bugs(user) == expected
        assert len(user.said) == 1


@pytest.mark.parametrize("ascii", [False, True])
async def test_a_bug_is_in_the_status_bar_at_every_size(ascii: bool, start: Start) -> None:
    async with start(SIZES[-1], AppConfig(ascii=ascii)) as user:
        await user.app.run_action("switch_sabotage('dropped_layer')")
        for size in SIZES:
            await user.resize(*size)
            assert "bug: drop layer 1's gradient" in user.text("#status")
            assert user.text("#status").isascii() or not ascii


async def test_in_ascii_the_sections_have_arrows_of_letters(start: Start) -> None:
    async with start((80, 24), AppConfig(ascii=True)) as user:
        await user.press("3")
        assert "v stop condition: none" in user.text("#training")
        await user.reach("stops")
        await user.press("enter")
        assert "> stop condition: none" in user.text("#training")
        assert user.text("#training").isascii()


async def test_auto_says_what_it_stands_for_where_there_is_room(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.press("3", "z")
        assert "auto: squared error" in user.text("#training")
        assert f"auto: {user.snapshot.engine}" in user.text("#training")
        await user.resize(120, 40)
        await user.press("z")
        assert "loss           squared error ▾" in user.text("#training")
        await user.reach("loss")
        await user.press("right")
        assert "loss           squared error ▾" in user.text("#training")
