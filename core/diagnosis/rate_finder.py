"""Rate finder: a good learning rate for a network, found on a copy of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..autograd.numerics import FloatArray
from ..run.session import Session
from ..training.snapshot import Snapshot

LOWEST_RATE, HIGHEST_RATE = 1e-5, 10.0
RATES = 60
# Steps at each learning rate; with more of them a lucky batch matters less.
STEPS_A_RATE = 5
# The sweep ends where the loss is this many times its minimum.
DIVERGED = 4.0
# Where the loss falls fastest, a run of many epochs is already close to divergence.
CAUTION = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class RateSweep:
    """The losses of a sweep through learning rates, a few mini-batches each.

    Attributes:
        rates: Learning rates, growing by a constant factor, shape (n,).
        losses: The training loss after the steps with each, shape (n,).
        suggestion: A third of the learning rate where the loss falls fastest; nan if it never
            falls.
    """

    rates: FloatArray
    losses: FloatArray
    suggestion: float


def sweep_rates(
    snapshot: Snapshot, *, seed: int = 0, stopped: Callable[[], bool] = lambda: False
) -> RateSweep:
    """Trains a copy with a learning rate that grows step by step (Smith 2017, arXiv:1506.01186).

    Args:
        snapshot: The network, data and settings to copy; the optimizer starts fresh.
        seed: Of the order of the samples.
        stopped: Called before each learning rate; true ends the sweep early.
    """
    training = replace(snapshot.training, schedule="constant", learning_rate=LOWEST_RATE)
    copy = Session(snapshot.network, snapshot.dataset, training, seed=seed)
    copy.configure(weights=snapshot.weights)
    all_rates = np.geomspace(LOWEST_RATE, HIGHEST_RATE, RATES)
    losses: list[float] = []
    for rate in all_rates.tolist():
        if stopped():
            break
        copy.configure(replace(training, learning_rate=rate))
        copy.advance(STEPS_A_RATE)
        loss = copy.evaluate().train_loss
        if copy.state == "diverged" or not math.isfinite(loss):
            break
        losses.append(loss)
        if loss > DIVERGED * min(losses):
            break
    rates = all_rates[: len(losses)]
    return RateSweep(rates, np.array(losses), _suggest(rates, np.array(losses)))


def _suggest(rates: FloatArray, losses: FloatArray) -> float:
    """A third of the learning rate of the steepest fall before the minimum, in two digits."""
    end = int(np.argmin(losses)) + 1 if len(losses) else 0
    if end < 3:
        return math.nan
    slopes = np.gradient(losses[:end], np.log(rates[:end]))
    steepest = int(np.argmin(slopes))
    return float(f"{rates[steepest] / CAUTION:.2g}") if slopes[steepest] < 0.0 else math.nan
