"""Trace: what every unit of a network computes for one point, number by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..autograd import Value
from ..autograd.numerics import FloatArray
from ..nn import ACTIVATIONS
from .features import Feature, compute_features, features
from .snapshot import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One point on its way through a network.

    Attributes:
        sums: For each layer what its neurons add up, weights times inputs and the bias, shape
            (units,).
        outputs: For the inputs, then for each layer: what goes on from there, shape (units,).
        weights: Of each layer, shape (from, to).
        biases: Of each layer, shape (units,).
    """

    sums: tuple[FloatArray, ...]
    outputs: tuple[FloatArray, ...]
    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]


def layer_arrays(
    sizes: Sequence[int], flat: FloatArray
) -> tuple[tuple[FloatArray, FloatArray], ...]:
    """Views of a flat vector: for each layer its weight, shape (from, to), and its bias, (to,)."""
    arrays = []
    start = 0
    for n_from, n_to in pairwise(sizes):
        end = start + n_from * n_to
        arrays.append((flat[start:end].reshape(n_from, n_to), flat[end : end + n_to]))
        start = end + n_to
    return tuple(arrays)


def trace_point(snapshot: Snapshot, point: ArrayLike) -> Trace:
    """Computes every unit for one point with the snapshot's parameters.

    Args:
        snapshot: Whose network computes.
        point: Shape (columns,), in the data's units.

    Raises:
        ConfigError: If the point has not as many columns as the inputs read.
    """
    passes = trace_points(snapshot, np.atleast_2d(np.asarray(point, dtype=np.float64)))
    sums, outputs = (tuple(array[0] for array in arrays) for arrays in passes)
    weights, biases = zip(*layer_arrays(snapshot.sizes, snapshot.parameters), strict=True)
    return Trace(sums, outputs, weights, biases)


def trace_points(
    snapshot: Snapshot, points: FloatArray
) -> tuple[list[FloatArray], list[FloatArray]]:
    """Computes every unit for many points with the snapshot's parameters.

    Args:
        snapshot: Whose network computes.
        points: Shape (n, columns), in the data's units.

    Returns:
        For each layer the sums, shape (n, units). For the inputs, then for each layer, what goes
        on from there, shape (n, units).

    Raises:
        ConfigError: If the points have not as many columns as the inputs read.
    """
    chosen = _features(snapshot.network.inputs, points.shape[1])
    sums: list[FloatArray] = []
    with np.errstate(all="ignore"):
        outputs = [compute_features(chosen, snapshot.dataset.to_network(points))]
        layers = layer_arrays(snapshot.sizes, snapshot.parameters)
        for (weight, bias), activation in zip(layers, snapshot.activations, strict=True):
            sums.append(outputs[-1] @ weight + bias)
            outputs.append(np.asarray(ACTIVATIONS[activation](Value(sums[-1])).data))
    return sums, outputs


# A card asks for the same ones with every frame.
@lru_cache(maxsize=8)
def _features(names: tuple[str, ...], n_columns: int) -> tuple[Feature, ...]:
    return features(names, n_columns)


@dataclass(frozen=True, slots=True, eq=False)
class FanIn:
    """A neuron's sum, term by term, in the order of its inputs.

    Attributes:
        weights: Of each input, shape (inputs,).
        inputs: What comes in, shape (inputs,).
        products: Weight times input, shape (inputs,).
        order: The places of the inputs, those with the largest product first, either sign; what
            is no number comes last, shape (inputs,).
        bias: The neuron's bias.
        total: The sum of the products and the bias.
        output: What the activation makes of the sum.
    """

    weights: FloatArray
    inputs: FloatArray
    products: FloatArray
    order: NDArray[np.intp]
    bias: float
    total: float
    output: float


def fan_in(trace: Trace, layer: int, neuron: int) -> FanIn:
    """Takes one neuron out of a trace.

    Args:
        trace: One point on its way through a network.
        layer: The neuron's layer, 0 for the first after the inputs.
        neuron: Its number in the layer.

    Raises:
        IndexError: If there is no such neuron.
    """
    weights = trace.weights[layer][:, neuron]
    inputs = trace.outputs[layer]
    with np.errstate(all="ignore"):
        products = weights * inputs
        order = np.argsort(-np.abs(products), kind="stable")
    return FanIn(
        weights=weights,
        inputs=inputs,
        products=products,
        order=order,
        bias=float(trace.biases[layer][neuron]),
        total=float(trace.sums[layer][neuron]),
        output=float(trace.outputs[layer + 1][neuron]),
    )
