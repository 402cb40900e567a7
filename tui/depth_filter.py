"""DepthFilter: what the screen shows, in the numbers of the terminal's palette."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from .drawing.depth import Depth
from .drawing.members import at_depth, from_rich
from .drawing.oklab import contrast_ratio
from .drawing.palette import MARK_CONTRAST
from .theme import DARK

_PLAIN: Final = Style(color="default", bgcolor="default", dim=False)


class DepthFilter(LineFilter):
    """Gives each colour its number, where Rich would round all of them once more.

    Without colours, a background that stands out is shown by exchanging it with the text.

    Args:
        depth: Any but true colour.
        surface: The colour behind most of the screen.
    """

    def __init__(self, depth: Depth, surface: Color) -> None:
        super().__init__()
        self._styled: Callable[[Style], Style] = lru_cache(maxsize=8192)(
            lambda style: _numbered(style, depth) if depth else _colorless(style, surface)
        )

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        styled = self._styled
        return [
            Segment(text, style and styled(style), control) for text, style, control in segments
        ]


def depth_filters(depth: Depth) -> list[LineFilter]:
    """What takes the place of Textual's filters at a depth; nothing in true colour."""
    surface = Color.parse(DARK.surface or DARK.primary)
    return [] if depth is Depth.TRUE else [DepthFilter(depth, surface)]


def _numbered(style: Style, depth: Depth) -> Style:
    front, behind = (_number(color, depth) for color in (style.color, style.bgcolor))
    # Not every terminal has dim text.
    return style + Style(color=front, bgcolor=behind, dim=False)


def _number(color: RichColor | None, depth: Depth) -> RichColor | None:
    if color is None or color.triplet is None:
        return color
    return at_depth(from_rich(color), depth).rich_color


def _colorless(style: Style, surface: Color) -> Style:
    behind = style.bgcolor
    if behind is not None and behind.triplet is not None:
        stands_out = contrast_ratio(from_rich(behind), surface) >= MARK_CONTRAST
        style += Style(reverse=bool(style.reverse) != stands_out)
    return style + _PLAIN
