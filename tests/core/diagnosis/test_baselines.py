"""Baselines: one answer for all and a straight line, beside a network."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from toygrad.core.diagnosis.baselines import Score, baselines, imbalance, score, score_text
from toygrad.datasets import DATASETS
from toygrad.datasets.dataset import Dataset, split

NONE = np.zeros(0, dtype=np.int64)


def classes(counts: Sequence[int]) -> Dataset:
    """So many samples of each class, each class in a place of its own on a line."""
    labels = np.repeat(np.arange(len(counts)), counts)
    targets = np.asarray(2.0 * labels - 1.0 if len(counts) == 2 else labels, dtype=np.float64)
    return Dataset(
        name="counts",
        points=np.column_stack([labels, np.arange(len(labels)) % 3]).astype(np.float64),
        targets=targets,
        columns=("a", "b"),
        classes=("no", "yes", "maybe")[: len(counts)],
        task="classification",
    )


@pytest.mark.parametrize("name", ["plane", "parabola", "multi-gauss"])
def test_the_straight_line_is_the_one_of_least_squares(name: str) -> None:
    dataset = DATASETS[name](200, rng=np.random.default_rng(0))
    train, test = split(dataset, 0.5, np.random.default_rng(0))
    with_bias = np.column_stack([dataset.points, np.ones(200)])
    best = np.linalg.lstsq(with_bias[train], dataset.targets[train], rcond=None)[0]
    off = dataset.targets[test] - with_bias[test] @ best
    found = baselines(dataset, train, test)
    assert found.line.error == pytest.approx(math.sqrt(off @ off / len(test)), abs=1e-3)
    assert found.measure == "R^2"
    assert found.part == "test"


@pytest.mark.parametrize("counts", [(40, 10), (30, 20, 10)])
def test_classes_that_a_line_separates_are_all_right(counts: tuple[int, ...]) -> None:
    dataset = classes(counts)
    found = baselines(dataset, np.arange(dataset.n_samples), NONE)
    assert found.line == pytest.approx(Score(1.0), nan_ok=True)
    assert found.constant.share == max(counts) / sum(counts)
    assert found.answer == "always 'no'"
    assert found.part == "training"


def test_more_training_samples_than_a_batch_are_learned_from() -> None:
    dataset = DATASETS["gauss"](3_000, rng=np.random.default_rng(0))
    train, test = split(dataset, 0.9, np.random.default_rng(0))
    assert baselines(dataset, train, test).line.share > 0.98


def test_the_same_samples_give_the_same_numbers() -> None:
    dataset = classes((30, 20, 10))
    rows = np.arange(60)
    first, again = (baselines(dataset, rows[::2], rows[1::2]) for _ in range(2))
    assert (first.line, first.constant) == (again.line, again.constant)


def test_the_sentence_has_the_three_beside_each_other() -> None:
    dataset = classes((40, 10))
    found = baselines(dataset, np.arange(50), NONE)
    assert (
        found.sentence(Score(0.93))
        == "Training accuracy: your network .93, a straight line 1, always 'no' .80."
    )


def test_a_regression_is_compared_in_the_targets_units_too() -> None:
    dataset = DATASETS["plane"](200, rng=np.random.default_rng(0))
    found = baselines(dataset, np.arange(100), np.arange(100, 200))
    said = found.sentence(score(dataset, dataset.network_targets()[100:, None], found.rows))
    assert said.startswith("Test R^2: your network 1, a straight line 1, always the mean ")
    assert " Root mean square error: 0, " in said


def test_a_straight_line_that_is_stopped_is_unknown() -> None:
    found = baselines(classes((4, 4)), np.arange(8), NONE, stopped=lambda: True)
    assert "a straight line unknown" in found.sentence(Score(math.nan))


def test_a_network_that_diverged_has_no_score() -> None:
    dataset = classes((4, 4))
    assert math.isnan(score(dataset, np.full((8, 1), math.nan), np.arange(8)).share)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1"),
        (0.999, ".99"),
        (0.5, ".50"),
        (0.0, "0"),
        (-0.001, "0"),
        (-0.04, "-.04"),
        (-12.5, "-12.50"),
        (-1e300, "-1e+300"),
        (math.inf, "unknown"),
    ],
)
def test_a_score_is_short_and_1_means_all(number: float, text: str) -> None:
    assert score_text(number) == text


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((50, 50), ""),
        ((65, 35), ""),
        ((835, 165), "83% are 'no'"),
        ((20, 60, 20), "60% are 'yes'"),
        ((34, 33, 33), ""),
    ],
)
def test_uneven_classes_are_said(counts: tuple[int, ...], said: str) -> None:
    assert imbalance(classes(counts)) == said


def test_numbers_have_no_classes_to_be_uneven() -> None:
    assert imbalance(DATASETS["plane"](50, rng=np.random.default_rng(0))) == ""
