"""PointGraph: a live network's own computational graph on one point, one number a node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..autograd import Value
from ..nn import LOSSES
from ..nn.neuron import ScalarMLP, sum_of_products
from .features import compute_features, features
from .problem import network_targets
from .snapshot import Snapshot
from .trace import layer_arrays


@dataclass(frozen=True, slots=True, eq=False)
class PointGraph:
    """One sample on its way through the network to its loss.

    Attributes:
        row: The sample, a row of the data set.
        inputs: One constant each, labelled as the network's inputs are: `x1`, `x1^2`.
        neurons: For each layer its neurons' outputs, labelled `layer1[0]`.
        loss: The sample's own loss, without the penalty, labelled `loss`.
        parameters: Every weight and bias by its name, `layer1.weight[0,3]`.
    """

    row: int
    inputs: tuple[Value, ...]
    neurons: tuple[tuple[Value, ...], ...]
    loss: Value
    parameters: dict[str, Value]


def point_graph(snapshot: Snapshot, row: int) -> PointGraph:
    """Builds the graph of one sample with the snapshot's parameters, copied.

    Every product and every addition is a node.

    Raises:
        IndexError: If the data set has no such row.
    """
    dataset = snapshot.dataset
    if not 0 <= row < dataset.n_samples:
        raise IndexError(f"the data set has rows 0 to {dataset.n_samples - 1}, and not {row}")
    chosen = features(snapshot.network.inputs, len(dataset.columns))
    numbers = compute_features(chosen, dataset.network_inputs()[[row]])[0].tolist()
    inputs = tuple(
        Value(number, label=feature.name, constant=True)
        for number, feature in zip(numbers, chosen, strict=True)
    )
    network = _scalar_network(snapshot)
    neurons = _run(network, inputs)
    targets = network_targets(dataset, np.array([row]))[0].tolist()
    loss = LOSSES[snapshot.loss].on_scalars(neurons[-1], targets)
    loss.label = loss.label or "loss"
    parameters = {value.label: value for value in network.parameters()}
    return PointGraph(row, inputs, neurons, loss, parameters)


def _scalar_network(snapshot: Snapshot) -> ScalarMLP:
    layers = layer_arrays(snapshot.sizes, snapshot.parameters)
    network = ScalarMLP.from_arrays(
        [(w, b, name) for (w, b), name in zip(layers, snapshot.activations, strict=True)]
    )
    network.record_sums_with(sum_of_products)
    return network


def _run(network: ScalarMLP, inputs: Sequence[Value]) -> tuple[tuple[Value, ...], ...]:
    outputs: list[tuple[Value, ...]] = []
    for number, layer in enumerate(network.layers, start=1):
        outputs.append(tuple(layer(outputs[-1] if outputs else inputs)))
        for place, neuron in enumerate(outputs[-1]):
            neuron.label = f"layer{number}[{place}]"
    return tuple(outputs)
