"""One diagnosis says how a run is and why, and what it says of the parts agrees with it."""

from __future__ import annotations

import gc
import math
import re
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from toygrad.core.diagnosis.case import Case
from toygrad.core.diagnosis.causes import Finding
from toygrad.core.diagnosis.diagnosis import NO_VERDICT, OK, WELL, Diagnosis, diagnose
from toygrad.core.diagnosis.progress import progress_of
from toygrad.core.training.replica import Replica
from toygrad.core.training.sabotage import SABOTAGES

if TYPE_CHECKING:
    from tests.core.conftest import Make
    from toygrad.core import Session
    from toygrad.datasets import FloatArray

# Data, hidden layers, epochs, settings, the word and what the sentence advises.
SICK: dict[str, tuple[str, tuple[int, ...], int, dict[str, Any], str]] = {
    "vanishing": ("circle", (8,) * 6, 15, {"activation": "sigmoid"}, "relu"),
    "alike": ("circle", (4, 2), 1, {"initializer": "zeros"}, "initializer"),
    "saturated": ("spiral", (8, 8), 12, {"learning_rate": 10.0}, "lower learning rate"),
    "rate too high": (
        "circle",
        (8, 8),
        12,
        {"activation": "elu", "learning_rate": 2.0},
        "Lower it",
    ),
    "dead": ("plane", (8, 8), 12, {"activation": "relu", "learning_rate": 1.0}, "leaky relu"),
    "rate too low": ("spiral", (8, 8), 20, {"learning_rate": 1e-4}, "Raise it"),
    "too small": ("xor", (), 40, {"learning_rate": 0.1}, "Add neurons"),
    "over-regularized": (
        "circle",
        (4, 2),
        15,
        {"regularization": "l2", "regularization_rate": 3.0},
        "regularization rate",
    ),
    "overfitting": (
        "circle",
        (8, 8, 8),
        500,
        {"noise": 0.3, "n_samples": 60, "learning_rate": 0.1, "batch_size": 5},
        "l2",
    ),
}
CONDITIONS = {
    "too small": "underfitting",
    "over-regularized": "over-regularized",
    "overfitting": "overfitting",
    "rate too high": "diverging",
}


def sick(make: Make, word: str) -> Session:
    data, hidden, epochs, settings, _ = SICK[word]
    run = make(data, hidden, **settings)
    run.advance_epochs(epochs)
    return run


@pytest.mark.parametrize("word", SICK)
def test_a_problem_comes_first_and_says_what_to_try(make: Make, word: str) -> None:
    diagnosis = diagnose(sick(make, word).snapshot())
    assert diagnosis.findings[0].word == diagnosis.headline == word
    assert SICK[word][-1] in diagnosis.findings[0].sentence
    # A direction only: no number was tried.
    advised = r"(?:[Tt]ry|[Cc]hoose|[Uu]se|[Rr]aise|[Ll]ower|to) (?:\w+ ){0,3}[\d.]*\d"
    assert not any(
        re.search(advised, sentence)
        for finding in diagnosis.findings
        for sentence in finding.sentence.split(". ")[1:]
    )
    assert diagnosis.condition == CONDITIONS.get(word, "stalled")


def test_a_network_that_learns_has_no_problem_at_any_time(make: Make) -> None:
    for data, hidden, settings in (
        ("circle", (4, 2), {"learning_rate": 0.1}),
        ("gauss", (4, 2), {}),
        ("plane", (8,), {"activation": "relu"}),
        ("iris", (8,), {"learning_rate": 0.1}),
        ("digits", (32,), {"learning_rate": 0.1, "activation": "relu", "initializer": "he"}),
    ):
        run = make(data, hidden, **settings)
        for _ in range(6):
            run.advance_epochs(5)
            assert not diagnose(run.snapshot()).findings
        assert diagnose(run.snapshot()).condition in WELL


def test_a_vanishing_gradient_is_given_as_a_share(make: Make) -> None:
    diagnosis = diagnose(sick(make, "vanishing").snapshot())
    said = re.search(r"Layer 1 gets only (\S+) of the last layer's", diagnosis.findings[0].sentence)
    assert said is not None and 0.0 < float(said[1]) < 1e-3


# --- Facts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SABOTAGES)
def test_a_planted_bug_is_the_only_cause(make: Make, name: str) -> None:
    run = make("circle", (3,), n_samples=20, sabotage=(name,))
    run.advance(3)
    diagnosis = diagnose(run.snapshot())
    assert diagnosis.condition == "sabotaged"
    (finding,) = diagnosis.findings
    assert finding.word == diagnosis.headline == "bug planted"
    assert SABOTAGES[name].title in finding.sentence.lower()


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"learning_rate": 10.0}, "rate too high"),
        ({"learning_rate": 10.0, "sabotage": ("wrong_sign",)}, "bug planted"),
        (
            {"learning_rate": 1.0, "regularization": "l2", "regularization_rate": 3.0},
            "over-regularized",
        ),
    ],
)
def test_a_run_that_diverged_says_so_and_why(
    make: Make, settings: dict[str, Any], word: str
) -> None:
    run = make("plane", (8, 8), activation="relu", **settings)
    run.advance(2000)
    diagnosis = diagnose(run.snapshot())
    assert run.state == diagnosis.condition == diagnosis.headline == "diverged"
    assert [finding.word for finding in diagnosis.findings] == [word]


def test_nothing_is_said_before_the_first_step_and_little_soon_after(make: Make) -> None:
    run = make(initializer="zeros")
    assert diagnose(run.snapshot()).condition == "too early to say"
    run = make("spiral", (8, 8), learning_rate=1e-5)
    run.advance()
    assert diagnose(run.snapshot()).headline == "too early to say"


def test_a_loss_that_is_not_finite_diverges_before_training_has_noticed(make: Make) -> None:
    run = make()
    run.advance(5)
    snapshot = run.snapshot()
    infinite = replace(snapshot.evaluation, train_loss=math.inf)
    diagnosis = diagnose(replace(snapshot, evaluation=infinite))
    assert (diagnosis.condition, diagnosis.headline) == ("diverging", "rate too high")


# --- The parts -----------------------------------------------------------------------------------


def test_layers_are_well_or_have_their_finding_or_no_verdict(make: Make) -> None:
    run = make(learning_rate=0.1)
    run.advance_epochs(20)
    assert set(diagnose(run.snapshot()).layer_words) == {OK}
    words = diagnose(sick(make, "vanishing").snapshot()).layer_words
    assert words[0] == "vanishing" and words[-1] == NO_VERDICT
    assert set(diagnose(sick(make, "rate too low").snapshot()).layer_words) == {NO_VERDICT}


def test_a_parameter_has_a_problem_only_where_the_run_has_it(make: Make) -> None:
    gradients, history = np.array([1.0, 1e-9, 0.0]), np.zeros((2, 3))

    def words(run: Session) -> list[str]:
        diagnosis = diagnose(run.snapshot())
        codes = diagnosis.parameter_codes(gradients, history)
        return [diagnosis.parameter_words[code] for code in codes]

    well = make(learning_rate=0.1)
    well.advance_epochs(20)
    assert words(well) == [OK, OK, OK]
    assert words(sick(make, "vanishing")) == [NO_VERDICT, "vanishing", NO_VERDICT]
    assert words(sick(make, "dead"))[2] == "dead"


def test_it_is_computed_once_and_kept_no_longer_than_its_snapshot(make: Make) -> None:
    run = make()
    run.advance(3)
    snapshot = run.snapshot()
    assert diagnose(snapshot) is diagnose(snapshot)
    diagnosis = weakref.ref(snapshot)
    del snapshot
    gc.collect()
    assert diagnosis() is None


def test_of_two_problems_a_layer_has_the_likelier_one(make: Make) -> None:
    run = make()
    run.advance()
    layers = diagnose(run.snapshot()).layers
    findings = Finding("dead", "", (0, 1)), Finding("vanishing", "", (1, 2))
    diagnosis = Diagnosis("stalled", findings, layers)
    assert diagnosis.layer_words == ("dead", "dead", "vanishing")
    assert diagnosis.headline == "dead"


def test_the_share_of_the_gradient_is_of_the_samples_with_larger_targets(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make("circle", (4, 2))
    run.advance(3)
    snapshot = run.snapshot()
    targets = snapshot.dataset.targets[snapshot.train_rows]
    rows = snapshot.train_rows[:200][targets[:200] > 0.0]
    n_first, n_last = 2 * 4 + 4, 2 + 1

    def share(gradients: FloatArray) -> float:
        squares = np.square(gradients)
        return math.sqrt(squares[:n_first].mean() / squares[-n_last:].mean())

    def found() -> float:
        layers = diagnose(snapshot).layers
        return Case(snapshot, layers, progress_of(snapshot)).share_of_gradient

    assert found() == pytest.approx(share(Replica(snapshot).gradient_of(rows)))
    n = len(snapshot.parameters)
    for most, is_exact in ((n, True), (n - 1, False)):
        monkeypatch.setattr("toygrad.core.diagnosis.case.MANY_PARAMETERS", most)
        of_batch = pytest.approx(share(snapshot.gradients))
        assert (found() == of_batch) is not is_exact
    silent = replace(snapshot, gradients=np.zeros(n))
    assert Case(silent, diagnose(snapshot).layers, progress_of(snapshot)).share_of_gradient == 0.0
