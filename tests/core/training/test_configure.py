"""Configure: every knob can be turned while it learns, and what fits of the weights stays."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    ConfigError,
    NetworkSpec,
    Session,
    TrainingConfig,
)
from toygrad.core.training import ENGINES
from toygrad.datasets import DATASETS, Dataset

# Another value for every setting.
TRAINING_KNOBS: dict[str, Any] = {
    "learning_rate": 0.1,
    "batch_size": 7,
    "loss": "hinge",
    "optimizer": "adam",
    "momentum": 0.5,
    "decay": 0.5,
    "beta2": 0.5,
    "epsilon": 1e-3,
    "weight_decay": 0.1,
    "schedule": "cosine",
    "schedule_epochs": 50,
    "regularization": "l2",
    "regularization_rate": 0.1,
    "train_share": 0.8,
    "shuffle": False,
    "pace": 1.0,
    "engine": "scalar",
    "dtype": "float32",
    "stop_epochs": 10,
    "stop_loss": 1e-6,
    "stop_patience": 50,
    "rate_factors": (1.0, 0.1),
    "sabotage": ("wrong_sign",),
    "hidden_sabotage": ("dropped_layer",),
}
# Settings of the network that leave its shape.
NETWORK_KNOBS: dict[str, Any] = {
    "activation": ("relu", "sin"),
    "output_activation": "linear",
    "initializer": "he",
    "inputs": ("x1^2", "x1*x2"),
}
# A table of as many columns as a small picture has pixels.
WIDE = Dataset(
    name="wide",
    points=np.zeros((2, 300)),
    targets=np.array([0.0, 1.0]),
    columns=tuple(f"c{k}" for k in range(300)),
    task="regression",
)
# Changes that make no new network and no new optimizer.
STATE_KEPT = {*TRAINING_KNOBS} - {"loss", "optimizer", "train_share", "rate_factors"}


def session(dataset: Dataset, **training: Any) -> Session:
    return Session(NetworkSpec(), dataset, TrainingConfig(**training))


def turn(run: Session, **knobs: Any) -> None:
    run.configure(dataclasses.replace(run.training, **knobs))


def test_every_setting_is_turned_here() -> None:
    assert {field.name for field in dataclasses.fields(TrainingConfig)} == set(TRAINING_KNOBS)
    assert {field.name for field in dataclasses.fields(NetworkSpec)} == {"hidden", *NETWORK_KNOBS}


# --- One knob -----------------------------------------------------------------------------------


@pytest.mark.parametrize("knob", TRAINING_KNOBS)
def test_turning_a_knob_of_training_keeps_the_run_and_every_weight(
    two_classes: Dataset, knob: str
) -> None:
    run = session(two_classes)
    run.advance(7)
    before = run.snapshot()
    turn(run, **{knob: TRAINING_KNOBS[knob]})
    after = run.snapshot()
    assert (after.step, after.epoch, after.run_id) == (before.step, before.epoch, before.run_id)
    np.testing.assert_array_equal(after.parameters, before.parameters)
    assert getattr(run.training, knob) == getattr(after.training, knob) == TRAINING_KNOBS[knob]
    run.advance(5)
    assert run.step == 12


@pytest.mark.parametrize("knob", NETWORK_KNOBS)
def test_turning_a_knob_of_the_network_keeps_the_run_and_what_fits(
    two_classes: Dataset, knob: str
) -> None:
    run = session(two_classes)
    run.advance(7)
    before = run.snapshot()
    run.configure(network=dataclasses.replace(run.network_spec, **{knob: NETWORK_KNOBS[knob]}))
    after = run.snapshot()
    assert (after.step, after.epoch, after.run_id) == (before.step, before.epoch, before.run_id)
    n_inputs = 2 * 4 if knob == "inputs" else 0
    np.testing.assert_array_equal(after.parameters[n_inputs:], before.parameters[n_inputs:])
    run.advance(5)
    assert run.step == 12


@pytest.mark.parametrize("knob", sorted(STATE_KEPT))
def test_turning_a_knob_keeps_the_state_of_the_optimizer(two_classes: Dataset, knob: str) -> None:
    run = session(two_classes, optimizer="momentum")
    run.advance(7)
    before = run.snapshot()
    turn(run, **{knob: TRAINING_KNOBS[knob]})
    run.advance()
    after = run.snapshot()
    velocity = run.training.momentum * before.updates - after.learning_rate * after.gradients
    np.testing.assert_allclose(after.updates, velocity, rtol=1e-10, atol=1e-15)


def test_another_optimizer_starts_without_a_state(two_classes: Dataset) -> None:
    run = session(two_classes, optimizer="momentum")
    run.advance(7)
    turn(run, optimizer="nesterov")
    run.advance()
    snapshot = run.snapshot()
    # The first step of Nesterov: -(1 + momentum) lr g.
    np.testing.assert_allclose(snapshot.updates, -1.9 * 0.03 * snapshot.gradients)


def test_the_learning_rate_holds_from_the_next_step(two_classes: Dataset) -> None:
    run = session(two_classes)
    run.advance()
    turn(run, learning_rate=0.5)
    run.advance()
    snapshot = run.snapshot()
    np.testing.assert_allclose(snapshot.updates, -0.5 * snapshot.gradients)


def test_a_knob_that_changes_the_curve_is_marked_on_it(two_classes: Dataset) -> None:
    run = session(two_classes)
    run.advance(4)
    turn(run, learning_rate=0.1)
    turn(run, pace=1.0, engine="scalar", dtype="float32")
    run.configure()
    run.configure(network=NetworkSpec(hidden=(3, 2)))
    marks = run.snapshot().curves.marks
    assert [mark.text for mark in marks] == ["learning rate 0.1", "hidden 3,2"]
    # 30 samples train: step 4 is 10 of them into the second epoch.
    assert [mark.epoch for mark in marks] == pytest.approx([1 + 10 / 30] * 2)


def test_other_points_of_the_same_kind_keep_every_weight(two_classes: Dataset) -> None:
    run = session(two_classes)
    run.advance(7)
    before = run.snapshot()
    grown = two_classes.with_points([[1.0, 1.0]], [1.0])
    run.configure(dataset=grown)
    after = run.snapshot()
    np.testing.assert_array_equal(after.parameters, before.parameters)
    assert (run.dataset, after.dataset, len(after.outputs)) == (grown, grown, 61)


# --- Another shape ------------------------------------------------------------------------------


def test_a_wider_layer_keeps_its_neurons(two_classes: Dataset) -> None:
    run = session(two_classes)
    run.advance(7)
    before = {name: array.copy() for name, array in run.parameters().items()}
    run.configure(network=NetworkSpec(hidden=(6, 3)))
    after = run.parameters()
    np.testing.assert_array_equal(after["layer1.weight"][:, :4], before["layer1.weight"])
    np.testing.assert_array_equal(after["layer1.bias"][:4], before["layer1.bias"])
    np.testing.assert_array_equal(after["layer2.weight"][:4, :2], before["layer2.weight"])
    np.testing.assert_array_equal(after["layer3.weight"][:2], before["layer3.weight"])
    # What is new is drawn, and not zero.
    assert after["layer1.weight"][:, 4:].all()


def test_a_narrower_layer_keeps_its_first_neurons(two_classes: Dataset) -> None:
    run = session(two_classes)
    before = {name: array.copy() for name, array in run.parameters().items()}
    run.configure(network=NetworkSpec(hidden=(3, 1)))
    after = run.parameters()
    np.testing.assert_array_equal(after["layer1.weight"], before["layer1.weight"][:, :3])
    np.testing.assert_array_equal(after["layer2.weight"], before["layer2.weight"][:3, :1])
    np.testing.assert_array_equal(after["layer3.weight"], before["layer3.weight"][:1])


def test_a_layer_more_leaves_those_before_it_and_the_output(two_classes: Dataset) -> None:
    run = session(two_classes)
    before = {name: array.copy() for name, array in run.parameters().items()}
    run.configure(network=NetworkSpec(hidden=(4, 2, 2)))
    after = run.parameters()
    for old, new in (("layer1", "layer1"), ("layer2", "layer2"), ("layer3", "layer4")):
        for kind in ("weight", "bias"):
            np.testing.assert_array_equal(after[f"{new}.{kind}"], before[f"{old}.{kind}"])


def test_an_input_keeps_its_weights_by_its_name(two_classes: Dataset) -> None:
    run = session(two_classes)
    before = run.parameters()["layer1.weight"].copy()
    run.configure(network=NetworkSpec(inputs=("sin x1", "x2", "x1")))
    after = run.parameters()["layer1.weight"]
    np.testing.assert_array_equal(after[1:], before[::-1])
    assert after[0].all()


def test_other_data_keep_the_layers_that_fit(two_classes: Dataset, three_classes: Dataset) -> None:
    run = session(two_classes)
    before = {name: array.copy() for name, array in run.parameters().items()}
    run.configure(dataset=three_classes)
    after = run.parameters()
    np.testing.assert_array_equal(after["layer1.weight"][:2], before["layer1.weight"])
    np.testing.assert_array_equal(after["layer2.weight"], before["layer2.weight"])
    np.testing.assert_array_equal(after["layer3.weight"][:, :1], before["layer3.weight"])
    assert run.snapshot().loss == "softmax_cross_entropy"


@pytest.mark.parametrize(
    ("knobs", "complaint"),
    [
        ({"training": TrainingConfig(loss="softmax_cross_entropy")}, "binary cross-entropy"),
        ({"network": NetworkSpec(inputs=("x3",))}, "a column that is not there"),
        # Each is possible, but not both.
        (
            {"network": NetworkSpec(hidden=(70_000,)), "dataset": WIDE},
            "more than 20,000,000",
        ),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    two_classes: Dataset, knobs: dict[str, Any], complaint: str
) -> None:
    run = session(two_classes)
    run.advance(3)
    before, asked = run.snapshot(), (run.training, run.network_spec, run.dataset)
    with pytest.raises(ConfigError, match=complaint):
        run.configure(**knobs)
    assert (run.training, run.network_spec, run.dataset) == asked
    np.testing.assert_array_equal(run.snapshot().parameters, before.parameters)


# --- Any knobs in any order ---------------------------------------------------------------------

PLANE_DATA = [DATASETS[name](20, rng=np.random.default_rng(1)) for name in ("xor", "plane")]
OTHER_DATA = [DATASETS[name](20, rng=np.random.default_rng(1)) for name in ("iris", "square")]

trainings = st.builds(
    TrainingConfig,
    learning_rate=st.sampled_from([1e-3, 0.1, 10.0]),
    batch_size=st.integers(1, 30),
    loss=st.sampled_from(["auto", *LOSSES]),
    optimizer=st.sampled_from(list(OPTIMIZERS)),
    schedule=st.sampled_from(list(SCHEDULES)),
    regularization=st.sampled_from(["none", "l1", "l2"]),
    regularization_rate=st.sampled_from([0.0, 0.01, 10.0]),
    train_share=st.sampled_from([0.1, 0.5, 1.0]),
    shuffle=st.booleans(),
    engine=st.sampled_from(ENGINES),
)
hidden_layers = st.lists(st.integers(1, 4), max_size=3).map(tuple)
networks = st.builds(
    NetworkSpec,
    inputs=st.sampled_from([(), ("x1",), ("x2", "x1"), ("x1^2", "sin x1", "x1")]),
    hidden=hidden_layers,
    activation=st.sampled_from(list(ACTIVATIONS)),
    initializer=st.sampled_from(list(INITIALIZERS)),
)
edits = st.one_of(
    st.fixed_dictionaries({"training": trainings}),
    st.fixed_dictionaries({"network": networks}),
    st.fixed_dictionaries({"dataset": st.sampled_from(PLANE_DATA + OTHER_DATA)}),
    st.fixed_dictionaries({"training": trainings, "network": networks}),
    st.just("reset"),
    st.integers(1, 4),
)


def assert_overlap_kept(
    old: dict[str, Any], new: dict[str, Any], old_inputs: list[str], new_inputs: list[str]
) -> None:
    """Every element that has a counterpart is what it was; layers are counted from both ends."""
    n_old, n_new = len(old) // 2, len(new) // 2
    pairs = [(k, k) for k in range(1, min(n_old, n_new))] + [(n_old, n_new)]
    for i, j in pairs:
        a, b = old[f"layer{i}.weight"], new[f"layer{j}.weight"]
        n = min(a.shape[1], b.shape[1])
        np.testing.assert_array_equal(old[f"layer{i}.bias"][:n], new[f"layer{j}.bias"][:n])
        if i == j == 1:
            for row, name in enumerate(new_inputs):
                if name in old_inputs:
                    np.testing.assert_array_equal(b[row, :n], a[old_inputs.index(name), :n])
        elif i > 1 and j > 1:
            m = min(len(a), len(b))
            np.testing.assert_array_equal(a[:m, :n], b[:m, :n])


@settings(max_examples=60)
@given(sequence=st.lists(edits, min_size=1, max_size=8))
def test_any_sequence_of_edits_leaves_a_session_that_keeps_what_fits(sequence: list[Any]) -> None:
    run = Session(NetworkSpec(), PLANE_DATA[0])
    for edit in sequence:
        if edit == "reset":
            run.reset()
        elif isinstance(edit, int):
            run.advance(edit)
        else:
            assert_edit_keeps_what_fits(run, edit)
        snapshot = run.snapshot((3, 2))
        assert snapshot.state in {"ready", "paused", "diverged"}
        assert len(snapshot.parameter_names()) == len(snapshot.parameters)
        assert snapshot.outputs.shape == (len(run.dataset.points), snapshot.sizes[-1])


def assert_edit_keeps_what_fits(run: Session, edit: dict[str, Any]) -> None:
    before = {name: array.copy() for name, array in run.parameters().items()}
    inputs, step, asked = run.snapshot().inputs, run.step, run.training
    try:
        run.configure(**edit)
    except ConfigError:
        assert run.training is asked
    assert run.step == step
    assert_overlap_kept(before, run.parameters(), list(inputs), list(run.snapshot().inputs))
