"""LearnerState: a learner at one instant, to go on from later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..autograd.numerics import FloatArray
from ..nn.optimizers import Optimizer
from .batches import Rows
from .history import History
from .problem import Problem
from .setup import Setup
from .snapshot import TrainingFailure
from .stopping import StopConditions
from .weight_transfer import BoolArray

LastBatch = tuple[Rows, int, float]
"""The order of an epoch, a place in it, and the loss of the batch there."""


@dataclass(frozen=True, slots=True, eq=False)
class LearnerState:
    """A learner at one instant, to go on from; nothing in it is ever written to.

    Attributes:
        setup: What is in force.
        seed: Of the first weights and the order of the samples.
        problem: The data set as the network sees it, with its split.
        parameters: Shape (n,).
        gradients: Of the last step, shape (n,).
        frozen: Which parameters training leaves alone, shape (n,).
        optimizer: With its moments.
        last_update: What the last step added to the parameters, shape (n,).
        carried: Earlier gradients that a bug adds up, shape (n,); None without that bug.
        order: The state of the generator that orders the samples.
        rows: The order of this epoch.
        place: How many batches of this epoch were learned.
        last_batch: The order, the place in it and the loss of the last step's batch.
        epoch: Full passes through the training samples.
        step: Updates of the parameters.
        noted_step: When the curves got their last point.
        history: The curves.
        stop_conditions: What they remember.
        failure: Why it can't go on.
        stopped: Why it was to stop.
        engine: What takes the steps, see `Learner.engine_wanted`.
    """

    setup: Setup
    seed: int
    problem: Problem
    parameters: FloatArray
    gradients: FloatArray
    frozen: BoolArray
    optimizer: Optimizer
    last_update: FloatArray
    carried: FloatArray | None
    order: Any
    rows: Rows
    place: int
    last_batch: LastBatch | None
    epoch: int
    step: int
    noted_step: int
    history: History
    stop_conditions: StopConditions
    failure: TrainingFailure | None
    stopped: str
    engine: str = "tape"

    @property
    def precise_epoch(self) -> float:
        """Passes through the training samples, parts of one too."""
        return self.epoch + self.place / -(-len(self.rows) // self.setup.training.batch_size)

    @property
    def n_bytes(self) -> int:
        """The memory it takes, without what states share."""
        return 6 * self.parameters.nbytes + self.history.n_bytes + self.rows.nbytes
