"""A live network's own computational graph on one point, whole or of one neuron."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..autograd import Value
from ..nn import LOSSES
from ..nn.scalar import ScalarMLP, sum_of_products
from .features import compute_features, features
from .problem import network_targets
from .snapshot import Snapshot
from .trace import layer_arrays, trace_point


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


@dataclass(frozen=True, slots=True, eq=False)
class NeuronGraph:
    """One neuron of a network on one sample, by itself.

    Attributes:
        row: The sample, a row of the data set.
        layer: The neuron's layer, 1 for the first after the inputs.
        unit: Its place in the layer.
        inputs: What it reads, as leaves that get gradients: what the network's inputs are
            (`x1`), or what the neurons before it put out (`layer1[0]`).
        output: What it puts out, labelled `layer2[0]`.
        parameters: Its weights and its bias by their names.
    """

    row: int
    layer: int
    unit: int
    inputs: tuple[Value, ...]
    output: Value
    parameters: dict[str, Value]


def point_graph(snapshot: Snapshot, row: int) -> PointGraph:
    """Builds the graph of one sample with the snapshot's parameters, copied.

    Every product and every addition is a node.

    Raises:
        IndexError: If the data set has no such row.
    """
    inputs = tuple(
        Value(number, label=name, constant=True) for name, number in _inputs(snapshot, row)
    )
    network = _scalar_network(snapshot)
    neurons = _run(network, inputs)
    targets = network_targets(snapshot.dataset, np.array([row]))[0].tolist()
    loss = LOSSES[snapshot.loss].on_scalars(neurons[-1], targets)
    loss.label = loss.label or "loss"
    parameters = {value.label: value for value in network.parameters()}
    return PointGraph(row, inputs, neurons, loss, parameters)


def neuron_graph(snapshot: Snapshot, row: int, layer: int, unit: int) -> NeuronGraph:
    """Builds the graph of one neuron on one sample, with copies of its parameters.

    Args:
        snapshot: The network and its data.
        row: The sample.
        layer: The neuron's layer, 1 for the first after the inputs.
        unit: Its place in the layer.

    Raises:
        IndexError: If there is no such row or neuron.
    """
    sizes = snapshot.sizes
    if not (1 <= layer < len(sizes) and 0 <= unit < sizes[layer]):
        raise IndexError(f"a network of {sizes} has no neuron {unit} in layer {layer}")
    inputs = tuple(Value(number, label=name) for name, number in _inputs(snapshot, row))
    trace = trace_point(snapshot, snapshot.dataset.points[row])
    if layer > 1:
        numbers = trace.outputs[layer - 1].tolist()
        inputs = tuple(
            Value(number, label=f"layer{layer - 1}[{place}]")
            for place, number in enumerate(numbers)
        )
    network = _scalar_network(snapshot)
    neuron = network.layers[layer - 1].neurons[unit]
    output = neuron(inputs)
    output.label = f"layer{layer}[{unit}]"
    parameters = {value.label: value for value in neuron.parameters()}
    return NeuronGraph(row, layer, unit, inputs, output, parameters)


def nearest_row(snapshot: Snapshot, point: ArrayLike) -> int:
    """The sample nearest to a point, by Euclidean distance.

    Args:
        snapshot: Whose data set is looked through.
        point: Shape (columns,), in the data's units.
    """
    apart = snapshot.dataset.points - np.asarray(point, dtype=np.float64)
    return int(np.argmin(np.square(apart).sum(axis=1)))


def _inputs(snapshot: Snapshot, row: int) -> list[tuple[str, float]]:
    """The network's inputs for one sample, each with its name."""
    dataset = snapshot.dataset
    if not 0 <= row < dataset.n_samples:
        raise IndexError(f"the data set has rows 0 to {dataset.n_samples - 1}, and not {row}")
    chosen = features(snapshot.network.inputs, len(dataset.columns))
    numbers = compute_features(chosen, dataset.network_inputs()[[row]])[0].tolist()
    return [(feature.name, number) for feature, number in zip(chosen, numbers, strict=True)]


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
