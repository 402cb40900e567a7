"""The colours of the playground at every depth: even, readable, safe for the colour-blind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from textual.color import Color

from ...core.autograd.numerics import FloatArray
from ...datasets import Dataset
from .depth import Depth
from .members import FIRST_OF_CUBE, MEMBERS, at_depth, depth_of
from .oklab import contrast_ratio, contrast_ratios, from_oklab, oklab

NEGATIVE: Final = "#f59322"
"""Below zero, class -1: orange."""
POSITIVE: Final = "#0877bd"
"""Above zero, class +1: blue. Orange against blue is safe for all common colour blindness."""

LEVELS: Final = 64
"""How many colours a diverging table has: more look the same, fewer show as bands."""
NEUTRAL_LEVEL: Final = LEVELS // 2
"""The level of zero, and of what is not a number."""
LEAST_STRONG: Final = 0.75
"""The share of the full magnitude from which a character is the densest there is."""

TEXT_CONTRAST: Final = 4.5
"""Least contrast of text (WCAG 2.1, success criterion 1.4.3)."""
MARK_CONTRAST: Final = 3.0
"""Least contrast of a graphical mark (WCAG 2.1, success criterion 1.4.11)."""

GLYPHS = "oxvszcwukp"
"""The letter of each class; the capital marks a sample that is taken for another class."""

# Okabe and Ito, "Color Universal Design" (2008), without black, orange and blue first.
_OKABE_ITO: Final = ["#e69f00", "#0072b2", "#009e73", "#cc79a7", "#f0e442", "#56b4e9", "#d55e00"]
# Paul Tol, "Colour Schemes" (SRON/EPS/TN/09-002, 2021), scheme "muted" with its pale grey.
_TOL_MUTED: Final = [
    "#cc6677",
    "#332288",
    "#ddcc77",
    "#117733",
    "#88ccee",
    "#882255",
    "#44aa99",
    "#999933",
    "#aa4499",
    "#dddddd",
]

# Of the cube, outwards from zero: dark surfaces first, light ones second.
_CUBE_RAMPS: Final = (((94, 166, 208), (24, 32, 39)), ((223, 215, 172), (153, 75, 25)))
# How many of them there are where marks have to stand out.
_WEAK_STEPS: Final = 2
# Of the sixteen, the colours of a sign behind strong levels.
_SIXTEEN_BEHIND: Final = ((3, 4), (1, 4))
# The colours above, in the cube and among the sixteen.
_BY_HAND: Final = {
    NEGATIVE: (208, 3),
    POSITIVE: (32, 4),
    "#e69f00": (214, 3),
    "#0072b2": (25, 4),
    "#009e73": (36, 2),
    "#cc79a7": (175, 5),
    "#f0e442": (227, 11),
    "#56b4e9": (75, 6),
    "#d55e00": (166, 1),
    "#cc6677": (169, 1),
    "#332288": (17, 4),
    "#ddcc77": (222, 11),
    "#117733": (23, 2),
    "#88ccee": (153, 6),
    "#882255": (88, 5),
    "#44aa99": (36, 14),
    "#999933": (100, 3),
    "#aa4499": (127, 13),
    "#dddddd": (255, 7),
}
_NUMBERS: Final = {Color.parse(name).rgb: numbers for name, numbers in _BY_HAND.items()}
# How much further apart than in lightness colours count that differ in hue.
_HUE_WEIGHT: Final = 3.0
# Of the sixteen colours: those dark enough for white text, and what is readable on a light one.
_BLACK, _YELLOW, _GREY, _BRIGHT_YELLOW, _WHITE = 0, 3, 7, 11, 15
_DARK_ONES: Final = (1, 4, 5, 8)
_INKS_ON_LIGHT: Final = {1: 1, 3: 1, 4: 4, 5: 5, 9: 1, 11: 1, 12: 4, 13: 5}
# Of the cube, by whether the surface is light: quiet text, and the plate of a box.
_CUBE_QUIET: Final = (248, 240)
_CUBE_PLATE: Final = (237, 252)
# Of the cube, likewise: where there is no number.
_CUBE_WITHOUT: Final = (242, 246)
# More than seven come from a table of ten.
_LANES: Final = 9
# The share of text colour in quiet text, in a plate, and where there is no number.
_QUIET_STRENGTH: Final = 0.6
_PLATE: Final = 0.13
_WITHOUT: Final = 0.3
# At most this much of a colour is left in what lies behind lines.
_FAINT: Final = 0.4
_LIGHTNESS_STEPS: Final = 129


# How the hue of a ramp turns towards zero, in degrees, and how early it gets its colour: on dark
# surfaces a straight line from orange would be brown.
_TURNS: Final = ((-20.0, 0.0), (-8.0, 0.0))
_CHROMA_POWERS: Final = (0.6, 0.8)
_FINE_STEPS: Final = 400


@lru_cache(maxsize=64)
def diverging(neutral: Color, levels: int = LEVELS, strength: float = 1.0) -> tuple[Color, ...]:
    """A table of colours from negative through neutral to positive.

    In true colour equal steps of a level look equally large. The cube has three steps on each side,
    the sixteen colours have one: there, characters show the others.

    Args:
        neutral: The colour of zero: that of the surface, dark in dark themes. The table has its
            depth.
        levels: How many colours. The neutral one has the index `levels // 2`.
        strength: 1 ends in the full colours, 0.6 leaves room for brighter points on top.

    Returns:
        `levels` colours, the most negative first.

    Raises:
        ValueError: If `levels` is less than 3 or `strength` is outside (0, 1].
    """
    if levels < 3:
        raise ValueError(f"a diverging table needs at least 3 levels, not {levels}")
    if not 0 < strength <= 1:
        raise ValueError(f"strength must be above 0 and at most 1, not {strength}")
    half = levels // 2
    below = np.linspace(1.0, 0.0, half, endpoint=False)
    above = np.linspace(0.0, 1.0, levels - half)
    return (*_side(neutral, 0, below, strength), *_side(neutral, 1, above, strength))


def _side(neutral: Color, sign: int, shares: FloatArray, strength: float) -> tuple[Color, ...]:
    """The colours at shares of the way from neutral to negative (0) or positive (1)."""
    depth = depth_of(neutral)
    if depth is Depth.TRUE:
        return from_oklab(_even_path(neutral, sign, strength * shares))
    ramp = (neutral, *_steps(neutral, sign))
    if depth is Depth.CUBE and strength < 1.0:
        ramp = ramp[: 1 + _WEAK_STEPS]
    if depth is Depth.SIXTEEN:
        # The colour and the densest character begin at the same level.
        return tuple(ramp[share >= LEAST_STRONG] for share in shares.tolist())
    return tuple(ramp[round(share * (len(ramp) - 1))] for share in shares.tolist())


def _steps(neutral: Color, sign: int) -> tuple[Color, ...]:
    """The colours of a palette from neutral, which is left out, to negative or positive."""
    is_light = is_light_color(neutral)
    match depth_of(neutral):
        case Depth.CUBE:
            return tuple(MEMBERS[number] for number in _CUBE_RAMPS[is_light][sign])
        case Depth.SIXTEEN:
            return (MEMBERS[_SIXTEEN_BEHIND[is_light][sign]],)
        case _:
            return ()


def _even_path(neutral: Color, sign: int, shares: FloatArray) -> FloatArray:
    """Oklab at shares of a curve from neutral to an end, by its length; shape (shares, 3)."""
    is_light = is_light_color(neutral)
    start, end = oklab([neutral, Color.parse((NEGATIVE, POSITIVE)[sign])])
    t = np.linspace(0.0, 1.0, _FINE_STEPS)
    chroma = np.hypot(end[1], end[2]) * t ** _CHROMA_POWERS[is_light]
    hue = np.arctan2(end[2], end[1]) + np.radians(_TURNS[is_light][sign]) * (1.0 - t)
    lightness = start[0] + t * (end[0] - start[0])
    # What little colour the neutral one has is soon gone.
    fading = (1.0 - t)[:, None] ** 3 * np.array([0.0, start[1], start[2]])
    path = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1) + fading
    lengths = np.cumsum(np.linalg.norm(np.diff(path, axis=0, prepend=path[:1]), axis=1))
    return np.stack([np.interp(shares * lengths[-1], lengths, axis) for axis in path.T], axis=1)


def is_light_color(color: Color) -> bool:
    """Whether dark text stands out from it more than light text."""
    return color.brightness > 0.5


def level_of(values: NDArray[np.floating], limit: float) -> NDArray[np.uint8]:
    """The level of each value in a diverging table.

    Args:
        values: Numbers of any shape.
        limit: The magnitude that gets the full colour; above it is clipped.

    Returns:
        An array of the same shape: 0 for `-limit`, `NEUTRAL_LEVEL` for 0 and nan, and
        `LEVELS - 1` for `limit`. All neutral when `limit` is not above zero.
    """
    return unit_levels(_shares_of(values, limit))


def unit_levels(shares: FloatArray) -> NDArray[np.uint8]:
    """The level of each number from -1 to 1, as `level_of` with the limit 1 gives it."""
    reach = np.where(shares < 0, NEUTRAL_LEVEL, LEVELS - 1 - NEUTRAL_LEVEL)
    return (NEUTRAL_LEVEL + np.rint(shares * reach)).astype(np.uint8)


@lru_cache(maxsize=64)
def qualitative(n: int) -> tuple[Color, ...]:
    """Colours for classes, as far apart as possible for colour-blind readers.

    Up to seven are those of Okabe and Ito; up to ten Paul Tol's "muted". Beyond ten they repeat:
    glyphs or numbers have to distinguish such classes.

    Args:
        n: How many classes.

    Returns:
        `n` colours.

    Raises:
        ValueError: If `n` is negative.
    """
    if n < 0:
        raise ValueError(f"cannot give {n} colours")
    names = _OKABE_ITO if n <= len(_OKABE_ITO) else _TOL_MUTED
    return tuple(Color.parse(names[index % len(names)]) for index in range(n))


def on(background: Color, color: Color) -> Color:
    """A colour as it is at the depth of a background."""
    depth, numbers = depth_of(background), _NUMBERS.get(color.rgb)
    if numbers is None or depth not in (Depth.CUBE, Depth.SIXTEEN):
        return at_depth(color, depth)
    return MEMBERS[numbers[depth is Depth.SIXTEEN]]


@lru_cache(maxsize=4096)
def readable(color: Color, background: Color, contrast: float = TEXT_CONTRAST) -> Color:
    """The colour itself if it is readable on the background, else the nearest that is.

    In true colour only the Oklab lightness is changed: brighter on dark backgrounds, darker on
    light ones. Of the sixteen colours nobody knows how bright they are: there it is the one that
    stands out as a rule.

    Args:
        color: The colour wanted.
        background: What it is drawn on, which decides the depth.
        contrast: The least contrast ratio, 1 to 21.

    Returns:
        A colour with that contrast, or the most contrast possible when none has it.
    """
    match depth_of(background):
        case Depth.TRUE:
            return _readable_shade(color, background, contrast)
        case Depth.CUBE:
            return _readable_member(on(background, color), background, contrast)
        case Depth.SIXTEEN:
            return _readable_of_sixteen(on(background, color).ansi or 0, background)
        case Depth.NONE:
            return background


def _readable_shade(color: Color, background: Color, contrast: float) -> Color:
    if contrast_ratio(color, background) >= contrast:
        return color
    lab = oklab([color])[0]
    candidates = np.tile(lab, (_LIGHTNESS_STEPS, 1))
    candidates[:, 0] = np.linspace(0.0, 1.0, _LIGHTNESS_STEPS)
    candidates[[0, -1], 1:] = 0.0
    colors = from_oklab(candidates)
    distances = np.abs(candidates[:, 0] - lab[0])
    return colors[_best(distances, contrast_ratios(colors, background), contrast)]


def _readable_member(color: Color, background: Color, contrast: float) -> Color:
    if contrast_ratio(color, background) >= contrast:
        return color
    members = MEMBERS[FIRST_OF_CUBE:]
    steps = (oklab(members) - oklab([color])) * (1.0, _HUE_WEIGHT, _HUE_WEIGHT)
    distances = np.linalg.norm(steps, axis=1)
    return members[_best(distances, contrast_ratios(members, background), contrast)]


def _best(distances: FloatArray, ratios: FloatArray, contrast: float) -> int:
    """The nearest with enough contrast; if none has it, the one with the most."""
    distances = np.where(ratios >= contrast, distances, np.inf)
    return int(np.argmin(distances) if np.isfinite(distances).any() else np.argmax(ratios))


def _readable_of_sixteen(number: int, background: Color) -> Color:
    if is_light_color(background):
        return MEMBERS[_INKS_ON_LIGHT.get(number, _BLACK)]
    if background.ansi == _BLACK:
        # The bright one of the two.
        return MEMBERS[number if number >= _GREY else number + 8 if number else _GREY]
    if background.ansi in _DARK_ONES:
        return MEMBERS[_BRIGHT_YELLOW if number % 8 == _YELLOW else _WHITE]
    return MEMBERS[_BLACK]


def signed_text(background: Color) -> tuple[Color, Color]:
    """The negative and the positive colour as text: at least 4.5:1 against the background.

    Args:
        background: The colour behind the text.

    Returns:
        The colour for text below zero, and for text above zero.
    """
    return (
        readable(Color.parse(NEGATIVE), background),
        readable(Color.parse(POSITIVE), background),
    )


def character_color(table: Sequence[Color], level: int) -> Color:
    """The colour of the character that stands for a level, on the level's own colour.

    Args:
        table: As `diverging` makes it.
        level: An index into it.
    """
    behind = table[level]
    if depth_of(behind) is not Depth.SIXTEEN:
        return behind.get_contrast_text(1.0)
    if behind == table[NEUTRAL_LEVEL]:
        return signed_text(behind)[level >= NEUTRAL_LEVEL]
    # Marks stand out more.
    return MEMBERS[(behind.ansi or 0) | 8]


def lane_color(number: int, background: Color) -> Color:
    """The colour of a lane of a race, of its name and its curves: as text on a background.

    Args:
        number: From 1 to 9; higher ones repeat the colours.
        background: What it is written on.
    """
    hues = qualitative(_LANES)
    return readable(hues[(number - 1) % _LANES], background)


def faded(color: Color, background: Color, share: float) -> Color:
    """A colour that is so much nearer to the background.

    Args:
        color: The full colour.
        background: What it fades into, which decides the depth.
        share: How much of it is left, 0 to 1.
    """
    depth = depth_of(background)
    if depth is Depth.TRUE:
        return background.blend(color, share)
    if depth is Depth.NONE:
        return background
    for sign, name in enumerate((NEGATIVE, POSITIVE)):
        if color.rgb == Color.parse(name).rgb:
            ramp = (background, *_steps(background, sign))
            return ramp[math.ceil(share * (len(ramp) - 1))]
    if depth is Depth.SIXTEEN and color.ansi is not None:
        return color if share > 0.0 else background
    return on(background, color) if share > _FAINT else quiet(background)


def quiet(background: Color) -> Color:
    """The colour of text that is less important than other text."""
    is_light = is_light_color(background)
    match depth_of(background):
        case Depth.TRUE:
            return background.blend(background.get_contrast_text(1.0), _QUIET_STRENGTH)
        case Depth.CUBE:
            return MEMBERS[_CUBE_QUIET[is_light]]
        case Depth.SIXTEEN:
            return MEMBERS[_BLACK if is_light else _GREY]
        case Depth.NONE:
            return background


def plate(background: Color, text: Color) -> Color:
    """The colour of zero in a box that is to be seen on a background.

    Args:
        background: The colour behind the box, which decides the depth.
        text: The colour of text beside it.
    """
    return _raised(background, text, _PLATE, _CUBE_PLATE)


def without_number(background: Color, text: Color) -> Color:
    """The colour of a cell that has no number, such as that of a run that diverged.

    Args:
        background: The colour behind the map, which decides the depth.
        text: The colour of text beside it.
    """
    return _raised(background, text, _WITHOUT, _CUBE_WITHOUT)


def _raised(background: Color, text: Color, share: float, cube: tuple[int, int]) -> Color:
    """A background with some of the colour of text in it."""
    match depth_of(background):
        case Depth.TRUE:
            return background.blend(text, share)
        case Depth.CUBE:
            return MEMBERS[cube[is_light_color(background)]]
        case _:
            return background


def html(color: Color) -> str:
    """A colour as HTML writes it."""
    red, green, blue = color.rgb
    return f"#{red:02x}{green:02x}{blue:02x}"


def class_glyphs(dataset: Dataset) -> tuple[str, ...]:
    """The character of each class: its name, where all names are single characters."""
    names = dataset.classes
    if len(names) > 2 and all(len(name) == 1 and "!" <= name <= "~" for name in names):
        return names
    return tuple(GLYPHS[k % len(GLYPHS)] for k in range(len(names)))


def class_colors(n_classes: int) -> tuple[Color, ...]:
    """The colour of each class; of two, those of the map."""
    if n_classes == 2:
        return Color.parse(NEGATIVE), Color.parse(POSITIVE)
    return qualitative(n_classes)


def _shares_of(values: NDArray[np.floating], limit: float) -> FloatArray:
    """Numbers as shares of a limit: from -1, at `-limit` and beyond, to 1; nan is 0.

    Args:
        values: Any floats, of any shape.
        limit: Any float; all shares are 0 when it is not above zero.
    """
    if not limit > 0:
        return np.zeros(np.shape(values))
    # Infinity by infinity, and what is huge by what is tiny.
    with np.errstate(all="ignore"):
        shares = np.where(np.isinf(values), np.sign(values), np.asarray(values) / limit)
    return np.asarray(np.clip(np.nan_to_num(shares), -1.0, 1.0))
