"""A small map of a graph that does not fit: every box, and which part of it is seen."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

import numpy as np
from textual.geometry import Region

from ...core.explain.graph_layout import Box, GraphLayout, Place
from ..drawing.canvas import Canvas
from .graph_picture import GraphInk

WIDEST: Final = 26
HIGHEST: Final = 9
# A cell is twice as high as wide, but columns of boxes are further apart than rows.
_SCALE_DOWN: Final = 0.6
_BORDERS: Final = 2
# The map is left out where it would take more of the view than this.
_MOST_OF_VIEW: Final = 3
_FRAME: Final = ("╭", "╮", "╰", "╯", "─", "│", "▪", "░")
_PLAIN_FRAME: Final = (".", ".", "'", "'", "-", "|", "o", ":")


class MiniMap(NamedTuple):
    """A map, and the cell of the view that its corner is in."""

    canvas: Canvas
    place: Place

    def share(self, cell: Place) -> tuple[float, float] | None:
        """How far right and down a cell of the view is on the map, 0 to 1; None beside it."""
        height, width = self.canvas.glyphs.shape
        x, y = cell.x - self.place.x, cell.y - self.place.y
        if not (0 <= x < width and 0 <= y < height):
            return None
        across, down = (x - 0.5) / (width - _BORDERS), (y - 0.5) / (height - _BORDERS)
        return min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0)


def mini_map(
    layout: GraphLayout,
    picture: Canvas,
    seen: Region,
    acting: Collection[str],
    *,
    plain: bool,
) -> MiniMap | None:
    """Draws the map in the corner of the view where it covers least.

    Args:
        layout: Of the whole graph.
        picture: Of the whole graph.
        seen: The part of it that is in view.
        acting: The boxes of the step, which it never covers.
        plain: Without line-drawing characters.

    Returns:
        None if the whole graph is seen, or there is no room.
    """
    if seen.width >= layout.width and seen.height >= layout.height:
        return None
    canvas = _drawn(layout, seen, acting, plain=plain)
    height, width = canvas.glyphs.shape
    if width * _MOST_OF_VIEW > seen.width or height * 2 > seen.height:
        return None
    corners = [Place(x, y) for y in (seen.height - height, 0) for x in (seen.width - width, 0)]
    covered = [_covered(picture, Region(seen.x + x, seen.y + y, width, height)) for x, y in corners]
    boxes = [layout.boxes[node] for node in acting]
    free = [
        (cells, k)
        for k, cells in enumerate(covered)
        if not any(_overlaps(box, seen, corners[k], width, height) for box in boxes)
    ]
    return MiniMap(canvas, corners[min(free)[1]]) if free else None


def _drawn(layout: GraphLayout, seen: Region, acting: Collection[str], *, plain: bool) -> Canvas:
    inner = WIDEST - _BORDERS
    down = min((HIGHEST - _BORDERS) / layout.height, _SCALE_DOWN * inner / layout.width)
    across = inner / layout.width
    rows = max(round(layout.height * down), 3)
    top_left, top_right, bottom_left, bottom_right, level, upright, box_glyph, shade = (
        _PLAIN_FRAME if plain else _FRAME
    )
    canvas = Canvas(rows + _BORDERS, WIDEST)
    down = rows / layout.height

    def cells(left: int, top: int, width: int, height: int) -> tuple[slice, slice]:
        first_row, first = int(top * down), int(left * across)
        last_row = max(int((top + height) * down), first_row + 1)
        return slice(first_row + 1, min(last_row, rows) + 1), slice(
            first + 1, min(max(int((left + width) * across), first + 1), inner) + 1
        )

    canvas.text(0, 0, f"{top_left}{level * inner}{top_right}", GraphInk.WIRE)
    for row in range(1, rows + 1):
        canvas.text(row, 0, f"{upright}{' ' * inner}{upright}", GraphInk.WIRE)
    canvas.text(rows + 1, 0, f"{bottom_left}{level * inner}{bottom_right}", GraphInk.WIRE)
    area = cells(seen.x, seen.y, min(seen.width, layout.width), min(seen.height, layout.height))
    canvas.glyphs[area], canvas.keys[area] = ord(shade), GraphInk.WAITING
    # Those of the step at last, on top of others in the same cell.
    for node in sorted(layout.boxes, key=lambda node: node in acting):
        left, top, width, height = layout.boxes[node]
        rows_of_box, columns = cells(left, top, width, height)
        middle = (rows_of_box.start + rows_of_box.stop - 1) // 2, columns
        canvas.glyphs[middle] = ord(box_glyph)
        canvas.keys[middle] = GraphInk.CURRENT if node in acting else GraphInk.FRAME
    return canvas


def _covered(picture: Canvas, area: Region) -> int:
    """How many cells of the picture would be hidden."""
    rows = slice(max(area.y, 0), max(area.bottom, 0))
    columns = slice(max(area.x, 0), max(area.right, 0))
    return int(np.count_nonzero(picture.glyphs[rows, columns] != ord(" ")))


def _overlaps(box: Box, seen: Region, corner: Place, width: int, height: int) -> bool:
    area = Region(seen.x + corner.x, seen.y + corner.y, width, height)
    return area.overlaps(Region(*box))
