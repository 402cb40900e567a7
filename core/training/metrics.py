"""Metrics: what a network's outputs come to, in the numbers that people report.

Those of classes count samples of a confusion matrix; those of a regression are in the units of the
targets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.dataset import Dataset
from ..autograd.numerics import FloatArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ClassScores:
    """How well each class is told from the others.

    Attributes:
        precision: The share of the samples taken for the class that are of it, shape (classes,).
        recall: The share of the class's samples that are taken for it, shape (classes,).
        f1: The harmonic mean of the two, shape (classes,).
    """

    precision: FloatArray
    recall: FloatArray
    f1: FloatArray


@dataclass(frozen=True, slots=True)
class FitScores:
    """How far predicted numbers are from the true ones.

    Attributes:
        mean_absolute_error: The mean of the distances.
        root_mean_square_error: The root of the mean of their squares.
        r_squared: 1 for a perfect fit, 0 for no better than the mean, below for worse.
    """

    mean_absolute_error: float
    root_mean_square_error: float
    r_squared: float


def predicted_classes(outputs: FloatArray) -> IntArray:
    """The class each row of outputs stands for: the sign of one, the largest of many.

    Args:
        outputs: Shape (..., outputs).

    Returns:
        Class numbers, shape (...).
    """
    if outputs.shape[-1] == 1:
        return (outputs[..., 0] > 0.0).astype(np.int64)
    return np.asarray(np.argmax(outputs, axis=-1), dtype=np.int64)


def wrong_rows(dataset: Dataset, outputs: FloatArray, rows: IntArray) -> BoolArray:
    """Which samples are taken for another class than theirs; none of a regression.

    Args:
        dataset: Whose targets are true.
        outputs: The network's, for every row, shape (samples, outputs).
        rows: The samples that are asked about, shape (n,).

    Returns:
        Shape (n,).
    """
    if dataset.task == "regression":
        return np.zeros(len(rows), dtype=np.bool_)
    true = dataset.targets[rows]
    if dataset.n_classes == 2:
        true = (true > 0.0).astype(np.float64)
    return np.asarray(predicted_classes(outputs[rows]) != true)


def residuals(dataset: Dataset, outputs: FloatArray, rows: IntArray) -> FloatArray:
    """True minus predicted of a regression, in the targets' units.

    Args:
        dataset: Whose targets are true.
        outputs: The network's, for every row, shape (samples, 1), as it puts them out.
        rows: The samples that are asked about, shape (n,).

    Returns:
        Shape (n,); above 0 where the prediction is too low.
    """
    with np.errstate(all="ignore"):
        predicted = dataset.from_network(outputs[rows, 0])
        return np.asarray(dataset.targets[rows] - predicted)


def confusion_matrix(labels: IntArray, predicted: IntArray, n_classes: int) -> IntArray:
    """Counts of (true class, predicted class), shape (n_classes, n_classes)."""
    pairs = labels * n_classes + predicted
    counts = np.bincount(pairs, minlength=n_classes**2).astype(np.int64)
    matrix: IntArray = counts.reshape(n_classes, n_classes)
    return matrix


def accuracy(confusion: IntArray) -> float:
    """The share of samples that are classified right; 0 of none."""
    return float(np.trace(confusion) / max(int(confusion.sum()), 1))


def class_scores(confusion: IntArray) -> ClassScores:
    """Precision, recall and F1 of each class; a share of nothing, 0/0, counts as 0.

    Args:
        confusion: Counts, rows true, columns predicted, shape (classes, classes).
    """
    right = np.diagonal(confusion).astype(np.float64)
    taken, there = confusion.sum(axis=0), confusion.sum(axis=1)
    return ClassScores(
        _share(right, taken), _share(right, there), _share(2.0 * right, taken + there)
    )


def fit_scores(true: FloatArray, predicted: FloatArray) -> FitScores:
    """How good a regression is.

    R^2 is 1 - (sum of squared residuals) / (sum of squared distances of the true numbers from
    their mean). Where these are all the same it is 1 if they are met exactly and 0 if not.

    Args:
        true: Shape (n,), n at least 1.
        predicted: Shape (n,); what is not finite makes every score so.
    """
    around = true - true.mean()
    spread = float(around @ around)
    with np.errstate(all="ignore"):
        off = true - predicted
        squares = float(off @ off)
        r_squared = 1.0 - squares / spread if spread > 0.0 else float(squares == 0.0)
        return FitScores(float(np.abs(off).mean()), float(np.sqrt(squares / len(true))), r_squared)


def _share(part: FloatArray, whole: IntArray) -> FloatArray:
    return np.asarray(part / np.maximum(whole, 1), dtype=np.float64)
