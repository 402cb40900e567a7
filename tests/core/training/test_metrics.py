"""Metrics against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from toygrad.core.training import (
    accuracy,
    class_scores,
    confusion_matrix,
    fit_scores,
    predicted_classes,
    residuals,
    wrong_rows,
)
from toygrad.datasets import Dataset

# Three classes by hand: rows true, columns predicted.
CONFUSION = np.array([[5, 1, 0], [2, 3, 1], [0, 0, 8]])


def test_a_confusion_matrix_counts_true_by_predicted() -> None:
    labels, predicted = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 2, 0])
    assert confusion_matrix(labels, predicted, 3).tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 2]]


def test_precision_recall_and_f1_are_those_by_hand() -> None:
    scores = class_scores(CONFUSION)
    np.testing.assert_allclose(scores.precision, [5 / 7, 3 / 4, 8 / 9], rtol=1e-15)
    np.testing.assert_allclose(scores.recall, [5 / 6, 1 / 2, 1.0], rtol=1e-15)
    np.testing.assert_allclose(scores.f1, [10 / 13, 6 / 10, 16 / 17], rtol=1e-15)
    assert accuracy(CONFUSION) == 16 / 20


def test_a_share_of_nothing_is_zero() -> None:
    scores = class_scores(np.array([[0, 0], [0, 3]]))
    assert scores.precision.tolist() == [0.0, 1.0]
    assert scores.recall.tolist() == [0.0, 1.0]
    assert scores.f1.tolist() == [0.0, 1.0]
    assert accuracy(np.zeros((2, 2), dtype=np.int64)) == 0.0


@given(arrays(np.int64, (4, 4), elements=st.integers(0, 50)))
def test_f1_is_the_harmonic_mean_of_precision_and_recall(
    confusion: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
) -> None:
    scores = class_scores(confusion)
    both = scores.precision + scores.recall
    expected = 2 * scores.precision * scores.recall / np.where(both > 0, both, 1.0)
    np.testing.assert_allclose(scores.f1, expected, atol=1e-12)


def test_errors_of_a_fit_are_those_by_hand() -> None:
    scores = fit_scores(np.array([1.0, 2.0, 3.0, 6.0]), np.array([1.0, 3.0, 3.0, 4.0]))
    assert scores.mean_absolute_error == 0.75
    assert scores.root_mean_square_error == pytest.approx(np.sqrt(5 / 4), rel=1e-15)
    # Around the mean, 3: 4 + 1 + 0 + 9 = 14.
    assert scores.r_squared == pytest.approx(1 - 5 / 14, rel=1e-15)


def test_the_mean_explains_nothing_and_the_truth_everything() -> None:
    true = np.array([1.0, 5.0, 3.0])
    assert fit_scores(true, np.full(3, 3.0)).r_squared == 0.0
    assert fit_scores(true, true).r_squared == 1.0
    flat = np.ones(3)
    assert fit_scores(flat, flat).r_squared == 1.0
    assert fit_scores(flat, flat + 1e-3).r_squared == 0.0


def test_what_is_not_finite_is_told_and_not_hidden() -> None:
    assert np.isnan(fit_scores(np.arange(3.0), np.array([0.0, np.nan, 1.0])).r_squared)
    assert np.isinf(fit_scores(np.arange(3.0), np.array([0.0, np.inf, 1.0])).mean_absolute_error)


def test_a_class_is_the_sign_of_one_output_and_the_largest_of_many() -> None:
    assert predicted_classes(np.array([[-0.1], [0.0], [0.2]])).tolist() == [0, 0, 1]
    assert predicted_classes(np.array([[0.1, 0.3, 0.2], [2.0, 1.0, 0.0]])).tolist() == [1, 0]


def make(targets: list[float], classes: tuple[str, ...]) -> Dataset:
    return Dataset(
        name="made",
        points=np.arange(len(targets), dtype=float)[:, None],
        targets=np.array(targets),
        columns=("x",),
        classes=classes,
        task="classification" if classes else "regression",
        target_shift=0.0 if classes else 10.0,
        target_scale=1.0 if classes else 2.0,
    )


def test_wrong_rows_are_those_of_another_class() -> None:
    two = make([-1.0, 1.0, 1.0], ("a", "b"))
    outputs = np.array([[0.5], [0.5], [-0.5]])
    assert wrong_rows(two, outputs, np.array([2, 1, 0])).tolist() == [True, False, True]
    three = make([0.0, 1.0, 2.0], ("a", "b", "c"))
    assert wrong_rows(three, np.eye(3)[[0, 2, 2]], np.arange(3)).tolist() == [False, True, False]
    assert not wrong_rows(make([1.0, 2.0], ()), np.zeros((2, 1)), np.arange(2)).any()


def test_residuals_are_true_minus_predicted_in_the_targets_units() -> None:
    dataset = make([11.0, 12.0], ())
    assert residuals(dataset, np.array([[0.0], [2.0]]), np.array([1, 0])).tolist() == [-2.0, 1.0]
