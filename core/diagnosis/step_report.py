"""Step report: how much the last step changed the loss, as predicted and in fact."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ..autograd.numerics import FloatArray
from ..training.replica import Replica
from ..training.snapshot import Snapshot

# The loss before the step is computed twice, once perhaps in single precision.
SAME_LOSS = 1e-4


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step on its batch; losses are means over the batch, without the regularization term.

    Attributes:
        before: The loss before the step.
        after: The loss of the same batch after it.
        predicted: The change that the gradient predicts: gradient . update, which is
            -learning rate |gradient|^2 for plain gradient descent (first term of Taylor's series).
        gradient_norm: |gradient|.
        update_norm: |update|.
    """

    before: float
    after: float
    predicted: float
    gradient_norm: float
    update_norm: float

    @property
    def actual(self) -> float:
        """The actual change of the loss."""
        return self.after - self.before


def before_step(snapshot: Snapshot) -> Replica | None:
    """The network before its last step; None before the first, or if it was edited since."""
    rows = snapshot.batch_rows
    if not len(rows):
        return None
    with np.errstate(all="ignore"):
        parameters = snapshot.parameters - snapshot.updates
    replica = Replica(replace(snapshot, parameters=parameters))
    loss = replica.loss_of(rows)(None)
    is_same = math.isclose(loss, snapshot.batch_loss, rel_tol=SAME_LOSS, abs_tol=SAME_LOSS**2)
    return replica if is_same else None


def step_report(snapshot: Snapshot) -> StepReport | None:
    """The effect of a snapshot's last step; None where `before_step` returns None."""
    replica = before_step(snapshot)
    if replica is None:
        return None
    loss = replica.loss_of(snapshot.batch_rows)
    with np.errstate(all="ignore"):
        return StepReport(
            before=loss(None),
            after=loss(snapshot.parameters),
            predicted=float(snapshot.gradients @ snapshot.updates),
            gradient_norm=float(np.linalg.norm(snapshot.gradients)),
            update_norm=float(np.linalg.norm(snapshot.updates)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class GradientLine:
    """The loss along the direction of plain gradient descent.

    Attributes:
        rates: Learning rates, growing, shape (n,).
        losses: The training loss after one step with each, shape (n,); infinite instead of nan.
        here: The training loss now.
        best: The learning rate of the lowest loss.
    """

    rates: FloatArray
    losses: FloatArray
    here: float
    best: float


# Samples used: with more the line is the same, only slower.
MAX_LINE_SAMPLES = 400


def gradient_line(snapshot: Snapshot, rates: FloatArray) -> GradientLine:
    """The loss at w - learning rate * gradient, for each learning rate.

    Args:
        snapshot: Where the line begins; the gradient is that of the training set, up to
            `MAX_LINE_SAMPLES`.
        rates: Learning rates, above 0 and growing, shape (n,).
    """
    replica = Replica(snapshot)
    rows = snapshot.train_rows[:MAX_LINE_SAMPLES]
    gradient = replica.gradient_of(rows)
    gradient[snapshot.frozen] = 0.0
    loss = replica.loss_of(rows)
    with np.errstate(all="ignore"):
        losses = np.array([loss(snapshot.parameters - rate * gradient) for rate in rates])
    losses = np.where(np.isfinite(losses), losses, np.inf)
    return GradientLine(rates, losses, loss(None), float(rates[np.argmin(losses)]))
