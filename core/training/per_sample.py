"""Per-sample gradients: which samples push one weight or bias up, and which push it down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..autograd import Value
from ..autograd.ops import FloatArray
from ..nn import ACTIVATIONS, LOSSES
from ..nn.parameters import Element, element_place
from .features import compute_features, features
from .problem import network_targets
from .snapshot import Snapshot
from .trace import layer_arrays


@dataclass(frozen=True, slots=True, eq=False)
class Pulls:
    """What each sample wants one weight or bias to do.

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
    """The per-sample gradients, sorted by their size; equal ones stay in the order of the rows.

    Args:
        snapshot: The network, its loss and its data.
        element: A weight or bias of it.
        rows: Which samples; by default those that train.

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
    """The derivative of each sample's own loss, without the penalty, by one weight or bias.

    All samples go through the network once. The neuron's sums are made leaves of the graph behind
    them, so that one backward pass gives the derivative by each sample's own sum; a weight's is
    that times the sample's input to the weight.

    Args:
        snapshot: The network, its loss and its data.
        element: A weight or bias of it.
        rows: Which samples, shape (n,); by default those that train.

    Returns:
        Shape (n,), in the order of the rows; their mean is the gradient of the mean loss.

    Raises:
        IndexError: If the network has no such element.
    """
    element_place(snapshot.sizes, element)
    chosen = snapshot.train_rows if rows is None else rows
    if not chosen.size:
        return np.zeros(0)
    layers = layer_arrays(snapshot.sizes, snapshot.parameters)
    with np.errstate(all="ignore"):
        inputs = _inputs(snapshot, chosen)
        for (weight, bias), activation in zip(
            layers[: element.layer - 1], snapshot.activations, strict=False
        ):
            inputs = np.asarray(ACTIVATIONS[activation](Value(inputs @ weight + bias)).data)
        weight, bias = layers[element.layer - 1]
        sums = Value(inputs @ weight + bias)
        _mean_loss(
            snapshot, element.layer, sums, network_targets(snapshot.dataset, chosen)
        ).backward()
        # The loss is a mean: each sample has a share of 1/n in it.
        by_sum = np.asarray(sums.grad)[:, element.target] * len(chosen)
        gradients: FloatArray = (
            by_sum if element.source is None else by_sum * inputs[:, element.source]
        )
    return gradients


def _inputs(snapshot: Snapshot, rows: NDArray[np.int64]) -> FloatArray:
    chosen = features(snapshot.network.inputs, len(snapshot.dataset.columns))
    points: FloatArray = snapshot.dataset.network_inputs()[rows]
    return compute_features(chosen, points)


def _mean_loss(snapshot: Snapshot, layer: int, sums: Value, targets: FloatArray) -> Value:
    """The loss of all samples from one layer's sums on."""
    outputs = ACTIVATIONS[snapshot.activations[layer - 1]](sums)
    layers = layer_arrays(snapshot.sizes, snapshot.parameters)
    for (weight, bias), activation in zip(
        layers[layer:], snapshot.activations[layer:], strict=True
    ):
        frozen = Value(weight, constant=True), Value(bias, constant=True)
        outputs = ACTIVATIONS[activation](outputs @ frozen[0] + frozen[1])
    return LOSSES[snapshot.loss].on_arrays(outputs, targets)
