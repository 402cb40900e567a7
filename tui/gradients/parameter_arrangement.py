"""Which rows the parameter table shows, one below the other: filtered, folded, sorted, pinned."""

from __future__ import annotations

from typing import Final

from .parameter_filter import RowFilter
from .parameter_order import LineOrder, PinnedOrder, holder_of, order_of, tree_order_of
from .parameter_rows import Line, SortKey, TableRows, tensor_line, tensor_of

MAX_PINNED: Final = 6
"""More would leave no room for the others; the one that was pinned first goes."""


class Arrangement:
    """The rows of a table in their order.

    Attributes:
        rows: The parameters; None before the first.
        order: All the lines that can be scrolled to; None before the first rows.
        shown_count: How many parameters the filter lets through.
        opened: The tensors whose parameters stand below them.
    """

    def __init__(self) -> None:
        self.rows: TableRows | None = None
        self.order: PinnedOrder | None = None
        self.shown_count = 0
        self.opened: set[int] = set()
        self._pinned: list[Line] = []
        self._filter = RowFilter()

    def take(self, rows: TableRows) -> None:
        """Takes the parameters of another instant; of another network, nothing is pinned yet."""
        if not rows.has_names_of(self.rows):
            self._pinned.clear()
            self.opened.clear()
        self.rows = rows

    def arrange(
        self, sort_by: SortKey, descending: bool, filter_text: str, by_tensor: bool
    ) -> None:
        """Puts the lines in order.

        Args:
            sort_by: What to sort by.
            descending: Largest first.
            filter_text: See `RowFilter`.
            by_tensor: Whether parameters stand below their tensors, if those are open.
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
        """How many lines stay on top."""
        return 0 if self.order is None else self.order.n_pinned

    def is_pinned(self, line: Line) -> bool:
        """Whether a line stays on top."""
        return line in self._pinned

    def toggle_pinned(self, line: Line) -> None:
        """Pins a line, or lets it go; to be arranged anew after that."""
        if line in self._pinned:
            self._pinned.remove(line)
        else:
            self._pinned = [*self._pinned, line][-MAX_PINNED:]

    def is_open(self, line: Line) -> bool:
        """Whether a line is that of an open tensor."""
        return tensor_of(line) in self.opened

    def toggle_open(self, tensor: int) -> None:
        """Opens a tensor or closes it; to be arranged anew after that."""
        self.opened ^= {tensor}

    def open_all(self) -> None:
        """Opens every tensor; to be arranged anew after that."""
        if self.rows is not None and self.rows.tensors is not None:
            self.opened = set(range(len(self.rows.tensors)))

    def tensor_above(self, line: Line) -> Line | None:
        """The line of the tensor that a parameter belongs to; None for others."""
        if self.rows is None or line < 0 or (tensor := holder_of(self.rows, line)) is None:
            return None
        return tensor_line(tensor)
