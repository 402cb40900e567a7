"""What the parameter table shows, and in which order: arrays, no widget."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

SortKey = Literal["name", "value", "gradient", "abs gradient", "ratio", "verdict"]
"""What the table can be sorted by. `name` is the order in which the parameters are given."""
SORT_KEYS: Final[tuple[SortKey, ...]] = get_args(SortKey)

Names = Sequence[str] | Callable[[int], str]
"""The parameters' names, or a function from a parameter's index to its name."""


@dataclass(frozen=True, eq=False)
class TableRows:
    """One instant of `n` parameters.

    Attributes:
        names: Hand over the same object for as long as no name changes: what is found in it is
            remembered.
        values: Shape `(n,)`, float64.
        gradients: Shape `(n,)`, float64.
        updates: Shape `(n,)`, float64: what the last step added to each value.
        history: Shape `(k, n)`, past gradients, oldest first; `k` may be 0.
        verdicts: Shape `(n,)`, uint8: indices into `verdict_names`. Code 0 is the healthy one.
        verdict_names: The words for the codes.

    Raises:
        ValueError: If the shapes do not fit together.
    """

    names: Names
    values: NDArray[np.float64]
    gradients: NDArray[np.float64]
    updates: NDArray[np.float64]
    history: NDArray[np.float64]
    verdicts: NDArray[np.uint8]
    verdict_names: tuple[str, ...]

    def __post_init__(self) -> None:
        n = len(self.values)
        for name in ("gradients", "updates", "verdicts"):
            if (shape := getattr(self, name).shape) != (n,):
                raise ValueError(f"{name} have shape {shape} where values have ({n},)")
        if self.history.ndim != 2 or self.history.shape[1] != n:
            raise ValueError(f"history has shape {self.history.shape}, not (k, {n})")
        if not callable(self.names) and len(self.names) != n:
            raise ValueError(f"{len(self.names)} names for {n} parameters")

    def __len__(self) -> int:
        return len(self.values)

    def name(self, index: int) -> str:
        """The name of one parameter."""
        return self.names(index) if callable(self.names) else self.names[index]

    def has_names_of(self, other: "TableRows | None") -> bool:
        """Whether both have the same names, told by the names' identity."""
        if other is None or len(other) != len(self):
            return False
        # A bound method is a new object each time it is looked up, but an equal one.
        return self.names is other.names or (callable(self.names) and self.names == other.names)

    def verdict(self, index: int) -> str:
        """The verdict on one parameter, in a word."""
        return self.verdict_names[int(self.verdicts[index])]

    def ratios(self, indices: NDArray[np.intp] | slice = slice(None)) -> NDArray[np.float64]:
        """Magnitude of the update over that of the value: 0 for no update, inf for value 0."""
        ratios = np.abs(self.updates[indices])
        moved = ratios != 0
        with np.errstate(divide="ignore", over="ignore"):
            np.divide(ratios, np.abs(self.values[indices]), out=ratios, where=moved)
        return ratios

    def largest_gradient(self) -> float:
        """The largest finite magnitude of a gradient, 0 if there is none."""
        magnitudes = np.abs(self.gradients)
        return float(np.max(magnitudes, where=np.isfinite(magnitudes), initial=0.0))


class Order:
    """Parameters in a sorted order of which only the part asked for is ever sorted.

    Equal keys keep the order in which the parameters are given, so that the place of a row does
    not depend on which part is looked at.

    Args:
        keys: What to sort by, ascending, without nan, one for each parameter shown.
        indices: The parameters shown, ascending, or None for all.
    """

    def __init__(self, keys: NDArray[np.float64], indices: NDArray[np.intp] | None) -> None:
        self._keys = keys
        self._indices = indices

    def __len__(self) -> int:
        return len(self._keys)

    def window(self, first: int, count: int) -> NDArray[np.intp]:
        """The parameters at places `first` to `first + count - 1`, or as many as there are."""
        first = max(0, first)
        last = min(first + count, len(self)) - 1
        if last < first:
            return np.empty(0, dtype=np.intp)
        places = self._places(first, last)
        return places if self._indices is None else self._indices[places]

    def rank(self, index: int) -> int | None:
        """The place of a parameter, None if it is not shown."""
        place = index
        if self._indices is not None:
            place = int(np.searchsorted(self._indices, index))
            if place == len(self._indices) or self._indices[place] != index:
                return None
        if not 0 <= place < len(self):
            return None
        key = self._keys[place]
        return int(np.count_nonzero(self._keys < key) + np.count_nonzero(self._keys[:place] == key))

    def _places(self, first: int, last: int) -> NDArray[np.intp]:
        keys = self._keys
        low, high = np.partition(keys, (first, last))[[first, last]]
        # Only what lies strictly between is sorted: ties at the ends may be very many.
        inside = np.flatnonzero((keys > low) & (keys < high))
        inside = inside[np.argsort(keys[inside], kind="stable")]
        parts = [np.flatnonzero(keys == low), inside]
        if high > low:
            parts.append(np.flatnonzero(keys == high))
        before = int(np.count_nonzero(keys < low))
        return np.concatenate(parts)[first - before : last - before + 1]


def order_of(
    rows: TableRows, sort_by: SortKey, descending: bool, shown: NDArray[np.intp] | None
) -> Order:
    """The order of the parameters shown.

    Args:
        rows: The parameters.
        sort_by: What to sort by. Not a number counts as larger than all numbers.
        descending: Largest first. Equal ones stay in the order in which they are given.
        shown: The parameters shown, ascending, or None for all.
    """
    keys = _sort_values(rows, sort_by)
    if shown is not None:
        keys = keys[shown]
    unknown = np.isnan(keys)
    if unknown.any():
        keys = np.where(unknown, np.inf, keys)
    return Order(-keys if descending else keys, shown)


def _sort_values(rows: TableRows, sort_by: SortKey) -> NDArray[np.float64]:
    match sort_by:
        case "name":
            return np.arange(len(rows), dtype=np.float64)
        case "value":
            return rows.values
        case "gradient":
            return rows.gradients
        case "abs gradient":
            return np.abs(rows.gradients)
        case "ratio":
            return rows.ratios()
        case "verdict":
            return rows.verdicts.astype(np.float64)


class RowFilter:
    """Finds the parameters whose name or verdict contains every word of a text.

    What is found in names is remembered until the names change; verdicts are looked at anew.
    """

    def __init__(self) -> None:
        self._rows: TableRows | None = None
        self._in_names: dict[str, NDArray[np.bool_]] = {}

    def matches(self, rows: TableRows, text: str) -> NDArray[np.intp] | None:
        """The indices of the parameters that match, ascending; None if the text is blank.

        Args:
            rows: The parameters.
            text: Words with blanks between, upper and lower case alike.
        """
        words = text.lower().split()
        if not words:
            return None
        if not rows.has_names_of(self._rows):
            self._in_names.clear()
        self._rows = rows
        self._in_names = {word: self._named(rows, word) for word in words}
        matching = np.ones(len(rows), dtype=bool)
        for word in words:
            matching &= self._in_names[word] | _judged(rows, word)
        return np.flatnonzero(matching)

    def _named(self, rows: TableRows, word: str) -> NDArray[np.bool_]:
        if (known := self._in_names.get(word)) is not None:
            return known
        found = (word in rows.name(index).lower() for index in range(len(rows)))
        return np.fromiter(found, dtype=bool, count=len(rows))


def _judged(rows: TableRows, word: str) -> NDArray[np.bool_] | np.bool_:
    """Where the verdict contains a word."""
    codes = np.array([word in name.lower() for name in rows.verdict_names], dtype=bool)
    return codes[rows.verdicts] if codes.any() else np.False_
