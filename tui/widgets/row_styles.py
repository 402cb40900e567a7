"""RowStyles: styles of text in rows, readable on any background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from rich.style import Style
from textual.widget import Widget

from ..drawing.members import at_depth, depth_of, from_rich
from ..drawing.palette import MARK_CONTRAST, TEXT_CONTRAST, readable, signed_text
from .basics import background_color

STYLE_NAMES: Final = ("quiet", "line", "healthy", "warning")
"""The component classes of a widget with rows: `prefix--quiet`, and so on."""


@dataclass(frozen=True)
class RowStyles:
    """The styles of one kind of row, all with its background."""

    plain: Style
    quiet: Style
    line: Style
    negative: Style
    positive: Style
    healthy: Style
    warning: Style

    def of_sign(self, value: float) -> Style:
        """The style of a number by its sign; quiet for zero, a warning for nan and inf."""
        if not np.isfinite(value):
            return self.warning
        return self.negative if value < 0 else self.positive if value > 0 else self.quiet

    def of_size(self, value: float) -> Style:
        """The style of a magnitude."""
        return self.plain if np.isfinite(value) and value else self.of_sign(value)


def row_styles(widget: Widget, component: Callable[[str], Style], plain: Style) -> RowStyles:
    """The styles of rows on one background.

    Args:
        widget: Where they are drawn.
        component: The style of each of `STYLE_NAMES`.
        plain: Text and background.
    """
    background = background_color(widget)
    if plain.bgcolor is not None and not plain.bgcolor.is_default:
        background = at_depth(from_rich(plain.bgcolor), depth_of(background))

    def readable_style(name: str, contrast: float = TEXT_CONTRAST) -> Style:
        style = component(name)
        if style.color is None:
            return plain + style
        color = readable(from_rich(style.color), background, contrast)
        return style + plain + Style(color=color.rich_color)

    negative, positive = signed_text(background)
    return RowStyles(
        plain=plain,
        quiet=readable_style("quiet"),
        line=readable_style("line", MARK_CONTRAST),
        negative=plain + Style(color=negative.rich_color),
        positive=plain + Style(color=positive.rich_color),
        healthy=readable_style("healthy"),
        warning=readable_style("warning"),
    )
