"""Settings: every one that makes no sense is refused in one sentence that says what would."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest

from toygrad.core import ConfigError, NetworkSpec, TrainingConfig
from toygrad.core.training.changes import describe_changes
from toygrad.core.training.config import (
    LEARNING_RATES,
    REGULARIZATION_RATES,
    loss_name,
    output_activation_name,
)
from toygrad.core.training.setup import Setup
from toygrad.datasets import Dataset

BAD_TRAINING: list[tuple[dict[str, Any], str]] = [
    ({"learning_rate": 0.0}, "The learning rate has to be a number above 0, not 0."),
    ({"learning_rate": -1.0}, "The learning rate has to be a number above 0, not -1."),
    ({"learning_rate": math.nan}, "The learning rate has to be a number above 0, not nan."),
    ({"learning_rate": math.inf}, "The learning rate has to be a number above 0, not inf."),
    ({"epsilon": 0.0}, "The epsilon has to be a number above 0, not 0."),
    ({"pace": 0.0}, "The pace has to be above 0 epochs a second, not 0."),
    ({"pace": math.nan}, "The pace has to be above 0 epochs a second, not nan."),
    ({"batch_size": 0}, "The batch size has to be at least 1, not 0."),
    ({"schedule_epochs": 0}, "The period has to be at least 1, not 0."),
    ({"momentum": 1.0}, "The momentum has to be from 0 to below 1, not 1."),
    ({"decay": -0.1}, "The decay has to be from 0 to below 1, not -0.1."),
    ({"beta2": math.nan}, "The beta2 has to be from 0 to below 1, not nan."),
    ({"weight_decay": -1.0}, "The weight decay has to be 0 or more, not -1."),
    ({"regularization_rate": math.inf}, "The regularization rate has to be 0 or more, not inf."),
    (
        {"train_share": 0.0},
        "The share of samples that train has to be above 0 and at most 1, not 0.",
    ),
    (
        {"train_share": 1.1},
        "The share of samples that train has to be above 0 and at most 1, not 1.1.",
    ),
    (
        {"loss": "guess"},
        "There is no loss 'guess': take auto, squared_error, binary_cross_entropy, "
        "softmax_cross_entropy, hinge.",
    ),
    (
        {"optimizer": "luck"},
        "There is no optimizer 'luck': take sgd, momentum, nesterov, rmsprop, adam, adamw.",
    ),
    ({"schedule": "tidal"}, "There is no schedule 'tidal': take constant, step, cosine, 1/t."),
    ({"regularization": "l3"}, "There is no regularization 'l3': take none, l1, l2."),
]
BAD_NETWORKS: list[tuple[dict[str, Any], str]] = [
    ({"hidden": (4, 0)}, "Every hidden layer needs at least one neuron."),
    (
        {"hidden": (4, 2), "activation": ("tanh",)},
        "2 hidden layers need as many activations, not 1.",
    ),
    ({"initializer": "magic"}, "There is no initializer 'magic': take playground, micrograd,"),
    ({"activation": "swoosh"}, "There is no activation 'swoosh': take linear, relu,"),
    ({"activation": ("tanh", "swoosh")}, "There is no activation 'swoosh': take linear, relu,"),
    ({"output_activation": "swoosh"}, "There is no output activation 'swoosh': take auto, linear,"),
    (
        {"hidden": (10_000, 10_000)},
        "That network has more than 20,000,000 parameters: use smaller layers.",
    ),
]


@pytest.mark.parametrize(("settings", "sentence"), BAD_TRAINING, ids=str)
def test_training_that_makes_no_sense_is_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        TrainingConfig(**settings)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(("settings", "sentence"), BAD_NETWORKS, ids=str)
def test_a_network_that_makes_no_sense_is_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        NetworkSpec(**settings)
    assert str(raised.value).startswith(sentence)


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ConfigError, match="There is no engine 'steam': take "):
        TrainingConfig(engine="steam")


def test_the_defaults_are_those_of_tensorflow_playground() -> None:
    network, training = NetworkSpec(), TrainingConfig()
    assert (network.hidden, network.activations) == ((4, 2), ("tanh", "tanh"))
    assert network.initializer == "playground"
    assert (training.learning_rate, training.batch_size, training.train_share) == (0.03, 10, 0.5)
    assert (training.regularization, training.regularization_rate) == ("none", 0.0)
    assert training.learning_rate in LEARNING_RATES
    assert training.regularization_rate in REGULARIZATION_RATES


def test_each_hidden_layer_can_have_its_own_activation() -> None:
    assert NetworkSpec(activation="relu").activations == ("relu", "relu")
    assert NetworkSpec(activation=("relu", "sin")).activations == ("relu", "sin")
    assert NetworkSpec(hidden=()).activations == ()


def test_settings_cannot_be_written_to() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TrainingConfig().learning_rate = 1.0  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        NetworkSpec().hidden = ()  # type: ignore[misc]


def test_the_loss_is_chosen_by_the_task_unless_it_is_named() -> None:
    assert loss_name("auto", "classification", 2) == "squared_error"
    assert loss_name("auto", "classification", 3) == "softmax_cross_entropy"
    assert loss_name("auto", "regression", 0) == "squared_error"
    assert loss_name("hinge", "classification", 3) == "hinge"


def test_a_loss_that_does_not_fit_the_task_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"Hinge needs classes .*: take squared error"):
        loss_name("hinge", "regression", 0)
    with pytest.raises(ConfigError, match="take binary cross-entropy"):
        loss_name("softmax_cross_entropy", "classification", 2)


def test_the_output_activation_is_chosen_by_loss_and_task_unless_it_is_named() -> None:
    assert output_activation_name("auto", "squared_error", "classification") == "tanh"
    assert output_activation_name("auto", "squared_error", "regression") == "linear"
    assert output_activation_name("auto", "hinge", "classification") == "linear"
    assert output_activation_name("relu", "hinge", "classification") == "relu"


def test_changes_are_told_in_a_few_words(two_classes: Dataset, numbers: Dataset) -> None:
    old = Setup(TrainingConfig(), NetworkSpec(), two_classes)
    new = Setup(
        TrainingConfig(learning_rate=0.1, loss="squared_error", pace=5.0),
        NetworkSpec(hidden=(8, 8), inputs=("x1", "x2")),
        numbers,
    )
    assert describe_changes(old, old) == ""
    assert describe_changes(old, new) == (
        f"learning rate 0.1, loss squared_error, inputs x1,x2, hidden 8,8, data {numbers.name}"
    )
    assert describe_changes(new, old).endswith("inputs default, hidden 4,2, data circle")
