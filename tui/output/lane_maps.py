"""LaneMaps: what each lane of a race computes, side by side, and where they differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from ...core import Snapshot
from ...core.training import predicted_classes
from ...core.training.snapshot import LaneView
from ...datasets import FloatArray
from ..drawing.canvas import cut_end
from ..drawing.heatmap import class_strips, heat_strips, nearest
from ..drawing.palette import NEUTRAL_LEVEL, diverging, lane_color, level_of, on
from ..messages import LaneWanted
from ..widgets.basics import background_color, is_ascii, shows_characters
from ..widgets.drawn import DrawnWidget
from .look import Look, View
from .paint import curve_marks, extent_of, paint
from .picture import Picture, output_limit, range_around

GAP: Final = 2
# Outputs that differ by less were added up in another order.
ROUNDING: Final = 1e-12
LEAST_COLUMNS: Final = 10
LEAST_ROWS: Final = 4
COLUMNS_FOR_SAMPLES: Final = 26
"""On smaller maps the samples would hide what they are drawn on."""
SAME: Final = "no difference yet"


class Tiling(NamedTuple):
    """How pictures share some room.

    Attributes:
        across: How many stand beside each other.
        columns: Cells of one of them across.
        rows: Lines of one of them, without its title.
    """

    across: int
    columns: int
    rows: int

    @property
    def size(self) -> int:
        """How large a square in it is."""
        return min(self.columns, 2 * self.rows)


def tiling(n: int, width: int, height: int) -> Tiling:
    """The tiling with the largest squares: a cell is twice as high as wide.

    Args:
        n: How many pictures, 1 or more.
        width: Cells across.
        height: Lines.
    """

    def with_columns(across: int) -> Tiling:
        down = -(-n // across)
        columns = (width - GAP * (across - 1)) // across
        rows = height // down - 1
        side = max(min(columns // 2, rows), 0)
        return Tiling(across, min(columns, 2 * side), side)

    return max(map(with_columns, range(1, n + 1)), key=lambda tiles: tiles.size)


def n_tiles(n_lanes: int) -> int:
    """How many pictures there are: one a lane, and the difference."""
    return n_lanes + 1


@dataclass(frozen=True, slots=True, eq=False)
class _Tile:
    """One picture.

    Attributes:
        title: Above it.
        style: Of the title.
        strips: Its lines.
        number: Of its lane; 0 for none.
    """

    title: str
    style: Style
    strips: Sequence[Strip]
    number: int = 0


class LaneMaps(DrawnWidget):
    """A map for each lane and one of their difference; of one input, all curves in one plot."""

    DEFAULT_CSS = """
    LaneMaps { width: 1fr; height: 1fr; background: $surface; color: $foreground; display: none; }
    """

    class Resized(Message):
        """Its maps have another size."""

    def __init__(self, *, id: str, strength: float) -> None:
        super().__init__(id=id)
        self._strength = strength
        self._lanes: tuple[LaneView, ...] = ()
        self._look = Look()
        self._pictures: dict[int, Picture] = {}
        self.tooltip = (
            "What each lane computes. A click chooses a lane. The last picture shows where the "
            "lanes differ."
        )

    def show(self, lanes: tuple[LaneView, ...], look: Look) -> None:
        """Shows the lanes of a race.

        Args:
            lanes: All of them.
            look: How samples and maps are drawn; its size does not matter.
        """
        is_other = len(lanes) != len(self._lanes)
        self._lanes, self._look = lanes, look
        self.redraw()
        if is_other:
            self.post_message(self.Resized())

    def on_resize(self) -> None:
        super().on_resize()
        self.post_message(self.Resized())

    @property
    def _is_plane(self) -> bool:
        return bool(self._lanes) and len(self._lanes[0].snapshot.view) == 2

    @property
    def tiles(self) -> Tiling:
        """How the maps share the room."""
        return tiling(n_tiles(len(self._lanes)), *self.content_size)

    @property
    def grid_size(self) -> tuple[int, int]:
        """How many points across and down each picture can show."""
        if not self._is_plane:
            return max(2 * self.content_size.width, 2), 2
        tiles = self.tiles
        return max(tiles.columns, 2), max(2 * tiles.rows, 2)

    def draw(self) -> list[Strip]:
        if not self._lanes or not self.content_size:
            return []
        return self._draw_maps() if self._is_plane else self._draw_curves()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or not self._is_plane:
            return
        tiles = self.tiles
        left = self._left(tiles)
        across = (offset.x - left) // (tiles.columns + GAP)
        place = offset.y // (tiles.rows + 1) * tiles.across + across
        if 0 <= across < tiles.across and 0 <= place < len(self._lanes):
            event.stop()
            self.post_message(LaneWanted(self._lanes[place].number))

    def _left(self, tiles: Tiling) -> int:
        """Blanks to the left of the maps, so that they stand in the middle."""
        used = tiles.across * (tiles.columns + GAP) - GAP
        return max((self.content_size.width - used) // 2, 0)

    # --- Maps ----------------------------------------------------------------------------------

    def _draw_maps(self) -> list[Strip]:
        tiles, plain = self.tiles, self.rich_style
        if tiles.columns < 1 or tiles.rows < 1:
            return []
        drawn = [*(self._map(lane, tiles) for lane in self._lanes), self._difference(tiles)]
        left, lines = " " * self._left(tiles), []
        for first in range(0, len(drawn), tiles.across):
            row = drawn[first : first + tiles.across]
            lines.append(self._joined(left, [self._title(tile, tiles.columns) for tile in row]))
            for line in range(tiles.rows):
                parts = [
                    tile.strips[line]
                    if line < len(tile.strips)
                    else Strip.blank(tiles.columns, plain)
                    for tile in row
                ]
                lines.append(self._joined(left, parts))
        return lines

    def _joined(self, left: str, parts: Sequence[Strip]) -> Strip:
        plain = self.rich_style
        segments = [Segment(left, plain)]
        for part in parts:
            segments += [*part, Segment(" " * GAP, plain)]
        return Strip(segments).adjust_cell_length(self.content_size.width, plain)

    def _title(self, tile: _Tile, columns: int) -> Strip:
        text = cut_end(tile.title, columns, ascii=is_ascii(self))
        style = self.rich_style + tile.style
        rest = Segment(" " * (columns - cell_len(text)), self.rich_style)
        return Strip([Segment(text, style), rest], columns)

    def _lane_style(self, lane: LaneView) -> Style:
        color = lane_color(lane.number, background_color(self)).rich_color
        return Style(color=color, bold=lane.is_chosen, reverse=lane.is_chosen)

    def _map(self, lane: LaneView, tiles: Tiling) -> _Tile:
        snapshot, background = lane.snapshot, background_color(self)
        look = replace(
            self._look, view=View.MAP, unit=None, columns=tiles.columns, rows=tiles.rows,
            background=background, ascii=is_ascii(self),
        )  # fmt: skip
        before = self._pictures.get(lane.number)
        picture = paint(snapshot, look, extent_of(snapshot, look), before)
        self._pictures[lane.number] = picture
        marks = picture.marks if tiles.columns >= COLUMNS_FOR_SAMPLES else ()
        pixels = nearest(picture.levels, 2 * tiles.rows, tiles.columns)
        ascii = shows_characters(self)
        if picture.class_colors:
            colors = [on(background, color) for color in picture.class_colors]
            strips = class_strips(pixels, colors, marks, ascii=ascii)
        else:
            table = diverging(background, strength=self._strength)
            strips = heat_strips(pixels, table, marks, ascii=ascii)
        mark = (">" if is_ascii(self) else "▸") if lane.is_chosen else " "
        title = f"{mark}{lane.number} {lane.short} "
        return _Tile(title, self._lane_style(lane), strips, lane.number)

    def _difference(self, tiles: Tiling) -> _Tile:
        chosen = next(lane for lane in self._lanes if lane.is_chosen)
        others = [lane for lane in self._lanes if not lane.is_chosen]
        levels, words = difference(chosen, others)
        room = [word for word in words if cell_len(word) <= tiles.columns]
        title = room[0] if room else words[-1]
        pixels = nearest(levels, 2 * tiles.rows, tiles.columns)
        table = diverging(background_color(self), strength=self._strength)
        strips = heat_strips(pixels, table, (), ascii=shows_characters(self))
        return _Tile(title, Style(italic=True), strips)

    # --- Curves --------------------------------------------------------------------------------

    def _draw_curves(self) -> list[Strip]:
        """The curves of all lanes in one plot, below their names."""
        (width, height), background = self.content_size, background_color(self)
        names = Strip([])
        for lane in self._lanes:
            text = f" {lane.number} {lane.short} "
            names = Strip.join(
                [names, Strip([Segment(text, self.rich_style + self._lane_style(lane))])]
            )
        grids = [lane.snapshot.grid for lane in self._lanes]
        known = [grid[:, 0] for grid in grids if grid is not None]
        rows = height - 1
        if not known or rows < 1:
            return [names]
        low, high = _curve_range(self._lanes[0].snapshot, known)
        marks = []
        for lane, grid in sorted(
            zip(self._lanes, grids, strict=True), key=lambda pair: pair[0].is_chosen
        ):
            if grid is not None:
                style = Style(color=lane_color(lane.number, background).rich_color, bold=True)
                fractions = (high - grid[:, 0]) / (high - low)
                marks += curve_marks(fractions, width, rows, style, ascii=is_ascii(self))
        levels = np.full((2 * rows, width), NEUTRAL_LEVEL, dtype=np.uint8)
        table = diverging(background, strength=self._strength)
        strips = heat_strips(levels, table, marks, ascii=shows_characters(self))
        return [names.adjust_cell_length(width, self.rich_style), *strips]


def difference(
    chosen: LaneView, others: Sequence[LaneView]
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Where lanes differ, as levels of a diverging table; and what that is called, in brief last.

    Of two lanes it is the output of the chosen one minus that of the other; of more, how far apart
    the least and the greatest output are; of many classes, where the lanes see different ones.

    Args:
        chosen: The chosen lane.
        others: The other ones, at least one.
    """
    snapshots = [chosen.snapshot, *(lane.snapshot for lane in others)]
    grids = [s.grid for s in snapshots]
    shapes = {None if grid is None else grid.shape for grid in grids}
    views = {snapshot.view for snapshot in snapshots}
    empty = np.full((2, 1), NEUTRAL_LEVEL, dtype=np.uint8)
    if len(shapes) > 1 or None in shapes or len(views) > 1:
        return empty, ("different data",)
    stack = np.stack([grid for grid in grids if grid is not None])
    if stack.shape[-1] > 1:
        classes = np.stack([predicted_classes(grid) for grid in stack])
        apart = (classes != classes[0]).any(axis=0).astype(np.float64)
        return level_of(apart, 1.0), (f"other class: {apart.mean():.0%}", f"{apart.mean():.0%}")
    outputs = stack[..., 0]
    limit = output_limit(chosen.snapshot)
    # Beyond the full colour of the maps nothing differs on them.
    if chosen.snapshot.dataset.task != "regression":
        outputs = np.clip(outputs, -limit, limit)
    is_pair = len(outputs) == 2
    apart = outputs[0] - outputs[1] if is_pair else outputs.max(axis=0) - outputs.min(axis=0)
    largest = float(np.abs(apart).max(initial=0.0))
    if largest <= ROUNDING:
        return level_of(apart, limit), (SAME, "no difference", "equal")
    most = f"{largest:.2g}" if math.isfinite(largest) else "?"
    pair = f"{chosen.number} minus {others[0].number}"
    words = (
        (f"{pair}, up to {most}", f"{pair}: {most}")
        if is_pair
        else (f"how far apart, up to {most}",)
    )
    return level_of(apart, limit), (*words, f"apart: {most}", most)


def _curve_range(snapshot: Snapshot, known: Sequence[FloatArray]) -> tuple[float, float]:
    if snapshot.dataset.task == "regression":
        return range_around(snapshot.dataset.targets)
    finite = np.concatenate(known)
    finite = finite[np.isfinite(finite)]
    return range_around(np.append(finite, (-1.0, 1.0)))
