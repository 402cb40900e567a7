"""Colours as numbers: Oklab, in which equal steps look equally large, and contrast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from textual.color import Color

from ...core.autograd.numerics import FloatArray

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


def oklab(colors: Sequence[Color]) -> FloatArray:
    """Colours as Oklab, shape (colours, 3): lightness 0 to 1, green to red, blue to yellow."""
    rgb = np.array([color.rgb for color in colors], dtype=np.float64) / 255
    return np.asarray(np.cbrt(_linear(rgb) @ _RGB_TO_LMS.T) @ _LMS_TO_LAB.T)


def from_oklab(lab: FloatArray) -> tuple[Color, ...]:
    """The nearest colours that screens have, of Oklab of shape (colours, 3)."""
    linear = np.clip((lab @ _LAB_TO_LMS.T) ** 3 @ _LMS_TO_RGB.T, 0.0, 1.0)
    rgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return tuple(Color(*row) for row in np.rint(rgb * 255).astype(int).tolist())


def contrast_ratios(colors: Sequence[Color], background: Color) -> FloatArray:
    """The contrast ratio of each colour by WCAG 2.1, 1 (equal) to 21 (black on white)."""
    rgb = np.array([color.rgb for color in (*colors, background)], dtype=np.float64) / 255
    *luminance, behind = _linear(rgb) @ _LUMINANCE
    return np.asarray(
        (np.maximum(luminance, behind) + 0.05) / (np.minimum(luminance, behind) + 0.05)
    )


def contrast_ratio(first: Color, second: Color) -> float:
    """The contrast ratio of two colours by WCAG 2.1."""
    return float(contrast_ratios([first], second)[0])


def _linear(rgb: FloatArray) -> FloatArray:
    """The sRGB transfer function undone (IEC 61966-2-1)."""
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
