"""Bars on a scale with ticks, logarithmic or linear."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.segment import Segment
from rich.style import Style

from ..drawing.bars import FROM_LEFT

TICK: Final = "┊"
ASCII_TICK: Final = ":"
_EIGHTHS: Final = 8
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class BarScale:
    """What the length of a bar means.

    Attributes:
        low: What has no bar.
        high: What has a full one.
        is_logarithmic: Whether equal lengths are equal factors; then `low` is above 0.
    """

    low: float
    high: float
    is_logarithmic: bool = False

    def share(self, value: float) -> float:
        """How much of a full bar a value has, 0 to 1; nan and infinity have all of it."""
        if not math.isfinite(value):
            return 1.0
        if not self.is_logarithmic:
            return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        if value <= self.low:
            return 0.0
        return min(math.log(value / self.low) / math.log(self.high / self.low), 1.0)

    def cell(self, value: float, width: int) -> int:
        """The cell of a bar in which a value lies."""
        return min(int(self.share(value) * width + _ROUNDING), width - 1)


@dataclass(frozen=True)
class BarInk:
    """How bars are drawn.

    Attributes:
        bar: The bar's style.
        line: The ticks' style.
        ascii: Use ASCII characters alone.
    """

    bar: Style
    line: Style
    ascii: bool = False


def scale_bar(
    value: float, scale: BarScale, width: int, ink: BarInk, ticks: Sequence[float] = ()
) -> list[Segment]:
    """A bar from the left, with ticks where it does not cover them.

    Args:
        value: What is shown.
        scale: What its length means.
        width: Cells to fill.
        ink: How it is drawn.
        ticks: Values that are marked; those beyond the scale are left out.

    Returns:
        Segments of exactly `width` cells together.
    """
    eighths = round(scale.share(value) * width * _EIGHTHS)
    whole, part = divmod(eighths, _EIGHTHS)
    if ink.ascii:
        text = "=" * (whole + (part >= _EIGHTHS // 2))
    else:
        text = FROM_LEFT[_EIGHTHS] * whole + (FROM_LEFT[part] if part else "")
    rest = list(" " * (width - len(text)))
    for tick in ticks:
        place = scale.cell(tick, width) - len(text)
        if scale.low < tick < scale.high and place >= 0:
            rest[place] = ASCII_TICK if ink.ascii else TICK
    return [s for s in (Segment(text, ink.bar), Segment("".join(rest), ink.line)) if s.text]


def scale_title(scale: BarScale, width: int, form: str = "{:.0e}") -> str:
    """The ends of a scale as text, to stand above its bars.

    Args:
        scale: What is written.
        width: Cells to fill; nothing where there is no room.
        form: How a number is written.
    """
    low, high = form.format(scale.low), form.format(scale.high)
    room = width - len(low) - len(high)
    return f"{low}{' ' * room}{high}" if room > 0 else " " * width
