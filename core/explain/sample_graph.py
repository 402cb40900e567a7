"""Sample graphs: a live network's own computational graph on one sample, whole or of one neuron."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..autograd import Value
from ..nn import LOSSES
from ..nn.scalar import MLP, sum_of_products
from ..training.problem import network_targets
from ..training.snapshot import Snapshot
from ..training.trace import layer_arrays, trace_point


@dataclass(frozen=True, slots=True, eq=False)
class SampleGraph:
    """One sample on its way through the network to its loss.

    Attributes:
        inputs: One constant each, labelled like the network's inputs: `x1`, `x1^2`.
        neurons: For each layer the outputs of its neurons, labelled `layer1[0]`.
        loss: The sample's own loss, without the regularization term, labelled `loss`.
        parameters: Every weight and bias by name, `layer1.weight[0,3]`.
    """

    inputs: tuple[Value, ...]
    neurons: tuple[tuple[Value, ...], ...]
    loss: Value
    parameters: dict[str, Value]


@dataclass(frozen=True, slots=True, eq=False)
class NeuronGraph:
    """One neuron of a network on one sample, by itself.

    Attributes:
        inputs: Leaves that get gradients: the network's inputs (`x1`), or the outputs of the
            layer before (`layer1[0]`).
        output: The neuron's output, labelled `layer2[0]`.
        parameters: Its weights and its bias by name.
    """

    inputs: tuple[Value, ...]
    output: Value
    parameters: dict[str, Value]


def sample_graph(snapshot: Snapshot, row: int) -> SampleGraph:
    """Builds the graph of one sample with copies of the snapshot's parameters.

    Every product and every addition is a node.

    Args:
        snapshot: The network and its data.
        row: The sample, a row of the data set.

    Raises:
        IndexError: If the data set has no such row.
    """
    inputs = tuple(
        Value(number, label=name, constant=True) for name, number in _inputs(snapshot, row, 1)
    )
    network = _scalar_network(snapshot)
    neurons = _run(network, inputs)
    targets = network_targets(snapshot.dataset, np.array([row]))[0].tolist()
    loss = LOSSES[snapshot.loss].on_scalars(neurons[-1], targets)
    loss.label = loss.label or "loss"
    parameters = {value.label: value for value in network.parameters_by_input()}
    return SampleGraph(inputs, neurons, loss, parameters)


def neuron_graph(snapshot: Snapshot, row: int, layer: int, unit: int) -> NeuronGraph:
    """Builds the graph of one neuron on one sample, with copies of its parameters.

    Args:
        snapshot: The network and its data.
        row: The sample, a row of the data set.
        layer: The neuron's layer, 1 for the first after the inputs.
        unit: Its place in the layer.

    Raises:
        IndexError: If there is no such row or neuron.
    """
    sizes = snapshot.sizes
    if not (1 <= layer < len(sizes) and 0 <= unit < sizes[layer]):
        raise IndexError(f"a network of {sizes} has no neuron {unit} in layer {layer}")
    inputs = tuple(Value(number, label=name) for name, number in _inputs(snapshot, row, layer))
    neuron = _scalar_network(snapshot).layers[layer - 1].neurons[unit]
    output = neuron(inputs)
    output.label = f"layer{layer}[{unit}]"
    return NeuronGraph(inputs, output, {value.label: value for value in neuron.parameters()})


def nearest_row(snapshot: Snapshot, point: ArrayLike) -> int:
    """The sample nearest to a point, by Euclidean distance.

    Args:
        snapshot: Whose data set is searched.
        point: Shape (columns,), in the data's units.
    """
    apart = snapshot.dataset.points - np.asarray(point, dtype=np.float64)
    return int(np.argmin(np.square(apart).sum(axis=1)))


def _inputs(snapshot: Snapshot, row: int, layer: int) -> list[tuple[str, float]]:
    """The inputs of a layer for one sample, each with its name."""
    dataset = snapshot.dataset
    if not 0 <= row < dataset.n_samples:
        raise IndexError(f"the data set has rows 0 to {dataset.n_samples - 1}, and not {row}")
    numbers = trace_point(snapshot, dataset.points[row]).outputs[layer - 1].tolist()
    units = [f"layer{layer - 1}[{place}]" for place in range(len(numbers))]
    return list(zip(snapshot.input_names if layer == 1 else units, numbers, strict=True))


def _scalar_network(snapshot: Snapshot) -> MLP:
    layers = layer_arrays(snapshot.sizes, snapshot.parameters)
    network = MLP.from_arrays(
        [(w, b, name) for (w, b), name in zip(layers, snapshot.activations, strict=True)]
    )
    network.record_sums_with(sum_of_products)
    return network


def _run(network: MLP, inputs: Sequence[Value]) -> tuple[tuple[Value, ...], ...]:
    outputs: list[tuple[Value, ...]] = []
    for number, layer in enumerate(network.layers, start=1):
        outputs.append(tuple(layer.outputs(outputs[-1] if outputs else inputs)))
        for place, neuron in enumerate(outputs[-1]):
            neuron.label = f"layer{number}[{place}]"
    return tuple(outputs)
