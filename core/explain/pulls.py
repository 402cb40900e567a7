"""Pulls: per-sample gradients, which samples push one weight or bias up and which push it down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..autograd import Value
from ..autograd.numerics import FloatArray
from ..nn import ACTIVATIONS, LOSSES
from ..nn.parameters import Element, element_place
from ..training.replica import Replica
from ..training.snapshot import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Pulls:
    """How each sample would change one weight or bias.

    Attributes:
        element: The weight or bias.
        rows: Rows of the data set, the strongest first, shape (n,).
        gradients: The derivative of each sample's own loss by it, shape (n,). Training goes
            against the gradient: a negative one pushes up.
    """

    element: Element
    rows: NDArray[np.int64]
    gradients: FloatArray

    @property
    def mean(self) -> float:
        """The gradient of the mean loss of these samples."""
        return float(self.gradients.mean()) if self.gradients.size else 0.0

    @property
    def up(self) -> NDArray[np.int64]:
        """The rows that push it up, the strongest first."""
        found: NDArray[np.int64] = self.rows[self.gradients < 0.0]
        return found

    @property
    def down(self) -> NDArray[np.int64]:
        """The rows that push it down, the strongest first."""
        found: NDArray[np.int64] = self.rows[self.gradients > 0.0]
        return found


def pulls(snapshot: Snapshot, element: Element, rows: NDArray[np.int64] | None = None) -> Pulls:
    """The per-sample gradients, sorted by size; equal ones stay in the order of the rows.

    Args:
        snapshot: The network, its loss and its data.
        element: A weight or bias of it.
        rows: Which samples; by default the training set.

    Raises:
        IndexError: If the network has no such element.
    """
    chosen = snapshot.train_rows if rows is None else rows
    gradients = per_sample_gradients(snapshot, element, chosen)
    order = np.argsort(-np.abs(gradients), kind="stable")
    return Pulls(element, chosen[order], gradients[order])


def per_sample_gradients(
    snapshot: Snapshot, element: Element, rows: NDArray[np.int64] | None = None
) -> FloatArray:
    """The derivative of each sample's own loss, without regularization, by one weight or bias.

    All samples go through the network once. The neuron's sums are leaves of the graph after them,
    so one backward pass gives the derivative by each sample's own sum; a weight's is that times the
    sample's input to the weight.

    Args:
        snapshot: The network, its loss and its data.
        element: A weight or bias of it.
        rows: Which samples, shape (n,); by default the training set.

    Returns:
        Shape (n,), in the order of the rows; their mean is the gradient of the mean loss.

    Raises:
        IndexError: If the network has no such element.
    """
    element_place(snapshot.sizes, element)
    chosen = snapshot.train_rows if rows is None else rows
    if not chosen.size:
        return np.zeros(0)
    replica = Replica(snapshot)
    layers = replica.network.layers
    own = layers[element.layer - 1]
    with np.errstate(all="ignore"):
        inputs = Value(replica.inputs(chosen), constant=True)
        for layer in layers[: element.layer - 1]:
            inputs = layer(inputs)
        sums = Value(own.preactivation(inputs).data)
        outputs = ACTIVATIONS[own.activation](sums)
        for layer in layers[element.layer :]:
            outputs = layer(outputs)
        LOSSES[snapshot.loss].on_arrays(outputs, replica.targets(chosen)).backward()
        # The loss is a mean: each sample has a share of 1/n in it.
        by_sum: FloatArray = np.asarray(sums.grad)[:, element.target] * len(chosen)
        if element.source is None:
            return by_sum
        by_weight: FloatArray = by_sum * np.asarray(inputs.data)[:, element.source]
    return by_weight
