"""The map and its legend at every depth: which colours are where."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from rich.color import Color as RichColor

from toygrad.tui.config import AppConfig
from toygrad.tui.drawing.depth import Depth
from toygrad.tui.output.pane import OutputPane
from toygrad.tui.theme import DARK, LIGHT

if TYPE_CHECKING:
    from tests.tui.conftest import Start


def named(color: RichColor | None) -> str:
    """A number of a palette, `-` for the terminal's own colour."""
    if color is None or color.is_default:
        return "-"
    return str(color.number) if color.triplet is None else color.triplet.hex


@pytest.mark.parametrize("depth", [Depth.CUBE, Depth.SIXTEEN, Depth.NONE], ids=lambda d: d.name)
async def test_the_map_has_the_colours_of_its_depth(
    start_alone: Start, golden: Callable[[str, str], None], depth: Depth
) -> None:
    pane, seen = OutputPane(id="output"), []
    async with start_alone(pane, (40, 13), AppConfig(depth=depth)) as user:
        await user.advance(800)
        for theme in (DARK, LIGHT)[: 1 if depth is Depth.NONE else 2]:
            user.app.theme = theme.name
            await user.settle()
            seen.append(f"{theme.name}: text on background, row by row")
            for strip in user.app.screen._compositor.render_strips()[:13]:
                cells = [
                    (f"{named(style.color)} on {named(style.bgcolor)}", character)
                    for text, style, _ in strip
                    if style is not None
                    for character in text
                ]
                runs = groupby(cells, lambda cell: cell[0])
                seen.append(" | ".join(f"{k}: {''.join(c for _, c in run)}" for k, run in runs))
    golden(f"map-{depth.name.lower()}", "\n".join(seen))
