"""Layers: each layer's gradient, update and activity in numbers, and what is wrong in a word."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..autograd.numerics import FloatArray
from ..training.snapshot import Snapshot
from ..training.trace import layer_arrays
from ..training.units import LayerActivity

# A sigmoid passes on at most a quarter of a gradient, and its weight less than that: five layers
# make a thousandth (Hochreiter 1991; Glorot & Bengio 2010, section 4.2). Networks of this size that
# learn well stay above a twentieth.
VANISHING_LAYER_SHARE = 1e-3
# The same the other way round (Pascanu et al. 2013, section 2.2).
EXPLODING_LAYER_GRADIENT = 1e3
# An update of a thousandth of the weights is usual (Karpathy, "makemore" lecture 4); one of a fifth
# leaves little of what they were.
LARGE_UPDATE_RATIO = 0.2
SMALL_UPDATE_RATIO = 3e-5
# Below this a gradient is too small for any learning rate on offer.
SMALL_GRADIENT = 1e-4
# A relu that never fires no longer learns (Lu et al. 2019, arXiv:1903.06733).
DEAD_SHARE = 0.5
# Sums far out on the flat ends (Glorot & Bengio 2010, section 3).
SATURATED_LAYER_SHARE = 0.8

OK = "ok"


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


def layer_verdicts(layers: tuple[LayerHealth, ...]) -> tuple[str, ...]:
    """What is wrong with each layer, in a word.

    Args:
        layers: As `layer_health` gives them, after at least one step.

    Returns:
        For each: ok, dead, saturated, exploding, vanishing, too large or too small (its update), or
        no gradient. An output layer is never saturated: it is flat where the network is right.
    """
    last = layers[-1]
    return tuple(_verdict(layer, last, is_output=layer is last) for layer in layers)


def _verdict(layer: LayerHealth, last: LayerHealth, *, is_output: bool) -> str:
    if layer.activity.dead >= DEAD_SHARE:
        return "dead"
    if not is_output and layer.activity.saturated > SATURATED_LAYER_SHARE:
        return "saturated"
    if not math.isfinite(layer.gradient) or layer.gradient > EXPLODING_LAYER_GRADIENT:
        return "exploding"
    if layer.gradient == 0.0:
        return "no gradient"
    if layer.gradient < last.gradient * VANISHING_LAYER_SHARE:
        return "vanishing"
    if layer.update_ratio > LARGE_UPDATE_RATIO:
        return "too large"
    if 0.0 < layer.update_ratio < SMALL_UPDATE_RATIO and layer.gradient > SMALL_GRADIENT:
        return "too small"
    return OK
