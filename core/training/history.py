"""History: the loss curves, in bounded memory however long the run.

The last epochs are kept one by one, and the whole run in buckets of epochs, each with the least,
the mean and the greatest of a curve; when the buckets are full, neighbours are merged in pairs.
"""

from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray

# How much of the average an epoch leaves to the ones before it.
SMOOTHINGS = {"light": 0.6, "medium": 0.9, "strong": 0.97}
# Of how many points, the last ones, the usual distance is taken.
_USUAL = 512


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Curves over the epochs.

    Attributes:
        epochs: Shape (points,), ascending: the last epoch that a point stands for.
        low: The least value of these epochs, shape (points, curves); nan where there is none.
        mean: The mean, as `low`.
        high: The greatest, as `low`.
        ticks: Shape (points,): the tick at which each of `epochs` ended; empty if unknown.
    """

    epochs: FloatArray
    low: FloatArray
    mean: FloatArray
    high: FloatArray
    ticks: FloatArray = field(default_factory=lambda: np.zeros(0))

    def thinned(self, most: int) -> Points:
        """At most so many points, neighbours put together; the least and the greatest stay.

        The means are of the points put together, each counted once.

        Args:
            most: How many points; 1 or more.
        """
        n = len(self.epochs)
        size = -(-n // most)
        if size <= 1:
            return self
        starts = np.arange(0, n, size)
        ends = np.append(starts[1:], n) - 1
        known = np.add.reduceat(np.isfinite(self.mean), starts, dtype=np.float64)
        values = np.nan_to_num(self.mean, posinf=0.0, neginf=0.0)
        with np.errstate(over="ignore"):
            total = np.add.reduceat(values, starts)
        return Points(
            self.epochs[ends],
            np.fmin.reduceat(self.low, starts),
            np.divide(total, known, out=np.full_like(total, np.nan), where=known > 0),
            np.fmax.reduceat(self.high, starts),
        )

    def smoothed(self, strength: str) -> Points:
        """Exponential moving averages of the means.

        With bias correction, so that the first epochs are not drawn towards zero (Kingma and Ba,
        "Adam", 2015, section 3): m += (1 - b) (x - m), shown m / (1 - b^t), where t counts
        epochs, so that a point that stands for several weighs as much as they would. One step is
        the usual distance of two points, where not every epoch is known.

        Args:
            strength: A name in `SMOOTHINGS`.

        Returns:
            Points without a spread; what is not finite stays as it is and is not averaged.
        """
        if not len(self.epochs):
            return self
        steps = np.diff(self.epochs)
        usual = float(np.median(steps[-_USUAL:])) if len(steps) else 1.0
        left = SMOOTHINGS[strength] ** (np.append(usual, steps) / usual)
        columns = [_averages(column, left.tolist()) for column in self.mean.T.tolist()]
        mean = np.array(columns).T.reshape(self.mean.shape)
        return replace(self, low=mean, mean=mean, high=mean)


def _averages(values: list[float], left: list[float]) -> list[float]:
    average = weight = 0.0
    averages = []
    for value, share in zip(values, left, strict=True):
        if math.isfinite(value):
            average += (1.0 - share) * (value - average)
            weight += (1.0 - share) * (1.0 - weight)
            value = average / weight
        averages.append(value)
    return averages


CURVES = ("train_loss", "test_loss", "regularization_term", "train_accuracy", "test_accuracy")
RECENT_EPOCHS = 512
MAX_BUCKETS = 1024
FIRST_ROOM = 16
# What the best epoch is judged by: the first of the two that has been known.
JUDGES = ("test_loss", "train_loss")


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A setting that was changed.

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
        marks: The settings that were changed.
        n_older: How many of the buckets begin before the recent epochs.
        best: The epoch with the lowest loss; None while no loss has been finite.
        ticks: Shape (buckets,): the tick at which each of `epochs` ended.
        recent_ticks: Shape (recent,), likewise.
        before_recent: The last epoch before the recent ones, and its tick; (0, 0) if none.
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
    ticks: FloatArray = field(default_factory=lambda: np.zeros(0))
    recent_ticks: FloatArray = field(default_factory=lambda: np.zeros(0))
    before_recent: tuple[float, float] = (0.0, 0.0)

    def with_present(self, epoch: float, train_loss: float, test_loss: float) -> Curves:
        """The same, with the present losses counted for the best epoch: the last point is older."""
        if self.best is None:
            return self
        loss = test_loss if self.best.curve == "test_loss" else train_loss
        is_better = math.isfinite(loss) and loss < self.best.loss
        return replace(self, best=Best(epoch, self.best.curve, loss)) if is_better else self

    def points(self) -> Points:
        """The whole run as finely as it is known: buckets, then the recent epochs one by one."""
        n = self.n_older
        # The last of these buckets may reach into the recent epochs.
        epochs = np.minimum(self.epochs[:n], self.before_recent[0])
        ticks = np.minimum(self.ticks[:n], self.before_recent[1])
        low, mean, high = (
            np.concatenate([part[:n], self.recent]) for part in (self.low, self.mean, self.high)
        )
        return Points(
            np.concatenate([epochs, self.recent_epochs]),
            low,
            mean,
            high,
            np.concatenate([ticks, self.recent_ticks]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class HistoryNumbers:
    """Every number of a history, to go on from.

    Attributes:
        n_points: How many epochs were added.
        epochs: Shape (buckets,): the last epoch of each bucket.
        buckets: Shape (buckets, 3, curves): the least, the sum and the greatest.
        recent_epochs: Shape (recent,), the oldest first.
        recent: Shape (recent, curves).
        marks: The settings that were changed.
        best: The best epoch by each loss that has been finite.
        ticks: Shape (buckets,): the tick at which each of `epochs` ended.
        recent_ticks: Shape (recent,), likewise.
        before_recent: The last epoch before the recent ones, and its tick; (0, 0) if none.
    """

    n_points: int
    epochs: FloatArray
    buckets: FloatArray
    recent_epochs: FloatArray
    recent: FloatArray
    marks: tuple[Mark, ...]
    best: tuple[Best, ...]
    ticks: FloatArray
    recent_ticks: FloatArray
    before_recent: tuple[float, float]


def bucket_span(n_points: int) -> int:
    """How many points a bucket holds once so many were added: a power of two."""
    return 1 << max(0, -(-n_points // MAX_BUCKETS) - 1).bit_length()


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
        # Room for the first ones; it grows, so that a copy of a short run is small.
        self._epochs = np.zeros(FIRST_ROOM)
        # By bucket: low, sum, high.
        self._buckets = np.zeros((FIRST_ROOM, 3, len(CURVES)))
        self._recent_epochs = np.zeros(FIRST_ROOM)
        self._ticks = np.zeros(FIRST_ROOM)
        self._recent_ticks = np.zeros(FIRST_ROOM)
        self._before_recent = (0.0, 0.0)
        self._recent = np.zeros((FIRST_ROOM, len(CURVES)))
        self._n_points = 0
        self._marks: list[Mark] = []
        self._best: dict[str, Best] = {}

    def copy(self) -> History:
        """A history that goes on by itself from here."""
        new = copy(self)
        new._epochs, new._buckets = self._epochs.copy(), self._buckets.copy()
        new._recent_epochs, new._recent = self._recent_epochs.copy(), self._recent.copy()
        new._ticks, new._recent_ticks = self._ticks.copy(), self._recent_ticks.copy()
        new._marks, new._best = self._marks.copy(), self._best.copy()
        return new

    def numbers(self) -> HistoryNumbers:
        """All of it, copied, for `of`."""
        order = self._recent_order()
        return HistoryNumbers(
            self._n_points,
            self._epochs[: self._filled].copy(),
            self._buckets[: self._filled].copy(),
            self._recent_epochs[order],
            self._recent[order],
            tuple(self._marks),
            tuple(self._best.values()),
            self._ticks[: self._filled].copy(),
            self._recent_ticks[order],
            self._before_recent,
        )

    @classmethod
    def of(cls, numbers: HistoryNumbers) -> History:
        """A history that goes on from there."""
        new, n = cls(), numbers.n_points
        new._n_points, new._span, new._filled = n, bucket_span(n), len(numbers.epochs)
        new._in_last = n - (new._filled - 1) * new._span if n else 0
        new._epochs = _with_room(numbers.epochs, np.arange(new._filled))
        new._buckets = _with_room(numbers.buckets, np.arange(new._filled))
        order = new._recent_order()
        new._recent_epochs = _with_room(numbers.recent_epochs, order)
        new._recent = _with_room(numbers.recent, order)
        new._ticks = _with_room(numbers.ticks, np.arange(new._filled))
        new._recent_ticks = _with_room(numbers.recent_ticks, order)
        new._before_recent = numbers.before_recent
        new._marks = list(numbers.marks)
        new._best = {best.curve: best for best in numbers.best}
        return new

    def _recent_order(self) -> NDArray[np.int64]:
        """Where the recent points are, the oldest first."""
        return np.arange(max(0, self._n_points - RECENT_EPOCHS), self._n_points) % RECENT_EPOCHS

    @property
    def n_bytes(self) -> int:
        """The memory that it takes."""
        # Of every checkpoint, at every checkpoint.
        buckets = self._epochs.nbytes + self._ticks.nbytes + self._buckets.nbytes
        return (
            buckets + self._recent_epochs.nbytes + self._recent_ticks.nbytes + self._recent.nbytes
        )

    @property
    def last_epoch(self) -> float:
        """The epoch of the last point; 0 before the first."""
        slot = (self._n_points - 1) % RECENT_EPOCHS
        return float(self._recent_epochs[slot]) if self._n_points else 0.0

    def forget_best(self) -> None:
        """Looks for the best epoch from here on: other losses are not to be compared with it."""
        self._best.clear()

    def mark(self, epoch: float, text: str) -> None:
        """Notes that a setting was changed; of many, the last ones stay."""
        self._marks.append(Mark(epoch, text))
        del self._marks[: -self.MAX_MARKS]

    def append(self, epoch: float, point: tuple[float, ...], tick: int = 0) -> None:
        """Adds one epoch.

        Args:
            epoch: Its number; later than the last one.
            point: One value for each of `CURVES`; nan where there is none.
            tick: The updates that the document had seen at its end.
        """
        values = np.asarray(point)
        slot = self._n_points % RECENT_EPOCHS
        if slot == len(self._recent):
            self._recent_epochs, self._recent = _grown(self._recent_epochs), _grown(self._recent)
            self._recent_ticks = _grown(self._recent_ticks)
        if self._n_points >= RECENT_EPOCHS:
            self._before_recent = (
                float(self._recent_epochs[slot]),
                float(self._recent_ticks[slot]),
            )
        self._recent_epochs[slot], self._recent_ticks[slot] = epoch, tick
        self._recent[slot] = values
        self._n_points += 1
        if self._filled == 0 or self._in_last == self._span:
            self._open_bucket(values)
        low, total, high = self._buckets[self._filled - 1]
        np.fmin(low, values, low)
        total += values
        np.fmax(high, values, high)
        self._epochs[self._filled - 1], self._ticks[self._filled - 1] = epoch, tick
        self._in_last += 1
        for curve in JUDGES:
            self._judge(epoch, curve, float(point[CURVES.index(curve)]))

    def _judge(self, epoch: float, curve: str, loss: float) -> None:
        best = self._best.get(curve)
        if math.isfinite(loss) and (best is None or loss < best.loss):
            self._best[curve] = Best(epoch, curve, loss)

    def _open_bucket(self, values: FloatArray) -> None:
        if self._filled == MAX_BUCKETS:
            self._merge_pairs()
        elif self._filled == len(self._buckets):
            self._epochs, self._buckets = _grown(self._epochs), _grown(self._buckets)
            self._ticks = _grown(self._ticks)
        self._buckets[self._filled] = (values, np.zeros_like(values), values)
        self._filled += 1
        self._in_last = 0

    def _merge_pairs(self) -> None:
        half = MAX_BUCKETS // 2
        first, second = self._buckets[0::2], self._buckets[1::2]
        low = np.fmin(first[:, 0], second[:, 0])
        total = first[:, 1] + second[:, 1]
        high = np.fmax(first[:, 2], second[:, 2])
        self._buckets[:half] = np.stack([low, total, high], axis=1)
        self._epochs[:half] = self._epochs[1::2].copy()
        self._ticks[:half] = self._ticks[1::2].copy()
        self._filled = half
        self._span *= 2

    def curves(self) -> Curves:
        """A copy of it all, that later epochs do not change."""
        n = self._filled
        counts = np.full((n, 1), float(self._span))
        if n:
            counts[-1] = self._in_last
        order = self._recent_order()
        arrays = (
            self._epochs[:n].copy(),
            self._buckets[:n, 0].copy(),
            self._buckets[:n, 1] / counts,
            self._buckets[:n, 2].copy(),
            self._recent_epochs[order],
            self._recent[order],
        )
        ticks, recent_ticks = self._ticks[:n].copy(), self._recent_ticks[order]
        for array in (*arrays, ticks, recent_ticks):
            array.setflags(write=False)
        best = next((self._best[curve] for curve in JUDGES if curve in self._best), None)
        n_older = -(-max(0, self._n_points - RECENT_EPOCHS) // self._span)
        return Curves(
            *arrays,
            marks=tuple(self._marks),
            n_older=n_older,
            best=best,
            ticks=ticks,
            recent_ticks=recent_ticks,
            before_recent=self._before_recent,
        )


def _with_room(rows: FloatArray, places: NDArray[np.int64]) -> FloatArray:
    """An array with these rows in these places, and room for more as `_grown` makes it."""
    room = FIRST_ROOM
    while room < len(rows):
        room *= 2
    array = np.zeros((room, *rows.shape[1:]))
    array[places] = rows
    return array


def _grown(array: FloatArray) -> FloatArray:
    """An array with room for twice as many."""
    return np.concatenate([array, np.zeros_like(array)])


MAX_POINTS = 200


@dataclass(frozen=True, slots=True, eq=False)
class PastRun:
    """A run that is over.

    Attributes:
        number: Counts the runs of a document, from 1.
        name: What differs from the present run, as it was here: `learning rate 0.1`.
        dataset: The name of what it learned.
        loss: The name of its loss, "auto" resolved.
        points: Its curves, in the order of `CURVES`, at most `MAX_POINTS` of them.
    """

    number: int
    name: str
    dataset: str
    loss: str
    points: Points
