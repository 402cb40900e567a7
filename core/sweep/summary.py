"""Summary: what a sweep has come to so far, in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from ..autograd.numerics import FloatArray
from .results_file import Seen
from .sweep import Sweep

# A picture has no more places across and down.
MAX_COLUMNS: Final = 72
MAX_ROWS: Final = 24
# Of so many runs in one place the median is taken; later ones change it no more.
MAX_KEPT: Final = 101


@dataclass(frozen=True, slots=True)
class Measure:
    """What runs are compared by.

    Attributes:
        name: As it is typed.
        title: What it is called.
        of: The number of a run; nan where it has none.
        is_higher_better: Whether more is better.
        is_log: Whether it is drawn by its logarithm.
    """

    name: str
    title: str
    of: Callable[[Seen], float]
    is_higher_better: bool = False
    is_log: bool = False


def _first(*numbers: float | None) -> float:
    return next((n for n in numbers if n is not None and not math.isnan(n)), math.nan)


def _loss(run: Seen) -> float:
    return _first(run.test_loss, run.train_loss)


MEASURES: Final[dict[str, Measure]] = {
    measure.name: measure
    for measure in (
        Measure("test-loss", "test loss", _loss, is_log=True),
        Measure("train-loss", "training loss", lambda run: _first(run.train_loss), is_log=True),
        Measure(
            "accuracy",
            "accuracy",
            lambda run: _first(run.test_accuracy, run.train_accuracy),
            is_higher_better=True,
        ),
        Measure("epochs", "epochs", lambda run: float(run.epochs)),
    )
}
"""By their names. "test-loss" and "accuracy" are of the training samples where nothing tests;
"epochs" are those to a loss, with a condition to stop at it."""


class Summary:
    """Counts, the best run, and the median in each place of a picture of the first two axes.

    Attributes:
        measure: What runs are compared by.
        count: How many runs there are.
        n_diverged: How many of them diverged.
        n_failed: How many failed.
        first_failure: Why the first of these did.
        best: The number of the best run; None while there is none.
        best_value: Its measure.
    """

    def __init__(self, sweep: Sweep, measure: Measure) -> None:
        self._sweep = sweep
        self.measure = measure
        self.count = self.n_diverged = self.n_failed = 0
        self.first_failure = ""
        self.best: int | None = None
        self.best_value = math.nan
        lengths = [*sweep.shape[:2], 1, 1][:2]
        self._bins = min(lengths[0], MAX_COLUMNS), min(lengths[1], MAX_ROWS)
        self._lengths = lengths
        self._kept: list[list[float]] = [[] for _ in range(self._bins[0] * self._bins[1])]

    def add(self, run: Seen) -> None:
        """Counts a run."""
        self.count += 1
        self.n_diverged += run.diverged
        if run.failed:
            self.n_failed += 1
            self.first_failure = self.first_failure or run.failed
        value = math.nan if run.failed or run.diverged else self.measure.of(run)
        if not math.isnan(value) and self._is_better(value, run.cell):
            self.best, self.best_value = run.cell, value
        if len(kept := self._kept[self._bin(run.cell)]) < MAX_KEPT:
            # What has diverged is worse than any number.
            worst = -math.inf if self.measure.is_higher_better else math.inf
            kept.append(worst if math.isnan(value) else value)

    def _is_better(self, value: float, number: int) -> bool:
        if self.best is None:
            return True
        if value == self.best_value:
            # Whatever comes back first, the same one is the best.
            return number < self.best
        return (value > self.best_value) == self.measure.is_higher_better

    def _bin(self, number: int) -> int:
        *places, _ = self._sweep.places(number)
        x, y = (
            place * n_bins // length
            for place, n_bins, length in zip(
                [*places[:2], 0, 0], self._bins, self._lengths, strict=False
            )
        )
        return y * self._bins[0] + x

    def medians(self) -> FloatArray:
        """The median of each place, shape (second axis, first axis).

        nan where nothing was run yet, infinite where most have diverged.
        """
        values = [
            float(np.quantile(kept, 0.5, method="higher")) if kept else math.nan
            for kept in self._kept
        ]
        return np.array(values).reshape(self._bins[1], self._bins[0])

    def places(self, axis: int) -> list[int]:
        """The place of the value in the middle of each bin of one of the first two axes."""
        n_bins, length = self._bins[axis], self._lengths[axis]
        return [min((2 * n + 1) * length // (2 * n_bins), length - 1) for n in range(n_bins)]
