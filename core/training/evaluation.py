"""Evaluation: outputs, losses and accuracies on all samples, and the scores people report."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.dataset import Dataset
from ..autograd import Tape, Value
from ..autograd.numerics import FloatArray
from ..nn import Network
from ..nn.losses import Loss
from .problem import Problem
from .rows_program import RowsProgram
from .snapshot import Evaluation

# So many rows at a time that a layer's activations stay in the processor's cache.
ROWS_AT_A_TIME = 1000


class Inference:
    """Computes the outputs for fixed inputs with a network's present parameters."""

    def __init__(
        self, network: Network, inputs: FloatArray, *, n_layers: int | None = None
    ) -> None:
        """Records nothing yet: a tape is made at the first call.

        Args:
            network: Whose parameters are used, as they are at each call.
            inputs: Shape (rows, inputs).
            n_layers: So many of its layers compute, the first ones; all by default.
        """
        self._network = network
        self._n_layers = len(network.layers) if n_layers is None else n_layers
        self._inputs = inputs
        self._outputs = np.empty((len(inputs), network.sizes[self._n_layers]))
        self._tapes: dict[int, Tape] = {}
        self._program: RowsProgram | None = None

    def use(self, program: RowsProgram | None) -> None:
        """Computes all layers' outputs by a program from now on; None for the tape."""
        self._program = program
        if program is not None:
            n = program.padded(len(self._inputs))
            self._given = np.zeros((n, self._inputs.shape[1]))
            self._given[: len(self._inputs)] = self._inputs
            self._made = np.empty((n, self._outputs.shape[1]))

    def __call__(self) -> FloatArray:
        """The outputs, shape (rows, outputs); the next call overwrites them."""
        if self._program is not None:
            self._program(self._network, self._given, self._made)
            return self._made[: len(self._inputs)]
        for start in range(0, len(self._inputs), ROWS_AT_A_TIME):
            rows = self._inputs[start : start + ROWS_AT_A_TIME]
            tape = self._tapes.get(len(rows))
            if tape is None:
                tape = self._tapes[len(rows)] = self._record(rows)
            self._outputs[start : start + ROWS_AT_A_TIME] = tape.replay(rows)
        return self._outputs

    def _record(self, rows: FloatArray) -> Tape:
        x = Value(rows, constant=True)
        layers = self._network.layers[: self._n_layers]
        parameters = [p for layer in layers for p in layer.parameters()]
        places = {p: (np.asarray(p.data), p.grad) for p in parameters}
        y = x
        for layer in layers:
            y = layer(y)
        return Tape(y, inputs=(x,), buffers=places)


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


class Evaluator:
    """Evaluates a network, with its present parameters, on one problem."""

    def __init__(self, network: Network, loss: Loss, problem: Problem) -> None:
        # Training rows first, then test rows, so that each part is one view of the outputs.
        self._order = np.concatenate([problem.train_rows, problem.test_rows])
        self._infer = Inference(network, problem.inputs[self._order])
        n_train = len(problem.train_rows)
        self._train = _Part(loss, problem, problem.train_rows, slice(None, n_train))
        self._test = _Part(loss, problem, problem.test_rows, slice(n_train, None))

    def __call__(self, regularization_term: float) -> tuple[Evaluation, FloatArray]:
        """Losses and accuracies, with the regularization term, and the outputs they come from."""
        outputs = self._infer()
        train_loss, train_accuracy = self._train(outputs)
        test_loss, test_accuracy = self._test(outputs)
        return (
            Evaluation(train_loss, test_loss, regularization_term, train_accuracy, test_accuracy),
            outputs,
        )

    def use(self, program: RowsProgram | None) -> None:
        """Computes outputs by a program from now on; None for the tape."""
        self._infer.use(program)

    def in_row_order(self, outputs: FloatArray) -> FloatArray:
        """A read-only copy of outputs, shape (rows, outputs), in the data set's order."""
        copy = np.empty_like(outputs)
        copy[self._order] = outputs
        copy.setflags(write=False)
        return copy


class _Part:
    """The samples that train, or those that test."""

    def __init__(self, loss: Loss, problem: Problem, rows: NDArray[np.int64], place: slice) -> None:
        self._rows = place
        self._n = len(rows)
        self._loss = loss
        self._targets = problem.targets[rows]
        self._tape: Tape | None = None
        dataset = problem.dataset
        is_classification = dataset.task == "classification"
        self._labels = dataset.labels[rows] if is_classification and len(rows) else None

    def __call__(self, all_outputs: FloatArray) -> tuple[float, float | None]:
        if not self._n:
            return math.nan, None
        outputs = all_outputs[self._rows]
        if self._tape is None:
            leaf = Value(outputs, constant=True)
            self._tape = Tape(self._loss.on_arrays(leaf, self._targets), inputs=(leaf,))
        loss = float(self._tape.replay(outputs))
        if self._labels is None:
            return loss, None
        right = np.count_nonzero(predicted_classes(outputs) == self._labels)
        return loss, float(right / self._n)
