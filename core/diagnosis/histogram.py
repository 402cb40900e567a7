"""Tensor histograms: how a tensor's numbers are spread, now and over the epochs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..autograd.ops import FloatArray

BINS = 32
# Of more numbers only every so manieth is counted: the picture is the same, the time is not.
MAX_COUNTED = 8_192
# A reach below this is that of a tensor of zeros.
LEAST_POWER = -40
LARGEST_POWER = 40
MAX_COLUMNS = 64


@dataclass(frozen=True, slots=True, eq=False)
class TensorHistogram:
    """How many numbers lie in each of `BINS` equal bins from -limit to limit.

    Attributes:
        shares: The share of the numbers in each bin, shape (BINS,); they add up to 1, or to 0
            where no number is finite.
        power: The limit is 2 to this power: the least one that holds every number, so that two
            histograms can be put on one axis exactly.
    """

    shares: FloatArray
    power: int

    @property
    def limit(self) -> float:
        """The magnitude at the ends."""
        return 2.0**self.power

    def widened(self, power: int) -> TensorHistogram:
        """The same numbers on a wider axis; bins are put together, none is cut.

        Args:
            power: That of the wider limit, at least its own.
        """
        shares = self.shares
        for _ in range(min(power - self.power, BINS.bit_length())):
            merged = np.zeros(BINS)
            merged[BINS // 4 : BINS - BINS // 4] = shares[::2] + shares[1::2]
            shares = merged
        return TensorHistogram(shares, power)


def histogram_of(numbers: FloatArray) -> TensorHistogram:
    """Counts numbers; what is not finite is left out.

    Args:
        numbers: Shape (n,). Of more than `MAX_COUNTED` only some, evenly spread, are counted.
    """
    some = numbers[:: -(-len(numbers) // MAX_COUNTED)] if len(numbers) > MAX_COUNTED else numbers
    some = some[np.isfinite(some)]
    largest = float(np.abs(some).max(initial=0.0))
    power = math.frexp(largest)[1] if largest else LEAST_POWER
    power = min(max(power, LEAST_POWER), LARGEST_POWER)
    # Scaled by a power of two nothing is rounded, so that each number is in its bin.
    half = BINS // 2
    bins = np.clip(np.floor(some * (half * 2.0**-power)) + half, 0, BINS - 1).astype(np.intp)
    return TensorHistogram(np.bincount(bins, minlength=BINS) / max(len(some), 1), power)


class HistogramHistory:
    """The histograms of one tensor over the epochs, in bounded memory.

    Each column stands for equally many epochs. When there are too many, neighbours are put
    together, and from then on each column stands for twice as many epochs.
    """

    def __init__(self) -> None:
        self._columns: list[tuple[int, TensorHistogram]] = []
        self._epochs_a_column = 1

    def __len__(self) -> int:
        return len(self._columns)

    def note(self, epoch: int, histogram: TensorHistogram) -> None:
        """Keeps a histogram; the last one of a column's epochs stands for them.

        Args:
            epoch: When; not before the last one.
            histogram: What there was then.
        """
        first = epoch - epoch % self._epochs_a_column
        if self._columns and self._columns[-1][0] == first:
            self._columns[-1] = (first, histogram)
            return
        self._columns.append((first, histogram))
        while len(self._columns) > MAX_COLUMNS:
            self._halve()

    def _halve(self) -> None:
        self._epochs_a_column *= 2
        kept: dict[int, TensorHistogram] = {}
        for epoch, histogram in self._columns:
            kept[epoch - epoch % self._epochs_a_column] = histogram
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
