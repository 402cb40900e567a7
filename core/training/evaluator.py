"""Evaluator: losses and accuracies on all samples, replayed from tapes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..autograd import Tape, Value
from ..autograd.numerics import FloatArray
from ..nn import MLP
from ..nn.losses import Loss
from .inference import Inference
from .metrics import predicted_classes
from .problem import Problem
from .snapshot import Evaluation


class Evaluator:
    """Evaluates a network, with its present parameters, on one problem."""

    def __init__(self, network: MLP, loss: Loss, problem: Problem) -> None:
        # Training rows first, then test rows, so that each part is one view of the outputs.
        self._order = np.concatenate([problem.train_rows, problem.test_rows])
        self._infer = Inference(network, problem.inputs[self._order])
        n_train = len(problem.train_rows)
        self._train = _Part(loss, problem, problem.train_rows, slice(None, n_train))
        self._test = _Part(loss, problem, problem.test_rows, slice(n_train, None))

    def __call__(self, penalty: float) -> tuple[Evaluation, FloatArray]:
        """Losses and accuracies, with a penalty that is known, and the outputs they come from."""
        outputs = self._infer()
        train_loss, train_accuracy = self._train(outputs)
        test_loss, test_accuracy = self._test(outputs)
        return (
            Evaluation(train_loss, test_loss, penalty, train_accuracy, test_accuracy),
            outputs,
        )

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
