"""Layers: each layer's gradient, update and activity in numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..autograd.numerics import FloatArray
from ..training.snapshot import Snapshot
from ..training.trace import layer_arrays
from ..training.units import LayerActivity


@dataclass(frozen=True, slots=True)
class LayerHealth:
    """One layer after one step.

    Attributes:
        name: `layer 1`, or `output`.
        gradient: The root mean square of its gradients.
        update_ratio: |update| / |parameters|; 0 where all parameters are 0.
        activity: Its outputs in numbers.
    """

    name: str
    gradient: float
    update_ratio: float
    activity: LayerActivity


def layer_names(sizes: tuple[int, ...]) -> tuple[str, ...]:
    """The name of each layer after the inputs: `layer 1`, ..., `output`."""
    return (*(f"layer {k}" for k in range(1, len(sizes) - 1)), "output")


def layer_health(snapshot: Snapshot) -> tuple[LayerHealth, ...]:
    """Every layer, from the first after the inputs to the output."""
    sizes = snapshot.sizes
    vectors = (snapshot.parameters, snapshot.gradients, snapshot.updates)
    layers = []
    for name, parameters, gradients, updates, activity in zip(
        layer_names(sizes),
        *(layer_arrays(sizes, flat) for flat in vectors),
        snapshot.activity,
        strict=True,
    ):
        root = float(np.sqrt(sum(array.size for array in parameters)))
        size = _norm(parameters)
        ratio = _norm(updates) / size if size else 0.0
        layers.append(LayerHealth(name, _norm(gradients) / root, ratio, activity))
    return tuple(layers)


def _norm(arrays: tuple[FloatArray, FloatArray]) -> float:
    with np.errstate(all="ignore"):
        # Not by BLAS: for so few numbers its threads cost more than they save.
        return float(np.sqrt(sum(float(np.square(array).sum()) for array in arrays)))
