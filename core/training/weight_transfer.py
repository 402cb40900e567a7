"""What of one network still fits another: grown, shrunk, or with other inputs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise, zip_longest

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray
from .reshape import Origin, Origins

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

    def fits(self, sizes: tuple[int, ...], inputs: tuple[str, ...]) -> bool:
        """Whether a network of these sizes and inputs has a place for every number."""
        return (self.sizes, self.inputs) == (sizes, inputs)


def surviving(
    old_sizes: tuple[int, ...],
    new_sizes: tuple[int, ...],
    old_inputs: tuple[str, ...],
    new_inputs: tuple[str, ...],
    origins: Origins | None = None,
) -> tuple[Places, Places]:
    """Finds every weight and bias that has its place in the new network too.

    The output layer meets the output layer, the first layer's inputs meet by their name, and
    hidden layers and their neurons as `origins` says. The weights of a layer that stayed are kept
    even where another layer stands before it now: there the units they come from meet by their
    number.

    Args:
        old_sizes: Units of the old network, from the inputs to the outputs.
        new_sizes: Of the new one.
        old_inputs: The names of the old network's inputs.
        new_inputs: The names of the new network's inputs.
        origins: Where each hidden layer of the new network comes from; by default hidden layers
            meet by their number, and neurons in them too.

    Returns:
        Places in the old flat vector, and for each the place in the new one.
    """
    if origins is None:
        origins = _by_number(old_sizes, new_sizes)
    outputs = tuple(range(min(old_sizes[-1], new_sizes[-1])))
    came = (*origins, Origin(len(old_sizes) - 2, outputs))
    old_starts, new_starts = _starts(old_sizes), _starts(new_sizes)
    taken, given = [], []
    for new, origin in enumerate(came):
        if origin is None:
            continue
        old, columns = origin.layer, np.array(origin.neurons, dtype=np.intp)
        if old == new == 0:
            rows = _rows_by_name(old_inputs, new_inputs)
        else:
            rows = _rows(old_sizes[old], new_sizes[new], came[new - 1] if new else None, old)
        # The bias comes after the last row of the weight.
        rows.append((old_sizes[old], new_sizes[new]))
        old_rows, new_rows = np.array(rows)[:, :, None].transpose(1, 0, 2)
        taken.append(old_starts[old] + old_rows * old_sizes[old + 1] + columns)
        given.append(new_starts[new] + new_rows * new_sizes[new + 1] + np.arange(len(columns)))
    return _flat(taken), _flat(given)


def check_origins(
    old_hidden: tuple[int, ...], new_hidden: tuple[int, ...], origins: Origins
) -> None:
    """Checks that origins lead from one network's hidden layers to another's.

    Raises:
        ValueError: If a layer or a neuron is not there.
    """
    if len(origins) != len(new_hidden):
        raise ValueError(f"{len(new_hidden)} hidden layers need as many origins")
    for count, origin in zip(new_hidden, origins, strict=True):
        if origin is None:
            continue
        is_there = 0 <= origin.layer < len(old_hidden) and all(
            0 <= neuron < old_hidden[origin.layer] for neuron in origin.neurons
        )
        if not is_there or len(origin.neurons) > count:
            raise ValueError(f"{origin} does not lead from {old_hidden} to {new_hidden}")


def _rows(n_old: int, n_new: int, before: Origin | None, old: int) -> list[tuple[int, int]]:
    """Which old row of a weight becomes which, `before` being where the layer before comes from."""
    if before is not None and before.layer == old - 1:
        return [(unit, row) for row, unit in enumerate(before.neurons)]
    return [(row, row) for row in range(min(n_old, n_new))]


def _by_number(old_sizes: tuple[int, ...], new_sizes: tuple[int, ...]) -> Origins:
    pairs = zip_longest(old_sizes[1:-1], new_sizes[1:-1])
    return tuple(
        None if old is None else Origin(layer, tuple(range(min(old, new))))
        for layer, (old, new) in enumerate(pairs)
        if new is not None
    )


def _rows_by_name(
    old_inputs: tuple[str, ...], new_inputs: tuple[str, ...]
) -> list[tuple[int, int]]:
    return [
        (old_inputs.index(name), row) for row, name in enumerate(new_inputs) if name in old_inputs
    ]


def _starts(sizes: tuple[int, ...]) -> list[int]:
    return [0, *accumulate((a + 1) * b for a, b in pairwise(sizes))]


def _flat(places: list[Places]) -> Places:
    return np.concatenate([p.ravel() for p in places])
