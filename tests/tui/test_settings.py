"""Every setting of the training and of the network changes at once and keeps what was learned."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core import TrainingConfig
from toygrad.tui.widgets.settings import Choice, Number

if TYPE_CHECKING:
    from tests.tui.conftest import Start

# A number that is out of sight is shown by these first.
SHOWN_BY = {
    "momentum": ("optimizer", "momentum"),
    "decay": ("optimizer", "rmsprop"),
    "beta2": ("optimizer", "adam"),
    "weight_decay": ("optimizer", "adamw"),
    "schedule_epochs": ("schedule", "step"),
    "regularization_rate": ("regularization", "l2"),
}


async def test_every_number_is_reached_and_turned_in_mid_run_and_keeps_the_weights(
    start: Start,
) -> None:
    async with start((80, 41)) as user:
        await user.advance(30)
        before = user.parameters
        names = {field.name for field in fields(TrainingConfig)}
        numbers = [s.name for s in user.settings("pace").settings if isinstance(s, Number)]
        factors = [name for name in numbers if name.startswith("rate-factor-")]
        numbers = [name for name in numbers if name not in factors]
        assert len(numbers) == 12 and names.issuperset(numbers) and len(factors) == 3
        for name in numbers:
            if name == "stop_epochs":
                await user.reach("stops")
                if name not in {setting.name for setting in user.settings(name).shown}:
                    await user.press("enter")
            if name in SHOWN_BY:
                await user.choose(*SHOWN_BY[name])
            await user.reach(name)
            old = getattr(user.app.session.training, name)
            await user.press("right")
            new = getattr(user.app.session.training, name)
            assert new > old
            assert user.value(name) == new
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
        await user.advance(30)
        before = user.parameters
        choices = [s for s in user.settings("pace").settings if isinstance(s, Choice)]
        for choice in choices:
            old = getattr(user.app.session.training, choice.name)
            await user.reach(choice.name)
            # The list opens at the present one.
            await user.press("enter", "up" if choice.name == "engine" else "down", "enter")
            assert getattr(user.app.session.training, choice.name) != old
            await user.press("home")
            assert getattr(user.app.session.training, choice.name) == choice.values[0]
        assert user.snapshot.step == 30
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])


async def test_an_invalid_number_is_refused_and_can_be_corrected(start: Start) -> None:
    async with start() as user:
        before = user.app.session.training
        for name, typed, sentence in (
            ("learning_rate", "fast", "“fast” is not a number."),
            ("learning_rate", "inf", "“inf” is not a finite number."),
            ("batch_size", "2.5", "“2.5” is not a whole number."),
        ):
            await user.reach(name)
            await user.press("enter")
            await user.fill(typed)
            assert user.said[-1] == sentence
            assert user.settings(name).is_open
            assert user.app.session.training is before
            await user.press("escape")
            assert not user.settings(name).is_open


async def test_a_number_out_of_range_is_refused_and_the_setting_in_force_shown(
    start: Start,
) -> None:
    async with start() as user:
        await user.press("3")
        before = user.app.session.training
        await user.press("enter")
        await user.fill("-1")
        assert len(user.said) == 1
        assert "learning rate" in user.said[0].lower()
        assert user.app.session.training == before
        assert user.value("learning_rate") == before.learning_rate


async def test_a_layer_grows_and_shrinks_and_neurons_that_stay_keep_their_weights(
    start: Start,
) -> None:
    async with start() as user:
        await user.advance(30)
        before = user.parameters
        await user.press("4")
        await user.reach("neurons-0")
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


async def test_too_many_neurons_are_refused_and_the_setting_in_force_shown(start: Start) -> None:
    async with start() as user:
        await user.press("4")
        await user.reach("neurons-0")
        await user.press("enter")
        await user.fill("90000000")
        assert len(user.said) == 1
        assert "parameters" in user.said[0]
        assert user.sizes() == (2, 4, 2, 1)
        assert user.value("neurons-0") == 4
        await user.press("enter")
        await user.fill("0")
        assert "number of neurons" in user.said[1]


async def test_an_activation_is_chosen_for_each_layer_and_the_weights_stay(start: Start) -> None:
    async with start() as user:
        await user.advance(30)
        before = user.parameters
        await user.press("4")
        await user.choose("activation-1", "linear")
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
        assert "lr 0.1 " in user.text("#status") and user.value("learning_rate") == 0.1
        user.app.trainer._asked_meanwhile = True
        user.app._show(older)
        await user.settle()
        assert user.snapshot.learning_rate == 0.03
        assert "lr 0.1 " in user.text("#status") and user.value("learning_rate") == 0.1
