"""An edit is taken back and done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toygrad.core import NetworkSpec
from toygrad.core.nn import Element
from toygrad.tui.data.gallery import DatasetGallery
from toygrad.tui.messages import ElementsEdited, NetworkChanged
from toygrad.tui.network.pane import NetworkPane

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

WEIGHT, BIAS = Element(1, 0, 3), Element(2, None, 1)


async def test_edits_are_undone_and_redone_in_their_order(start: Start) -> None:
    async with start() as user:
        session = user.app.session
        await user.press("s", "right_square_bracket", "full_stop")
        user.app.action_choose_dataset("xor")
        await user.settle()
        user.app.action_set_training("optimizer", "adam")
        await user.settle()

        def settings() -> tuple[object, ...]:
            training = session.training
            return (
                training.optimizer,
                session.dataset.name,
                training.pace,
                training.learning_rate,
            )

        assert settings() == ("adam", "xor", 60.0, 0.1)
        await user.press("ctrl+z")
        assert settings() == ("sgd", "xor", 60.0, 0.1)
        await user.press("ctrl+z")
        assert settings() == ("sgd", "circle", 60.0, 0.1)
        assert user.app.screen.query_one("#datasets", DatasetGallery).chosen == "circle"
        await user.press("ctrl+z", "ctrl+z")
        assert settings() == ("sgd", "circle", 30.0, 0.03)
        assert "lr 0.03" in user.text("#status")
        await user.press("ctrl+z")
        assert "Nothing to undo." in user.said
        await user.press(*["ctrl+y"] * 4)
        assert settings() == ("adam", "xor", 60.0, 0.1)
        await user.press("ctrl+y")
        assert "Nothing to redo." in user.said


async def test_a_new_edit_ends_what_could_be_redone(start: Start) -> None:
    async with start() as user:
        await user.press("right_square_bracket", "ctrl+z", "left_square_bracket", "ctrl+y")
        assert user.app.session.training.learning_rate == 0.01
        assert "Nothing to redo." in user.said


async def post(user: User, message: NetworkChanged | ElementsEdited) -> None:
    user.app.playground.query_one(NetworkPane).post_message(message)
    await user.settle()


async def test_a_layer_that_is_brought_back_has_the_weights_it_had(start: Start) -> None:
    async with start() as user:
        await user.advance(20)
        before = user.snapshot
        await post(user, NetworkChanged(NetworkSpec(hidden=(3,))))
        assert user.sizes() == (2, 3, 1)
        await user.press("ctrl+z")
        assert user.snapshot.network == before.network and user.snapshot.step == before.step
        np.testing.assert_array_equal(user.snapshot.parameters, before.parameters)
        await user.press("ctrl+y")
        assert user.sizes() == (2, 3, 1)


async def test_written_and_frozen_weights_are_undone_together_and_nothing_else(
    start: Start,
) -> None:
    async with start() as user:
        await user.advance(5)
        await post(user, ElementsEdited({BIAS: None}, {BIAS: True}))
        before = user.snapshot
        await post(user, ElementsEdited({WEIGHT: 2.0, BIAS: -1.0}, {WEIGHT: True, BIAS: False}))
        assert (user.snapshot.parameters != before.parameters).sum() == 2
        await user.press("ctrl+z")
        np.testing.assert_array_equal(user.snapshot.parameters, before.parameters)
        np.testing.assert_array_equal(user.snapshot.frozen, before.frozen)
        await user.press("ctrl+y")
        assert (user.snapshot.parameters != before.parameters).sum() == 2
        assert user.snapshot.frozen.sum() == 1


async def test_an_edit_of_a_weight_that_is_gone_meanwhile_is_left_out(start: Start) -> None:
    async with start() as user:
        await post(user, ElementsEdited({WEIGHT: 2.0}, {WEIGHT: True}))
        await post(user, NetworkChanged(NetworkSpec(hidden=(2, 2))))
        await post(user, ElementsEdited({WEIGHT: 3.0}, {WEIGHT: True}))
        assert user.sizes() == (2, 2, 2, 1) and not user.snapshot.frozen.any()
        await user.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert user.sizes() == (2, 4, 2, 1) and not user.snapshot.frozen.any()


async def test_a_weight_that_cannot_be_is_refused_with_a_sentence(start: Start) -> None:
    async with start() as user:
        before = user.snapshot.parameters
        await post(user, ElementsEdited({WEIGHT: float("nan")}, {WEIGHT: False}))
        assert len(user.said) == 1 and "layer1.weight[0,3]" in user.said[0]
        np.testing.assert_array_equal(user.snapshot.parameters, before)
        await user.press("ctrl+z")
        assert "Nothing to undo." in user.said


async def test_undoing_other_data_brings_back_the_run_with_its_epoch_and_curves(
    start: Start,
) -> None:
    async with start() as user:
        await user.advance(60)
        before = user.snapshot
        await user.advance(0)
        user.app.action_choose_dataset("moons")
        await user.settle()
        await user.advance(40)
        await user.press("ctrl+z")
        now = user.snapshot
        assert (now.dataset.name, now.epoch, now.step) == ("circle", before.epoch, before.step)
        np.testing.assert_array_equal(now.parameters, before.parameters)
        np.testing.assert_array_equal(now.curves.recent, before.curves.recent)
        assert now.curves.marks == before.curves.marks


async def test_undoing_a_lesson_brings_back_the_run_and_redoing_it_the_lesson(
    start: Start,
) -> None:
    async with start((80, 24)) as user:
        await user.advance(60)
        before = user.snapshot
        await user.app.action_begin_preset("xor-line")
        await user.settle()
        await user.press("y")
        assert (user.snapshot.step, user.app.session.lesson) == (0, "xor-line")
        assert "XOR without a hidden layer" in user.text()
        await user.press("ctrl+z")
        now = user.snapshot
        assert (now.epoch, now.step, now.lesson) == (before.epoch, before.step, "")
        np.testing.assert_array_equal(now.parameters, before.parameters)
        assert "XOR without a hidden layer" not in user.text()
        await user.press("ctrl+y")
        assert user.snapshot.lesson == "xor-line"
        assert "XOR without a hidden layer" in user.text()
