"""What the boxes of a diagram show: what units compute, or their weights, as pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ...core.autograd.numerics import FloatArray
from ..drawing.palette import LEVELS, NEUTRAL_LEVEL, level_of, unit_levels
from .diagram_boxes import ColumnShape, Kind

Pixels = NDArray[np.uint8]


class Pictures(Protocol):
    """A picture for each unit of a column, or one of all of them."""

    @property
    def shape(self) -> ColumnShape:
        """What the column has to show."""

    def levels(self, units: slice, size: int) -> Pixels:
        """Levels as `palette.level_of` gives them.

        Args:
            units: Those that are shown.
            size: Pixels across and down.

        Returns:
            Shape (units, size, size), the top row first.
        """


@dataclass(frozen=True, eq=False)
class Numbered:
    """Boxes without pictures, which show the number of their unit."""

    units: int

    @property
    def shape(self) -> ColumnShape:
        return ColumnShape(self.units)

    def levels(self, units: slice, size: int) -> Pixels:
        count = len(range(self.units)[units])
        return np.full((count, size, size), NEUTRAL_LEVEL, dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class Maps:
    """What each unit computes over the plane, or its weights for the pixels of a picture.

    Attributes:
        values: Shape (units, rows, columns), the top row first.
        are_pixels: Whether each value is a pixel to be seen as it is.
    """

    values: FloatArray
    are_pixels: bool = False

    @property
    def shape(self) -> ColumnShape:
        units, side, _ = self.values.shape
        return (
            ColumnShape(units, Kind.PIXELS, side)
            if self.are_pixels
            else ColumnShape(units, Kind.MAP)
        )

    def levels(self, units: slice, size: int) -> Pixels:
        values = self.values[units]
        # The largest magnitude of each unit has the full colour.
        largest = np.abs(values).max(axis=(1, 2), keepdims=True)
        if not np.isfinite(largest).all():
            values = np.nan_to_num(values)
            largest = np.abs(values).max(axis=(1, 2), keepdims=True)
        largest[largest == 0.0] = 1.0
        return unit_levels(resampled(values / largest, size, is_smooth=not self.are_pixels))


@dataclass(frozen=True, eq=False)
class Curves:
    """What each unit computes along a line: its minimum at the bottom, its maximum on top.

    Attributes:
        values: Shape (units, points).
    """

    values: FloatArray

    @property
    def shape(self) -> ColumnShape:
        return ColumnShape(len(self.values), Kind.MAP)

    def levels(self, units: slice, size: int) -> Pixels:
        # A quarter of the largest numbers, so that their sums and differences are finite.
        quarters = np.nan_to_num(self.values[units]) / 4.0
        values = quarters @ _mixing(self.values.shape[1], size).T
        low = values.min(axis=1, keepdims=True)
        spread = np.ptp(values, axis=1, keepdims=True)
        height = (values - low) / np.where(spread > 0.0, spread, 1.0)
        rows = np.rint((1.0 - height) * (size - 1)).astype(np.intp)
        before = np.concatenate([rows[:, :1], rows[:, :-1]], axis=1)
        # No gap where the curve is steep.
        top = np.where(before < rows, before + 1, rows)[:, None]
        bottom = np.where(before > rows, before - 1, rows)[:, None]
        down = np.arange(size)[:, None]
        is_curve = (down >= top) & (down <= bottom)
        colors = np.where(values < 0.0, 0, LEVELS - 1)[:, None]
        return np.where(is_curve, colors, NEUTRAL_LEVEL).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Image:
    """The inputs as the pixels of one picture.

    Attributes:
        values: Shape (side, side), the top row first.
    """

    values: FloatArray

    @property
    def shape(self) -> ColumnShape:
        return ColumnShape(self.values.size, Kind.IMAGE, len(self.values))

    def levels(self, units: slice, size: int) -> Pixels:
        shown = resampled(self.values[None], size, is_smooth=False)
        return level_of(shown, float(np.abs(self.values).max()))


def resampled(values: FloatArray, size: int, *, is_smooth: bool = True) -> FloatArray:
    """Maps of another size.

    Args:
        values: Shape (maps, rows, columns).
        size: Pixels across and down.
        is_smooth: Whether pixels between others are mixed of them; else a whole multiple repeats
            each.
    """
    _, rows, columns = values.shape
    if rows == columns == size:
        return values
    if not is_smooth and size % rows == 0 and size % columns == 0:
        return values.repeat(size // rows, axis=1).repeat(size // columns, axis=2)
    return np.asarray(_mixing(rows, size) @ values @ _mixing(columns, size).T)


@lru_cache(maxsize=64)
def _mixing(n_from: int, n_to: int) -> FloatArray:
    """How much of each of n points is in each of so many others, shape (n_to, n_from).

    Fewer points are means of those they take the place of, more are on lines between them.
    """
    width = max(n_from / n_to, 1.0)
    centres = (np.arange(n_to) + 0.5) * n_from / n_to - 0.5
    # Beyond the edges the outermost points go on.
    places = np.clip(centres, 0.0, n_from - 1.0)[:, None]
    shares = np.maximum(0.0, 1.0 - np.abs(np.arange(n_from) - places) / width)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
