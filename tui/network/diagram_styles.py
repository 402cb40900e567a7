"""The colours of a network diagram: a key for each look of a cell, and its style."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.color import Color

from ...core.autograd.numerics import FloatArray
from ..drawing.depth import Depth
from ..drawing.members import depth_of
from ..drawing.palette import (
    LEVELS,
    NEGATIVE,
    POSITIVE,
    character_color,
    diverging,
    faded,
    plate,
    readable,
    signed_text,
)

BACKGROUND: Final = LEVELS
"""The pixel that is not drawn; those below are the levels of a thumbnail."""
FRAME: Final = LEVELS + 1
"""The pixel of a selected box's outline."""

_PIXELS: Final = 128


class Ink(IntEnum):
    """The keys of looks that do not depend on a level."""

    PLAIN = 0
    QUIET = 1
    NOTE = 2
    NUMBER = 3
    CHOSEN = 4
    FRAMED = 5
    MARK = 6
    LIT = 7


# What is added to a level: the key of a link, of a strong link or a bias, of a selected bias, and
# of a character that stands for a whole cell.
LINK: Final = 100
STRONG: Final = 200
CHOSEN_BIAS: Final = 300
CHARACTER: Final = 400
_PAIR: Final = 1000


def pair_keys(upper: NDArray[np.intp], lower: NDArray[np.intp]) -> NDArray[np.intp]:
    """The keys of two pixels in a cell: the lower half block if the upper one is `BACKGROUND`."""
    return _PAIR + upper * _PIXELS + lower


def signed_level(strength: float | FloatArray, negative: object) -> NDArray[np.intp]:
    """Levels of links and biases: 0 for the strongest below zero, `LEVELS - 1` above it.

    Args:
        strength: How bright they are, 0 to 1, any shape.
        negative: Whether they are below zero, the same shape.
    """
    half = LEVELS // 2
    step = np.rint(np.asarray(strength) * (half - 1)).astype(np.intp)
    return np.asarray(np.where(np.asarray(negative), half - 1 - step, half + step))


class DiagramStyles(dict[int, Style]):
    """Styles by key, each made when first needed.

    Args:
        plain: The style of an empty cell.
        background: The colour behind it.
        text: The colour of text.
        inks: What the styles of the other `Ink` add to `plain`; that of `FRAMED`, text on an
            outline, follows from the colours.
    """

    def __init__(
        self, plain: Style, background: Color, text: Color, inks: dict[Ink, Style] | None = None
    ) -> None:
        super().__init__({int(ink): plain for ink in Ink})
        self.update({int(ink): plain + style for ink, style in (inks or {}).items()})
        self._plain = plain
        self._text = text
        # So that a unit whose output is zero everywhere is visible.
        behind = plate(background, text)
        self._heat = diverging(behind)
        self._links = _link_colors(background)
        on_plate = Style(bgcolor=behind.rich_color, color=readable(text, behind).rich_color)
        self[Ink.FRAMED] = Style(color=background.rich_color, bgcolor=text.rich_color, bold=True)
        self[Ink.NUMBER] = self[Ink.NUMBER] + on_plate

    def __missing__(self, key: int) -> Style:
        style = self[key] = self._make(key)
        return style

    def _make(self, key: int) -> Style:
        if key >= _PAIR:
            return self._pair(*divmod(key - _PAIR, _PIXELS))
        makers: tuple[tuple[int, Callable[[int], Style]], ...] = (
            (CHARACTER, self._character),
            (CHOSEN_BIAS, lambda level: self._link(level) + Style(bold=True, reverse=True)),
            (STRONG, lambda level: self._link(level) + Style(bold=True)),
            (LINK, self._link),
        )
        for first, make in makers:
            if key >= first:
                return make(key - first)
        raise KeyError(key)

    def _link(self, level: int) -> Style:
        return self._plain + Style(color=self._links[level].rich_color)

    def _character(self, level: int) -> Style:
        ink = character_color(self._heat, level)
        return Style(color=ink.rich_color, bgcolor=self._heat[level].rich_color)

    def _pair(self, upper: int, lower: int) -> Style:
        if upper == BACKGROUND:
            return self._plain + Style(color=self._pixel(lower).rich_color)
        if lower == BACKGROUND:
            return self._plain + Style(color=self._pixel(upper).rich_color)
        background = self._pixel(lower).rich_color
        return Style(color=self._pixel(upper).rich_color, bgcolor=background)

    def _pixel(self, pixel: int) -> Color:
        return self._text if pixel == FRAME else self._heat[pixel]


def _link_colors(background: Color) -> tuple[Color, ...]:
    """From the strongest below zero, through the background, to the strongest above."""
    negative, positive = signed_text(background)
    if depth_of(background) is Depth.CUBE:
        # Fading follows the ramp from the full colours.
        negative, positive = Color.parse(NEGATIVE), Color.parse(POSITIVE)
    shares = np.linspace(0.0, 1.0, LEVELS // 2).tolist()
    return (
        *(faded(negative, background, share) for share in reversed(shares)),
        *(faded(positive, background, share) for share in shares),
    )
