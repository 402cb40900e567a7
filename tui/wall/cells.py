"""Cells: how large the cells of a wall are drawn, which of them, and where their labels stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len

MOST_COLUMNS: Final = 40
MOST_LINES: Final = 20
# A cell of the terminal is twice as high as wide: so many times wider than high at most, and so on.
MOST_WIDER, MOST_HIGHER = 3, 2


class Cells(NamedTuple):
    """How a grid is drawn in some room.

    Attributes:
        columns: Characters of a cell across.
        halves: Half lines of a cell down.
        first_column: The column at the left edge.
        first_row: The row at the top.
        n_columns: How many columns are seen.
        n_rows: How many rows.
    """

    columns: int
    halves: int
    first_column: int
    first_row: int
    n_columns: int
    n_rows: int

    @property
    def width(self) -> int:
        """Characters of the whole map."""
        return self.columns * self.n_columns

    @property
    def height(self) -> int:
        """Lines of the whole map."""
        return -(-self.halves * self.n_rows // 2)

    def lines_of(self, row: int) -> range:
        """The lines that a row has for itself, of those that are seen; none if it has only half."""
        top, bottom = row * self.halves, (row + 1) * self.halves
        return range(-(-top // 2), bottom // 2)

    def at(self, x: int, y: int) -> tuple[int, int] | None:
        """The row and the column of the cell at a character; None beside the map."""
        column, row = x // self.columns, 2 * y // self.halves
        if not (0 <= column < self.n_columns and 0 <= row < self.n_rows and x >= 0 and y >= 0):
            return None
        return self.first_row + row, self.first_column + column


def fitted(
    n_rows: int,
    n_columns: int,
    width: int,
    height: int,
    cursor: tuple[int, int],
    *,
    whole_lines: bool,
) -> Cells:
    """The largest cells that fit; where not all do, those around the cursor.

    Args:
        n_rows: Of the grid.
        n_columns: Likewise.
        width: Characters.
        height: Lines.
        cursor: The row and the column that have to be seen.
        whole_lines: Whether a line may not hold two rows.
    """
    columns = max(1, min(width // n_columns, MOST_COLUMNS))
    halves = max(1, min(2 * height // n_rows, 2 * MOST_LINES))
    if whole_lines:
        halves = max(halves // 2 * 2, 2)
    columns = min(columns, MOST_WIDER * halves)
    if halves > 2:
        halves = min(halves, max(2, MOST_HIGHER * columns))
    seen_columns = min(n_columns, max(width // columns, 1))
    seen_rows = min(n_rows, max(2 * height // halves, 1))
    return Cells(
        columns,
        halves,
        _first(cursor[1], seen_columns, n_columns),
        _first(cursor[0], seen_rows, n_rows),
        seen_columns,
        seen_rows,
    )


def _first(cursor: int, seen: int, count: int) -> int:
    """The first of those that are seen: the cursor in the middle, if not at an end."""
    return min(max(cursor - seen // 2, 0), count - seen)


def spread(names: Sequence[str], columns: int, width: int, chosen: int) -> list[tuple[int, int]]:
    """Which names below columns have room, and where each begins; the chosen one always has.

    Args:
        names: One for each column.
        columns: Characters of a column.
        width: Characters in all.
        chosen: The place of a name that is written whatever happens; -1 for none.
    """

    def start(place: int) -> int:
        length = cell_len(names[place])
        middle = place * columns + (columns - length) // 2
        return min(max(middle, 0), max(width - length, 0))

    def fits(places: Sequence[int]) -> bool:
        ends = [start(place) + cell_len(names[place]) + 1 for place in places]
        return all(start(b) >= end for end, b in zip(ends, places[1:], strict=False))

    every = next(n for n in range(1, len(names) + 1) if fits(range(0, len(names), n)))
    places = list(range(0, len(names), every))
    if chosen >= 0:
        begin, end = start(chosen) - 1, start(chosen) + cell_len(names[chosen]) + 1
        places = [p for p in places if start(p) >= end or start(p) + cell_len(names[p]) <= begin]
        places = sorted({*places, chosen})
    return [(place, start(place)) for place in places]
