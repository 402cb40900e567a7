"""From a snapshot to what the network diagram draws."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ...core import Snapshot
from ...core.training import layer_arrays
from ..drawing.palette import LEVELS, NEUTRAL_LEVEL, level_of
from ..network_parts import DiagramData

FloatArray = NDArray[np.float64]
Pixels = NDArray[np.uint8]

CURVE_ROWS = 8


def diagram_data(snapshot: Snapshot) -> DiagramData:
    """The network of a snapshot, with what each unit computes as a thumbnail."""
    weights, biases = zip(*layer_arrays(snapshot.sizes, snapshot.parameters), strict=True)
    n_layers = len(weights)
    names = [f"layer {k}" for k in range(1, n_layers)]
    return DiagramData(
        input_names=snapshot.inputs,
        layer_names=(*names, "output"),
        activations=snapshot.activations,
        weights=weights,
        biases=biases,
        thumbnails=tuple(_thumbnails(snapshot, weights[0])),
        notes=(("",) * snapshot.sizes[0], *snapshot.unit_notes),
        frozen=_frozen(snapshot),
    )


def _frozen(snapshot: Snapshot) -> tuple[NDArray[np.bool_], ...]:
    if not snapshot.frozen.any():
        return ()
    # A layer's weights and, after them, its biases stand below each other in the flat vector.
    ends = np.cumsum([(a + 1) * b for a, b in pairwise(snapshot.sizes)])
    parts = np.split(snapshot.frozen, ends[:-1])
    return tuple(
        part.reshape(-1, n_to) for part, n_to in zip(parts, snapshot.sizes[1:], strict=True)
    )


def _thumbnails(snapshot: Snapshot, first_weights: FloatArray) -> list[Pixels]:
    if snapshot.unit_maps:
        draw = _maps if len(snapshot.view) == 2 else _curves
        return [draw(units) for units in snapshot.unit_maps]
    empty = [np.zeros((n, 0, 0), dtype=np.uint8) for n in snapshot.sizes]
    side = math.isqrt(snapshot.sizes[0])
    if side > 1 and side % 2 == 0 and side * side == snapshot.sizes[0]:
        # Inputs that are the pixels of a square: what a neuron looks for is a picture itself.
        empty[1] = _maps(first_weights.T.reshape(-1, side, side))
    return empty


def _maps(units: FloatArray) -> Pixels:
    """Each unit's own greatest output gets the full colour."""
    largest = np.abs(np.nan_to_num(units)).max(axis=(1, 2), keepdims=True)
    return level_of(units / np.where(largest > 0.0, largest, 1.0), 1.0)


def _curves(units: FloatArray) -> Pixels:
    """Each unit's output along the line, from its least at the bottom to its greatest on top."""
    values = np.nan_to_num(units)
    low = values.min(axis=1, keepdims=True)
    spread = np.ptp(values, axis=1, keepdims=True)
    height = (values - low) / np.where(spread > 0.0, spread, 1.0)
    rows = np.rint((1.0 - height) * (CURVE_ROWS - 1)).astype(int)
    n, columns = values.shape
    pixels = np.full((n, CURVE_ROWS, columns), NEUTRAL_LEVEL, dtype=np.uint8)
    unit, column = np.indices(values.shape)
    pixels[unit, rows, column] = np.where(values < 0.0, 0, LEVELS - 1)
    return pixels
