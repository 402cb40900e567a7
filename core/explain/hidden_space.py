"""Hidden space: where a layer puts the samples, how it bends the inputs, and what reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..autograd import Value
from ..autograd.numerics import FloatArray
from ..nn import ACTIVATIONS
from ..training.projection import N_COMPONENTS, principal_components
from ..training.snapshot import Snapshot
from ..training.trace import layer_arrays, trace_points

GRID_LINES = 9
"""Across the inputs, and as many up."""
GRID_POINTS = 61
"""Of each line."""
TOO_FAR = 1e100
"""A sample that a layer puts beyond this has no place: the network diverges."""


@dataclass(frozen=True, slots=True, eq=False)
class HiddenSpace:
    """What goes on from a layer, seen in a plane: its two units, or its first two components.

    Attributes:
        layer: 0 for the inputs, 1 for the first hidden layer.
        n_units: Of the layer.
        explained: The share of the variance along each axis, shape (2,); of one or two units
            nothing is left out, and it is empty.
        places: Of the samples that were asked for, shape (samples, 2); nan if `TOO_FAR`.
        grid: Lines through the inputs' view, bent as the layer bends them, shape (points, 2) each;
            none if the data have more than two columns.
        weight: What the outputs add up for a place of this plane, shape (2, outputs); None before
            the last hidden layer, behind which it is not a straight matter.
        bias: Likewise, shape (outputs,).
        activation: The outputs' own.
    """

    layer: int
    n_units: int
    explained: FloatArray
    places: FloatArray
    grid: tuple[FloatArray, ...]
    weight: FloatArray | None
    bias: FloatArray | None
    activation: str

    def outputs(self, places: FloatArray) -> FloatArray | None:
        """The network's outputs if the last hidden layer puts samples at some places.

        Args:
            places: Shape (n, 2).

        Returns:
            Shape (n, outputs); None of another layer.
        """
        if self.weight is None or self.bias is None:
            return None
        with np.errstate(all="ignore"):
            sums = places @ self.weight + self.bias
            return np.asarray(ACTIVATIONS[self.activation](Value(sums)).data)


def hidden_space(snapshot: Snapshot, layer: int, rows: NDArray[np.int64]) -> HiddenSpace:
    """Computes where a layer puts samples.

    Args:
        snapshot: The network and its data.
        layer: 0 for the inputs, 1 for the first hidden layer, up to the last hidden one.
        rows: Which samples, rows of the data set; at least one.
    """
    hidden = trace_points(snapshot, snapshot.dataset.points[rows])[1][layer]
    good = np.less(np.abs(hidden), TOO_FAR).min(axis=1)
    n_units, explained = hidden.shape[1], np.zeros(0)
    centre, axes = np.zeros(n_units), np.eye(N_COMPONENTS, n_units)
    if n_units > N_COMPONENTS and good.any():
        found = principal_components(hidden[good])
        centre, axes, explained = found.centre, found.axes, found.explained

    def placed(outputs: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            return np.asarray((outputs - centre) @ axes.T)

    lines = _input_lines(snapshot.view)
    bent = trace_points(snapshot, np.concatenate(lines))[1][layer] if lines else hidden[:0]
    grid = np.split(placed(bent), len(lines)) if lines else []
    places = np.where(good[:, None], placed(hidden), np.nan)
    weight = bias = None
    if layer == len(snapshot.sizes) - 2:
        last_weight, last_bias = layer_arrays(snapshot.sizes, snapshot.parameters)[-1]
        with np.errstate(all="ignore"):
            weight, bias = axes @ last_weight, centre @ last_weight + last_bias
    return HiddenSpace(
        layer, n_units, explained, places, tuple(grid), weight, bias, snapshot.activations[-1]
    )


def _input_lines(view: Sequence[tuple[float, float]]) -> list[FloatArray]:
    """The lines of a grid over the inputs' view, shape (points, columns) each."""
    along = [np.linspace(*ends, GRID_POINTS) for ends in view]
    if len(along) < N_COMPONENTS:
        return [line[:, None] for line in along]
    lines = []
    for axis, ends in enumerate(view):
        for place in np.linspace(*ends, GRID_LINES):
            line = np.empty((GRID_POINTS, N_COMPONENTS))
            line[:, axis], line[:, 1 - axis] = place, along[1 - axis]
            lines.append(line)
    return lines
