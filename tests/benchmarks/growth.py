"""How a step's time grows with the neurons and the batch, as plots and as a table."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotext

from tests.benchmarks.timing import Worker, best_ratio, measure
from toygrad.core import Network

NEURONS = (4, 8, 16, 32, 64, 128, 256, 512, 1024)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
USUAL_NEURONS, USUAL_BATCH = 16, 10
PLOT_SIZE = (78, 18)

OWN, COMPILED = "toygrad tape", "toygrad compiled"

Times = dict[str, list[float]]
Subject = tuple[str, str, Worker]
"""Its name, the module whose `make_step` makes its step, and its process."""


@dataclass(frozen=True)
class Growth:
    """The worst ratios of all sizes, to the better of the tape and PyTorch.

    Attributes:
        compiled: Of a compiled step; nan without one.
        raced: Of the better of compiled and tape, as a race between them would choose.
    """

    compiled: float
    raced: float


def print_growth(subjects: Sequence[Subject], rounds: int, turn: float) -> Growth:
    """Prints both series.

    Args:
        subjects: The tape, then PyTorch and the compiled step if they are there.
        rounds: Turns of each.
        turn: Seconds of each turn.
    """
    by_neurons = {n: _times(subjects, n, USUAL_BATCH, rounds, turn) for n in NEURONS}
    _print_series(f"Neurons n in 2-n-n-1, batch {USUAL_BATCH}", by_neurons)
    by_batch = {n: _times(subjects, USUAL_NEURONS, n, rounds, turn) for n in BATCHES}
    _print_series(f"Batch, 2-{USUAL_NEURONS}-{USUAL_NEURONS}-1", by_batch)
    sizes = [*by_neurons.values(), *by_batch.values()]
    compiled, raced = zip(*map(_ratios, sizes), strict=True)
    return Growth(max(compiled), max(raced))


def _times(
    subjects: Sequence[Subject], neurons: int, batch: int, rounds: int, turn: float
) -> Times:
    for _, module, worker in subjects:
        worker.make(module, "make_step", *_problem(neurons, batch))
    return measure({name: worker for name, _, worker in subjects}, rounds, turn)


def _problem(neurons: int, batch: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    network = Network(
        (2, neurons, neurons, 1), ("relu", "relu", "linear"), rng=rng, initializer="he"
    )
    parameters = [
        (np.array(layer.weight.data), np.array(layer.bias.data)) for layer in network.layers
    ]
    inputs = rng.uniform(-1.0, 1.0, (batch, 2))
    targets = np.where(np.prod(inputs, axis=1, keepdims=True) > 0.0, 1.0, -1.0)
    return parameters, inputs, targets, "squared_error", 1e-3


def _ratios(times: Times) -> tuple[float, float]:
    """Of the compiled step, and of the better of it and the tape; to the better of the others."""
    compiled = times.get(COMPILED)
    others = [seconds for name, seconds in times.items() if name != COMPILED]
    if compiled is None:
        return math.nan, math.nan
    return best_ratio(compiled, *others), best_ratio([*compiled, *times[OWN]], *others)


def _print_series(title: str, series: Mapping[int, Times]) -> None:
    names = list(next(iter(series.values())))
    medians = {
        name: [statistics.median(times[name]) * 1e6 for times in series.values()] for name in names
    }
    plotext.clear_figure()
    plotext.plot_size(*PLOT_SIZE)
    for name, marker in zip(names, ("o", "x", "+"), strict=False):
        # plotext's own log axis has no ticks between: powers of two and of ten do it better.
        x = [math.log2(n) for n in series]
        plotext.plot(x, [math.log10(t) for t in medians[name]], label=name, marker=marker)
    plotext.xticks([math.log2(n) for n in series], [str(n) for n in series])
    plotext.yticks(range(-1, 6), ["0.1 us", "1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms"])
    plotext.title(title)
    print(f"\n```\n{plotext.uncolorize(plotext.build())}\n```\n")
    print(f"| {title} |", " | ".join(f"{name}, us" for name in names), "| compiled | raced |")
    print("|---|" + "---:|" * (len(names) + 2))
    for n, times in series.items():
        cells = [f"{statistics.median(times[name]) * 1e6:,.1f}" for name in names]
        compiled, raced = _ratios(times)
        print(f"| {n} |", " | ".join(cells), f"| {compiled:.3g} | {raced:.3g} |")
