"""Numeric check: a running network's gradients beside central differences."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..autograd import Value
from ..autograd.gradcheck import DEFAULT_STEP, DEFAULT_TOLERANCE, relative_error
from ..autograd.ops import FloatArray
from ..nn import ACTIVATIONS, LOSSES
from ..training.replica import Replica
from ..training.snapshot import Snapshot
from ..training.trace import layer_arrays
from .statistics import tensor_layout
from .step_report import SAME_LOSS

Places = NDArray[np.intp]

# Steps in single precision are off by its rounding.
FLOAT32_TOLERANCE = 1e-4
# So many numbers of a layer's outputs are computed at once: more would not stay in the cache.
_NUMBERS_AT_ONCE = 1 << 17


@dataclass(frozen=True, slots=True, eq=False)
class NumericCheck:
    """What autograd and central differences say of some parameters.

    Attributes:
        places: Which, in the flat vector, shape (n,).
        autograd: Their gradients, shape (n,).
        numeric: (loss(w + h) - loss(w - h)) / 2h, shape (n,).
        tolerance: The largest relative error that passes.
        n_samples: Over how many samples the loss is the mean.
        is_last_step: Whether it is the last step that was checked, on its batch and at the
            parameters before it; else the present parameters were.
    """

    places: Places
    autograd: FloatArray
    numeric: FloatArray
    tolerance: float
    n_samples: int
    is_last_step: bool

    def __len__(self) -> int:
        return len(self.places)

    @property
    def errors(self) -> FloatArray:
        """As gradcheck's: relative to the larger one where that is above 1, shape (n,)."""
        return relative_error(self.autograd, self.numeric)

    @property
    def agrees(self) -> NDArray[np.bool_]:
        """Which pass, shape (n,); what is not a number does not."""
        passes: NDArray[np.bool_] = self.errors <= self.tolerance
        return passes

    @property
    def largest_error(self) -> float:
        """0 for no parameters; nan if one is not a number."""
        return float(self.errors.max(initial=0.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Subject:
    """What is checked: parameters, the rows of the loss, and the gradients in question."""

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

    Checked is the last step: its batch, and the parameters before its update. Where a sabotage is
    on the gradients are those that the step used, else autograd computes them anew. Before the
    first step, and after an edit, the present parameters are checked on a first batch.

    Args:
        snapshot: Whose network.
        places: Which parameters, in the flat vector; all by default.
        progress: Told from time to time how many are done; false ends the check early.

    Returns:
        As many as were checked.
    """
    chosen = np.arange(len(snapshot.parameters)) if places is None else places
    subject = _subject(snapshot)
    parts = []
    done = 0
    with np.errstate(all="ignore"):
        for part, numeric in _differences(subject, chosen):
            parts.append((part, numeric))
            done += len(part)
            if not progress(done):
                break
    checked = np.concatenate([part for part, _ in parts]) if parts else chosen[:0]
    return NumericCheck(
        places=checked,
        autograd=subject.gradients[checked],
        numeric=np.concatenate([n for _, n in parts]) if parts else np.zeros(0),
        tolerance=DEFAULT_TOLERANCE if _is_exact(snapshot) else FLOAT32_TOLERANCE,
        n_samples=len(subject.rows),
        is_last_step=subject.is_last_step,
    )


def _is_exact(snapshot: Snapshot) -> bool:
    """Whether the gradients in question were computed in double precision."""
    return snapshot.training.dtype == "float64" or not snapshot.training.sabotage


def _subject(snapshot: Snapshot) -> _Subject:
    if len(snapshot.batch_rows):
        before = replace(snapshot, parameters=snapshot.parameters - snapshot.updates)
        replica = Replica(before)
        loss = replica.loss_of(snapshot.batch_rows)(None)
        if math.isclose(loss, snapshot.batch_loss, rel_tol=SAME_LOSS, abs_tol=SAME_LOSS**2):
            is_spoiled = bool(snapshot.training.sabotage)
            gradients = (
                snapshot.gradients if is_spoiled else replica.gradient_of(snapshot.batch_rows)
            )
            return _Subject(replica, snapshot.batch_rows, gradients, True)
    rows = snapshot.train_rows[: snapshot.training.batch_size]
    replica = Replica(snapshot)
    return _Subject(replica, rows, replica.gradient_of(rows), False)


def _differences(subject: _Subject, places: Places) -> Iterator[tuple[Places, FloatArray]]:
    """Central differences, some parameters at a time.

    To move a weight by h is to move its neuron's sum by h times the weight's input: what is before
    that layer need not be computed again, and many parameters go through what is behind it at once.
    """
    snapshot = subject.replica.snapshot
    layers = layer_arrays(snapshot.sizes, snapshot.parameters)
    starts = tensor_layout(snapshot.sizes).starts[::2]
    inputs = subject.replica.inputs(subject.rows)
    for layer, (weight, bias) in enumerate(layers):
        here = places[(places >= starts[layer]) & (places < starts[layer + 1])]
        most = _NUMBERS_AT_ONCE // (2 * len(inputs) * max(snapshot.sizes[layer + 1 :]))
        for first in range(0, len(here), max(most, 1)):
            some = here[first : first + max(most, 1)]
            sources, targets = np.divmod(some - starts[layer], len(bias))
            slopes = np.vstack([inputs.T, np.ones(len(inputs))])[sources]
            sums = np.tile(inputs @ weight + bias, (2, len(some), 1, 1))
            each = np.arange(len(some))
            sums[0, each, :, targets] += DEFAULT_STEP * slopes
            sums[1, each, :, targets] -= DEFAULT_STEP * slopes
            up, down = _losses(subject, layer, sums)
            yield some, (up - down) / (2.0 * DEFAULT_STEP)
        inputs = _activated(snapshot.activations[layer], inputs @ weight + bias)


def _losses(subject: _Subject, layer: int, sums: FloatArray) -> FloatArray:
    """The losses behind a layer's sums of shape (2, parameters, samples, units): shape (2, n)."""
    snapshot = subject.replica.snapshot
    # Flat, because one large product is many times faster than a stack of small ones.
    outputs = _activated(snapshot.activations[layer], sums.reshape(-1, sums.shape[-1]))
    for (weight, bias), activation in zip(
        layer_arrays(snapshot.sizes, snapshot.parameters)[layer + 1 :],
        snapshot.activations[layer + 1 :],
        strict=True,
    ):
        outputs = _activated(activation, outputs @ weight + bias)
    loss, targets = LOSSES[snapshot.loss].on_arrays, subject.replica.targets(subject.rows)
    batches = outputs.reshape(-1, *targets.shape)
    losses = [float(loss(Value(batch, constant=True), targets)) for batch in batches]
    return np.array(losses).reshape(sums.shape[:2])


def _activated(activation: str, sums: FloatArray) -> FloatArray:
    return np.asarray(ACTIVATIONS[activation](Value(sums, constant=True)).data)
