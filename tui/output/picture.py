"""A picture of the output pane: what part of a plane it shows, and what is drawn there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from textual.color import Color

from ..drawing.heatmap import Mark
from ..drawing.palette import NEUTRAL_LEVEL
from .heat_map import Axes
from .points import PlacedPoints

FloatArray = NDArray[np.float64]
Range = tuple[float, float]

_ROUND_STEPS = (1.0, 2.0, 5.0, 10.0)
# A curve's or a cloud's margin, as a part of its extent.
_MARGIN = 0.06


@dataclass(frozen=True, slots=True)
class Extent:
    """What part of a plane a picture shows.

    Attributes:
        x_name: The name of the horizontal axis.
        x: Its left and right end.
        y_name: The name of the vertical axis.
        y: Its lower and upper end.
    """

    x_name: str
    x: Range
    y_name: str
    y: Range

    @property
    def axes(self) -> Axes:
        """The axes as text."""
        (left, right), (low, high) = self.x, self.y
        return Axes(self.x_name, (_end(left), _end(right)), self.y_name, (_end(low), _end(high)))

    def place_at(self, x_fraction: float, y_fraction: float) -> tuple[float, float]:
        """The place at so much of the way from the left, and from the top."""
        (left, right), (low, high) = self.x, self.y
        return left + x_fraction * (right - left), high - y_fraction * (high - low)

    def fractions_of(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """How far points, shape (n, 2), are from the left and from the top; inside, 0 to 1."""
        (left, right), (low, high) = self.x, self.y
        return (points[:, 0] - left) / (right - left), (high - points[:, 1]) / (high - low)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is drawn.

    Attributes:
        extent: Where.
        pixels: Levels of a diverging table, or class numbers where there are class colours.
        marks: What is drawn over the cells.
        points: The data's points in it.
        limit: The number that has the full colour; None where colours stand for no numbers.
        class_colors: The colour of each class number.
    """

    extent: Extent
    pixels: NDArray[np.uint8]
    marks: Sequence[Mark]
    points: PlacedPoints
    limit: float | None = None
    class_colors: tuple[Color, ...] = ()


def blank_pixels() -> NDArray[np.uint8]:
    """A background for marks alone."""
    return np.full((2, 1), NEUTRAL_LEVEL, dtype=np.uint8)


def round_limit(values: FloatArray) -> float:
    """The least of 1, 2, 5, 10, 20, ... and 0.5, 0.2, ... that no value's magnitude exceeds.

    A round one, so that a scale seldom changes while numbers do. What is not finite has no say.
    """
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max(initial=0.0))
    if largest == 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return next((m * power for m in _ROUND_STEPS if m * power >= largest), largest)


def range_around(values: FloatArray) -> Range:
    """The ends of an axis on which all values are, with a margin."""
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * _MARGIN or abs(low) * _MARGIN or 1.0
    return low - margin, high + margin


def _end(value: float) -> str:
    return f"{value:.3g}"
