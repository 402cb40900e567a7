"""Histograms: the distribution of a tensor's numbers, now and over the epochs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..autograd.numerics import FloatArray

BINS = 32
# Of more numbers only a part is counted: the picture is the same, and much faster.
MAX_COUNTED = 8_192
# The limits of `TensorHistogram.power`; a tensor of zeros has the least one.
LEAST_POWER = -40
LARGEST_POWER = 40
MAX_COLUMNS = 64


@dataclass(frozen=True, slots=True, eq=False)
class TensorHistogram:
    """The share of numbers in each of `BINS` equal bins from -limit to limit.

    Attributes:
        shares: Shape (BINS,); they add up to 1, or to 0 if no number is finite.
        power: The limit is 2 to this power, the least one that holds every number, so that two
            histograms fit one axis exactly.
    """

    shares: FloatArray
    power: int

    @property
    def limit(self) -> float:
        """The magnitude at both ends."""
        return 2.0**self.power

    def widened(self, power: int) -> TensorHistogram:
        """The same numbers on an axis whose limit has this `power`, at least its own.

        Bins are merged, none is split.
        """
        shares = self.shares
        for _ in range(min(power - self.power, BINS.bit_length())):
            merged = np.zeros(BINS)
            merged[BINS // 4 : BINS - BINS // 4] = shares[::2] + shares[1::2]
            shares = merged
        return TensorHistogram(shares, power)


def histogram_of(numbers: FloatArray) -> TensorHistogram:
    """Counts the finite numbers of an array of shape (n,).

    Of more than `MAX_COUNTED` numbers, it counts an evenly spaced part.
    """
    some = numbers[:: -(-len(numbers) // MAX_COUNTED)] if len(numbers) > MAX_COUNTED else numbers
    some = some[np.isfinite(some)]
    largest = float(np.abs(some).max(initial=0.0))
    power = math.frexp(largest)[1] if largest else LEAST_POWER
    power = min(max(power, LEAST_POWER), LARGEST_POWER)
    # Scaling by a power of two rounds nothing else, so each number is in its bin.
    half = BINS // 2
    places = np.floor(some * (half * 2.0**-power))
    # The least numbers become zeros when they are scaled.
    places = np.where(some < 0.0, np.minimum(places, -1.0), places)
    bins = np.clip(places + half, 0, BINS - 1).astype(np.intp)
    return TensorHistogram(np.bincount(bins, minlength=BINS) / max(len(some), 1), power)


class HistogramHistory:
    """The histograms of one tensor over the epochs, in bounded memory.

    Each column covers the same number of epochs. When there are too many columns, neighbours are
    merged, and each column covers twice as many epochs from then on.
    """

    def __init__(self) -> None:
        self._columns: list[tuple[int, TensorHistogram]] = []
        self._epochs_a_column = 1

    def __len__(self) -> int:
        return len(self._columns)

    def note(self, epoch: int, histogram: TensorHistogram) -> None:
        """Keeps the histogram of an epoch, not before the last one; a column keeps its latest."""
        first = epoch - epoch % self._epochs_a_column
        if self._columns and self._columns[-1][0] == first:
            self._columns[-1] = (first, histogram)
            return
        self._columns.append((first, histogram))
        while len(self._columns) > MAX_COLUMNS:
            self._halve()

    def _halve(self) -> None:
        self._epochs_a_column *= 2
        kept = {e - e % self._epochs_a_column: histogram for e, histogram in self._columns}
        self._columns = list(kept.items())

    @property
    def epochs(self) -> list[int]:
        """The first epoch of each column."""
        return [epoch for epoch, _ in self._columns]

    def picture(self) -> tuple[FloatArray, float]:
        """All columns on one axis.

        Returns:
            The shares, shape (BINS, columns), the most negative bin first, and the axis' limit.
        """
        if not self._columns:
            return np.zeros((BINS, 0)), 1.0
        power = max(histogram.power for _, histogram in self._columns)
        shares = [histogram.widened(power).shares for _, histogram in self._columns]
        return np.stack(shares, axis=1), 2.0**power
