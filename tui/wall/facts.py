"""What is said of a wall and of one of its cells, and the curve of a cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from textual.color import Color

from ...core.autograd.numerics import FloatArray
from ...core.sweep.axis import value_text
from ...core.sweep.live import LiveSweep, quartiles
from ..drawing.numbers import counted, loss_text, percent
from ..drawing.palette import NEGATIVE, POSITIVE, faded, html, readable
from ..widgets.plot import SOLID, Plot
from .grid import Grid

BAND: Final = 0.4
"""How much of its colour the band over the seeds keeps."""
_STATES: Final = {"ready": "ready", "running": "training", "paused": "paused", "done": "done"}


def runs_text(live: LiveSweep) -> str:
    """`400 runs, 37 % of 200 epochs, training`."""
    n, epochs = live.sweep.n_cells, live.sweep.epochs
    gone = np.where(np.isinf(live.losses), epochs, live.epochs)
    share = min(int(100.0 * float(gone.sum()) / (n * epochs)), 100)
    state = _STATES.get(live.state, live.state)
    how_far = f"{epochs:,} epochs" if live.state == "done" else f"{share} % of {epochs:,} epochs"
    return f"{counted(n, 'run')}, {how_far}, {state}"


def values_text(grid: Grid, number: int) -> str:
    """`learning-rate 0.0316228, width 8`."""
    values = grid.sweep.cell(number).values
    return ", ".join(f"{name} {value_text(value)}" for name, value in values.items())


def cell_facts(live: LiveSweep, numbers: Sequence[int], loss_name: str) -> list[str]:
    """What is known of a cell, in phrases of which each fits in a line.

    Args:
        live: The runs.
        numbers: Those of the cell, one for each seed.
        loss_name: "test loss", or "training loss" where nothing tests.
    """
    if numbers[0] in live.failures:
        return [live.failures[numbers[0]]]
    losses = live.losses[list(numbers)]
    known = losses[~np.isnan(losses)]
    if not known.size:
        return ["not trained yet"]
    n_gone = int(np.isinf(known).sum())
    said = [_loss_fact(known, loss_name)]
    accuracies = live.accuracies[list(numbers)]
    accuracies = accuracies[np.isfinite(accuracies) & np.isfinite(losses)]
    if accuracies.size:
        said.append(f"accuracy {percent(float(np.median(accuracies))).strip()}")
    epoch = int(live.epochs[list(numbers)].max())
    if len(numbers) == 1:
        said.append(f"diverged after {epoch:,} epochs" if n_gone else f"epoch {epoch:,}")
        return said
    gone = f"{n_gone} of {len(numbers)} seeds diverged"
    return [*said, gone if n_gone else f"{len(numbers)} seeds", f"epoch {epoch:,}"]


def _loss_fact(known: FloatArray, loss_name: str) -> str:
    low, middle, high = (float(end) for end in quartiles(known, axis=0))
    middle_text = "infinite" if math.isinf(middle) else loss_text(middle).strip()
    if len(known) == 1:
        return f"{loss_name} {middle_text}"
    ends = ["infinite" if math.isinf(end) else loss_text(end).strip() for end in (low, high)]
    return f"{loss_name} {middle_text}, quartiles {ends[0]} to {ends[1]}"


def draw_curve(plot: Plot, live: LiveSweep, numbers: Sequence[int], background: Color) -> None:
    """Draws the losses of a cell by epochs: the median over its seeds, and their quartiles."""
    plot.begin(scale="logarithmic", epochs=(0.0, float(live.sweep.epochs)))
    band = live.band(numbers[0])
    first = float(np.median(live.first_losses[list(numbers)]))
    epochs = np.append(0.0, band.epochs)
    low, median, high = (np.append(first, y) for y in (band.low, band.median, band.high))
    color = html(readable(Color.parse(POSITIVE), background))
    if len(numbers) > 1:
        # Up to what diverged there is nothing to draw.
        top = np.where(np.isfinite(high), high, np.where(np.isfinite(median), median, np.nan))
        plot.band(epochs, low, top, html(faded(Color.parse(POSITIVE), background, BAND)))
    plot.line(epochs, median, color, SOLID)
    gone = live.diverged[list(numbers)]
    if gone.all():
        at = float(live.epochs[list(numbers)].max())
        plot.upright(at, "diverged", html(readable(Color.parse(NEGATIVE), background)))
    plot.end()
