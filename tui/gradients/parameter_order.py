"""Which rows the parameter table shows, and in which order; only what is in view is ever sorted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ...core.autograd.numerics import FloatArray
from .parameter_rows import Line, SortKey, TableRows, tensor_line, tensor_of

Indices = NDArray[np.intp]

MAX_PINNED: Final = 6
"""More would leave no room for the others; the first that was pinned is unpinned."""


class Arrangement:
    """The rows of a table in their order.

    Attributes:
        rows: The parameters; None before the first.
        order: All the lines that can be scrolled to.
        shown_count: How many parameters match the filter.
        opened: The tensors whose parameters are shown below them.
    """

    def __init__(self) -> None:
        self.rows: TableRows | None = None
        self.order = PinnedOrder([], Order(np.empty(0), None))
        self.shown_count = 0
        self.opened: set[int] = set()
        self._pinned: list[Line] = []
        self._filter = RowFilter()

    def take(self, rows: TableRows) -> None:
        """Take the parameters of another instant; for another network, forget what is pinned."""
        if not rows.has_names_of(self.rows):
            self._pinned.clear()
            self.opened.clear()
        self.rows = rows

    def arrange(
        self, sort_by: SortKey, descending: bool, filter_text: str, by_tensor: bool
    ) -> None:
        """Put the lines in order.

        Args:
            sort_by: What to sort by.
            descending: Largest first.
            filter_text: See `RowFilter`.
            by_tensor: Whether parameters are below their tensors, if those are open.
        """
        rows = self.rows
        if rows is None:
            return
        shown = self._filter.matches(rows, filter_text)
        self.shown_count = len(rows) if shown is None else len(shown)
        rest: LineOrder
        if by_tensor and rows.tensors is not None:
            rest = tree_order_of(rows, sort_by, descending, shown, self.opened)
        else:
            rest = order_of(rows, sort_by, descending, shown)
        self.order = PinnedOrder(list(self._pinned), rest)

    @property
    def n_pinned(self) -> int:
        return self.order.n_pinned

    def is_pinned(self, line: Line) -> bool:
        return line in self._pinned

    def toggle_pinned(self, line: Line) -> None:
        """Pin a line, or unpin it; arrange after that."""
        if line in self._pinned:
            self._pinned.remove(line)
        else:
            self._pinned = [*self._pinned, line][-MAX_PINNED:]

    def is_open(self, line: Line) -> bool:
        """Whether a line is that of an open tensor."""
        return tensor_of(line) in self.opened

    def toggle_open(self, tensor: int) -> None:
        """Open a tensor or close it; arrange after that."""
        self.opened ^= {tensor}

    def open_all(self) -> None:
        """Open every tensor; arrange after that."""
        if self.rows is not None and self.rows.tensors is not None:
            self.opened = set(range(len(self.rows.tensors)))

    def tensor_above(self, line: Line) -> Line | None:
        """The line of the tensor that a parameter belongs to; None for others."""
        if line < 0 or self.rows is None or self.rows.tensors is None:
            return None
        return tensor_line(self.rows.tensors.layout.holder(line))


class RowFilter:
    """Finds the parameters whose name, input, class or verdict contains every word of a text.

    What is found in names is kept until the names change; verdicts are searched every time.
    """

    def __init__(self) -> None:
        self._rows: TableRows | None = None
        self._in_names: dict[str, NDArray[np.bool_]] = {}

    def matches(self, rows: TableRows, text: str) -> NDArray[np.intp] | None:
        """The indices of the parameters that match, ascending; None if the text is blank.

        Args:
            rows: The parameters.
            text: Words separated by spaces; case is ignored.
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
        found = (
            word in rows.name(index).lower() or word in rows.ends(index).lower()
            for index in range(len(rows))
        )
        return np.fromiter(found, dtype=bool, count=len(rows))


def _judged(rows: TableRows, word: str) -> NDArray[np.bool_] | np.bool_:
    """Where the verdict contains a word."""
    codes = np.array([word in name.lower() for name in rows.verdict_names], dtype=bool)
    return codes[rows.verdicts] if codes.any() else np.False_


class LineOrder(Protocol):
    """Lines in some order."""

    def __len__(self) -> int:
        """How many there are."""

    def lines(self, first: int, count: int) -> list[Line]:
        """Those at the places `first` to `first + count - 1`, or as many as there are."""

    def rank(self, line: Line) -> int | None:
        """The place of a line, None if it is not shown."""


class Order:
    """Parameters in a sorted order, of which only the part asked for is ever sorted.

    Equal keys keep the order in which the parameters are given, so that the place of a row does
    not depend on the part.

    Args:
        keys: What to sort by, ascending, without nan, one for each parameter shown.
        indices: The parameters shown, ascending, or None for all.
    """

    def __init__(self, keys: FloatArray, indices: Indices | None) -> None:
        self._keys = keys
        self._indices = indices

    def __len__(self) -> int:
        return len(self._keys)

    def lines(self, first: int, count: int) -> list[Line]:
        first = max(0, first)
        last = min(first + count, len(self)) - 1
        if last < first:
            return []
        places = self._places(first, last)
        found: list[Line] = (places if self._indices is None else self._indices[places]).tolist()
        return found

    def rank(self, line: Line) -> int | None:
        place = line
        if self._indices is not None:
            place = int(np.searchsorted(self._indices, line))
            if place == len(self._indices) or self._indices[place] != line:
                return None
        if not 0 <= place < len(self):
            return None
        key = self._keys[place]
        return int(np.count_nonzero(self._keys < key) + np.count_nonzero(self._keys[:place] == key))

    def _places(self, first: int, last: int) -> Indices:
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


class TreeOrder:
    """Tensors, with the parameters of open ones below them.

    Args:
        tensors: The tensors shown, in their order.
        children: For those that are open, their parameters.
    """

    def __init__(self, tensors: list[int], children: dict[int, Order]) -> None:
        self._tensors = tensors
        self._children = children
        sizes = [1 + len(children.get(tensor, ())) for tensor in tensors]
        self._starts = [0, *np.cumsum(sizes).tolist()] if sizes else [0]

    def __len__(self) -> int:
        return int(self._starts[-1])

    def lines(self, first: int, count: int) -> list[Line]:
        first, last = max(0, first), first + count
        found: list[Line] = []
        for tensor, start in zip(self._tensors, self._starts, strict=False):
            if first <= start < last:
                found.append(tensor_line(tensor))
            if (order := self._children.get(tensor)) is not None:
                begin = max(first, start + 1)
                found += order.lines(begin - start - 1, last - begin)
        return found

    def rank(self, line: Line) -> int | None:
        for tensor, start in zip(self._tensors, self._starts, strict=False):
            if tensor_line(tensor) == line:
                return start
            order = self._children.get(tensor)
            if line >= 0 and order is not None and (rank := order.rank(line)) is not None:
                return start + 1 + rank
        return None


def order_of(rows: TableRows, sort_by: SortKey, descending: bool, shown: Indices | None) -> Order:
    """The order of single parameters.

    Args:
        rows: The parameters.
        sort_by: What to sort by. Not a number counts as larger than all numbers.
        descending: Largest first. Equal ones stay in the order in which they are given.
        shown: The parameters shown, ascending, or None for all.
    """
    keys = rows.numbers(sort_by)
    return Order(_directed(keys if shown is None else keys[shown], descending), shown)


def tree_order_of(
    rows: TableRows,
    sort_by: SortKey,
    descending: bool,
    shown: Indices | None,
    opened: Collection[int],
) -> TreeOrder:
    """The order of tensors and, below open ones, of their parameters.

    Args:
        rows: The parameters, with their tensors.
        sort_by: What to sort both by.
        descending: Largest first.
        shown: The parameters shown, ascending, or None for all: a tensor without any is left out.
        opened: The open tensors.
    """
    tensors = rows.tensors
    if tensors is None:
        return TreeOrder([], {})
    starts = tensors.layout.starts
    kept = Order(_directed(tensors.numbers(sort_by), descending), None).lines(0, len(tensors))
    if shown is not None:
        inside = np.diff(np.searchsorted(shown, starts))
        kept = [tensor for tensor in kept if inside[tensor]]
    children = {}
    for tensor in kept:
        if tensor in opened:
            part = tensors.layout.part(tensor)
            chosen = np.arange(part.start, part.stop)
            keys = rows.numbers(sort_by, part)
            if shown is not None:
                chosen = shown[slice(*np.searchsorted(shown, [part.start, part.stop]))]
                keys = keys[chosen - part.start]
            children[tensor] = Order(_directed(keys, descending), chosen)
    return TreeOrder(kept, children)


def _directed(keys: FloatArray, descending: bool) -> FloatArray:
    unknown = np.isnan(keys)
    if unknown.any():
        keys = np.where(unknown, np.inf, keys)
    directed: FloatArray = -keys if descending else keys
    return directed


class PinnedOrder:
    """Some lines on top, the others below them.

    Args:
        pinned: The lines on top, in their order.
        rest: All the lines; the pinned ones are left out.
    """

    def __init__(self, pinned: list[Line], rest: LineOrder) -> None:
        self._pinned = pinned
        self._rest = rest
        places = (rest.rank(line) for line in pinned)
        self._gaps = sorted(place for place in places if place is not None)

    def __len__(self) -> int:
        return len(self._pinned) + len(self._rest) - len(self._gaps)

    @property
    def n_pinned(self) -> int:
        return len(self._pinned)

    def lines(self, first: int, count: int) -> list[Line]:
        first, last = max(0, first), first + count
        found = self._pinned[first:last]
        begin = max(0, first - self.n_pinned)
        wanted = max(0, last - max(first, self.n_pinned))
        # Every gap makes at most one more line necessary.
        before = sum(1 for k, gap in enumerate(self._gaps) if gap - k <= begin)
        more = self._rest.lines(begin + before, wanted + len(self._gaps))
        pinned = set(self._pinned)
        return found + [line for line in more if line not in pinned][:wanted]

    def rank(self, line: Line) -> int | None:
        if line in self._pinned:
            return self._pinned.index(line)
        place = self._rest.rank(line)
        if place is None:
            return None
        return self.n_pinned + place - sum(gap < place for gap in self._gaps)
