"""Batches: the training samples of one epoch, in their order, cut into mini-batches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray
from .problem import Problem

Rows = NDArray[np.int64]


class Batches:
    """Buffers for an epoch's samples, of which each batch is a view.

    Attributes:
        rows: The order of this epoch: rows of the data set, read-only.
        place: How many of its batches were learned.
    """

    rows: Rows
    place: int

    def __init__(self, problem: Problem, batch_size: int) -> None:
        n = len(problem.train_rows)
        self._problem = problem
        self._inputs = np.empty((n, problem.inputs.shape[1]))
        self._targets = np.empty((n, problem.n_outputs))
        self._batches = [
            (self._inputs[start : start + batch_size], self._targets[start : start + batch_size])
            for start in range(0, n, batch_size)
        ]

    def __len__(self) -> int:
        return len(self._batches)

    def begin(self, rows: Rows, place: int = 0) -> None:
        """Goes to a place in an epoch."""
        rows.setflags(write=False)
        self.rows, self.place = rows, place
        self._is_filled = False

    def next(self) -> tuple[FloatArray, FloatArray]:
        """The inputs and targets of the next batch; to be counted in `place` once learned."""
        if not self._is_filled:
            self._fill()
        return self._batches[self.place]

    def _fill(self) -> None:
        """Takes the samples of the epoch; a compiled loop does so by itself."""
        rows, self._is_filled = self.rows, True
        # Every row exists, so that clipping changes none; it spares a buffer.
        self._problem.inputs.take(rows, 0, self._inputs, mode="clip")
        self._problem.targets.take(rows, 0, self._targets, mode="clip")
