"""TensorFlow Playground's links: every key, every value, there and back, and wrong ones."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.core.links.playground import (
    ADDRESS,
    LinkError,
    PlaygroundLink,
    is_link,
    read_link,
    write_link,
)
from toygrad.datasets import DataChoice

N_EXAMPLES = int(os.environ.get("TOYGRAD_LINKS", "200"))
FULL = (
    "https://playground.tensorflow.org/#activation=relu&batchSize=12&dataset=spiral"
    "&regDataset=reg-plane&learningRate=0.02&regularizationRate=0.003&regularization=L1&noise=35"
    "&networkShape=8,6,2&seed=0.29134&showTestData=true&discretize=true&percTrainData=70&x=true"
    "&y=false&xTimesY=true&xSquared=true&ySquared=false&cosX=false&sinX=false&cosY=false&sinY=true"
    "&collectStats=false&problem=classification&initZero=true&hideText=false"
)
USUAL = PlaygroundLink(
    data=DataChoice(name="circle", noise=0.0),
    network=NetworkSpec(inputs=("x1", "x2")),
    training=TrainingConfig(),
)
SINGLE: dict[str, Any] = {
    "activation=relu": {"network": {"activation": "relu"}},
    "activation=tanh": {},
    "activation=sigmoid": {"network": {"activation": "sigmoid"}},
    "activation=linear": {"network": {"activation": "linear"}},
    "regularization=none": {},
    "regularization=L1": {"training": {"regularization": "l1"}},
    "regularization=L2": {"training": {"regularization": "l2"}},
    "batchSize=1": {"training": {"batch_size": 1}},
    "batchSize=30": {"training": {"batch_size": 30}},
    "dataset=circle": {},
    "dataset=xor": {"data": {"name": "xor"}},
    "dataset=gauss": {"data": {"name": "gauss"}},
    "dataset=spiral": {"data": {"name": "spiral"}},
    "regDataset=reg-gauss": {},
    "problem=classification": {},
    "problem=regression": {"data": {"name": "plane"}},
    "problem=regression&regDataset=reg-plane": {"data": {"name": "plane"}},
    "problem=regression&regDataset=reg-gauss": {"data": {"name": "multi-gauss"}},
    "problem=regression&dataset=xor": {"data": {"name": "plane"}},
    "learningRate=0.00001": {"training": {"learning_rate": 1e-5}},
    "learningRate=0.02": {"training": {"learning_rate": 0.02}},
    "learningRate=10": {"training": {"learning_rate": 10.0}},
    "regularizationRate=0": {},
    "regularization=L2&regularizationRate=0.1": {
        "training": {"regularization": "l2", "regularization_rate": 0.1}
    },
    "noise=0": {},
    "noise=5": {"data": {"noise": 0.05}},
    "noise=50": {"data": {"noise": 0.5}},
    "networkShape=": {"network": {"hidden": ()}},
    "networkShape=1": {"network": {"hidden": (1,)}},
    "networkShape=8,8,8,8,8,8": {"network": {"hidden": (8,) * 6}},
    "networkShape=20,3": {"network": {"hidden": (20, 3)}},
    "seed=0.00001": {"data": {"seed": 1}, "seed": 1},
    "seed=0.99999": {"data": {"seed": 99999}, "seed": 99999},
    "showTestData=true": {"shows_tests": True},
    "discretize=true": {"discretized": True},
    "percTrainData=10": {"training": {"train_share": 0.1}},
    "percTrainData=90": {"training": {"train_share": 0.9}},
    "x=false": {"network": {"inputs": ("x2",)}},
    "y=false": {"network": {"inputs": ("x1",)}},
    "xTimesY=true": {"network": {"inputs": ("x1", "x2", "x1*x2")}},
    "xSquared=true": {"network": {"inputs": ("x1", "x2", "x1^2")}},
    "ySquared=true": {"network": {"inputs": ("x1", "x2", "x2^2")}},
    "sinX=true": {"network": {"inputs": ("x1", "x2", "sin x1")}},
    "sinY=true": {"network": {"inputs": ("x1", "x2", "sin x2")}},
    "initZero=true": {"network": {"initializer": "zeros"}},
    "learningRate_hide=true": {"hidden": frozenset({"learning_rate"})},
    "showTestData_hide=true&discretize_hide=true": {
        "hidden": frozenset({"output.tests", "output.discretize"})
    },
    "playButton_hide=true&stepButton_hide=true&resetButton_hide=true": {
        "hidden": frozenset({"play", "step", "reset"})
    },
    "activation_hide=true": {"hidden": frozenset({"activation"})},
    "regularization_hide=true&regularizationRate_hide=true": {
        "hidden": frozenset({"regularization", "regularization_rate"})
    },
    "dataset_hide=true&noise_hide=true": {"hidden": frozenset({"dataset", "noise"})},
    "percTrainData_hide=true&batchSize_hide=true": {"hidden": frozenset({"train", "batch_size"})},
    "numHiddenLayers_hide=true": {"hidden": frozenset({"neurons"})},
    "sinX_hide=true&x_hide=true": {"hidden": frozenset({"sin x1", "x1"})},
    "discretize=yes": {},
    "": {},
}
"""What is behind the `#`, and what differs from the usual set-up."""


def expected(changes: dict[str, Any]) -> PlaygroundLink:
    parts = {
        name: replace(getattr(USUAL, name), **change) if isinstance(change, dict) else change
        for name, change in changes.items()
    }
    return replace(USUAL, **parts)


@pytest.mark.parametrize("fragment", SINGLE)
def test_every_key_and_value_is_read_and_comes_back(fragment: str) -> None:
    read = read_link(f"{ADDRESS}#{fragment}")
    lost = read.lost
    assert replace(read, lost=()) == expected(SINGLE[fragment])
    assert len(lost) == ("seed=" in fragment)
    again = read_link(write_link(read))
    assert replace(again, lost=()) == replace(read, lost=())


def test_a_whole_link_is_read() -> None:
    read = read_link(FULL)
    assert read.data == DataChoice(name="spiral", noise=0.35, seed=29134)
    assert read.network == NetworkSpec(
        inputs=("x1", "x1*x2", "x1^2", "sin x2"),
        hidden=(8, 6, 2),
        activation="relu",
        initializer="zeros",
    )
    assert read.training == TrainingConfig(
        learning_rate=0.02,
        batch_size=12,
        regularization="l1",
        regularization_rate=0.003,
        train_share=0.7,
    )
    assert (read.seed, read.shows_tests, read.discretized) == (29134, True, True)
    assert read.lost == ("its points and first weights: the same seed gives others here",)


@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("noise=80", "noise above 50, it is 50 here"),
        ("noise=500", "noise above 50, it is 50 here"),
        ("cosX=true", "an input cos(x1), which that program does not have either"),
        ("tutorial=dl", "the text of a tutorial"),
        ("hideText=true", "the text around the playground, which is not here"),
        ("problem_hide=true", "problem_hide: there is no such control here"),
        ("colour=red", "the unknown key colour"),
    ],
)
def test_what_cannot_be_carried_over_is_listed(fragment: str, said: str) -> None:
    assert read_link(f"#activation=tanh&{fragment}").lost == (said,)


def test_what_means_nothing_is_not_listed() -> None:
    assert read_link("#cosX=false&collectStats=false&hideText=false&problem_hide=false").lost == ()


@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("activation=swish", 'activation takes one of relu, tanh, sigmoid, linear, not "swish"'),
        ("dataset=moons", 'dataset takes one of circle, xor, gauss, spiral, not "moons"'),
        (
            "problem=regression&regDataset=x",
            'regDataset takes one of reg-plane, reg-gauss, not "x"',
        ),
        ("regularization=l1", 'regularization takes one of none, L1, L2, not "l1"'),
        ("learningRate=0", "learningRate takes a number from 1e-12 to 1e+06"),
        ("learningRate=nan", 'learningRate takes a number from 1e-12 to 1e+06, not "nan"'),
        ("learningRate=", "learningRate takes a number"),
        ("batchSize=0", "batchSize takes a whole number from 1 to 100000"),
        ("batchSize=2.5", "batchSize takes a whole number"),
        ("networkShape=1_0", "numbers of neurons such as 4,2"),
        ("noise=-1", "noise takes a number from 0 to 1e+09"),
        ("percTrainData=0", "percTrainData takes a number from 1 to 100"),
        ("networkShape=4,,2", "networkShape takes numbers of neurons such as 4,2"),
        ("networkShape=4,-2", "networkShape takes numbers of neurons such as 4,2"),
        ("networkShape=4,x", "networkShape takes numbers of neurons such as 4,2"),
        ("networkShape=" + ",".join("1" * 101), "networkShape takes numbers of neurons"),
        ("networkShape=" + "9" * 400, "numbers of neurons such as 4,2"),
        ("learningRate=" + "9" * 400, "learningRate takes a number"),
        ("networkShape=9999999,9999999", "This link can't be opened:"),
        ("seed=7", "seed takes a number from 0 to 1"),
        ("x=false&y=false", "This link has no input"),
        ("problem=other", "problem takes one of classification, regression"),
        ("activation=" + "a" * 20_000, "more than 10,000 characters"),
        ("dataset=%1b%5b2J", 'not "?[2J"'),
    ],
)
def test_a_wrong_value_is_said_with_its_key_and_what_it_takes(fragment: str, said: str) -> None:
    with pytest.raises(LinkError) as caught:
        read_link(f"{ADDRESS}#{fragment}")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"data": DataChoice(name="iris")}, "the data set iris"),
        ({"data": DataChoice(name="xor", added=((1.0, 1.0, 1.0),))}, "by hand"),
        ({"data": DataChoice(name="xor", n_samples=300)}, "300 samples"),
        ({"data": DataChoice(name="xor", seed=1)}, "another for the weights"),
        ({"data": DataChoice(seed=10**7), "seed": 10**7}, "the seed 10000000"),
        ({"network": NetworkSpec(inputs=("x1", "x1^3"))}, "the input x1^3"),
        ({"network": NetworkSpec(activation="gelu")}, "the activation gelu"),
        ({"network": NetworkSpec(activation=("tanh", "relu"))}, "an activation for each layer"),
        ({"network": NetworkSpec(initializer="he")}, "the initializer he"),
        ({"network": NetworkSpec(output_activation="relu")}, "the output activation relu"),
        ({"training": TrainingConfig(optimizer="adam")}, "the optimizer adam"),
        ({"training": TrainingConfig(loss="hinge")}, "the loss hinge"),
        ({"training": TrainingConfig(schedule="cosine")}, "the schedule cosine"),
        ({"training": TrainingConfig(stop_epochs=9)}, "a stop condition"),
        ({"training": TrainingConfig(sabotage=("assign",))}, "a planted bug"),
        ({"training": TrainingConfig(rate_factors=(0.1,))}, "a rate factor for each layer"),
        ({"training": TrainingConfig(shuffle=False)}, "one order of the samples"),
        ({"data": DataChoice(noise=0.6)}, "noise above 50 %"),
        ({"training": TrainingConfig(train_share=0.005)}, "percTrainData takes"),
        ({"training": TrainingConfig(batch_size=200_000)}, "batchSize takes"),
        ({"training": TrainingConfig(learning_rate=1e-13)}, "learningRate takes"),
        ({"network": NetworkSpec(hidden=(1,) * 101)}, "networkShape takes"),
    ],
)
def test_what_no_link_can_say_is_in_the_way(change: dict[str, Any], said: str) -> None:
    with pytest.raises(LinkError, match="No playground link can say this") as caught:
        write_link(replace(USUAL, **change))
    assert said in str(caught.value)


# What changes nothing under the optimizer, the schedule and the engine of such a set-up.
WITHOUT_EFFECT = {
    *("momentum", "decay", "beta2", "epsilon", "weight_decay", "schedule_epochs"),
    *("engine", "pace"),
}


@pytest.mark.parametrize("field", [field.name for field in fields(TrainingConfig)])
def test_no_setting_is_dropped_in_silence(field: str) -> None:
    others = {"loss": "hinge", "optimizer": "adam", "schedule": "cosine", "dtype": "float32"}
    others |= {"regularization": "l1", "engine": "scalar"}
    others |= dict.fromkeys(("sabotage", "hidden_sabotage"), ("assign",))  # type: ignore[arg-type]
    others |= {"rate_factors": (1.0, 0.1)}  # type: ignore[dict-item]
    usual = getattr(USUAL.training, field)
    value: Any = not usual if isinstance(usual, bool) else others.get(field)
    if value is None:
        value = usual + 1 if isinstance(usual, int) else usual / 2 or 0.25
    link = replace(USUAL, training=replace(USUAL.training, **{field: value}))
    try:
        again = read_link(write_link(link))
    except LinkError:
        return
    assert (getattr(again.training, field) == value) != (field in WITHOUT_EFFECT)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (FULL, True),
        ("http://playground.tensorflow.org/#", True),
        ("#dataset=xor", True),
        ("https://playground.tensorflow.org/#dataset=\r\nxor&noise=5\n", True),
        ("  https://example.org/fork/#networkShape=4 ", True),
        ("https://example.org/#top", False),
        ("# a comment with dataset=xor", False),
        ("dataset=xor", False),
        ("", False),
    ],
)
def test_a_link_is_known_by_its_address_or_its_keys(text: str, is_one: bool) -> None:
    assert is_link(text) is is_one


KEYS = st.sampled_from(
    [*{part.partition("=")[0] for part in FULL.partition("#")[2].split("&")}, "x_hide", "foo"]
)
VALUES = st.one_of(
    st.sampled_from(["true", "false", "4,2", "0.03", "L1", "spiral", "relu", "regression", ""]),
    st.integers(-10, 10**20).map(str),
    st.integers(300, 6000).map(lambda n: "9" * n),
    st.floats().map(str),
    st.text(max_size=20),
)


@settings(max_examples=N_EXAMPLES, deadline=None)
@given(st.lists(st.tuples(KEYS, VALUES), max_size=12), st.text(max_size=30))
def test_whatever_a_link_says_it_is_read_or_refused_in_a_sentence(
    pairs: list[tuple[str, str]], rest: str
) -> None:
    text = f"{ADDRESS}#{'&'.join(f'{k}={v}' for k, v in pairs)}{rest}"
    try:
        link = read_link(text)
    except LinkError as error:
        assert str(error).endswith((".", '"'))
        assert "\n" not in str(error)
    else:
        assert replace(read_link(write_link(link)), lost=()) == replace(link, lost=())
