"""Every setting of the training and of the network changes at once and keeps what was learned."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.widgets import Collapsible

from toygrad.core import TrainingConfig
from toygrad.tui.network.pane import LayerRow
from toygrad.tui.widgets.choice import Choice, DropDown
from toygrad.tui.widgets.knob import Knob

if TYPE_CHECKING:
    from tests.tui.conftest import Start

# Where a knob is turned that is out of sight, it is shown by these first.
SHOWN_BY = {
    "momentum": ("optimizer", "momentum"),
    "decay": ("optimizer", "rmsprop"),
    "beta2": ("optimizer", "adam"),
    "weight_decay": ("optimizer", "adamw"),
    "schedule_epochs": ("schedule", "step"),
    "regularization_rate": ("regularization", "l2"),
}


async def test_every_knob_changes_its_setting_in_mid_run_and_keeps_the_weights(
    start: Start,
) -> None:
    async with start((80, 40)) as user:
        await user.press("3")
        await user.advance(30)
        before = user.parameters
        names = {field.name for field in fields(TrainingConfig)}
        turned = 0
        for fold in user.app.screen.query_one("#training").query(Collapsible):
            fold.collapsed = False
        for knob in user.app.screen.query_one("#training").query(Knob):
            name = str(knob.id).replace("-", "_")
            assert name in names
            if name in SHOWN_BY:
                user.app.action_set_training(*SHOWN_BY[name])
                await user.settle()
            old = getattr(user.app.session.training, name)
            knob.focus()
            await user.press("right")
            new = getattr(user.app.session.training, name)
            assert new > old
            assert knob.value == new
            turned += 1
        assert turned == 12
        assert user.snapshot.step == 30
        assert user.said == []
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])
        await user.advance(2)
        assert user.snapshot.step == 32


async def test_every_choice_changes_its_setting_in_mid_run_and_keeps_the_weights(
    start: Start,
) -> None:
    async with start((80, 40)) as user:
        await user.press("3")
        await user.advance(30)
        before = user.parameters
        for choice in user.app.screen.query_one("#training").query(Choice):
            name = str(choice.id).replace("-", "_")
            old = getattr(user.app.session.training, name)
            choice.query_one(DropDown).focus()
            # The list opens at the present one.
            await user.press("enter", "up" if name == "engine" else "down", "enter")
            assert getattr(user.app.session.training, name) != old
        assert user.snapshot.step == 30
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])


async def test_an_invalid_number_is_refused_and_can_be_corrected(start: Start) -> None:
    async with start() as user:
        await user.press("3")
        before = user.app.session.training
        for knob, typed, sentence in (
            ("learning-rate", "fast", "“fast” is not a number."),
            ("learning-rate", "inf", "“inf” is not a finite number."),
            ("batch-size", "2.5", "“2.5” is not a whole number."),
        ):
            widget = user.app.screen.query_one(f"#{knob}", Knob)
            widget.focus()
            await user.press("enter")
            await user.fill(typed)
            assert user.said[-1] == sentence
            assert widget.is_editing
            assert user.app.session.training is before
            await user.press("escape")
            assert not widget.is_editing


async def test_a_number_out_of_range_is_refused_and_the_knob_turned_back(start: Start) -> None:
    async with start() as user:
        await user.press("3")
        before = user.app.session.training
        knob = user.app.screen.query_one("#learning-rate", Knob)
        await user.press("enter")
        await user.fill("-1")
        assert len(user.said) == 1
        assert "learning rate" in user.said[0].lower()
        assert user.app.session.training == before
        assert knob.value == before.learning_rate


async def test_a_layer_grows_and_shrinks_and_neurons_that_stay_keep_their_weights(
    start: Start,
) -> None:
    async with start() as user:
        await user.press("4")
        await user.advance(30)
        before = user.parameters
        knob = user.app.screen.query(LayerRow).first().query_one(Knob)
        knob.focus()
        await user.press("right", "right")
        assert user.sizes() == (2, 6, 2, 1)
        np.testing.assert_array_equal(
            user.parameters["layer1.weight"][:, :4], before["layer1.weight"]
        )
        np.testing.assert_array_equal(user.parameters["layer2.weight"][:4], before["layer2.weight"])
        await user.press("left", "left", "left")
        assert user.sizes() == (2, 3, 2, 1)
        np.testing.assert_array_equal(
            user.parameters["layer1.weight"], before["layer1.weight"][:, :3]
        )
        np.testing.assert_array_equal(user.parameters["layer3.weight"], before["layer3.weight"])
        assert user.snapshot.step == 30
        assert "2 → 3 → 2 → 1" in user.text("#network")


async def test_too_many_neurons_are_refused_and_the_knob_turned_back(start: Start) -> None:
    async with start() as user:
        await user.press("4")
        knob = user.app.screen.query(LayerRow).first().query_one(Knob)
        knob.focus()
        await user.press("enter")
        await user.fill("90000000")
        assert len(user.said) == 1
        assert "parameters" in user.said[0]
        assert user.sizes() == (2, 4, 2, 1)
        assert knob.value == 4
        await user.press("enter")
        await user.fill("0")
        assert "number of neurons" in user.said[1]


async def test_an_activation_is_chosen_for_each_layer_and_the_weights_stay(start: Start) -> None:
    async with start() as user:
        await user.press("4")
        await user.advance(30)
        before = user.parameters
        user.app.screen.query(LayerRow).last().query_one(DropDown).focus()
        await user.press("enter", "home", "enter")
        first, second = user.app.session.network_spec.activations
        assert first == "tanh" != second
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])


async def test_a_setting_is_shown_before_the_next_frame_and_no_older_frame_hides_it(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start((150, 46)) as user:
        older = user.snapshot
        monkeypatch.setattr(user.app.trainer, "refresh", lambda: None)
        await user.press("]")
        knob = user.app.screen.query_one("#learning-rate", Knob)
        assert "lr 0.1 " in user.text("#status") and knob.value == 0.1
        user.app.trainer._asked_meanwhile = True
        user.app._show(older)
        await user.settle()
        assert user.snapshot.learning_rate == 0.03
        assert "lr 0.1 " in user.text("#status") and knob.value == 0.1
