"""Look: how a picture of the output pane is to be drawn."""

from __future__ import annotations

from dataclasses import dataclass

from textual.color import Color

from ..selection import Unit

_QUIET_STRENGTH = 0.6


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is to be drawn.

    Attributes:
        columns: Cells across.
        rows: Cells down.
        background: The colour below it.
        ascii: Whether in ASCII characters alone.
        with_tests: Whether test points are shown.
        discretized: Whether the map has but two colours.
        unit: The unit whose output is shown; None for the network's.
    """

    columns: int
    rows: int
    background: Color
    ascii: bool
    with_tests: bool
    discretized: bool
    unit: Unit | None


def quiet_color(background: Color) -> Color:
    """The colour of what is said by the way, on a background."""
    return background.blend(background.get_contrast_text(1.0), _QUIET_STRENGTH)
