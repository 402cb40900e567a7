"""Axes: what can be typed, and one sentence for what can't."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.sweep.cases import sweep
from toygrad.core.sweep.axis import Axis, value_text
from toygrad.core.sweep.fields import FIELDS
from toygrad.core.training import ConfigError


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("learning-rate=0.01,0.1", "learning-rate", (0.01, 0.1)),
        ("learning_rate=1", "learning-rate", (1.0,)),
        ("--learning-rate=0..0.3:4", "learning-rate", (0.0, 0.1, 0.2, 0.3)),
        ("learning-rate=0.001..10:5:log", "learning-rate", (0.001, 0.01, 0.1, 1.0, 10.0)),
        ("noise=-1..1:3", "noise", (-1.0, 0.0, 1.0)),
        ("hidden=4,8,8x8,none", "hidden", ((4,), (8,), (8, 8), ())),
        ("width=1..20:20", "width", tuple(range(1, 21))),
        ("batch-size=1..100:9:log", "batch-size", (1, 2, 3, 6, 10, 18, 32, 56, 100)),
        ("dataset=circle,Multi_Gauss", "dataset", ("circle", "multi-gauss")),
        ("activation=leaky-relu,relu+tanh", "activation", ("leaky_relu", ("relu", "tanh"))),
        ("optimizer=sgd,adam", "optimizer", ("sgd", "adam")),
        ("shuffle=true,no", "shuffle", (True, False)),
        ("inputs=x1+x2,x1+x1^2", "inputs", (("x1", "x2"), ("x1", "x1^2"))),
        ("rate-2=0,0.5", "rate-2", (0.0, 0.5)),
        ("sabotage=none,wrong_sign", "sabotage", ((), ("wrong_sign",))),
    ],
)  # fmt: skip
def test_what_is_typed_is_read(text: str, name: str, values: tuple[Any, ...]) -> None:
    axis = Axis.parse(text)
    assert (axis.name, axis.values) == (name, values)
    again = Axis.parse(f"{axis.name}={','.join(map(value_text, axis.values))}")
    assert again.values == values


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("learning-rate", "Type a field and its values, as learning-rate=0.001..10:24:log, not"),
        ("=1", "Type a field and its values"),
        ("learning-rate=", "Type a field and its values"),
        ("momentun=1", "A sweep can't vary 'momentun': choose from dataset, samples"),
        ("pace=1,2", "can't vary 'pace'"),
        ("rate-0=1", "layers count from 1"),
        ("learning-rate=0..1:5:log", "A log range begins above 0, not at 0."),
        ("learning-rate=1..0.1:5", "goes up, and 1..0.1 does not: write 0.1..1."),
        ("learning-rate=1..1:5", "write one value"),
        ("learning-rate=0..1:0", "2 or more, not 0."),
        ("learning-rate=0..1:1", "2 or more, not 1."),
        ("learning-rate=0..1:2.5", "2 or more, not 2.5."),
        ("learning-rate=0..1:many", "'many' is not a number."),
        ("learning-rate=0..1", "A range is written 0.001..10:24"),
        ("learning-rate=0..1:5:lin", "A range is written"),
        ("learning-rate=0..1:5:log:log", "A range is written"),
        ("learning-rate=0..1..2:5", "A range is written"),
        ("learning-rate=0..nan:5", "'nan' is not a number."),
        ("learning-rate=inf", "'inf' is not a number."),
        ("learning-rate=0..1:1000000", "at most 100,000 values, not 1,000,000."),
        ("learning-rate=0.1,,0.2", "an empty value"),
        ("learning-rate=0.1,0.10", "0.1 is there twice."),
        ("batch-size=1.5", "'1.5' is not a whole number."),
        ("dataset=cirle", "There is no data set 'cirle'"),
        ("activation=rely", "There is no activation 'rely': take"),
        ("optimizer=adam..sgd:3", "There is no optimizer"),
        ("shuffle=maybe", "'maybe' is neither true nor false."),
        ("hidden=8xx8", "'' is not a number."),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Axis.parse(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("learning-rate=0,1", "learning-rate=0: The learning rate has to be a number above 0"),
        ("noise=0.7", "noise=0.7: "),
        ("rate-1=-1", "rate-1=-1: The rate factor of a layer has to be 0 or more"),
        ("width=0", "width=0: The width has to be at least 1"),
        ("depth=-1", "depth=-1: The depth has to be 0 or more"),
        ("hidden=0x3", "Every hidden layer needs at least one neuron"),
        ("width=30000000", "more than 20,000,000 parameters"),
        ("samples=1", "samples=1: "),
        ("inputs=x9", "x9"),
    ],
)
def test_values_that_fit_no_recipe_are_refused_before_the_first_run(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"^.+$") as caught:
        sweep(text).check()
    assert said in str(caught.value)


def test_every_setting_of_the_training_but_the_pace_can_vary() -> None:
    from dataclasses import fields

    from toygrad.core import NetworkSpec, TrainingConfig

    known = {name.replace("-", "_") for name in FIELDS}
    settings = {field.name for kind in (TrainingConfig, NetworkSpec) for field in fields(kind)}
    # The factors vary one by one; a bug does the same whether it is hidden or not.
    assert settings - known == {"pace", "rate_factors", "hidden_sabotage"}
    with pytest.raises(ConfigError, match="hidden-sabotage"):
        Axis.parse("hidden-sabotage=1,2")


def test_zooming_has_as_many_values_around_one_of_them() -> None:
    rates = Axis.parse("learning-rate=0.001..10:9:log")
    zoomed = rates.zoomed(4)
    assert len(zoomed) == 9 and zoomed.values[4] == pytest.approx(0.1)
    assert zoomed.values[0] == pytest.approx(0.01)
    # Inside the range, at its ends too.
    assert rates.zoomed(8).values[0] == pytest.approx(0.1) and rates.zoomed(8).values[8] == 10.0
    names = Axis.parse("optimizer=sgd,adam")
    assert names.zoomed(1) is names
    assert Axis.parse("rate-1=0..1:5").zoomed(0).values[0] == 0.0
