"""What each pane of the playground shows of the session."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.datasets import DATASETS, DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.loss import pane as loss
from toygrad.tui.pane import Pane
from toygrad.tui.training.pane import OPTIMIZER_SETTINGS

if TYPE_CHECKING:
    from tests.tui.conftest import Start

ONE_EPOCH = 25


def options_for(name: str) -> AppConfig:
    point = DATASETS[name].start
    return AppConfig(
        data=DataChoice(name=name),
        network=NetworkSpec(hidden=point.hidden, activation=point.activation),
        training=TrainingConfig(train_share=point.train_share),
    )


async def test_every_pane_shows_one_moment_of_the_session(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    async with start((200, 64)) as user:
        assert "Press space and watch the loss fall." in user.text("#loss")
        await user.advance(2 * ONE_EPOCH)
        evaluation = user.snapshot.evaluation

        status = user.text("#status")
        for field in ("paused", "epoch      2", "step     50", "lr 0.03", "engine tape"):
            assert field in status
        assert f"train   {evaluation.train_loss:.4f}" in status
        assert f"test   {evaluation.test_loss:.4f}" in status
        assert evaluation.test_accuracy is not None
        assert f"accuracy  {evaluation.test_accuracy:.1%}" in status
        assert "steps/s" in status

        data = user.text("#data")
        for name in DATASETS:
            assert all(line in data for line in textwrap.wrap(name, 8))
        assert "▸ circle" in data
        assert "500 samples, 2 classes" in data
        for knob in (
            "samples  500",
            "noise      0",
            "train    50%",
            "seed       0",
        ):
            assert knob in data
        assert "[x] x1 " in data
        assert "[ ] x1^2" in data

        training = user.text("#training")
        for row in ("learning rate", "0.03", "batch size", "loss           auto", "30 ep/s"):
            assert row in training
        for row in ("optimizer      sgd", "schedule       constant", "regularization none"):
            assert row in training

        network = user.text("#network")
        assert "Network  2 → 4 → 2 → 1" in network
        assert "25 parameters" in network
        assert "4 tanh, 2 tanh" in network

        output = user.text("#output")
        for word in ("x1", "x2", "-6", "6", "o orange", "x blue", "bold: training"):
            assert word in output

        plot = user.text("#loss")
        assert "Loss  log, all epochs" in plot
        assert f"train {evaluation.train_loss:.4g}" in plot
        assert f"test  {evaluation.test_loss:.4g}" in plot
        assert "epoch" in plot

        gradients = user.text("#gradients")
        for title in (
            "parameter",
            "value",
            "gradient",
            "|grad|▼",
            "update/weight",
            "last",
            "verdict",
        ):
            assert title in gradients
        names = user.snapshot.parameter_names()
        for place in abs(user.snapshot.gradients).argsort()[-3:]:
            assert names[place] in gradients
        assert "25 parameters" in gradients


async def test_a_curve_is_fitted_where_there_is_one_input(start: Start) -> None:
    async with start((80, 24), options_for("parabola")) as user:
        output = user.text("#output")
        for word in ("train", "test", "network", "x"):
            assert word in output
        assert "nan" not in user.text("#status")


async def test_classes_are_counted_where_there_are_many_inputs(start: Start) -> None:
    async with start((80, 24), options_for("iris")) as user:
        await user.press("5", "z")
        output = user.text("#output")
        for word in ("true", "recall", "setosa", "rows true, columns predicted"):
            assert word in output
        assert "%" in output


async def test_only_knobs_that_do_something_are_shown(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.press("3")
        assert "momentum" not in user.text("#training")
        for optimizer in ("momentum", "rmsprop", "adamw"):
            user.app.action_set_training("optimizer", optimizer)
            await user.settle()
            for knob, optimizers in OPTIMIZER_SETTINGS.items():
                is_shown = knob in [setting.name for setting in user.settings(knob).shown]
                assert is_shown is (optimizer in optimizers)


async def test_a_pane_out_of_sight_is_up_to_date_when_it_is_seen(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.advance(3 * ONE_EPOCH)
        await user.press("7")
        largest = max(user.snapshot.gradients, key=abs)
        assert f"{largest:+.4f}" in user.text("#gradients")
        await user.press("6")
        assert f"train {user.snapshot.evaluation.train_loss:.4g}" in user.text("#loss")


async def test_a_mark_names_the_changed_setting_and_its_epoch(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    async with start((80, 24)) as user:
        await user.press("6")
        await user.advance(ONE_EPOCH)
        await user.press("right_square_bracket")
        await user.advance(ONE_EPOCH)
        text = user.text("#loss")
        assert "learning rate 0.03 → 0.1" in text or "learning rate" in text.splitlines()[-1]
        assert "at epoch 1" in text


async def test_every_pane_is_named_and_explained(start: Start) -> None:
    async with start((80, 24)) as user:
        for pane in user.app.playground.panes:
            assert isinstance(pane, Pane)
            assert str(pane.id).capitalize() == pane.TITLE
            assert len(pane.HELP_TEXT.split()) > 10
