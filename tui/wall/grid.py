"""Grid: the cells of a wall by row and column, each with a run for every seed."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...core.sweep.axis import Axis, value_text
from ...core.sweep.sweep import Sweep

DIGITS: Final = 3
"""Of a number beside the map, where so many tell them apart; the facts have all of them."""
MOST_DIGITS: Final = 8
"""Labels have no room for more."""


@dataclass(frozen=True)
class Grid:
    """Where each run of a sweep of one or two axes stands.

    Attributes:
        sweep: The first axis goes across, the second one down.
    """

    sweep: Sweep

    @property
    def across(self) -> Axis:
        """What varies from left to right."""
        return self.sweep.axes[0]

    @property
    def down(self) -> Axis | None:
        """What varies from row to row; None for a single row."""
        return self.sweep.axes[1] if len(self.sweep.axes) > 1 else None

    @property
    def n_columns(self) -> int:
        """Cells across."""
        return len(self.across)

    @property
    def n_rows(self) -> int:
        """Cells down."""
        return 1 if self.down is None else len(self.down)

    @property
    def grows_upwards(self) -> bool:
        """Whether the first row is the lowest, as on the axis of a plot: that of numbers."""
        return self.down is not None and self.down.field.is_number

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """The numbers of the runs, shape (rows, columns, seeds); the upper row first."""
        place = self.sweep.number
        tail = (0,) * (len(self.sweep.axes) - 1)
        step_across = place((1, *tail, 0)) if self.n_columns > 1 else 0
        step_down = place((0, 1, 0)) if self.n_rows > 1 else 0
        rows = np.arange(self.n_rows)[:, None, None] * step_down
        columns = np.arange(self.n_columns)[None, :, None] * step_across
        numbers = rows + columns + np.arange(self.sweep.n_seeds)[None, None, :]
        return numbers[::-1] if self.grows_upwards else numbers

    @property
    def middle(self) -> tuple[int, int]:
        """The row and the column in the middle."""
        return self.n_rows // 2, self.n_columns // 2

    def nearest(self, other: Grid, cursor: tuple[int, int]) -> tuple[int, int]:
        """The cell whose values are nearest to those of a cell of another grid.

        It is in the middle of an axis of names, or of another field.
        """
        places = list(self.middle)
        values = other.sweep.cell(int(other.numbers[(*cursor, 0)])).values
        for axis, n in ((self.across, 1), (self.down, 0)):
            value = values.get(axis.name) if axis is not None else None
            if axis is None or not isinstance(value, int | float) or not axis.field.is_number:
                continue
            apart = np.abs(np.array(axis.values, dtype=np.float64) - value)
            place = int(np.argmin(apart))
            is_flipped = n == 0 and self.grows_upwards
            places[n] = len(axis) - 1 - place if is_flipped else place
        return places[0], places[1]

    def column_name(self, column: int) -> str:
        """What stands below a column."""
        values = self.across.values
        return short_value(values[column], digits_of(values))

    def row_name(self, row: int) -> str:
        """What stands beside a row; empty if there is only one."""
        if self.down is None:
            return ""
        place = self.n_rows - 1 - row if self.grows_upwards else row
        return short_value(self.down.values[place], digits_of(self.down.values))


@lru_cache(maxsize=64)
def digits_of(values: tuple[object, ...]) -> int:
    """How many digits tell the numbers of an axis apart, `DIGITS` or more."""
    numbers = {value for value in values if isinstance(value, float)}
    enough = (n for n in range(DIGITS, MOST_DIGITS) if _n_apart(numbers, n) == len(numbers))
    return next(enough, MOST_DIGITS)


def _n_apart(numbers: Set[float], digits: int) -> int:
    return len({f"{number:.{digits}g}" for number in numbers})


def short_value(value: object, digits: int = DIGITS) -> str:
    """A value with few digits: `0.0316` for 0.0316227766, `7440` for 7443.8."""
    if isinstance(value, float):
        # What is left has fewer digits than the notation without an exponent allows.
        return f"{float(f'{value:.{digits}g}'):.{max(digits, 6)}g}"
    return value_text(value)  # type: ignore[arg-type]
