"""Points: curves as points, each of which may stand for several epochs, thinned or smoothed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

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
    """

    epochs: FloatArray
    low: FloatArray
    mean: FloatArray
    high: FloatArray

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
