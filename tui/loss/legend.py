"""The legend of the loss pane: a glyph, a name and a number for each curve, in fixed places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content

GAP = "  "


class Item(NamedTuple):
    """One curve in the legend.

    Attributes:
        glyph: What its line looks like.
        text: Its name and number, as long in every frame.
        color: HTML, of both.
    """

    glyph: str
    text: str
    color: str


def legend(items: Sequence[Item], width: int, most_lines: int) -> Content:
    """Lines of items; where there is no room for all, the number of those left out.

    Args:
        items: The first ones are the most important.
        width: Cells of a line.
        most_lines: How many lines at the most, 1 or more.
    """
    lines: list[list[Item]] = [[]]
    for place, item in enumerate(items):
        used = sum(len(GAP) + _cells(other) for other in lines[-1])
        if lines[-1] and used + _cells(item) > width:
            if len(lines) == most_lines:
                return _written(lines) + Content(f" +{len(items) - place}")
            lines.append([])
        lines[-1].append(item)
    return _written(lines)


def _cells(item: Item) -> int:
    return len(item.glyph) + 1 + len(item.text)


def _written(lines: list[list[Item]]) -> Content:
    return Content("\n").join(Content(GAP).join(map(_item, line)) for line in lines)


def _item(item: Item) -> Content:
    return Content.styled(f"{item.glyph} {item.text}", item.color)
