"""How a step's time grows with the neurons and the batch, as plots and as a table."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from typing import Any

import numpy as np
import plotext

from tests.benchmarks.timing import Worker, measure, ratio
from toygrad.core import MLP

NEURONS = (4, 8, 16, 32, 64, 128, 256, 512, 1024)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
USUAL_NEURONS, USUAL_BATCH = 16, 10
PLOT_SIZE = (78, 18)

Times = dict[str, list[float]]


def print_growth(workers: Mapping[str, Worker], modules: Mapping[str, str], rounds: int) -> None:
    """Prints both series.

    Args:
        workers: Subject -> its process, the reference first.
        modules: Subject -> the module whose `make_step` makes its step.
        rounds: Turns of each.
    """
    by_neurons = {n: _times(workers, modules, n, USUAL_BATCH, rounds) for n in NEURONS}
    _print_series(f"Neurons n in 2-n-n-1, batch {USUAL_BATCH}", by_neurons)
    by_batch = {n: _times(workers, modules, USUAL_NEURONS, n, rounds) for n in BATCHES}
    _print_series(f"Batch, 2-{USUAL_NEURONS}-{USUAL_NEURONS}-1", by_batch)


def _times(
    workers: Mapping[str, Worker], modules: Mapping[str, str], neurons: int, batch: int, rounds: int
) -> Times:
    for name, worker in workers.items():
        worker.make(modules[name], "make_step", *_problem(neurons, batch))
    return measure(workers, rounds)


def _problem(neurons: int, batch: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    network = MLP((2, neurons, neurons, 1), ("relu", "relu", "linear"), rng=rng, initializer="he")
    parameters = [
        (np.array(layer.weight.data), np.array(layer.bias.data)) for layer in network.layers
    ]
    inputs = rng.uniform(-1.0, 1.0, (batch, 2))
    targets = np.where(np.prod(inputs, axis=1, keepdims=True) > 0.0, 1.0, -1.0)
    return parameters, inputs, targets, "squared_error", 1e-3


def _print_series(title: str, series: Mapping[int, Times]) -> None:
    names = list(next(iter(series.values())))
    medians = {
        name: [statistics.median(times[name]) * 1e6 for times in series.values()] for name in names
    }
    plotext.clear_figure()
    plotext.plot_size(*PLOT_SIZE)
    for name, marker in zip(names, ("o", "x"), strict=False):
        # plotext's own log axis has no ticks between: powers of two and of ten do it better.
        x = [math.log2(n) for n in series]
        plotext.plot(x, [math.log10(t) for t in medians[name]], label=name, marker=marker)
    plotext.xticks([math.log2(n) for n in series], [str(n) for n in series])
    plotext.yticks(range(1, 6), ["10 us", "100 us", "1 ms", "10 ms", "100 ms"])
    plotext.title(title)
    print(f"\n```\n{plotext.uncolorize(plotext.build())}\n```\n")
    print(f"| {title} |", " | ".join(f"{name}, us" for name in names), "| ratio |")
    print("|---|" + "---:|" * (len(names) + 1))
    for n, times in series.items():
        cells = [f"{statistics.median(times[name]) * 1e6:,.1f}" for name in names]
        times_own = ratio(times[names[-1]], times[names[0]])
        print(f"| {n} |", " | ".join(cells), f"| {times_own:.3g} |")
