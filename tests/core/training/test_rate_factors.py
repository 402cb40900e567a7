"""The rate factors of the layers: what an update is multiplied by, on every engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.autograd.tape.compiler.native import why_not
from toygrad.core.nn import OPTIMIZERS
from toygrad.core.training import ConfigError
from toygrad.core.training.step_program import Structure
from toygrad.datasets import DataChoice, Dataset

ENGINES = ["array", "tape", *([] if why_not() else ["compiled"])]
KINDS: list[dict[str, Any]] = [
    {},
    {"regularization": "l1", "regularization_rate": 0.01},
    {"regularization": "l2", "regularization_rate": 0.01},
]


def moons() -> Dataset:
    return DataChoice(name="moons", n_samples=60).load()


def trained(steps: int, hidden: tuple[int, ...] = (4, 3), **training: Any) -> Session:
    session = Session(NetworkSpec(hidden=hidden), moons(), TrainingConfig(**training), seed=3)
    session.advance(steps)
    return session


def parameters(session: Session) -> Any:
    return session.snapshot((1, 1)).parameters


@pytest.mark.parametrize("kind", KINDS, ids=["none", "l1", "l2"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_same_factor_in_all_layers_is_another_learning_rate(
    optimizer: str, kind: dict[str, Any]
) -> None:
    a = trained(12, optimizer=optimizer, learning_rate=0.02, rate_factors=(0.5,) * 3, **kind)
    b = trained(12, optimizer=optimizer, learning_rate=0.01, **kind)
    np.testing.assert_allclose(parameters(a), parameters(b), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", KINDS, ids=["none", "l1", "l2"])
def test_a_factor_of_0_stops_its_layer_and_no_other(engine: str, kind: dict[str, Any]) -> None:
    session = trained(0, engine=engine, rate_factors=(1.0, 0.0), **kind)
    before = {name: a.copy() for name, a in session.parameters().items()}
    session.advance(20)
    for name, array in session.parameters().items():
        assert np.array_equal(array, before[name]) == name.startswith("layer2")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_all_engines_agree(optimizer: str) -> None:
    settings: dict[str, Any] = {
        "optimizer": optimizer, "rate_factors": (0.1, 2.0), "regularization": "l1",
        "regularization_rate": 0.003,
    }  # fmt: skip
    first, *others = (parameters(trained(25, engine=engine, **settings)) for engine in ENGINES)
    for other in others:
        np.testing.assert_allclose(other, first, rtol=1e-9, atol=1e-12)


def test_factors_of_1_are_no_factors_and_need_no_other_code() -> None:
    plain, ones = TrainingConfig(), TrainingConfig(rate_factors=(1.0, 1.0, 1.0))
    assert plain == ones and ones.rate_factors == ()
    assert TrainingConfig(rate_factors=(0.1, 1)).rate_factors == (0.1,)


def test_factors_of_layers_that_are_gone_wait_for_them() -> None:
    session = trained(5, rate_factors=(1.0, 1.0, 0.5))
    session.configure(network=NetworkSpec(hidden=(4,)))
    setup = session.snapshot((1, 1))
    assert session.training.rate_factors == (1.0, 1.0, 0.5)
    learner = session.learner_state()
    assert not Structure.of(learner.setup, 30).rule.has_factors
    before = parameters(session)
    session.advance(1)
    plain = Session.from_document(session.document())
    plain.configure(replace(session.training, rate_factors=()))
    session.advance(5)
    plain.advance(5)
    np.testing.assert_array_equal(parameters(session), parameters(plain))
    assert setup.step == 5 and not np.array_equal(before, parameters(session))
    session.configure(network=NetworkSpec(hidden=(4, 3)))
    assert Structure.of(session.learner_state().setup, 30).rule.has_factors


def test_a_change_of_a_factor_is_undone_and_is_in_the_file() -> None:
    session = trained(5)
    session.configure(replace(session.training, rate_factors=(0.1,)))
    again = Session.from_document(session.document())
    assert again.training.rate_factors == (0.1,)
    again.undo()
    assert not again.training.rate_factors
    assert session.snapshot((1, 1)).curves.marks[-1].text == "rate factors 0.1"


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        ((-1.0,), "The rate factor of a layer has to be 0 or more, not -1."),
        ((1.0, float("nan")), "has to be 0 or more, not nan."),
        ((float("inf"),), "has to be 0 or more, not inf."),
        ((0.5,) * 1001, "There can be at most 1,000 rate factors."),
    ],
)
def test_bad_factors_are_refused(factors: tuple[float, ...], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        TrainingConfig(rate_factors=factors)
    assert said in str(caught.value)
