"""Statistics: each weight matrix and bias vector of a network in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray
from ..training.snapshot import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class TensorLayout:
    """The places of a network's tensors in its flat vector.

    Attributes:
        names: `layer1.weight`, `layer1.bias`, and so on, in order.
        shapes: (from, to) of a weight, (to,) of a bias.
        starts: The place where each begins, and the end of the last, shape (tensors + 1,).
    """

    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    starts: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def sizes(self) -> NDArray[np.intp]:
        """The size of each, shape (tensors,)."""
        return np.diff(self.starts)

    def part(self, tensor: int) -> slice:
        """The part of the flat vector that a tensor fills."""
        return slice(int(self.starts[tensor]), int(self.starts[tensor + 1]))

    def counts(self, codes: NDArray[np.uint8], n_codes: int) -> NDArray[np.intp]:
        """The count of each code in each tensor, shape (tensors, n_codes).

        Args:
            codes: One for each parameter, shape (n,), below `n_codes`.
            n_codes: Number of codes.
        """
        parts = [codes[self.part(tensor)] for tensor in range(len(self))]
        return np.stack([np.bincount(part, minlength=n_codes) for part in parts])

    def holder(self, place: int) -> int:
        """The tensor that holds a place of the flat vector."""
        return int(np.searchsorted(self.starts, place, side="right")) - 1


@dataclass(frozen=True, slots=True, eq=False)
class TensorStats:
    """Every tensor after one step; each array has the shape (tensors,).

    Attributes:
        layout: The tensors.
        values: |w|, the Euclidean norm of the values.
        gradients: |g|, that of the gradients.
        means: The mean of the gradients.
        largest: The largest magnitude of a gradient.
        zeros: The share of gradients that are exactly 0.
        ratios: |update| / |w|: 0 without an update, infinite where all values are 0.
    """

    layout: TensorLayout
    values: FloatArray
    gradients: FloatArray
    means: FloatArray
    largest: FloatArray
    zeros: FloatArray
    ratios: FloatArray


@lru_cache(maxsize=16)
def tensor_layout(sizes: tuple[int, ...]) -> TensorLayout:
    """The tensors of a network with these numbers of units, from the inputs to the outputs."""
    names: list[str] = []
    shapes: list[tuple[int, ...]] = []
    for layer, (n_from, n_to) in enumerate(pairwise(sizes), start=1):
        names += [f"layer{layer}.weight", f"layer{layer}.bias"]
        shapes += [(n_from, n_to), (n_to,)]
    counts = [int(np.prod(shape)) for shape in shapes]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
    starts.setflags(write=False)
    return TensorLayout(tuple(names), tuple(shapes), starts)


def tensor_stats(snapshot: Snapshot) -> TensorStats:
    """The statistics of every tensor, in a few passes over the flat vectors."""
    layout = tensor_layout(snapshot.sizes)
    begins, counts = layout.starts[:-1], layout.sizes
    gradients = snapshot.gradients
    with np.errstate(all="ignore"):
        values = _norms(snapshot.parameters, begins)
        moves = _norms(snapshot.updates, begins)
        return TensorStats(
            layout=layout,
            values=values,
            gradients=_norms(gradients, begins),
            means=np.add.reduceat(gradients, begins) / counts,
            largest=np.maximum.reduceat(np.abs(gradients), begins),
            zeros=np.add.reduceat(gradients == 0.0, begins, dtype=np.float64) / counts,
            ratios=np.where(moves == 0.0, 0.0, moves / values),
        )


def _norms(flat: FloatArray, begins: NDArray[np.intp]) -> FloatArray:
    norms: FloatArray = np.sqrt(np.add.reduceat(flat * flat, begins))
    return norms
