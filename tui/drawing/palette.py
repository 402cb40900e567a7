"""The colours of the playground, and the arithmetic that keeps them even and readable."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from textual.color import Color

from ...core.autograd.numerics import FloatArray
from ...datasets import Dataset
from .numbers import shares_of

NEGATIVE: Final = "#f59322"
"""Below zero, class -1: orange."""
POSITIVE: Final = "#0877bd"
"""Above zero, class +1: blue. Orange against blue is safe for all common colour blindness."""

LEVELS: Final = 64
"""How many colours a diverging table has: more look the same, fewer show as bands."""
NEUTRAL_LEVEL: Final = LEVELS // 2
"""The level of zero, and of what is not a number."""

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

# Björn Ottosson, "A perceptual color space for image processing" (2020): linear sRGB to LMS,
# and the cube root of LMS to Oklab.
_RGB_TO_LMS: Final = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_LAB: Final = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LMS_TO_RGB: Final = np.linalg.inv(_RGB_TO_LMS)
_LAB_TO_LMS: Final = np.linalg.inv(_LMS_TO_LAB)
_LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722])
_LIGHTNESS_STEPS: Final = 129


@lru_cache(maxsize=64)
def diverging(neutral: Color, levels: int = LEVELS, strength: float = 1.0) -> tuple[Color, ...]:
    """A table of colours from negative through neutral to positive.

    Each half is a straight line in Oklab, so equal steps of a level look equally large.

    Args:
        neutral: The colour of zero: that of the surface, dark in dark themes.
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
    middle, negative, positive = _to_oklab(
        _rgb([neutral, Color.parse(NEGATIVE), Color.parse(POSITIVE)])
    )
    half = levels // 2
    below = np.linspace(strength, 0.0, half, endpoint=False)[:, None]
    above = np.linspace(0.0, strength, levels - half)[:, None]
    lab = np.vstack([middle + below * (negative - middle), middle + above * (positive - middle)])
    return _colors(_from_oklab(lab))


def level_of(values: NDArray[np.floating], limit: float) -> NDArray[np.uint8]:
    """The level of each value in a diverging table.

    Args:
        values: Numbers of any shape.
        limit: The magnitude that gets the full colour; above it is clipped.

    Returns:
        An array of the same shape: 0 for `-limit`, `NEUTRAL_LEVEL` for 0 and nan, and
        `LEVELS - 1` for `limit`. All neutral when `limit` is not above zero.
    """
    return unit_levels(shares_of(values, limit))


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


@lru_cache(maxsize=4096)
def readable(color: Color, background: Color, contrast: float = TEXT_CONTRAST) -> Color:
    """The colour itself if it is readable on the background, else the nearest that is.

    Only the Oklab lightness is changed: brighter on dark backgrounds, darker on light ones.

    Args:
        color: The colour wanted.
        background: What it is drawn on.
        contrast: The least contrast ratio, 1 to 21.

    Returns:
        A colour with that contrast, or the most contrast possible when none has it.
    """
    if contrast_ratio(color, background) >= contrast:
        return color
    lab = _to_oklab(_rgb([color]))[0]
    candidates = np.tile(lab, (_LIGHTNESS_STEPS, 1))
    candidates[:, 0] = np.linspace(0.0, 1.0, _LIGHTNESS_STEPS)
    candidates[[0, -1], 1:] = 0.0
    rgb = np.rint(_from_oklab(candidates) * 255) / 255
    ratios = _contrast(_luminance(rgb), _luminance(_rgb([background])))
    distance = np.where(ratios >= contrast, np.abs(candidates[:, 0] - lab[0]), np.inf)
    best = int(np.argmin(distance) if np.isfinite(distance).any() else np.argmax(ratios))
    return _colors(rgb[best : best + 1])[0]


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


def contrast_ratio(first: Color, second: Color) -> float:
    """The contrast ratio of two colours by WCAG 2.1, 1 (equal) to 21 (black on white)."""
    luminance = _luminance(_rgb([first, second]))
    return float(_contrast(luminance[0], luminance[1]))


def _rgb(colors: Sequence[Color]) -> FloatArray:
    """Colours to an array (colours, 3) of 0 to 1."""
    return np.array([(color.r, color.g, color.b) for color in colors], dtype=np.float64) / 255


def _colors(rgb: FloatArray) -> tuple[Color, ...]:
    """An array (colours, 3) of 0 to 1 to colours."""
    return tuple(Color(*row) for row in np.rint(rgb * 255).astype(int).tolist())


def _linear(rgb: FloatArray) -> FloatArray:
    """The sRGB transfer function undone (IEC 61966-2-1)."""
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _to_oklab(rgb: FloatArray) -> FloatArray:
    """Colours (colours, 3) of sRGB in 0 to 1 as Oklab."""
    return np.asarray(np.cbrt(_linear(rgb) @ _RGB_TO_LMS.T) @ _LMS_TO_LAB.T)


def _from_oklab(lab: FloatArray) -> FloatArray:
    """Colours (colours, 3) of Oklab as sRGB, clipped to 0 to 1."""
    linear = np.clip((lab @ _LAB_TO_LMS.T) ** 3 @ _LMS_TO_RGB.T, 0.0, 1.0)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def _luminance(rgb: FloatArray) -> FloatArray:
    """Relative luminance of colours (colours, 3), 0 to 1, by WCAG 2.1."""
    return np.asarray(_linear(rgb) @ _LUMINANCE)


def _contrast(first: FloatArray | np.float64, second: FloatArray | np.float64) -> FloatArray:
    """Contrast ratio of luminances, the lighter over the darker."""
    return np.asarray((np.maximum(first, second) + 0.05) / (np.minimum(first, second) + 0.05))


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
