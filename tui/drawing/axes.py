"""Axes of a plot: where the ticks are, and their labels."""

from __future__ import annotations

import math
from itertools import compress
from typing import NamedTuple

import numpy as np

LARGEST = 1e300
"""Up to here sums and differences of two numbers are finite: no axis goes further."""
MAX_TICKS = 7
MIN_TICKS = 3
MAX_ROWS = 100
"""As many as there is no need to count."""
# Below this many powers of ten a logarithmic axis is widened, so that a flat curve is flat.
_SMALLEST_SPAN = 0.05
# Below a logarithmic axis with a place for 0, as a share of it.
_ROOM_FOR_ZERO = 0.2
_STEPS = (1.0, 2.0, 5.0, 10.0)
# Of a power of ten, and of how many powers one, has a tick on a logarithmic axis.
_MULTIPLES = (range(1, 10), (1, 2, 5), (1, 3), (1,))
_DECADES = (2, 5, 10, 20, 50, 100, 200)
# 10 to a larger power overflows.
_LARGEST_POWER = 308.0
# From so many powers of ten on, two round numbers say where the others are.
_WIDE = 1.5
_ROUNDING = 1e-9
# A smaller range counts as empty.
_TINY = 1e-290
_LARGEST_EPOCH = 1e15
# From here on epochs have commas.
_FIRST_LONG = 10_000


class Axis(NamedTuple):
    """An axis of a plot.

    Attributes:
        low: Its lower end.
        high: Its upper end.
        ticks: Where the labels are.
        labels: One for each tick.
    """

    low: float
    high: float
    ticks: list[float]
    labels: list[str]


def linear_axis(low: float, high: float, rows: int = MAX_ROWS) -> Axis:
    """An axis of plain numbers, with ticks at round ones.

    Args:
        low: The least number of the data.
        high: The greatest.
        rows: Cells for the labels, each of which has its own.
    """
    low, high = np.clip([low, high], -LARGEST, LARGEST).tolist()
    if high - low <= max(_ROUNDING * max(abs(low), abs(high)), _TINY):
        room = abs(low) * 0.05 or 1.0
        low, high = low - room, high + room
    rough = (high - low) / max(min(MAX_TICKS, rows) - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((m * power for m in _STEPS if m * power >= rough), rough)
    # A tick at the very end is not lost to rounding.
    first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
    ticks = (np.arange(first, last + 1) * step).tolist()
    return Axis(low, high, ticks, [f"{tick:.4g}" for tick in ticks])


def log_axis(low: float, high: float, rows: int = MAX_ROWS) -> Axis:
    """A logarithmic axis, in powers of ten; the labels are the numbers themselves.

    The logarithms are taken here and not by plotext, which writes 1e10 in full, draws nothing
    above 1e100 and has the axis of a flat curve upside down.

    Args:
        low: The logarithm, to base 10, of the least number of the data.
        high: Of the greatest.
        rows: Cells for the labels, each of which has its own.
    """
    room = max(0.0, _SMALLEST_SPAN - (high - low)) / 2
    low, high = low - room, high + room
    ticks = _round_logarithms(low, high, rows)
    return Axis(low, high, ticks, [f"{10.0 ** min(t, _LARGEST_POWER):.3g}" for t in ticks])


def with_zero(axis: Axis | None) -> Axis:
    """A logarithmic axis with a place for 0, below all other numbers; for 0 alone if it is None."""
    if axis is None:
        return Axis(0.0, 1.0, [0.0], ["0"])
    zero = axis.low - _ROOM_FOR_ZERO * (axis.high - axis.low)
    return Axis(zero, axis.high, [zero, *axis.ticks], ["0", *axis.labels])


def share_axis(low: float, high: float, rows: int = MAX_ROWS) -> Axis:
    """An axis of percentages, never wider than from 0 to 100 %.

    Args:
        low: The least share of the data, from 0 to 1.
        high: The greatest.
        rows: Cells for the labels, each of which has its own.
    """
    room = max(0.0, _SMALLEST_SPAN - (high - low))
    low, high = np.clip([low - room, high + room], 0.0, 1.0).tolist()
    axis = linear_axis(low, high, rows)
    return axis._replace(labels=[f"{100.0 * tick:.4g}%" for tick in axis.ticks])


def epoch_axis(low: float, high: float, columns: int) -> Axis:
    """An axis of epochs, with ticks at whole ones.

    Args:
        low: The first epoch.
        high: The last one.
        columns: Cells for the labels, which do not touch.
    """
    low, high = min(low, _LARGEST_EPOCH), min(high, _LARGEST_EPOCH)
    high, columns = max(high, low + 1.0), max(columns, 1)
    for step in (round(m * 10.0**power) for power in range(16) for m in _STEPS[:-1]):
        first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
        if last - first >= columns:
            continue
        ticks = [float(n * step) for n in range(first, last + 1)]
        labels = [_epoch_label(tick, step) for tick in ticks]
        if len(ticks) <= MAX_TICKS and sum(len(label) + 2 for label in labels) <= columns:
            break
    # Labels are centred below their ticks: one that would stick out at the left is left out.
    cells = [(columns - 1) * (tick - low) / (high - low) for tick in ticks]
    fits = [cell >= len(label) // 2 for cell, label in zip(cells, labels, strict=True)]
    return Axis(low, high, list(compress(ticks, fits)), list(compress(labels, fits)))


def _epoch_label(epoch: float, step: int) -> str:
    if step % 1_000 == 0 and epoch:
        return f"{epoch / 1e6:g}M" if epoch >= 1e6 else f"{epoch / 1e3:g}k"
    return f"{epoch:.0f}" if epoch < _FIRST_LONG else f"{epoch:,.0f}"


def _round_logarithms(low: float, high: float, rows: int) -> list[float]:
    """Where round numbers are: as many of each power of ten as there is room for.

    They stay where they are while the data move between them.
    """
    decades = range(math.floor(low), math.ceil(high) + 1)
    a_row = (high - low) / max(rows - 1, 1) * (1.0 - _ROUNDING)
    for multiples in _MULTIPLES:
        ticks = [d + math.log10(m) for d in decades for m in multiples]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= MAX_TICKS and (np.diff(ticks) >= a_row).all():
            break
    else:
        most = min(MAX_TICKS, rows)
        step = next((s for s in _DECADES if len(ticks) // s < most), _DECADES[-1])
        ticks = [tick for tick in ticks if tick % step == 0.0]
    if len(ticks) >= MIN_TICKS or high - low >= _WIDE:
        return ticks
    # Less than half a power of ten: numbers at equal distances.
    ends = [10.0 ** min(end, _LARGEST_POWER) for end in (low, high)]
    even = [math.log10(tick) for tick in linear_axis(ends[0], ends[1], rows).ticks if tick > _TINY]
    return [tick for tick in even if low <= tick <= high] or ticks or [(low + high) / 2]
