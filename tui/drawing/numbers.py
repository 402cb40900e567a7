"""Numbers of a fixed width, so that live ones never jump.

Every function returns exactly `width` characters, right-aligned; a number that does not fit
becomes `#` signs, as in a spreadsheet. For running text, `.strip()` the result.
"""

import math
from collections.abc import Iterable
from typing import Final

SMALLEST_FIXED: Final = 1e-3
"""Below this magnitude a signed number is shown with an exponent."""
SMALLEST_LOSS: Final = 1e-4
"""Below this a loss is shown with an exponent."""
SIGNED_DECIMALS: Final = 4
LOSS_DIGITS: Final = 4
LARGEST_PLAIN: Final = 9_999.5
"""From here on a count is shortened: 9,999 but 10.0k."""
_LARGEST_WHOLE: Final = 1e6
_COUNT_UNITS: Final = ((1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T"))


def signed(value: float, width: int = 8) -> str:
    """A number with its sign: ` +0.1234`, `-1.9e-04`, `0.0000`, `nan`, `+inf`.

    Numbers of ordinary size have four decimals, so that decimal points line up, or fewer where
    there is no room. Only an exact zero has no sign.

    Args:
        value: Any float.
        width: Characters to fill. Every float fits in 7.

    Returns:
        Exactly `width` characters.
    """
    if math.isnan(value):
        return _fit(["nan"], width)
    if math.isinf(value):
        return _fit([f"{value:+}"], width)
    if value == 0:
        return _fit(_fixed(0.0, SIGNED_DECIMALS, ""), width)
    scientific = [f"{value:+.{digits}e}" for digits in range(max(width - 7, 1), -1, -1)]
    if abs(value) < SMALLEST_FIXED:
        return _fit(scientific, width)
    return _fit([*_fixed(value, SIGNED_DECIMALS, "+"), *scientific], width)


def magnitude(size: float, width: int) -> str:
    """A number without a sign, with its decimal point where `signed` puts it."""
    return signed(size, width).replace("+", " ", 1)


def compact(number: float, width: int = 6) -> str:
    """A count: `1,234`, `41.2k`, `3.20M`.

    Args:
        number: Any number; plain below 10,000, rounded to an integer.
        width: Characters to fill. Counts below 10**15 fit in 6, with a minus sign in 7.

    Returns:
        Exactly `width` characters.
    """
    if not math.isfinite(number):
        return _fit([f"{number}"], width)
    if abs(number) < LARGEST_PLAIN:
        return _fit([f"{number:,.0f}", f"{number:.0f}"], width)
    for size, unit in _COUNT_UNITS:
        if abs(number) < size * 999.95:
            scaled = number / size
            decimals = 1 if unit == "k" or abs(scaled) >= 99.95 else 2
            return _fit([f"{scaled:.{decimals}f}{unit}", f"{scaled:.0f}{unit}"], width)
    return _fit([f"{number:.1e}", f"{number:.0e}"], width)


def whole(number: float) -> str:
    """A number for running text, without decimals: `80`, `2e+17`, `inf`."""
    return f"{number:.0f}" if abs(number) < _LARGEST_WHOLE else f"{number:.0e}"


def hundredths(number: float) -> str:
    """A number for running text, with two decimals where it is of ordinary size: `+0.25`, `-2e+17`.

    Those of a size below 0.005 are shown as zero.
    """
    return f"{number:+.0e}" if abs(number) >= _LARGEST_WHOLE else f"{number:+.2f}"


def loss_text(value: float, width: int = 9) -> str:
    """A loss with four significant digits: `0.4024`, `0.005400`, `12.34`, `1.234e-05`.

    Args:
        value: Any float.
        width: Characters to fill. 9 are enough for four digits of any loss below 1e100.

    Returns:
        Exactly `width` characters.
    """
    if not math.isfinite(value):
        return _fit([f"{value}"], width)
    scientific = [f"{value:.{digits}e}" for digits in range(LOSS_DIGITS - 1, -1, -1)]
    magnitude = abs(value)
    if magnitude and not SMALLEST_LOSS <= magnitude < 10**LOSS_DIGITS:
        return _fit(scientific, width)
    places = math.floor(math.log10(magnitude)) if magnitude else 0
    return _fit([*_fixed(value, LOSS_DIGITS - 1 - places, ""), *scientific], width)


def percent(fraction: float, width: int = 6) -> str:
    """A share as a percentage: `99.2%` for 0.992.

    Args:
        fraction: 1 for the whole.
        width: Characters to fill. 6 are enough from 0 to 1.

    Returns:
        Exactly `width` characters. `nan` where there is no share.
    """
    if not math.isfinite(fraction):
        return _fit([f"{fraction}"], width)
    # Rounding must not claim all where a little is still missing.
    hundredths = 99.9 if 0.999 <= fraction < 1 else fraction * 100
    return _fit([f"{hundredths:.1f}%", f"{hundredths:.0f}%", f"{hundredths:.0e}%"], width)


def ratio_text(value: float, width: int = 5) -> str:
    """A magnitude to its order: `1e-06`, `4e-02`, `1e+03`; `0` for zero.

    Args:
        value: Zero or above.
        width: Characters to fill. 6 are enough for every float.

    Returns:
        Exactly `width` characters.
    """
    if not math.isfinite(value) or value == 0:
        return _fit([f"{value:.0f}"], width)
    return _fit([f"{value:.0e}"], width)


def _fixed(value: float, decimals: int, sign: str) -> list[str]:
    """Fixed notation, from that many decimals down to none."""
    return [f"{value:{sign}.{count}f}" for count in range(max(decimals, 0), -1, -1)]


def _fit(candidates: Iterable[str], width: int) -> str:
    """The first candidate with room, right-aligned in exactly `width` characters."""
    for candidate in candidates:
        if len(candidate) <= width:
            return candidate.rjust(width)
    return "#" * width


def counted(n: int, what: str) -> str:
    """`1 line`, `2,000 lines`."""
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"


def share_text(count: int, total: int) -> str:
    """A part of a whole in percent, never 0% for some: `12%`, `<1%`; empty for none."""
    share = count / max(total, 1)
    return "" if not count else f"{share:.0%}" if share >= 0.01 else "<1%"
