"""Numeric check: a running network's gradients compared with central differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..autograd import Value
from ..autograd.gradcheck import DEFAULT_STEP, DEFAULT_TOLERANCE, relative_error
from ..autograd.numerics import FloatArray
from ..nn import ACTIVATIONS, LOSSES
from ..training.replica import Replica
from ..training.snapshot import Snapshot
from .statistics import tensor_layout
from .step_report import before_step

Places = NDArray[np.intp]
Bools = NDArray[np.bool_]

# Gradients in single precision are off by its rounding.
FLOAT32_TOLERANCE = 1e-4
# Where an activation or loss has one slope on the left of 0 and another on the right, or bends
# sharply: a difference across it is no derivative.
KINKED, KINKED_LOSS = ("relu", "leaky_relu", "elu"), "hinge"
EPSILON = float(np.finfo(np.float64).eps)
# Steps for where a kink lies within the usual one. A finer one would measure rounding alone.
FINER_STEPS = (DEFAULT_STEP / 10, DEFAULT_STEP / 100)
# Numbers of a layer's outputs that are computed at once: more would not stay in the cache.
_NUMBERS_AT_ONCE = 1 << 17


@dataclass(frozen=True, slots=True, eq=False)
class NumericCheck:
    """The gradients of some parameters by autograd and by central differences.

    Attributes:
        places: The parameters, places in the flat vector, shape (n,).
        autograd: Their gradients, shape (n,).
        numeric: (loss(w + h) - loss(w - h)) / 2h, shape (n,).
        on_kink: Where a relu or its like switches at w itself, or so near that no h is small
            enough, shape (n,).
        is_rounding: Where the losses are so large that their difference is mostly rounding, so
            that it says nothing, shape (n,).
        tolerance: The largest relative error that passes.
        n_samples: Of the batch whose mean loss it is.
        is_last_step: Whether the last step was checked, on its batch and with the parameters
            before it; otherwise the current parameters were.
    """

    places: Places
    autograd: FloatArray
    numeric: FloatArray
    on_kink: Bools
    is_rounding: Bools
    tolerance: float
    n_samples: int
    is_last_step: bool

    def __len__(self) -> int:
        return len(self.places)

    @property
    def errors(self) -> FloatArray:
        """As in `gradcheck`: relative to the larger one where that is above 1, shape (n,)."""
        return relative_error(self.autograd, self.numeric)

    @property
    def agrees(self) -> Bools:
        """Which pass, shape (n,); nan does not."""
        passes: Bools = self.errors <= self.tolerance
        return passes

    @property
    def differs(self) -> Bools:
        """Which don't, though there is a derivative to compare, shape (n,)."""
        return ~self.agrees & ~self.on_kink & ~self.is_rounding

    @property
    def largest_error(self) -> float:
        """Of those that can be compared: 0 without any; nan if one is nan."""
        return float(self.errors[~self.on_kink & ~self.is_rounding].max(initial=0.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Subject:
    """What is checked: a network, the rows of its loss, and the gradients in question."""

    replica: Replica
    rows: NDArray[np.int64]
    gradients: FloatArray
    is_last_step: bool


def check_gradients(
    snapshot: Snapshot,
    places: Places | None = None,
    *,
    progress: Callable[[int], bool] = lambda done: True,
) -> NumericCheck:
    """Compares gradients of a network with central differences of its loss.

    It checks the last step: its batch, and the parameters before its update. With a planted bug the
    gradients are those that the step used; otherwise autograd computes them again. Before the first
    step, and after an edit, it checks the current parameters on a first batch.

    Args:
        snapshot: The network, its data and its last step.
        places: Which parameters, in the flat vector; all by default.
        progress: Called now and then with the number done; returning false ends the check early.

    Returns:
        The parameters that were checked.
    """
    chosen = np.arange(len(snapshot.parameters)) if places is None else places
    subject = _subject(snapshot)
    tolerance = DEFAULT_TOLERANCE if _is_exact(snapshot) else FLOAT32_TOLERANCE
    found = [_Differences(chosen[:0], np.zeros(0), np.zeros(0, np.bool_), np.zeros(0))]
    done = 0
    with np.errstate(all="ignore"):
        for part in _differences(subject, chosen, DEFAULT_STEP):
            found.append(part)
            done += len(part.places)
            if not progress(done):
                break
        differences = _joined(found)
        on_kink = _resolve_kinks(subject, differences, tolerance)
    autograd = subject.gradients[differences.places]
    scale = np.maximum(1.0, np.abs(autograd))
    return NumericCheck(
        places=differences.places,
        autograd=autograd,
        numeric=differences.numeric,
        on_kink=on_kink,
        is_rounding=differences.rounding > tolerance * scale,
        tolerance=tolerance,
        n_samples=len(subject.rows),
        is_last_step=subject.is_last_step,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Differences:
    """Central differences of some parameters.

    Attributes:
        places: The parameters, places in the flat vector, shape (n,).
        numeric: The differences, shape (n,).
        crosses: Whether a kink lies between the two ends, shape (n,).
        rounding: How far rounding of the losses may have moved the differences, shape (n,).
    """

    places: Places
    numeric: FloatArray
    crosses: Bools
    rounding: FloatArray


def _joined(parts: list[_Differences]) -> _Differences:
    names = ("places", "numeric", "crosses", "rounding")
    return _Differences(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))


def _resolve_kinks(subject: _Subject, found: _Differences, tolerance: float) -> Bools:
    """Takes smaller steps where a kink may explain why gradients differ, in place.

    Returns:
        Where no step is small enough, shape (n,).
    """
    autograd, left = subject.gradients[found.places], found.crosses.copy()
    for step in FINER_STEPS:
        left &= ~(relative_error(autograd, found.numeric) <= tolerance)
        if left.any():
            finer = _joined([*_differences(subject, found.places[left], step)])
            found.numeric[left] = finer.numeric
            left[left] = finer.crosses
    return left & ~(relative_error(autograd, found.numeric) <= tolerance)


def _is_exact(snapshot: Snapshot) -> bool:
    """Whether the gradients in question were computed in double precision."""
    return snapshot.training.dtype == "float64" or not snapshot.training.mistakes


def _subject(snapshot: Snapshot) -> _Subject:
    replica, rows = before_step(snapshot), snapshot.batch_rows
    if replica is not None:
        is_spoiled = bool(snapshot.training.mistakes)
        gradients = snapshot.gradients if is_spoiled else replica.gradient_of(rows)
        return _Subject(replica, rows, gradients, True)
    rows = snapshot.train_rows[: snapshot.training.batch_size]
    replica = Replica(snapshot)
    return _Subject(replica, rows, replica.gradient_of(rows), False)


def _differences(subject: _Subject, places: Places, step: float) -> Iterator[_Differences]:
    """Central differences, some parameters at a time.

    To move a weight by h is to move its neuron's sum by h times the weight's input: the layers
    before need not be computed again, and many parameters go through the layers after it at once.
    """
    sizes = subject.replica.snapshot.sizes
    starts = tensor_layout(sizes).starts[::2]
    values = Value(subject.replica.inputs(subject.rows), constant=True)
    for number, layer in enumerate(subject.replica.network.layers):
        inputs, plain = np.asarray(values.data), np.asarray(layer.preactivation(values).data)
        here = places[(places >= starts[number]) & (places < starts[number + 1])]
        most = max(_NUMBERS_AT_ONCE // (2 * len(inputs) * max(sizes[number + 1 :])), 1)
        for first in range(0, len(here), most):
            some = here[first : first + most]
            sources, targets = np.divmod(some - starts[number], plain.shape[1])
            slopes = np.vstack([inputs.T, np.ones(len(inputs))])[sources]
            sums = np.tile(plain, (2, len(some), 1, 1))
            each = np.arange(len(some))
            sums[0, each, :, targets] += step * slopes
            sums[1, each, :, targets] -= step * slopes
            (up, down), crosses = _losses(subject, number, sums)
            rounding = np.where(np.isfinite(up), EPSILON * np.abs(up) / step, 0.0)
            yield _Differences(some, (up - down) / (2.0 * step), crosses, rounding)
        values = layer(values)


def _losses(subject: _Subject, number: int, sums: FloatArray) -> tuple[FloatArray, Bools]:
    """The losses after a layer's sums of shape (2, parameters, samples, units).

    Returns:
        The losses, shape (2, n), and whether a kink lies between the two, shape (n,).
    """
    # Flat, because one large product is many times faster than a stack of small ones.
    values = Value(sums.reshape(-1, sums.shape[-1]), constant=True)
    crosses = np.zeros(sums.shape[1], dtype=np.bool_)

    def note_switches(numbers: FloatArray) -> None:
        is_on = (numbers > 0.0).reshape(2, len(crosses), -1)
        crosses[:] |= np.any(is_on[0] != is_on[1], axis=1)

    for k, layer in enumerate(subject.replica.network.layers[number:]):
        if k:
            values = layer.preactivation(values)
        if layer.activation in KINKED:
            note_switches(np.asarray(values.data))
        values = ACTIVATIONS[layer.activation](values)
    targets = subject.replica.targets(subject.rows)
    batches = np.asarray(values.data).reshape(-1, *targets.shape)
    name = subject.replica.snapshot.loss
    if name == KINKED_LOSS:
        note_switches(1.0 - batches * targets)
    on_arrays = LOSSES[name].on_arrays
    losses = [float(on_arrays(Value(batch, constant=True), targets)) for batch in batches]
    return np.array(losses).reshape(sums.shape[:2]), crosses
