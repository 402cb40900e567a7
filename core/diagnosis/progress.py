"""Progress: how far a run is from a constant to what its data allow, and whether it goes on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ...datasets.dataset import Dataset
from ..autograd.numerics import FloatArray
from ..training.features import compute_features, features
from ..training.history import CURVES, Curves
from ..training.problem import network_targets
from ..training.snapshot import Snapshot

Rows = NDArray[np.int64]

# Of how many samples a reference is computed: enough for a share of a few percent.
MOST_SAMPLES = 600
# The nearest other samples that vote on a sample (Cover & Hart 1967: with one of them, at most
# twice as many are wrong as need be).
NEIGHBOURS = 3
# At least so much counts as reachable: few samples far apart say too little.
LEAST_REACHABLE = 0.2
# This share of what is reachable counts as there.
REACHED = 0.85
# A loss that falls by less over half of a run is as good as at rest.
LEAST_FALL, LATE_FALL = 0.05, 0.02
# As many points of the curve have a trend.
LEAST_HALF = 4
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Reference:
    """What can be reached on the samples that train.

    Attributes:
        loss: The mean loss of the best constant output.
        accuracy: The accuracy of the largest class; 0 for a regression.
        reachable: The skill (see `Progress.skill`) of the nearest other samples.
    """

    loss: float
    accuracy: float
    reachable: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, and what its curve did since a setting was last changed.

    Attributes:
        constant: The training loss of the best constant output.
        level: The training loss as a multiple of that.
        skill: 0 for what a constant reaches, 1 for perfect: of the accuracy, or R squared.
        usual_skill: Its median over the last half of the points.
        test_skill: Likewise, on the samples that test; nan without.
        reachable: The skill that the data seem to allow.
        points: How many points of the curve there are since the change.
        fall: How much of the training loss at the beginning of the last half of them is gone at
            its end; below 0 where it has risen.
        late_fall: Likewise, from the middle of that half on.
        noise: How much of `fall` may be chance.
        jumps: The median change from point to point, relative to the loss.
        late_share: How much of all that has fallen since the change fell in that half: half of it
            in a straight line, little where the loss has come to rest.
        peak: The highest loss as a multiple of what it was at the change, or of a constant's.
    """

    constant: float
    level: float
    skill: float
    usual_skill: float
    test_skill: float
    reachable: float
    points: int
    fall: float
    late_fall: float
    noise: float
    jumps: float
    late_share: float
    peak: float

    @property
    def is_there(self) -> bool:
        """Whether it has reached what the data allow; a single bad step takes nothing away."""
        usual = self.usual_skill if self.level < 1.0 else self.skill
        return max(self.skill, usual) >= REACHED * self.reachable

    @property
    def is_resting(self) -> bool:
        """Whether the loss has come to rest, if only just now."""
        return not self.is_falling or self.late_fall < LATE_FALL

    @property
    def is_falling(self) -> bool:
        """Whether the loss falls, by more than chance."""
        return self.fall > max(self.noise, LEAST_FALL)


def changed_at(curves: Curves) -> float:
    """The epoch at which a setting was last changed; before all if none was."""
    return max((mark.epoch for mark in curves.marks), default=-1.0)


def progress_of(snapshot: Snapshot) -> Progress:
    """How far a run is."""
    reference, evaluation = _reference_of(snapshot), snapshot.evaluation
    points = snapshot.curves.points()
    chosen = points.mean[points.epochs >= changed_at(snapshot.curves)]
    # The last point may be an epoch old.
    now = evaluation.train_loss, evaluation.train_accuracy or 0.0
    losses, accuracies = (
        np.append(chosen[:, CURVES.index(curve)], value)
        for curve, value in zip(("train_loss", "train_accuracy"), now, strict=True)
    )
    half = len(losses) // 2
    with np.errstate(all="ignore"):
        fall, late_fall, noise, jumps = _trend(losses)
        start = max(float(losses[0]), reference.loss)
        peak = float(losses.max()) / start if start else 1.0
    return Progress(
        constant=reference.loss,
        level=evaluation.train_loss / reference.loss if reference.loss else 1.0,
        skill=_skill(evaluation.train_accuracy, evaluation.train_loss, reference),
        usual_skill=_skill(
            None if evaluation.train_accuracy is None else float(np.median(accuracies[half:])),
            float(np.median(losses[half:])),
            reference,
        ),
        test_skill=_skill(evaluation.test_accuracy, evaluation.test_loss, reference),
        reachable=reference.reachable,
        points=len(losses) - 1,
        fall=fall,
        late_fall=late_fall,
        noise=noise,
        jumps=jumps,
        late_share=_late_share(losses),
        peak=peak,
    )


def _skill(accuracy: float | None, loss: float, reference: Reference) -> float:
    if math.isnan(loss):
        return math.nan
    if accuracy is not None:
        # With a single class there is nothing to tell apart.
        most = 1.0 - reference.accuracy
        return (accuracy - reference.accuracy) / most if most else accuracy
    return 1.0 - loss / reference.loss if reference.loss else 1.0


def _late_share(losses: FloatArray) -> float:
    middle, end = float(losses[len(losses) // 2]), float(losses[-1])
    return (middle - end) / max(float(losses[0]) - end, TINY)


def _trend(losses: FloatArray) -> tuple[float, float, float, float]:
    """The fall, the late one, the noise and the jumps of `Progress`."""
    half = losses[-max(len(losses) // 2, LEAST_HALF) :]
    if len(half) < LEAST_HALF or not np.isfinite(half).all():
        return 0.0, 0.0, math.inf, 0.0
    third = max(len(half) // 3, 2)
    before, after = half[:third], half[-third:]
    middle = float(half[third : max(len(half) - third, third + 1)].mean())
    level = max(abs(float(before.mean())), TINY)
    # Neighbours depend on each other: their mean is less sure than that of independent ones.
    noise = 2.0 * math.hypot(before.std(), after.std()) / math.sqrt(third) / level
    jumps = float(np.median(np.abs(np.diff(half)))) / level
    end = float(after.mean())
    return float(before.mean() - end) / level, (middle - end) / level, noise, jumps


def _reference_of(snapshot: Snapshot) -> Reference:
    """The reference of a snapshot's data, inputs and loss."""
    # The arrays are the same ones from frame to frame.
    key = _Key(snapshot.dataset, snapshot.train_rows, snapshot.inputs, snapshot.loss)
    return _reference(key)


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    dataset: Dataset
    rows: Rows
    inputs: tuple[str, ...]
    loss: str

    def __hash__(self) -> int:
        return hash((id(self.dataset), id(self.rows), self.inputs, self.loss))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Key)
            and self.dataset is other.dataset
            and self.rows is other.rows
            and (self.inputs, self.loss) == (other.inputs, other.loss)
        )


@lru_cache(maxsize=2)
def _reference(key: _Key) -> Reference:
    dataset, rows = key.dataset, key.rows
    rows = rows[:: -(-len(rows) // MOST_SAMPLES)]
    chosen = features(key.inputs, len(dataset.columns))
    inputs = compute_features(chosen, dataset.to_network(dataset.points[rows]))
    if dataset.task == "regression":
        targets = network_targets(dataset, rows)[:, 0]
        variance = float(targets.var())
        if not variance:
            return Reference(0.0, 0.0, 1.0)
        errors = targets - targets[_neighbours(inputs)].mean(axis=1)
        return Reference(0.5 * variance, 0.0, _bounded(1.0 - float(np.mean(errors**2)) / variance))
    labels = dataset.labels[rows]
    shares = np.bincount(labels, minlength=dataset.n_classes) / len(labels)
    votes = labels[_neighbours(inputs)]
    counts = np.stack([(votes == k).sum(axis=1) for k in range(dataset.n_classes)], axis=1)
    right = float(np.mean(counts.argmax(axis=1) == labels))
    most = float(shares.max())
    reachable = _bounded((right - most) / max(1.0 - most, TINY))
    return Reference(_constant_loss(key.loss, shares), most, reachable)


def _bounded(reachable: float) -> float:
    return min(max(reachable, LEAST_REACHABLE), 1.0)


def _neighbours(inputs: FloatArray) -> NDArray[np.intp]:
    """The nearest other samples of each, shape (n, k)."""
    squares = np.square(inputs).sum(axis=1)
    distances = squares[:, None] + squares - 2.0 * inputs @ inputs.T
    np.fill_diagonal(distances, math.inf)
    k = min(NEIGHBOURS, len(inputs) - 1)
    return (
        np.argpartition(distances, k - 1, axis=1)[:, :k]
        if k > 0
        else np.zeros((len(inputs), 1), np.intp)
    )


def _constant_loss(loss: str, shares: FloatArray) -> float:
    """The mean loss of the best constant outputs for classes with these shares."""
    some = shares[shares > 0.0]
    if loss in ("binary_cross_entropy", "softmax_cross_entropy"):
        return float(-(some * np.log(some)).sum())
    if loss == "hinge":
        return (
            2.0 * float(shares.min())
            if len(shares) == 2
            else float((2 * np.minimum(shares, 1 - shares)).sum())
        )
    # Targets of -1 and +1, an output each for more than two classes: half of the variances.
    variances = 4.0 * shares * (1.0 - shares)
    return 0.5 * float(variances[0] if len(shares) == 2 else variances.sum())
