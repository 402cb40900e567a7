"""Signed bars and sparklines, in eighths of a cell."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from rich.segment import Segment
from rich.style import Style

from ...core.autograd.numerics import FloatArray

FROM_LEFT: Final = " ▏▎▍▌▋▊▉█"
"""Blocks that fill a cell from its left edge, by eighths."""
FROM_BELOW: Final = "▁▂▃▄▅▆▇█"
"""Blocks that fill a cell from below, the lowest for nothing."""
ASCII_FROM_BELOW: Final = "_.-:=+*#"
"""What replaces `FROM_BELOW` in ASCII."""
_EIGHTHS: Final = 8
_REVERSE: Final = Style(reverse=True)


def signed_bar(
    value: float,
    limit: float,
    width: int,
    *,
    bar: Style,
    line: Style,
    ascii: bool = False,
) -> list[Segment]:
    """A bar that grows from a centre line: to the left below zero, to the right above.

    Unicode has no blocks that fill a cell from its right edge by eighths: they are drawn as the
    blocks from the left with foreground and background exchanged.

    Args:
        value: What is shown. Beyond the limit the bar is full; nan shows a `?` at the centre.
        limit: The magnitude of a full bar. No bar when it is not above zero.
        width: Cells to fill; an odd one leaves the last cell blank.
        bar: The bar's style, its background the row's.
        line: The centre line's style where no bar covers it.
        ascii: Draw `---|` and `|+++` instead of blocks.

    Returns:
        Segments of exactly `width` cells together.
    """
    half = width // 2
    rest = width - 2 * half
    if not half:
        return [Segment(" " * width, line)] if width else []
    if math.isnan(value):
        return [Segment(" " * half, line), Segment("?".ljust(half + rest), line)]
    share = _share(value, limit)
    draw = _ascii_halves if ascii else _block_halves
    segments = [*draw(share, half, bar, line), Segment(" " * rest, line)]
    return [segment for segment in segments if segment.text]


def sparkline(values: Sequence[float] | FloatArray, width: int, *, ascii: bool = False) -> str:
    """The last values as a line of small columns, newest at the right.

    Args:
        values: Numbers, oldest first. Their magnitudes are drawn, scaled to the largest that is
            finite. Infinity is drawn full, nan as a gap.
        width: Characters to fill; missing values are blanks at the left.
        ascii: Use ASCII characters instead of blocks.

    Returns:
        Exactly `width` characters.
    """
    ramp = ASCII_FROM_BELOW if ascii else FROM_BELOW
    if width <= 0:
        return ""
    magnitudes = np.abs(np.asarray(values, dtype=np.float64)[-width:])
    finite = magnitudes[np.isfinite(magnitudes)]
    largest = float(finite.max()) if finite.size else 0.0
    shares = magnitudes / largest if largest else np.where(magnitudes > 0, 1.0, magnitudes)
    top = len(ramp) - 1
    text = "".join(
        " " if math.isnan(share) else ramp[round(min(share, 1.0) * top)]
        for share in shares.tolist()
    )
    return text.rjust(width)


def _share(value: float, limit: float) -> float:
    """The value as a share of the limit, -1 to 1."""
    if not limit > 0:
        return 0.0
    return max(-1.0, min(1.0, value / limit)) if math.isfinite(value) else math.copysign(1.0, value)


def _block_halves(share: float, half: int, bar: Style, line: Style) -> list[Segment]:
    whole, eighths = divmod(round(abs(share) * half * _EIGHTHS), _EIGHTHS)
    blank = half - whole - bool(eighths)
    # The thinnest block at the left edge of the right half is the centre line.
    centre = [Segment(FROM_LEFT[1], line), Segment(" " * (half - 1), line)]
    if not whole and not eighths:
        return [Segment(" " * half, line), *centre]
    if share > 0:
        text = FROM_LEFT[_EIGHTHS] * whole + (FROM_LEFT[eighths] if eighths else "")
        return [Segment(" " * half, line), Segment(text, bar), Segment(" " * blank, line)]
    partial = FROM_LEFT[_EIGHTHS - eighths] if eighths else ""
    full = FROM_LEFT[_EIGHTHS] * whole
    return [
        Segment(" " * blank, line),
        Segment(partial, bar + _REVERSE),
        Segment(full, bar),
        *centre,
    ]


def _ascii_halves(share: float, half: int, bar: Style, line: Style) -> list[Segment]:
    # The centre line takes a cell of the right half, so both sides reach one cell less.
    length = round(abs(share) * (half - 1))
    left = "-" * length if share < 0 else ""
    right = "+" * length if share > 0 else ""
    return [
        Segment(" " * (half - len(left)), line),
        Segment(left, bar),
        Segment("|", line),
        Segment(right, bar),
        Segment(" " * (half - 1 - len(right)), line),
    ]
