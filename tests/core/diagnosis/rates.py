"""Tasks for the rate finder, and how good the rate is that it picks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tests.core.diagnosis.population import draw
from toygrad.core import Session
from toygrad.core.diagnosis.rate_finder import LADDER, RateLadder, climb
from toygrad.core.diagnosis.trials import Trial
from toygrad.core.run import Configure
from toygrad.core.training.state import LearnerState
from toygrad.datasets import DATASETS

SEVEN = LADDER[:7]
# The seed of another order of the samples than the finder's.
OTHER_ORDER = 77
EPOCHS = 200
# Where the loss is so small a share of what it was, twice as much of it is as good.
LEARNED = 0.005


@dataclass(frozen=True, slots=True)
class Task:
    """A network to learn something, drawn from a seed.

    Attributes:
        seed: Of the data set, network, optimizer and activation.
        weights: Of the first weights.
        is_small: Whether it has few samples, for a test.
    """

    seed: int
    weights: int
    is_small: bool = False

    def session(self) -> Session:
        """It before the first step."""
        rng = np.random.default_rng([self.seed, 3])
        case = draw(rng)
        # A rate that nobody would keep: the finder has to name another one.
        training = replace(case.training, engine="auto", learning_rate=1e-5)
        dataset = case.dataset
        if self.is_small:
            dataset = DATASETS[dataset.name](80, noise=0.0, rng=rng)
            training = replace(training, batch_size=30, train_share=0.7)
        return Session(case.network, dataset, training, seed=case.seed + self.weights)


@dataclass(frozen=True, slots=True)
class Pick:
    """What the finder picked for a task.

    Attributes:
        rate: It; the present one where no rate lowers the loss.
        rung: Its place on the ladder.
        loss: The training loss with it after `EPOCHS`, with another order of the samples.
        best: The lowest one of seven rates.
        here: Before the first step.
    """

    rate: float
    rung: int
    loss: float
    best: float
    here: float

    @property
    def is_within_twice(self) -> bool:
        """Whether the loss is at most twice the best one."""
        return self.loss <= 2.0 * self.best

    @property
    def is_good(self) -> bool:
        """Whether it is, or so small that this says nothing."""
        return self.loss <= 2.0 * self.best + LEARNED * self.here


def pick(task: Task) -> Pick:
    """Lets the finder pick a rate and trains with it, and with seven others."""
    session = task.session()
    state = session.learner_state()
    *_, ladder = climb(state)
    rate = ladder.now if np.isnan(ladder.suggestion) else ladder.suggestion
    losses = {r: _loss(state, r) for r in {rate, *SEVEN}}
    rung = int(np.argmin(np.abs(np.log(LADDER) - np.log(rate))))
    return Pick(rate, rung, losses[rate], min(losses[r] for r in SEVEN), ladder.here)


def _loss(state: LearnerState, rate: float) -> float:
    edit = Configure(replace(state.setup.training, learning_rate=rate))
    trial = Trial(state, [edit], order_seed=OTHER_ORDER)
    trial.train(EPOCHS * trial.steps_per_epoch)
    loss = trial.learner.evaluation().train_loss
    return loss if trial.can_step and np.isfinite(loss) else float("inf")


def ladder_of(session: Session) -> RateLadder:
    """The whole ladder of a session as it is."""
    *_, ladder = climb(session.learner_state())
    return ladder
