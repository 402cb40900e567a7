"""Replica: a copy of a snapshot's network, to try out what the session's own is not asked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..autograd import Value
from ..autograd.numerics import FloatArray
from ..nn import LOSSES, Network
from .features import compute_features, features
from .problem import network_targets
from .snapshot import Snapshot

Rows = NDArray[np.int64]


class Replica:
    """A network with a snapshot's parameters, and what it learns.

    It is the caller's own: nothing done with it changes the session.

    Attributes:
        snapshot: What it is a copy of.
        network: The network.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.network = Network(
            snapshot.sizes,
            snapshot.activations,
            rng=np.random.default_rng(0),
            initializer="zeros",
        )
        self.network.flat_parameters[...] = snapshot.parameters
        self._loss = LOSSES[snapshot.loss]
        self._features = features(snapshot.inputs, len(snapshot.dataset.columns))

    def inputs(self, rows: Rows) -> FloatArray:
        """What the network sees of these rows, shape (rows, inputs)."""
        dataset = self.snapshot.dataset
        return compute_features(self._features, dataset.to_network(dataset.points[rows]))

    def targets(self, rows: Rows) -> FloatArray:
        """What it is to put out for these rows, shape (rows, outputs)."""
        return network_targets(self.snapshot.dataset, rows)

    def loss_of(self, rows: Rows) -> Callable[[FloatArray | None], float]:
        """The mean loss of some rows, as a function.

        Args:
            rows: At least one.

        Returns:
            Takes parameters, shape (n,), or None for those of the snapshot, and returns the loss
            without the regularization term; nan or infinite where numbers overflow.
        """
        inputs, targets = self.inputs(rows), self.targets(rows)

        def loss(parameters: FloatArray | None = None) -> float:
            given = self.snapshot.parameters if parameters is None else parameters
            self.network.flat_parameters[...] = given
            with np.errstate(all="ignore"):
                return float(self._loss.on_arrays(self.network(inputs), targets))

        return loss

    def gradient_of(self, rows: Rows) -> FloatArray:
        """The gradient of the mean loss of some rows, at the snapshot's parameters, shape (n,)."""
        self.network.flat_parameters[...] = self.snapshot.parameters
        self.network.zero_grad()
        with np.errstate(all="ignore"):
            outputs = self.network(Value(self.inputs(rows), constant=True))
            self._loss.on_arrays(outputs, self.targets(rows)).backward()
        return self.network.flat_gradients.copy()
