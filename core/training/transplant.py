"""What of one network still fits another: grown, shrunk, or with other inputs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from ..autograd.ops import FloatArray

Places = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """All numbers of a network at one instant.

    Attributes:
        sizes: Units from the inputs to the outputs.
        inputs: The names of the inputs.
        parameters: Shape (n,).
        frozen: Shape (n,), true for those that training leaves alone.
    """

    sizes: tuple[int, ...]
    inputs: tuple[str, ...]
    parameters: FloatArray
    frozen: BoolArray


def surviving(
    old_sizes: tuple[int, ...],
    new_sizes: tuple[int, ...],
    old_inputs: tuple[str, ...],
    new_inputs: tuple[str, ...],
) -> tuple[Places, Places]:
    """Finds every weight and bias that has its place in the new network too.

    Hidden layers meet by their number, the output layer meets the output layer; inside a layer
    neurons meet by their number, and the first layer's inputs by their name.

    Args:
        old_sizes: Units of the old network, from the inputs to the outputs.
        new_sizes: Of the new one.
        old_inputs: The names of the old network's inputs.
        new_inputs: The names of the new network's inputs.

    Returns:
        Places in the old flat vector, and for each the place in the new one.
    """
    old_last, new_last = len(old_sizes) - 2, len(new_sizes) - 2
    pairs = [(k, k) for k in range(min(old_last, new_last))]
    pairs.append((old_last, new_last))
    old_starts, new_starts = _starts(old_sizes), _starts(new_sizes)
    taken, given = [], []
    for old, new in pairs:
        if old == new == 0:
            rows = [
                (old_inputs.index(name), row)
                for row, name in enumerate(new_inputs)
                if name in old_inputs
            ]
        else:
            rows = [(row, row) for row in range(min(old_sizes[old], new_sizes[new]))]
        # The bias comes after the last row of the weight.
        rows.append((old_sizes[old], new_sizes[new]))
        n = min(old_sizes[old + 1], new_sizes[new + 1])
        old_rows, new_rows = np.array(rows).T
        taken.append(old_starts[old] + old_rows[:, None] * old_sizes[old + 1] + np.arange(n))
        given.append(new_starts[new] + new_rows[:, None] * new_sizes[new + 1] + np.arange(n))
    return _flat(taken), _flat(given)


def _starts(sizes: tuple[int, ...]) -> list[int]:
    return [0, *accumulate((a + 1) * b for a, b in pairwise(sizes))]


def _flat(places: list[Places]) -> Places:
    return np.concatenate([p.ravel() for p in places])
