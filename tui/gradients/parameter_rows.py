"""What the parameter table shows at one instant: arrays, no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ...core.autograd.numerics import FloatArray
from ...core.diagnosis.statistics import TensorLayout, TensorStats

SortKey = Literal[
    "name",
    "value",
    "gradient",
    "abs gradient",
    "ratio",
    "verdict",
    "mean",
    "largest",
    "zeros",
]
"""What the table can be sorted by. `name` is the order in which the parameters are given."""
SORT_KEYS: Final[tuple[SortKey, ...]] = get_args(SortKey)

History = Sequence[FloatArray] | FloatArray
"""Past numbers, the oldest first: one array for each moment, or a row of an array."""

Line = int
"""A row that can be shown: a parameter's index, or `tensor_line` of a tensor."""


def tensor_line(tensor: int) -> Line:
    """The line of a tensor: below zero, so that it stays the same in a network of another size."""
    return -1 - tensor


def tensor_of(line: Line) -> int | None:
    """The tensor of a line; None if it is a parameter's."""
    return -1 - line if line < 0 else None


@dataclass(frozen=True, eq=False)
class TensorRows:
    """One instant of the `t` tensors that the parameters belong to.

    Attributes:
        stats: Their numbers.
        history: Past norms of the gradients, `k` arrays of shape `(t,)`, oldest first.
        verdicts: Shape `(t, codes)`: how many parameters of each have each verdict.
    """

    stats: TensorStats
    history: History
    verdicts: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.layout)

    @property
    def layout(self) -> TensorLayout:
        return self.stats.layout

    def shape(self, tensor: int) -> str:
        """A tensor's shape: `8x4`."""
        return "x".join(map(str, self.layout.shapes[tensor]))

    def worst(self, tensor: int) -> tuple[int, int]:
        """The code, other than 0, of most of a tensor's parameters, and of how many; (0, 0)."""
        counts = self.verdicts[tensor, 1:]
        if not counts.any():
            return 0, 0
        code = int(np.argmax(counts))
        return code + 1, int(counts[code])

    def numbers(self, key: SortKey) -> FloatArray:
        """What to sort the tensors by, shape `(t,)`; most of it is also shown."""
        stats = self.stats
        match key:
            case "name":
                return np.arange(len(self), dtype=np.float64)
            case "value":
                return stats.values
            case "gradient" | "abs gradient":
                return stats.gradients
            case "mean":
                return stats.means
            case "largest":
                return stats.largest
            case "zeros":
                return stats.zeros
            case "ratio":
                return stats.ratios
            case "verdict":
                bad = self.verdicts[:, 1:].sum(axis=1)
                share: FloatArray = bad / np.maximum(self.verdicts.sum(axis=1), 1)
                return share


@dataclass(frozen=True, eq=False)
class TableRows:
    """One instant of `n` parameters.

    Attributes:
        names: The same object as long as no name changes: search results are kept for it.
        values: Shape `(n,)`, float64.
        gradients: Shape `(n,)`, float64.
        updates: Shape `(n,)`, float64: what the last step added to each value.
        history: Past gradients, `k` arrays of shape `(n,)`, oldest first; `k` may be 0.
        verdicts: Shape `(n,)`, uint8: indices into `verdict_names`. Code 0 is the healthy one.
        verdict_names: The words for the codes.
        frozen: Shape `(n,)`: which ones training leaves unchanged; None for none.
        tensors: The tensors that they belong to; None if they have none.
        ends: What of the data a parameter belongs to, an input or a class; empty for none. It
            changes only with `names`.

    Raises:
        ValueError: If the shapes do not fit together.
    """

    names: Sequence[str]
    values: FloatArray
    gradients: FloatArray
    updates: FloatArray
    history: History
    verdicts: NDArray[np.uint8]
    verdict_names: tuple[str, ...]
    frozen: NDArray[np.bool_] | None = None
    tensors: TensorRows | None = None
    ends: Callable[[int], str] = lambda index: ""

    def __post_init__(self) -> None:
        n = len(self.values)
        for name in ("gradients", "updates", "verdicts"):
            if (shape := getattr(self, name).shape) != (n,):
                raise ValueError(f"{name} have shape {shape} where values have ({n},)")
        for past in self.history:
            if past.shape != (n,):
                raise ValueError(f"history has shape {past.shape} where values have ({n},)")
        if len(self.names) != n:
            raise ValueError(f"{len(self.names)} names for {n} parameters")
        if self.tensors is not None and self.tensors.layout.starts[-1] != n:
            raise ValueError(f"the tensors hold {self.tensors.layout.starts[-1]}, not {n} numbers")

    def __len__(self) -> int:
        return len(self.values)

    def name(self, line: Line) -> str:
        """The name of one parameter, or of a tensor."""
        tensor = tensor_of(line)
        if tensor is None:
            return self.names[line]
        return "" if self.tensors is None else self.tensors.layout.names[tensor]

    def has_names_of(self, other: TableRows | None) -> bool:
        """Whether both have the same names, by their identity."""
        return other is not None and self.names is other.names

    def holds(self, line: Line) -> bool:
        """Whether there is such a row."""
        tensor = tensor_of(line)
        if tensor is None:
            return line < len(self)
        return self.tensors is not None and tensor < len(self.tensors)

    def is_frozen(self, index: int) -> bool:
        return self.frozen is not None and bool(self.frozen[index])

    def ratios(self, part: slice = slice(None)) -> FloatArray:
        """Magnitude of the update over that of the value: 0 for no update, inf for value 0."""
        ratios = np.abs(self.updates[part])
        moved = ratios != 0
        with np.errstate(all="ignore"):
            np.divide(ratios, np.abs(self.values[part]), out=ratios, where=moved)
        return ratios

    def numbers(self, key: SortKey, part: slice = slice(None)) -> FloatArray:
        """What to sort a part of the parameters by, one number each; most of it is also shown."""
        match key:
            case "name":
                return np.arange(len(self.values[part]), dtype=np.float64)
            case "value":
                return self.values[part]
            case "gradient" | "mean":
                return self.gradients[part]
            case "abs gradient" | "largest":
                return np.abs(self.gradients[part])
            case "zeros":
                zeros: FloatArray = (self.gradients[part] == 0.0).astype(np.float64)
                return zeros
            case "ratio":
                return self.ratios(part)
            case "verdict":
                return self.verdicts[part].astype(np.float64)

    def number(self, line: Line, key: SortKey) -> float:
        """One of the numbers of a parameter or a tensor."""
        tensor = tensor_of(line)
        if tensor is not None and self.tensors is not None:
            return float(self.tensors.numbers(key)[tensor])
        return float(self.numbers(key, slice(line, line + 1))[0])

    def past(self, line: Line, most: int) -> list[float]:
        """The last gradients of a parameter, or a tensor's norms, at most `most`, oldest first."""
        tensor = tensor_of(line)
        if tensor is not None and self.tensors is not None:
            return [float(past[tensor]) for past in self.tensors.history[-most:]]
        return [float(past[line]) for past in self.history[-most:]]

    def largest_gradient(self) -> float:
        """The largest finite magnitude of a gradient, 0 if there is none."""
        magnitudes = np.abs(self.gradients)
        return float(np.max(magnitudes, where=np.isfinite(magnitudes), initial=0.0))
