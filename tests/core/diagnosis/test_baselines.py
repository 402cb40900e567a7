"""Baselines: a network's score stands beside what the simplest answers reach."""

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.diagnosis.baselines import Baselines, baselines, constant_score, imbalance
from toygrad.datasets.dataset import Dataset, Task


def line_data(task: Task = "classification", n: int = 200) -> Dataset:
    """What a straight line learns: the sign, or the value, of 2a - b."""
    points = np.random.default_rng(3).normal(size=(n, 2))
    values = 2.0 * points[:, 0] - points[:, 1]
    if task == "regression":
        return Dataset(name="r", points=points, targets=values, columns=("a", "b"), task=task)
    targets = np.where(values > 0.0, 1.0, -1.0)
    classes = ("no", "yes")
    return Dataset(
        name="c", points=points, targets=targets, columns=("a", "b"), classes=classes, task=task
    )


def session(dataset: Dataset, train_share: float = 0.5) -> Session:
    training = TrainingConfig(train_share=train_share)
    return Session(network=NetworkSpec(hidden=(2,)), training=training, dataset=dataset)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_a_line_learns_what_is_a_line(task: Task) -> None:
    found = baselines(session(line_data(task)).learner_state())
    assert found.on_tests
    assert found.line is not None
    assert found.line > 0.9
    assert found.line > found.constant


def test_a_line_is_the_same_whatever_the_network_has_learned_and_leaves_it_alone() -> None:
    run = session(line_data())
    before = baselines(run.learner_state())
    run.advance_epochs(2)
    weights, network = run.parameters(), run.evaluate()
    after = baselines(run.learner_state())
    assert (after.line, after.constant) == (before.line, before.constant)
    assert after.network == network.test_accuracy
    for name, array in run.parameters().items():
        np.testing.assert_array_equal(array, weights[name])


def test_a_line_is_scored_on_the_samples_that_do_not_train_after_other_seeds() -> None:
    run = session(line_data())
    before = run.learner_state().problem.test_rows
    run.reseed(9)
    state = run.learner_state()
    np.testing.assert_array_equal(state.problem.test_rows, before)
    expected = constant_score(state.problem.dataset, state.problem.train_rows, before)
    assert baselines(state).constant == expected


def test_training_samples_are_scored_where_nothing_tests_and_a_stopped_line_is_left_out() -> None:
    state = session(line_data(n=20), train_share=1.0).learner_state()
    found = baselines(state, stopped=lambda: True)
    assert (found.line, found.on_tests) == (None, False)
    assert "a straight line" not in found.sentence
    assert found.sentence.startswith("Training accuracy: ")


def test_the_constant_is_the_commonest_class_of_what_trains() -> None:
    dataset = line_data()
    trains, tests = np.flatnonzero(dataset.targets < 0), np.arange(dataset.n_samples)
    share = np.mean(dataset.targets < 0)
    assert constant_score(dataset, trains, tests) == pytest.approx(share)


def test_the_mean_explains_nothing_of_the_samples_it_is_the_mean_of() -> None:
    rows = np.arange(200)
    assert constant_score(line_data("regression"), rows, rows) == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            Baselines(
                is_share=True, on_tests=True, network=0.93, line=0.914, constant=0.62, answer="no"
            ),
            "Test accuracy: your network .93, a straight line .91, always 'no' .62.",
        ),
        (
            Baselines(
                is_share=False, on_tests=True, network=0.998, line=-2.5, constant=-0.001, answer=""
            ),
            "Test R^2: your network .99, a straight line -2.50, always the mean .00.",
        ),
    ],
)
def test_scores_are_said_in_one_sentence(found: Baselines, sentence: str) -> None:
    assert found.sentence == sentence


def test_classes_that_are_unequally_common_are_said() -> None:
    def of(n_yes: int, n: int = 100) -> Dataset:
        targets = np.where(np.arange(n) < n_yes, 1.0, -1.0)
        points = np.arange(n, dtype=float)[:, None]
        classes = ("no", "yes")
        return Dataset(
            name="c",
            points=points,
            targets=targets,
            columns=("a",),
            classes=classes,
            task="classification",
        )

    assert imbalance(of(17)) == "83% of the samples are 'no', 17% 'yes'."
    assert imbalance(of(45)) == ""
    assert imbalance(line_data("regression")) == ""
