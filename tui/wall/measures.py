"""Measures: what the cells of a wall are coloured by."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ...core.autograd.numerics import FloatArray
from ...core.sweep.live import LiveSweep
from ..drawing.numbers import loss_text
from .grid import Grid

GOALS: Final = tuple(m * 10.0**p for p in range(-6, 2) for m in (1.0, 2.0, 5.0))
"""Losses that can be asked for in "epochs to a loss"."""
FIRST_GOAL: Final = 0.1
# What is worse than untrained by this factor looks as bad as anything.
MOST_WORSE: Final = 2.0
# The least share of the colour of what converges or diverges: the border between them is sharp.
LEAST: Final = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Coloring:
    """What the cells come to.

    Attributes:
        values: Shape (rows, columns); nan where nothing is known yet, infinite where there is no
            number.
        shares: Likewise, from 0 for the best colour to 1 for the worst; nan where there is none.
        best: What the best colour stands for.
        worst: What the worst colour stands for.
        without: What an infinite value means; empty if there is none.
    """

    values: FloatArray
    shares: FloatArray
    best: str
    worst: str
    without: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A way to compare runs.

    Attributes:
        name: What it is called.
        color: Compares those of a grid, by a loss to reach where it needs one.
        is_higher_better: Of its values.
        ranks: Whether its values say which cell is the best; else the losses do.
    """

    name: str
    color: Callable[[LiveSweep, Grid, float], Coloring]
    is_higher_better: bool = False
    ranks: bool = True


def median_losses(live: LiveSweep, grid: Grid) -> FloatArray:
    """The median over the seeds, shape (rows, columns), see `LiveSweep.losses`."""
    return _median(live.losses, grid)


def _median(
    values: FloatArray, grid: Grid, method: Literal["lower", "higher"] = "higher"
) -> FloatArray:
    # An actual run's number: between a number and infinity nothing is interpolated.
    return np.asarray(np.quantile(values[grid.numbers], 0.5, axis=2, method=method))


def _by_loss(live: LiveSweep, grid: Grid, goal: float) -> Coloring:
    values = median_losses(live, grid)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (math.nan, math.nan)
    first = live.first_losses[np.isfinite(live.first_losses)]
    limit = MOST_WORSE * float(np.median(first)) if first.size else math.inf
    is_cut = low < limit < high
    high = min(high, limit) if is_cut else high
    shares = _shares(values, low, high, is_log=low > 0.0)
    return Coloring(values, shares, _number(low), f"{'over ' * is_cut}{_number(high)}", "diverged")


def _by_accuracy(live: LiveSweep, grid: Grid, goal: float) -> Coloring:
    values = _median(np.where(live.diverged, -np.inf, live.accuracies), grid, "lower")
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (math.nan, math.nan)
    shares = 1.0 - _shares(values, low, high, is_log=False)
    return Coloring(values, shares, _percent(high), _percent(low), "diverged")


def _by_epochs(live: LiveSweep, grid: Grid, goal: float) -> Coloring:
    epochs, losses = live.curves()
    reached = losses <= goal
    first = np.full(len(live.losses), np.nan)
    if len(epochs):
        at = np.argmax(reached, axis=0)
        first = np.where(reached.any(axis=0), epochs[at], np.inf)
    values = _median(first, grid)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (math.nan, math.nan)
    shares = _shares(values, low, high, is_log=True)
    return Coloring(values, shares, _whole(low), _whole(high), "not reached")


def _by_divergence(live: LiveSweep, grid: Grid, goal: float) -> Coloring:
    known = np.where(np.isnan(live.losses), np.nan, np.where(np.isinf(live.losses), 1.0, 0.0))
    values = known[grid.numbers].mean(axis=2)
    return Coloring(values, values, "goes on", "diverged")


def _by_convergence(live: LiveSweep, grid: Grid, goal: float) -> Coloring:
    """From 1, converges at once, to -1, diverges at once.

    What converges ends below the loss that it began with; how fast, the mean of its losses as
    shares of that one says. What diverges is measured by how many powers of ten its loss grows.
    After Sohl-Dickstein, "The boundary of neural network trainability is fractal" (2024),
    arXiv:2402.06184, which takes the reciprocals for it, where nearly all would look the same.
    """
    _, losses = live.curves()
    first = live.first_losses
    with np.errstate(all="ignore"):
        ratios = losses / first
        converges = live.losses <= first
        below = np.minimum(ratios, 1.0).mean(axis=0) if len(losses) else first * np.nan
        powers = np.log10(np.maximum(ratios, 1.0))
        above = (1.0 / (1.0 + powers)).mean(axis=0) if len(losses) else first * np.nan
    # What failed before its first step diverges at once.
    slow = np.nan_to_num(np.where(converges, below, above), nan=0.0)
    fast = LEAST + (1.0 - LEAST) * (1.0 - slow)
    cells = np.where(converges, fast, -fast)
    cells = np.where(np.isnan(live.losses) | (len(losses) == 0), np.nan, cells)
    values = _median(cells, grid)
    return Coloring(values, (1.0 - values) / 2.0, "converges", "diverges")


MEASURES: Final = (
    LOSS := Measure("loss", _by_loss),
    ACCURACY := Measure("accuracy", _by_accuracy, is_higher_better=True),
    EPOCHS := Measure("epochs to a loss", _by_epochs),
    Measure("diverged", _by_divergence, ranks=False),
    CONVERGENCE := Measure("convergence", _by_convergence, is_higher_better=True, ranks=False),
)
"""In the order in which a key shows them."""


def best_cell(coloring: Coloring, measure: Measure, losses: FloatArray) -> tuple[int, int] | None:
    """The row and the column of the best cell; None while there is none.

    Args:
        coloring: What the cells come to.
        measure: How they are compared; of the same, the one with the lowest loss is the best.
        losses: Of each cell, shape (rows, columns).
    """
    losses = np.where(np.isfinite(losses), losses, np.inf)
    ranked = losses
    if measure.ranks:
        values = -coloring.values if measure.is_higher_better else coloring.values
        ranked = np.where(np.isfinite(values), values, np.inf)
        losses = np.where(ranked == ranked.min(), losses, np.inf)
        ranked = losses if np.isfinite(losses).any() else ranked
    place = int(np.argmin(ranked))
    row, column = divmod(place, ranked.shape[1])
    return (row, column) if math.isfinite(ranked[row, column]) else None


def _shares(values: FloatArray, low: float, high: float, *, is_log: bool) -> FloatArray:
    """Where values are between two others, 0 to 1; nan where they are not finite."""
    with np.errstate(all="ignore"):
        finite = np.where(np.isfinite(values), values, np.nan)
        if is_log:
            finite, low, high = np.log(finite), math.log(low), math.log(high)
        span = high - low
        shares = (finite - low) / span if span > 0.0 else finite * 0.0
    return np.clip(shares, 0.0, 1.0)


def _number(value: float) -> str:
    return "" if math.isnan(value) else loss_text(value).strip()


def _percent(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.1%}"


def _whole(value: float) -> str:
    return "" if math.isnan(value) else f"{value:,.0f}"
