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

# Gradients in single precision are off by its rounding.
FLOAT32_TOLERANCE = 1e-4
# Numbers of a layer's outputs that are computed at once: more would not stay in the cache.
_NUMBERS_AT_ONCE = 1 << 17


@dataclass(frozen=True, slots=True, eq=False)
class NumericCheck:
    """The gradients of some parameters by autograd and by central differences.

    Attributes:
        places: The parameters, places in the flat vector, shape (n,).
        autograd: Their gradients, shape (n,).
        numeric: (loss(w + h) - loss(w - h)) / 2h, shape (n,).
        tolerance: The largest relative error that passes.
        n_samples: Of the batch whose mean loss it is.
        is_last_step: Whether the last step was checked, on its batch and with the parameters
            before it; otherwise the current parameters were.
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
        """As in `gradcheck`: relative to the larger one where that is above 1, shape (n,)."""
        return relative_error(self.autograd, self.numeric)

    @property
    def agrees(self) -> NDArray[np.bool_]:
        """Which pass, shape (n,); nan does not."""
        passes: NDArray[np.bool_] = self.errors <= self.tolerance
        return passes

    @property
    def largest_error(self) -> float:
        """0 without parameters; nan if one is nan."""
        return float(self.errors.max(initial=0.0))


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
    replica, rows = before_step(snapshot), snapshot.batch_rows
    if replica is not None:
        is_spoiled = bool(snapshot.training.sabotage)
        gradients = snapshot.gradients if is_spoiled else replica.gradient_of(rows)
        return _Subject(replica, rows, gradients, True)
    rows = snapshot.train_rows[: snapshot.training.batch_size]
    replica = Replica(snapshot)
    return _Subject(replica, rows, replica.gradient_of(rows), False)


def _differences(subject: _Subject, places: Places) -> Iterator[tuple[Places, FloatArray]]:
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
            sums[0, each, :, targets] += DEFAULT_STEP * slopes
            sums[1, each, :, targets] -= DEFAULT_STEP * slopes
            up, down = _losses(subject, number, sums)
            yield some, (up - down) / (2.0 * DEFAULT_STEP)
        values = layer(values)


def _losses(subject: _Subject, number: int, sums: FloatArray) -> FloatArray:
    """The losses after a layer's sums of shape (2, parameters, samples, units): shape (2, n)."""
    own, *later = subject.replica.network.layers[number:]
    # Flat, because one large product is many times faster than a stack of small ones.
    flat = Value(sums.reshape(-1, sums.shape[-1]), constant=True)
    outputs = ACTIVATIONS[own.activation](flat)
    for layer in later:
        outputs = layer(outputs)
    targets = subject.replica.targets(subject.rows)
    loss = LOSSES[subject.replica.snapshot.loss].on_arrays
    batches = np.asarray(outputs.data).reshape(-1, *targets.shape)
    losses = [float(loss(Value(batch, constant=True), targets)) for batch in batches]
    return np.array(losses).reshape(sums.shape[:2])
