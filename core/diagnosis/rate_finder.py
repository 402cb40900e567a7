"""Rate finder: the present network trained with each learning rate of a ladder, on copies."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..autograd.numerics import FloatArray
from ..run.edits import Configure
from ..training.state import LearnerState
from .trials import COMPILING_STEPS, Curve, Trial, never

# A third of a decade apart: closer ones differ by chance.
LADDER = (1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
# A short trial prefers a rate that is too high, one that falls fast and then rests too high.
EPOCHS, LEAST_STEPS, MOST_STEPS = 200, 200, 8_000
POINTS = 20
# A batch makes the last loss noisy: the mean of this share of the points is less so.
LATE = 4
# Losses below this share of the present one count as alike; so do those within a tenth.
ALIKE, AS_GOOD = 1e-5, 1.1


@dataclass(frozen=True, slots=True)
class RateLadder:
    """The training losses of copies, each with another learning rate.

    Attributes:
        rates: Growing; the present one is among them.
        curves: The training loss after so many steps with each of them; infinite once it diverges.
        now: The present rate, before the schedule's factor.
        steps: So long is a trial.
        is_done: Whether no more is to come.
    """

    rates: tuple[float, ...]
    curves: tuple[Curve, ...]
    now: float
    steps: int
    is_done: bool = False

    @property
    def here(self) -> float:
        """The present training loss."""
        return self.curves[0][0][1]

    @property
    def losses(self) -> FloatArray:
        """Where each one ends, the mean of its last points, shape (rates,)."""
        return np.array([_late_mean(curve) for curve in self.curves])

    @property
    def best(self) -> float:
        """A rate amid those of the ladder that learn best.

        The best one alone is a matter of luck: with other first weights or batches it is another
        one. So their logarithms are averaged, weighed by how low the loss is, squared so that those
        that learn half as much hardly count; the nearest rate is taken if it is one of the good
        ones.
        """
        losses = np.array([self.loss_with(rate) for rate in LADDER])
        losses += self._alike
        weights, logarithms = (losses.min() / losses) ** 2, np.log(LADDER)
        center = (weights @ logarithms) / weights.sum()
        middle = int(np.argmin(np.abs(logarithms - center)))
        is_good = losses[middle] <= 2.0 * losses.min()
        return LADDER[middle if is_good else int(np.argmin(losses))]

    @property
    def suggestion(self) -> float:
        """The best rate, or the present one if it is as good; nan where none lowers the loss."""
        if not self.losses.min() < self.here:
            return math.nan
        most = AS_GOOD * self.loss_with(self.best) + self._alike
        return self.now if self.loss_with(self.now) <= most else self.best

    @property
    def _alike(self) -> float:
        return ALIKE * (self.here if math.isfinite(self.here) else 1.0)

    def loss_with(self, rate: float) -> float:
        """Where the trial with one of the rates ends."""
        return float(self.losses[self.rates.index(rate)])


def climb(
    state: LearnerState, *, seconds: float = math.inf, stopped: Callable[[], bool] = never
) -> Iterator[RateLadder]:
    """Trains copies from the present weights, and says after every few steps how far they are.

    Schedule, optimizer and planted bugs are those of the run: it is what using the rate would do.

    Args:
        state: The run, from `Session.learner_state`.
        seconds: The trials are shorter where all of them would take about longer than this, in
            time of the calling thread: a busy machine does not make them shorter.
        stopped: Asked every few steps; true ends it early.
    """
    training = state.setup.training
    now = training.learning_rate
    rates = tuple(sorted({*LADDER, now}))
    copies = {
        rate: _Copy(
            Trial(state, [Configure(replace(training, learning_rate=rate))], stopped=stopped)
        )
        for rate in rates
    }
    per_epoch = copies[now].trial.steps_per_epoch
    length = min(max(EPOCHS * per_epoch, LEAST_STEPS), MOST_STEPS)
    if math.isfinite(seconds) and length * len(rates) > COMPILING_STEPS:
        # One code serves all rates. Without a limit the steps are those of the run, to the bit.
        for copy in copies.values():
            copy.trial.use_compiled()
    slice_, ends = -(-length // POINTS), time.thread_time() + seconds / len(rates)

    def seen(*, is_done: bool = False) -> RateLadder:
        curves = tuple(copy.curve for copy in copies.values())
        return RateLadder(rates, curves, now, length, is_done)

    # The present one first: it shows how long the others can be.
    for goal in [*range(slice_, length, slice_), length]:
        copies[now].train_to(goal)
        yield seen()
        if stopped():
            return
        if time.thread_time() > ends:
            length = goal
            break
    for goal in [*range(slice_, length, slice_), length]:
        for copy in copies.values():
            copy.train_to(goal)
        if stopped():
            return
        yield seen(is_done=goal == length)


class _Copy:
    """A trial with the curve of its training loss: a rate is to lower that."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.curve: Curve = ((0, self._loss()),)

    def train_to(self, goal: int) -> None:
        if self.trial.steps < goal and self.trial.can_step:
            self.trial.train(goal - self.trial.steps)
            self.curve = (*self.curve, (self.trial.steps, self._loss()))

    def _loss(self) -> float:
        if not self.trial.can_step:
            return math.inf
        loss = self.trial.learner.evaluation().train_loss
        return loss if math.isfinite(loss) else math.inf


def _late_mean(curve: Curve) -> float:
    late = [loss for _, loss in curve[-max((len(curve) - 1) // LATE, 1) :]]
    return sum(late) / len(late)
