"""History: the loss curves, in bounded memory however long the run.

The last epochs are kept one by one, and the whole run in buckets of epochs, each with the least,
the mean and the greatest of a curve; when the buckets are full, neighbours are merged in pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..autograd.ops import FloatArray
from .points import Points

CURVES = ("train_loss", "test_loss", "penalty", "train_accuracy", "test_accuracy")
RECENT_EPOCHS = 512
MAX_BUCKETS = 1024
# What the best epoch is judged by: the first of the two that has been known.
_JUDGES = ("test_loss", "train_loss")


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A knob that was turned.

    Attributes:
        epoch: When.
        text: Which, and its new value: `learning rate 0.1`.
    """

    epoch: float
    text: str


@dataclass(frozen=True, slots=True)
class Best:
    """The epoch with the lowest loss, the first one if there are several.

    Attributes:
        epoch: Which.
        curve: The loss it is judged by: "test_loss", or "train_loss" in a run without test samples.
        loss: How low it was, exactly.
    """

    epoch: float
    curve: str
    loss: float


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """A read-only copy of a history.

    Attributes:
        epochs: Shape (buckets,): the last epoch of each bucket.
        low: Shape (buckets, curves), in the order of `CURVES`.
        mean: As `low`.
        high: As `low`.
        recent_epochs: Shape (recent,).
        recent: Shape (recent, curves).
        marks: The knobs that were turned.
        n_older: How many of the buckets begin before the recent epochs.
        best: The epoch with the lowest loss; None while no loss has been finite.
    """

    epochs: FloatArray
    low: FloatArray
    mean: FloatArray
    high: FloatArray
    recent_epochs: FloatArray
    recent: FloatArray
    marks: tuple[Mark, ...] = ()
    n_older: int = 0
    best: Best | None = None

    def points(self) -> Points:
        """The whole run as finely as it is known: buckets, then the recent epochs one by one."""
        n = self.n_older
        epochs = self.epochs[:n]
        if n and len(self.recent_epochs):
            # The last of these buckets may reach into the recent epochs.
            epochs = np.minimum(epochs, self.recent_epochs[0] - 1.0)
        low, mean, high = (
            np.concatenate([part[:n], self.recent]) for part in (self.low, self.mean, self.high)
        )
        return Points(np.concatenate([epochs, self.recent_epochs]), low, mean, high)


class History:
    """Curves that grow by one point an epoch."""

    MAX_MARKS = 64

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forgets everything."""
        self._span = 1
        self._filled = 0
        self._in_last = 0
        self._epochs = np.zeros(MAX_BUCKETS)
        # Axis 0: low, sum, high.
        self._buckets = np.zeros((3, MAX_BUCKETS, len(CURVES)))
        self._recent_epochs = np.zeros(RECENT_EPOCHS)
        self._recent = np.zeros((RECENT_EPOCHS, len(CURVES)))
        self._n_points = 0
        self._marks: list[Mark] = []
        self._best: dict[str, Best] = {}

    def forget_best(self) -> None:
        """Looks for the best epoch from here on: other losses are not to be compared with it."""
        self._best.clear()

    def mark(self, epoch: float, text: str) -> None:
        """Notes that a knob was turned; of many, the last ones stay."""
        self._marks.append(Mark(epoch, text))
        del self._marks[: -self.MAX_MARKS]

    def append(self, epoch: float, point: tuple[float, ...]) -> None:
        """Adds one epoch.

        Args:
            epoch: Its number; later than the last one.
            point: One value for each of `CURVES`; nan where there is none.
        """
        values = np.asarray(point)
        slot = self._n_points % RECENT_EPOCHS
        self._recent_epochs[slot] = epoch
        self._recent[slot] = values
        self._n_points += 1
        if self._filled == 0 or self._in_last == self._span:
            self._open_bucket(values)
        low, total, high = self._buckets[:, self._filled - 1]
        np.fmin(low, values, low)
        total += values
        np.fmax(high, values, high)
        self._epochs[self._filled - 1] = epoch
        self._in_last += 1
        for curve in _JUDGES:
            self._judge(epoch, curve, float(point[CURVES.index(curve)]))

    def _judge(self, epoch: float, curve: str, loss: float) -> None:
        best = self._best.get(curve)
        if math.isfinite(loss) and (best is None or loss < best.loss):
            self._best[curve] = Best(epoch, curve, loss)

    def _open_bucket(self, values: FloatArray) -> None:
        if self._filled == MAX_BUCKETS:
            self._merge_pairs()
        self._buckets[0, self._filled] = values
        self._buckets[1, self._filled] = 0.0
        self._buckets[2, self._filled] = values
        self._filled += 1
        self._in_last = 0

    def _merge_pairs(self) -> None:
        half = MAX_BUCKETS // 2
        first, second = self._buckets[:, 0::2], self._buckets[:, 1::2]
        low = np.fmin(first[0], second[0])
        total = first[1] + second[1]
        high = np.fmax(first[2], second[2])
        self._buckets[:, :half] = (low, total, high)
        self._epochs[:half] = self._epochs[1::2].copy()
        self._filled = half
        self._span *= 2

    def curves(self) -> Curves:
        """A copy of it all, that later epochs do not change."""
        n = self._filled
        counts = np.full((n, 1), float(self._span))
        if n:
            counts[-1] = self._in_last
        order = np.arange(max(0, self._n_points - RECENT_EPOCHS), self._n_points) % RECENT_EPOCHS
        arrays = (
            self._epochs[:n].copy(),
            self._buckets[0, :n].copy(),
            self._buckets[1, :n] / counts,
            self._buckets[2, :n].copy(),
            self._recent_epochs[order],
            self._recent[order],
        )
        for array in arrays:
            array.setflags(write=False)
        best = next((self._best[curve] for curve in _JUDGES if curve in self._best), None)
        n_older = -(-max(0, self._n_points - RECENT_EPOCHS) // self._span)
        return Curves(*arrays, marks=tuple(self._marks), n_older=n_older, best=best)
