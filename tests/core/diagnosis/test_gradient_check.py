"""The numeric check of a running network: as gradcheck, and not fooled by a sabotage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core import NetworkSpec, Session, TrainingConfig, Value, compare_gradients
from toygrad.core.autograd.gradcheck import DEFAULT_STEP
from toygrad.core.diagnosis.gradient_check import check_gradients
from toygrad.core.diagnosis.step_report import before_step
from toygrad.core.nn import LOSSES
from toygrad.core.training.replica import Replica
from toygrad.datasets import DATASETS

if TYPE_CHECKING:
    from tests.core.conftest import Make

CASES = [
    ("circle", (4, 2), {}),
    ("circle", (), {}),
    ("plane", (5, 3), {"activation": "gelu"}),
    ("iris", (6,), {}),
    ("xor", (4,), {"loss": "hinge"}),
    ("parabola", (8, 4), {"activation": "sigmoid"}),
]


@pytest.mark.parametrize(("data", "hidden", "settings"), CASES)
def test_it_agrees_with_gradcheck(
    make: Make, data: str, hidden: tuple[int, ...], settings: dict[str, str]
) -> None:
    run = make(data, hidden, batch_size=7, **settings)
    run.advance(20)
    snapshot = run.snapshot()
    check = check_gradients(snapshot)
    replica = Replica(replace(snapshot, parameters=snapshot.parameters - snapshot.updates))
    inputs = Value(replica.inputs(snapshot.batch_rows), constant=True)
    targets = replica.targets(snapshot.batch_rows)

    def loss(*_: Value) -> Value:
        return LOSSES[snapshot.loss].on_arrays(replica.network(inputs), targets)

    expected = compare_gradients(loss, *replica.network.parameters())
    np.testing.assert_allclose(check.autograd, expected.autograd, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(check.numeric, expected.numeric, rtol=1e-4, atol=1e-9)
    assert check.agrees.all() and bool(expected)
    assert check.largest_error < 1e-8
    assert check.is_last_step
    assert check.n_samples == len(snapshot.batch_rows)
    # What is checked is what the table shows.
    np.testing.assert_allclose(check.autograd, snapshot.gradients, rtol=1e-8, atol=1e-12)


def test_single_parameters_are_checked_by_themselves(make: Make) -> None:
    run = make()
    run.advance(9)
    whole = check_gradients(run.snapshot())
    for place in (0, 5, 24):
        one = check_gradients(run.snapshot(), np.array([place]))
        assert len(one) == 1
        np.testing.assert_allclose(one.numeric[0], whole.numeric[place], rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("mistake", ["no_zero_grad", "wrong_sign", "dropped_layer", "assign"])
def test_a_sabotage_is_found(make: Make, mistake: str) -> None:
    run = make(sabotage=(mistake,), engine="scalar" if mistake == "assign" else "tape")
    run.advance(3)
    check = check_gradients(run.snapshot())
    assert check.is_last_step
    assert not check.agrees.all()
    if mistake == "wrong_sign":
        np.testing.assert_allclose(check.autograd, -check.numeric, atol=1e-8)
    if mistake == "dropped_layer":
        assert check.agrees[12:].all() and not check.agrees[:12].any()


def test_steps_in_single_precision_agree_too(make: Make) -> None:
    run = make(dtype="float32")
    run.advance(5)
    assert check_gradients(run.snapshot()).agrees.all()


def test_before_a_step_and_after_an_edit_the_current_parameters_are_checked(make: Make) -> None:
    run = make()
    check = check_gradients(run.snapshot())
    assert not check.is_last_step and check.agrees.all() and len(check) == 25
    run.advance(3)
    run.set_parameters({"layer1.bias": [1.0, 2.0, 3.0, 4.0]})
    check = check_gradients(run.snapshot())
    assert not check.is_last_step and check.agrees.all()


def test_it_reports_progress_and_can_end_early(make: Make) -> None:
    run = make("digits", (16,))
    run.advance(2)
    told: list[int] = []

    def progress(done: int) -> bool:
        told.append(done)
        return len(told) < 2

    check = check_gradients(run.snapshot(), progress=progress)
    assert len(check) == told[-1] < len(run.snapshot().parameters)
    assert told == sorted(told)


def test_nan_does_not_agree(make: Make) -> None:
    run = make("plane", (4,), activation="relu")
    run.advance()
    run.set_parameters({"layer1.bias": [1e200] * 4, "layer2.weight": [[1e200]] * 4})
    check = check_gradients(run.snapshot())
    assert not check.agrees.all()
    assert not check.largest_error <= check.tolerance


KINKED = ("relu", "leaky_relu", "elu")
PLANTED = ("no_zero_grad", "wrong_sign", "dropped_layer")


@st.composite
def kinked_runs(draw: st.DrawFn, *, sabotage: tuple[str, ...]) -> Session:
    """A network of relus or their like, some steps into its training."""
    # With biases of 0 many relus of layer 2 begin exactly at their kink.
    seed = draw(st.integers(0, 10_000))
    name = draw(st.sampled_from(["circle", "xor", "plane", "iris"]))
    loss = "auto" if name == "plane" else draw(st.sampled_from(["auto", "hinge"]))
    network = NetworkSpec(
        hidden=tuple(draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))),
        activation=draw(st.sampled_from(KINKED)),
        initializer=draw(st.sampled_from(["he", "xavier"])),
    )
    training = TrainingConfig(
        batch_size=draw(st.integers(1, 30)),
        learning_rate=draw(st.sampled_from([0.01, 0.1, 1.0])),
        loss=loss,
        sabotage=sabotage,
        engine="tape",
    )
    dataset = DATASETS[name](60, rng=np.random.default_rng(seed))
    run = Session(network, dataset, training, seed=seed)
    run.advance(draw(st.sampled_from([3, 20] if sabotage else [0, 1, 20])))
    return run


@settings(max_examples=30)
@given(run=kinked_runs(sabotage=()))
def test_no_gradient_of_a_correct_network_differs(run: Session) -> None:
    check = check_gradients(run.snapshot())
    assert run.state == "diverged" or not check.differs.any()


@settings(max_examples=30)
@given(st.data(), st.sampled_from(PLANTED))
def test_some_gradient_of_a_sabotaged_one_differs(data: st.DataObject, mistake: str) -> None:
    run = data.draw(kinked_runs(sabotage=(mistake,)))
    snapshot = run.snapshot()
    # Where relus are dead or all is learned there is nothing to spoil.
    replica = before_step(snapshot)
    assert replica is not None
    right = replica.gradient_of(snapshot.batch_rows)
    with np.errstate(all="ignore"):
        is_spoiled = np.abs(right - snapshot.gradients).max() > 1e-3 * np.abs(right).max() + 1e-4
    if is_spoiled and run.state != "diverged":
        check = check_gradients(snapshot)
        assert check.differs.any() or check.is_rounding.any()


@pytest.mark.parametrize("distance", [0.0, 1e-8, 1e-6, 5e-6])
def test_a_kink_within_h_is_no_difference(make: Make, distance: float) -> None:
    run = make("xor", (3,), activation="leaky_relu", batch_size=60)
    columns, row = run.dataset.network_inputs(), run.snapshot().train_rows[0]
    weight = run.parameters()["layer1.weight"]
    # The first sample is so far from where each neuron switches.
    bias = distance - columns[row] @ weight
    run.set_parameters({"layer1.bias": bias})
    check = check_gradients(run.snapshot())
    assert not check.differs.any()
    # A tenth or a hundredth of h is on one side of it; at 0 none is.
    assert check.on_kink.any() == (distance < DEFAULT_STEP / 100)
    # What is wrong is not hidden by it.
    wrong = replace(check, autograd=check.autograd + 1e-3)
    assert wrong.differs.sum() == len(check) - check.on_kink.sum()


def test_losses_too_large_for_their_digits_are_not_compared(make: Make) -> None:
    run = make("plane", (4,), batch_size=60)
    run.set_parameters({"layer2.bias": [1e9]})
    check = check_gradients(run.snapshot())
    assert check.is_rounding.any()
    assert not check.differs.any()
