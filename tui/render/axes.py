"""Axes of a plot: where its ticks are, and how they are labelled."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

MAX_TICKS = 7
MIN_TICKS = 3
# Below this many powers of ten a logarithmic axis is widened, so that a flat curve is flat.
_SMALLEST_SPAN = 0.05
_STEPS = (1.0, 2.0, 5.0, 10.0)
# 10 to a larger power is no float.
_LARGEST_POWER = 308.0
_ROUNDING = 1e-9


class Axis(NamedTuple):
    """An axis of a plot.

    Attributes:
        low: Its lower end.
        high: Its upper end.
        ticks: Where the labels stand.
        labels: As many.
    """

    low: float
    high: float
    ticks: list[float]
    labels: list[str]


def linear_axis(low: float, high: float) -> Axis:
    """An axis of plain numbers, with ticks at round ones.

    Args:
        low: The least number of the data.
        high: The greatest.
    """
    if not high > low:
        room = abs(low) * 0.05 or 1.0
        low, high = low - room, high + room
    rough = (high - low) / (MAX_TICKS - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((m * power for m in _STEPS if m * power >= rough), rough)
    # A tick at the very end is not lost to rounding.
    first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
    ticks = (np.arange(first, last + 1) * step).tolist()
    return Axis(low, high, ticks, [f"{tick:.4g}" for tick in ticks])


def log_axis(low: float, high: float) -> Axis:
    """A logarithmic axis, in powers of ten; the labels are the numbers themselves.

    The logarithms are taken here and not by plotext, which writes 1e10 in full, draws nothing
    above 1e100 and has the axis of a flat curve upside down.

    Args:
        low: The logarithm, to base 10, of the least number of the data.
        high: Of the greatest.
    """
    if high - low < _SMALLEST_SPAN:
        low, high = low - _SMALLEST_SPAN, high + _SMALLEST_SPAN
    ticks = _round_logarithms(low, high)
    if len(ticks) < MIN_TICKS:
        ticks = np.linspace(low, high, MIN_TICKS + 1).tolist()
    return Axis(low, high, ticks, [f"{10.0 ** min(t, _LARGEST_POWER):.3g}" for t in ticks])


def _round_logarithms(low: float, high: float) -> list[float]:
    """Of 1, 2, 5, 10, ... if they are not too many, else of 1, 10, 100, ... or fewer."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    fine = [d + math.log10(m) for d in decades for m in _STEPS[:-1]]
    inside = [tick for tick in fine if low <= tick <= high]
    if len(inside) <= MAX_TICKS:
        return inside
    whole = [float(d) for d in decades if low <= d <= high]
    return whole[:: math.ceil(len(whole) / MAX_TICKS)]
