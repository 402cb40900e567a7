"""Each cause is named from where its symptoms are plain, and nowhere before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.core.diagnosis.cases import AT_REST, Bench, Changes
from toygrad.core.diagnosis.case import Case
from toygrad.core.diagnosis.causes import find_causes, why_diverged, why_stalled
from toygrad.core.diagnosis.diagnosis import _without_cause, diagnose
from toygrad.datasets import DataChoice

if TYPE_CHECKING:
    from tests.core.conftest import Make
    from toygrad.core import Snapshot


@pytest.fixture(scope="module")
def bench(make: Make) -> Bench:
    return Bench(make)


DEEP: Changes = {"hidden": (4, 4, 4), "share": 0.001, "level": 1.0}
LOW: Changes = {"update": 4e-4, "fall": 0.02, "late_share": 0.2, "step": 100}
L2: Changes = {"regularization": "l2", "regularization_rate": 0.1, "term": 0.02}
L1: Changes = {"regularization": "l1", "regularization_rate": 0.1, "learning_rate": 0.03}
OVERFIT: Changes = {
    "skill": 1.0,
    "usual_skill": 1.0,
    "test_skill": 0.8,
    "tests": (1.0,) * 10,
    "test_loss": 1.2,
}
OVERFIT_TINY = {**OVERFIT, "tests": (0.01,) * 10}
DEAD: Changes = {"dead": (0.6, 0.0, 0.0), "activation": "relu"}

# The word, a case that has it, changes that leave it there, and changes that take it away.
EDGES: dict[str, tuple[str, Changes, list[Changes], list[Changes]]] = {
    "overshot": (
        "rate too high",
        {"peak": 1.6},
        [{"peak": 1.51}, {"points": 4}, {"skill": 0.84, "usual_skill": 0.84}],
        [{"peak": 1.5}, {"points": 3}, {"skill": 0.85}, {"usual_skill": 0.85}],
    ),
    "worse than a constant": (
        "rate too high",
        {"level": 1.03, "jumps": 0.02, "points": 10},
        [
            {"level": 1.021},
            {"jumps": 0.011},
            {"level": 1.21, "jumps": 0.0},
            {"fall": 0.01},
            {"fall": 1e-4, "noise": 0.0},
            {"hidden": (4, 4)},
            {"hidden": (3, 9), "level": 1.21},
            {"hidden": (), "level": 1.21},
        ],
        [
            {"level": 1.02},
            {"jumps": 0.01},
            {"level": 1.2, "jumps": 0.01},
            {"points": 9},
            {"fall": 0.011},
            {"fall": 2e-4, "noise": 0.0},
            {"hidden": (3, 9), "level": 1.2},
            {"hidden": (), "level": 1.21, "jumps": 0.01},
            {"level": 0.9, "usual_skill": 0.85},
            {"hidden": (4, 4, 4), "share": 0.001},
        ],
    ),
    "bouncing": (
        "rate too high",
        {"jumps": 0.16, "points": 20},
        [{"jumps": 0.151}, {"points": 21}],
        [{"jumps": 0.15}, {"points": 19}, {"fall": 0.2}, {"skill": 0.9}],
    ),
    "rate too low": (
        "rate too low",
        LOW,
        [
            {"update": 4.9e-4},
            {"points": 10},
            {"step": 50},
            {"update": 1e-6},
            {"gradient": 0.0031},
            {"late_share": 0.151},
            {"level": 1.01, "late_share": 0.1},
            {"peak": 1.49},
            {"dead": 0.49, "activation": "relu"},
            {"saturated": (0.79, 0.0, 0.0)},
            {"saturated": (0.0, 0.0, 1.0)},
            {"update": 4e-4, "step": 1249},
            L2 | {"term": 0.0},
        ],
        [
            {"update": 5e-4},
            {"points": 9},
            {"step": 49},
            {"update": 1e-9},
            {"gradient": 0.003},
            {"gradient": (0.1, 0.1, 0.003)},
            {"late_share": 0.15},
            {"level": 1.0, "late_share": 0.1},
            {"fall": 0.01},
            {"dead": 0.5, "activation": "relu"},
            {"saturated": (0.8, 0.0, 0.0)},
            {"update": 4e-4, "step": 1250},
            {"skill": 0.85},
            {"hidden": (4, 4, 4), "share": 0.001},
            L2,
        ],
    ),
    "vanishing": (
        "vanishing",
        DEEP,
        [
            {"level": 1.19},
            {"points": 10},
            {"share": 0.0049},
            {"optimizer": "adam", "update": (4e-4, 0.01, 0.01, 0.01)},
        ],
        [
            {"level": 1.2},
            {"level": 1.3},
            {"points": 9},
            {"share": 0.005},
            {"share": 0.5},
            {"share": 0.0},
            {"hidden": (4, 4)},
            {"fall": 0.2, "late_fall": 0.02},
            {"optimizer": "adam"},
            {"optimizer": "adam", "update": (5e-4, 0.01, 0.01, 0.01)},
        ],
    ),
    "dead": (
        "dead",
        DEAD,
        [
            {"dead": (0.25, 0.0, 0.0), "points": 30},
            {"dead": (0.0, 0.5, 0.0), "points": 10},
            {"dead": (1.0, 0.0, 0.0), "points": 4},
            {"dead": 0.55, "fall": 0.2, "late_fall": 0.1},
            {"dead": 0.5, "fall": 0.2, "late_fall": 0.01},
        ],
        [
            {"dead": 0.24},
            {"dead": 0.25, "points": 29},
            {"dead": 0.49, "points": 29},
            {"dead": 0.99, "points": 9},
            {"dead": 1.0, "points": 3},
            {"dead": 0.54, "fall": 0.2, "late_fall": 0.1},
            {"skill": 0.85},
        ],
    ),
    "saturated": (
        "saturated",
        {"saturated": (0.9, 0.0, 0.0)},
        [{"saturated": (0.0, 0.81, 0.0)}, {"points": 10}, {"hidden": (4, 4)}],
        [
            {"saturated": (0.8, 0.0, 0.0)},
            {"saturated": (0.0, 0.0, 1.0)},
            {"points": 9},
            {"hidden": (3, 8)},
            {"skill": 0.85},
        ],
    ),
    "pulled hard": (
        "over-regularized",
        L2 | {"learning_rate": 0.1},
        [
            {"term": 0.0126},
            {"points": 10},
            {"level": 1.2},
            {"peak": 1.5},
            {"step": 201, "learning_rate": 0.01},
            {"step": 21, "learning_rate": 0.01, "optimizer": "adam"},
            {"step": 21, "learning_rate": 0.01, "optimizer": "momentum", "momentum": 0.9},
        ],
        [
            {"term": 0.0124},
            {"points": 9},
            {"level": 1.21},
            {"peak": 1.51},
            {"step": 200, "learning_rate": 0.01},
            {"step": 20, "learning_rate": 0.01, "optimizer": "adam"},
            {"step": 19, "learning_rate": 0.01, "optimizer": "momentum", "momentum": 0.9},
            {"regularization": "none"},
            {"regularization_rate": 0.0},
            {"fall": 0.2, "late_fall": 0.1},
            {"skill": 0.85},
        ],
    ),
    "collapsed": (
        "over-regularized",
        L2 | {"term": 0.0, "scale": 1e-3},
        [{"peak": 3.0}],
        [{"scale": 1.0}, {"level": 1.21}, {"regularization": "none"}],
    ),
    "l1": (
        "over-regularized",
        L1 | {"term": 0.026, "step": 1000},
        [{"term": 0.0251}],
        [{"term": 0.0249}, {"step": 60}],
    ),
    "unstable penalty": (
        "over-regularized",
        {"regularization": "l2", "regularization_rate": 3.0, "learning_rate": 0.7, "points": 0},
        [{"optimizer": "momentum", "momentum": 0.04}],
        [
            {"learning_rate": 0.6},
            {"regularization": "l1"},
            {"optimizer": "momentum", "momentum": 0.06},
            {"optimizer": "adam"},
            {"regularization_rate": 2.8},
        ],
    ),
    "overfitting": (
        "overfitting",
        OVERFIT,
        [{"test_skill": 0.829}, {"test_loss": 1.16}, {"tests": (np.nan, *(1.0,) * 10)}],
        [{"test_skill": 0.831}, {"test_loss": 1.15}, {"tests": (1.0,) * 9}],
    ),
    "overfitting of a tiny loss": (
        "overfitting",
        OVERFIT_TINY,
        [{"test_loss": 0.051}],
        [{"test_loss": 0.049}],
    ),
    "too small": (
        "too small",
        {"hidden": (3,)},
        [
            {"points": 30},
            {"skill": 0.1, "points": 50},
            {"hidden": ()},
            {"hidden": (8, 3)},
            {"hidden": (2,), "fall": 0.11, "late_fall": 0.1, "points": 50},
        ],
        [
            {"points": 29},
            {"skill": 0.1, "points": 49},
            {"hidden": (4,)},
            {"fall": 0.11, "late_fall": 0.1},
            {"hidden": (2,), "fall": 0.12, "late_fall": 0.1},
            {"hidden": (2,), "fall": 0.11, "late_fall": 0.1, "points": 49},
            {"hidden": (2,), "usual_skill": 0.85},
        ],
    ),
}


@pytest.mark.parametrize("name", EDGES)
def test_a_cause_is_named_up_to_its_edge_and_not_beyond(bench: Bench, name: str) -> None:
    word, base, there, away = EDGES[name]
    for changes in ({}, *there):
        assert word in _words(bench.case({**base, **changes})), changes
    for changes in away:
        assert word not in _words(bench.case({**base, **changes})), changes


def _words(case: Case) -> list[str]:
    return [finding.word for finding in find_causes(case)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (DEAD | {"peak": 2.0}, ["dead", "rate too high"]),
        ({"hidden": (3,), "peak": 2.0}, ["rate too high", "too small"]),
        (
            DEEP | {"saturated": (0.9,) * 4, "peak": 2.0},
            ["saturated", "rate too high", "vanishing"],
        ),
    ],
)
def test_the_most_likely_cause_comes_first(
    bench: Bench, changes: Changes, words: list[str]
) -> None:
    assert _words(bench.case(changes)) == words


def test_a_rate_is_not_too_low_and_too_high(bench: Bench) -> None:
    found = _words(bench.case(LOW | {"jumps": 0.2, "level": 1.1}))
    assert found == ["rate too low"]
    assert _words(bench.case({"peak": 2.0, "jumps": 0.2})) == ["rate too high"]


@pytest.mark.parametrize(
    ("changes", "layers"),
    [
        (DEAD | {"dead": (0.6, 0.2, 0.0)}, (0,)),
        (DEAD | {"dead": (0.6, 0.5, 0.0), "points": 10}, (0, 1)),
        (DEAD | {"dead": (0.2, 0.6, 0.0)}, (1,)),
        ({"saturated": (0.81, 0.8, 1.0)}, (0,)),
        ({"saturated": (0.8, 0.9, 1.0)}, (1,)),
        (DEEP | {"gradient": (1e-4, 4e-4, 6e-4, 0.1)}, (0, 1)),
        ({"peak": 2.0}, ()),
    ],
)
def test_a_cause_names_the_layers_that_have_it(
    bench: Bench, changes: Changes, layers: tuple[int, ...]
) -> None:
    assert find_causes(bench.case(changes))[0].layers == layers


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"optimizer": "adam", "learning_rate": 0.04}, "rate too high"),
        ({"optimizer": "adam", "learning_rate": 0.039}, "stalled"),
        ({"optimizer": "sgd", "learning_rate": 0.5}, "stalled"),
        ({"update": 4e-4}, "rate too low"),
        ({"update": 5e-4}, "stalled"),
        ({"update": 4e-4, "gradient": 0.003}, "stalled"),
        ({"update": 4e-4, "hidden": (4, 4, 4), "share": 0.001}, "stalled"),
        (L2 | {"update": 4e-4}, "stalled"),
    ],
)
def test_a_rest_that_nothing_explains_may_be_the_rates(
    bench: Bench, changes: Changes, word: str
) -> None:
    assert why_stalled(bench.case(changes)).word == word


@pytest.mark.parametrize(
    ("changes", "condition"),
    [
        ({"skill": 0.85}, "learned"),
        ({"fall": 0.051}, "learning"),
        ({"points": 49}, "too early to say"),
        ({"fall": 0.03}, "too early to say"),
        ({"fall": 0.03, "noise": 0.03}, None),
        ({"fall": 0.02}, None),
        ({"points": 50}, None),
    ],
)
def test_a_condition_without_a_cause(bench: Bench, changes: Changes, condition: str | None) -> None:
    found = _without_cause(bench.case(changes))
    assert found == condition if condition else not isinstance(found, str)


def test_neurons_are_alike_within_a_thousandth(bench: Bench) -> None:
    case = bench.case({"hidden": (2,), "points": 0})
    for apart, word in ((0.0009, "alike"), (0.0011, None)):
        parameters = np.ones_like(case.snapshot.parameters)
        parameters[1] -= apart
        snapshot = replace(case.snapshot, parameters=parameters)
        found = _words(Case(snapshot, case.layers, case.progress))
        assert (found == ["alike"]) is (word is not None)
        learned = replace(case.progress, skill=1.0)
        assert not _words(Case(snapshot, case.layers, learned))


def test_a_diverged_run_names_the_penalty_or_the_rate(bench: Bench) -> None:
    high = bench.case({"learning_rate": 0.6}).snapshot
    assert [f.word for f in why_diverged(high)] == ["rate too high"]
    assert "Learning rate 0.6 is" in why_diverged(high)[0].sentence
    penalty = bench.case(EDGES["unstable penalty"][1]).snapshot
    assert [f.word for f in why_diverged(penalty)] == ["over-regularized"]
    assert "is 2.1, above 2:" in why_diverged(penalty)[0].sentence


def test_the_sentences_have_the_numbers(bench: Bench) -> None:
    for changes, said in (
        ({"peak": 2.0}, "to 2 times where it began: learning rate 0.03 is"),
        (DEAD, "60 % of the relu units in layer 1"),
        ({"saturated": (0.9, 0.95, 0.0)}, "95 % of layer 2's outputs"),
        (LOW, "more than 4e-04 of its size: learning rate 0.03 is too low"),
        (DEEP, "only 1e-03 of"),
        (OVERFIT, "rose from 1 to 1.2"),
        ({"hidden": (1,)}, "layer of 1 neuron is too small for these data, and the loss rests"),
        ({"hidden": (2,), "fall": 0.1, "late_fall": 0.1}, "2 neurons is too small"),
        ({"hidden": (2,), "fall": 0.1, "late_fall": 0.1}, "and the loss hardly falls"),
        ({"hidden": ()}, "Without a hidden layer"),
        (L2 | {"learning_rate": 0.1}, "The l2 regularization of 0.1"),
    ):
        assert said in find_causes(bench.case(changes))[0].sentence


@pytest.mark.parametrize(
    "symptoms",
    [
        {"saturated": 1.0, "activation": "sigmoid"},
        {"hidden": (4,) * 9, "share": 1e-9, "activation": "sigmoid"},
        {"dead": 0.9, "activation": "relu"},
        {"peak": 9.0, "jumps": 0.9, "level": 1.5},
        LOW,
        {"hidden": (1,)},
        L2 | {"scale": 1e-3},
    ],
)
def test_where_a_run_is_there_a_symptom_is_no_problem(bench: Bench, symptoms: Changes) -> None:
    there = {"skill": 1.0, "usual_skill": 1.0, "test_skill": 1.0}
    assert find_causes(bench.case({**symptoms, **there})) == ()
    assert find_causes(bench.case(symptoms | {"points": 60}))


# Data, layers, epochs, settings, and the words that name what is wrong.
MISSED: dict[str, tuple[str, tuple[int, ...], int, dict[str, Any], set[str]]] = {
    "rate 1e-4": ("circle", (4, 2), 30, {"learning_rate": 1e-4}, {"rate too low"}),
    "rate 3e-4": ("spiral", (8, 8), 30, {"learning_rate": 3e-4}, {"rate too low"}),
    "stuck sigmoids": (
        "circle",
        (4,) * 5,
        30,
        {"learning_rate": 0.03, "activation": "sigmoid"},
        {"vanishing"},
    ),
    "too small": ("spiral", (2,), 120, {"learning_rate": 0.1}, {"too small"}),
    "tanh at rate 10": (
        "circle",
        (8, 8),
        20,
        {"learning_rate": 10.0},
        {"rate too high", "saturated"},
    ),
}


@pytest.mark.parametrize("name", MISSED)
def test_what_was_missed_is_named(make: Make, name: str) -> None:
    data, hidden, epochs, settings, words = MISSED[name]
    run = make(data, hidden, **settings)
    run.advance_epochs(epochs)
    assert diagnose(run.snapshot(grid=(1, 1))).headline in words


def test_one_dead_relu_of_four_is_named_where_the_loss_rests(make: Make) -> None:
    run = make("xor", (4,), activation="relu", learning_rate=0.03)
    bias = run.parameters()["layer1.bias"].copy()
    bias[:1] = -50.0
    weight = np.zeros_like(run.parameters()["layer2.weight"])
    run.set_parameters({"layer1.bias": bias, "layer2.weight": weight})
    run.advance()
    snapshot = run.snapshot(grid=(1, 1))
    layers = diagnose(snapshot).layers
    assert layers[0].activity.dead >= 0.25
    found = find_causes(Case(snapshot, layers, AT_REST))
    assert [f.word for f in found] == ["dead"]
    assert "25 %" in found[0].sentence


@pytest.mark.parametrize(
    ("data", "settings"),
    [
        ("circle", {"loss": "hinge", "learning_rate": 0.1}),
        ("circle", {"optimizer": "rmsprop", "learning_rate": 0.01}),
        ("spiral", {"inputs": ("x1", "x2", "sin x1", "sin x2"), "learning_rate": 0.1}),
    ],
)
def test_a_run_that_learns_well_is_not_overfitting(
    make: Make, data: str, settings: dict[str, Any]
) -> None:
    run = make(data, (8, 8), **settings)
    for _ in range(12):
        run.advance_epochs(10)
        assert "overfitting" not in _words_of(run.snapshot(grid=(1, 1)))
    assert (run.snapshot(grid=(1, 1)).evaluation.train_accuracy or 0.0) > 0.9


def test_a_loss_of_other_data_is_no_least_one_to_rise_from(make: Make) -> None:
    run = make("circle", (8, 8))
    run.advance_epochs(100)
    run.configure(dataset=DataChoice(name="spiral").load())
    for _ in range(8):
        run.advance_epochs(15)
        snapshot = run.snapshot(grid=(1, 1))
        assert snapshot.evaluation.test_loss > 2.0 * snapshot.curves.low[:, 1].min()
        assert "overfitting" not in _words_of(snapshot)


def _words_of(snapshot: Snapshot) -> list[str]:
    return [finding.word for finding in diagnose(snapshot).findings]
