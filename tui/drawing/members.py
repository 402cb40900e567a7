"""The palettes of terminals that have few colours: which colours they have, by their numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from rich.color import Color as RichColor
from textual.color import Color

from .depth import Depth
from .oklab import oklab

DEFAULT: Final = -1
"""The number of the terminal's own colour, whatever that is."""
FIRST_OF_CUBE: Final = 16
"""Below it are the sixteen colours, which every terminal shows as it likes."""
# The levels of a channel in xterm's cube of 6 x 6 x 6 colours; after it come 24 greys.
_LEVELS: Final = (0, 95, 135, 175, 215, 255)
_FIRST_GREY: Final = 232
SIXTEEN_COLORS: Final = (
    *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0)),
    *((0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
    *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85)),
    *((85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255)),
)
"""The sixteen as the Linux console shows them; here they are only names for the numbers."""


def _rgb_of(number: int) -> tuple[int, int, int]:
    if number < FIRST_OF_CUBE:
        return SIXTEEN_COLORS[number]
    if number >= _FIRST_GREY:
        grey = 8 + 10 * (number - _FIRST_GREY)
        return grey, grey, grey
    red, rest = divmod(number - FIRST_OF_CUBE, 36)
    green, blue = divmod(rest, 6)
    return _LEVELS[red], _LEVELS[green], _LEVELS[blue]


MEMBERS: Final = tuple(Color(*_rgb_of(number), ansi=number) for number in range(256))
"""Every colour with a number, by its number; from 16 on xterm's cube and greys."""
_NUMBERS: Final = {
    Depth.SIXTEEN: range(FIRST_OF_CUBE),
    Depth.CUBE: range(FIRST_OF_CUBE, 256),
}
_BY_RGB: Final = {
    depth: {MEMBERS[number].rgb: MEMBERS[number] for number in numbers}
    for depth, numbers in _NUMBERS.items()
}


def depth_of(background: Color) -> Depth:
    """The depth of what is drawn on a background: that of the palette it has its number from."""
    if background.ansi is None:
        return Depth.TRUE
    if background.ansi == DEFAULT:
        return Depth.NONE
    return Depth.SIXTEEN if background.ansi < FIRST_OF_CUBE else Depth.CUBE


@lru_cache(maxsize=4096)
def at_depth(color: Color, depth: Depth) -> Color:
    """A colour with its number in a palette.

    Args:
        color: A member of the palette, or else the nearest member is taken.
        depth: Which palette. Without any colour, the number is that of the terminal's own.
    """
    if depth is Depth.TRUE or color.ansi is not None:
        return color
    if depth is Depth.NONE:
        return Color(*color.rgb, ansi=DEFAULT)
    member = _BY_RGB[depth].get(color.rgb)
    return member if member is not None else MEMBERS[_nearest(color, depth)]


def _nearest(color: Color, depth: Depth) -> int:
    numbers = _NUMBERS[depth]
    distances = np.linalg.norm(oklab([MEMBERS[n] for n in numbers]) - oklab([color]), axis=1)
    return numbers[int(distances.argmin())]


def from_rich(color: RichColor) -> Color:
    """A colour of a style, with its number if it has one."""
    return Color.from_rich_color(color) if color.number is None else MEMBERS[color.number]
