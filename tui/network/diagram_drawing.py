"""A network as a picture: boxes with what units compute, links by sign and size, biases."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..drawing.canvas import BLANK, Canvas, cut_end
from ..drawing.heatmap import heat_character
from ..drawing.palette import LEVELS, NEUTRAL_LEVEL
from ..selection import Bias, Link, Part, Unit, unit_of
from .diagram_data import CUT_MARK, FROZEN_MARK, DiagramData
from .diagram_layout import DiagramLayout, lay_out
from .diagram_links import (
    LinkPicture,
    layer_limits,
    link_look,
    link_of_number,
    strengths,
)
from .diagram_styles import (
    BACKGROUND,
    CHARACTER,
    CHOSEN_BIAS,
    FRAME,
    STRONG,
    Ink,
    pair_keys,
    signed_level,
)

_UPPER: Final = ord("▀")
_LOWER: Final = ord("▄")
_CHARACTERS: Final = np.array([ord(heat_character(level)) for level in range(LEVELS)])
_FAINTEST_BIAS: Final = 0.35
_SIGNS: Final = np.array([ord(sign) for sign in "0+-"])
"""By the sign of a number: the last one is that of -1."""
_UNKNOWN: Final = ord("?")
_FLAT_CHARACTER: Final = ord("'")


@dataclass(frozen=True, eq=False)
class DiagramPicture:
    """A drawn network.

    Attributes:
        body: The picture without titles, of the layout's size.
        titles: The lines above it, of the same width.
        footer: The line below it, empty if there is none.
        layout: Where everything is.
        owners: For each cell of the body the link it shows, -1 for none.
    """

    body: Canvas
    titles: Canvas
    footer: str
    layout: DiagramLayout
    owners: NDArray[np.intp]

    def part_at(self, x: int, y: int) -> Part | None:
        """The part that a cell of the body shows."""
        for number, column in enumerate(self.layout.columns):
            unit = column.unit_at(x, y)
            if unit is not None:
                return Unit(number, unit)
            if number and x == column.left - 1 and y in column.middle_rows:
                return Bias(number - 1, int(np.flatnonzero(column.middle_rows == y)[0]))
        rows, columns = self.owners.shape
        if 0 <= y < rows and 0 <= x < columns and self.owners[y, x] >= 0:
            sizes = [column.units for column in self.layout.columns]
            return link_of_number(sizes, int(self.owners[y, x]))
        return None


class DiagramPainter:
    """Draws a network repeatedly, and keeps what depends only on the layout."""

    def __init__(self) -> None:
        self._links: LinkPicture | None = None

    def draw(
        self,
        data: DiagramData,
        selected: Part | None,
        layout: DiagramLayout,
        *,
        ascii: bool = False,
    ) -> DiagramPicture:
        """Draw a network.

        Args:
            data: The network.
            selected: Its selected part.
            layout: What `layout_of` returns for this network.
            ascii: Whether to draw only ASCII characters, which show signs without colour.
        """
        if self._links is None or layout != self._links.layout:
            self._links = LinkPicture(layout)
        body = Canvas(layout.height, layout.width)
        owners = self._links.paint(body, link_look(data, selected), ascii=ascii)
        framed = _framed(selected)
        draw_boxes = _draw_characters if ascii else _draw_pixels
        draw_boxes(body, layout, data, framed)
        _draw_labels(body, layout, data, ascii=ascii)
        _draw_biases(body, layout, data, selected)
        _draw_notes(body, layout, data)
        heading = _draw_titles(layout, data, ascii=ascii)
        return DiagramPicture(body, heading, _footer(layout, data), layout, owners)


def layout_of(data: DiagramData, width: int, height: int, *, ascii: bool = False) -> DiagramLayout:
    """The layout of a network in a room of `width` cells and `height` lines, see `lay_out`."""
    titles = tuple(_separator(ascii).join(parts) for parts in _title_parts(data))
    room = max(width, 1), max(height, 1)
    return lay_out(data.sizes, data.input_names, titles, *room, ascii=ascii)


def _framed(selected: Part | None) -> set[Unit]:
    """The units whose boxes have an outline."""
    if selected is None:
        return set()
    ends = {Unit(selected.layer, selected.source)} if isinstance(selected, Link) else set()
    return {unit_of(selected), *ends}


def _draw_pixels(
    canvas: Canvas, layout: DiagramLayout, data: DiagramData, framed: set[Unit]
) -> None:
    """Boxes and outlines in half blocks."""
    pixels = np.full((layout.height * 2, layout.width), BACKGROUND, dtype=np.intp)
    for unit in framed:
        column = layout.columns[unit.column]
        top = int(column.tops[unit.unit]) * 2
        pixels[
            max(top - 1, 0) : top + column.size.pixels + 1,
            max(column.left - 1, 0) : column.right + 1,
        ] = FRAME
    for column, thumbnails in zip(layout.columns, data.thumbnails, strict=True):
        levels = _resampled(thumbnails, column.size.pixels, column.size.width)
        rows = column.tops[:, None] * 2 + np.arange(column.size.pixels)
        pixels[rows, column.left : column.right] = levels
    upper, lower = pixels[0::2], pixels[1::2]
    drawn = (upper != BACKGROUND) | (lower != BACKGROUND)
    upper, lower = upper[drawn], lower[drawn]
    blocks = np.where(upper == BACKGROUND, _LOWER, _UPPER)
    canvas.glyphs[drawn] = np.where(upper == lower, BLANK, blocks)
    canvas.keys[drawn] = pair_keys(upper, lower)


def _draw_characters(
    canvas: Canvas, layout: DiagramLayout, data: DiagramData, framed: set[Unit]
) -> None:
    """Boxes in ASCII, outlined ones in brackets."""
    for column, thumbnails in zip(layout.columns, data.thumbnails, strict=True):
        pixels = _resampled(thumbnails, column.size.rows * 2, column.size.width)
        levels = (pixels[:, 0::2] + pixels[:, 1::2] + 1) // 2
        rows = column.tops[:, None] + np.arange(column.size.rows)
        characters = _CHARACTERS[levels]
        # A blank box would be no box at all.
        visible = np.where(characters == BLANK, _FLAT_CHARACTER, characters)
        canvas.glyphs[rows, column.left : column.right] = visible
        canvas.keys[rows, column.left : column.right] = levels + CHARACTER
    for unit in framed:
        column = layout.columns[unit.column]
        top = int(column.tops[unit.unit])
        for row in range(top, top + column.size.rows):
            canvas.text(row, column.left - 1, "[", Ink.CHOSEN)
            canvas.text(row, column.right, "]", Ink.CHOSEN)


def _resampled(thumbnails: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.intp]:
    """The nearest pixels of each thumbnail, shape (units, rows, columns); neutral without any."""
    units, height, width = thumbnails.shape
    if not height or not width:
        return np.full((units, rows, columns), NEUTRAL_LEVEL, dtype=np.intp)
    down = ((np.arange(rows) + 0.5) * height / rows).astype(np.intp)
    across = ((np.arange(columns) + 0.5) * width / columns).astype(np.intp)
    return thumbnails[:, down[:, None], across].astype(np.intp)


def _draw_labels(canvas: Canvas, layout: DiagramLayout, data: DiagramData, *, ascii: bool) -> None:
    """The names of inputs, and numbers in boxes without a thumbnail."""
    first = layout.columns[0]
    for name, row in zip(data.input_names, first.middle_rows.tolist(), strict=True):
        text = cut_end(name, layout.name_width, ascii=ascii)
        canvas.text(row, first.left - 1 - len(text), text, Ink.PLAIN)
    for column, thumbnails in zip(layout.columns[1:], data.thumbnails[1:], strict=True):
        if not thumbnails.size:
            numbers = _numbers(column.units, column.size.width)
            units, places = np.nonzero(numbers != BLANK)
            cells = column.middle_rows[units], column.left + places
            canvas.glyphs[cells] = numbers[units, places]
            canvas.keys[cells] = Ink.NUMBER


@lru_cache(maxsize=16)
def _numbers(units: int, width: int) -> NDArray[np.uint32]:
    """The characters of 0, 1, ... in the middle of a width, shape (units, width)."""
    lines = (str(unit)[-width:].center(width) for unit in range(units))
    return np.array([[ord(character) for character in line] for line in lines], dtype=np.uint32)


def _draw_biases(
    canvas: Canvas, layout: DiagramLayout, data: DiagramData, selected: Part | None
) -> None:
    """The sign of each bias, to the left of its box."""
    for layer, (biases, limit) in enumerate(zip(data.biases, layer_limits(data), strict=True)):
        column = layout.columns[layer + 1]
        rows, left = column.middle_rows, column.left - 1
        bright = _FAINTEST_BIAS + (1.0 - _FAINTEST_BIAS) * strengths(biases, limit)
        levels = signed_level(bright, biases < 0)
        signs = _SIGNS[np.sign(np.nan_to_num(biases)).astype(np.intp)]
        canvas.glyphs[rows, left] = np.where(np.isnan(biases), _UNKNOWN, signs)
        canvas.keys[rows, left] = levels + STRONG
        for unit in (u.unit for u in _framed(selected) if u.column == layer + 1):
            is_chosen = selected == Bias(layer, unit)
            key = levels[unit] + CHOSEN_BIAS if is_chosen else Ink.FRAMED
            canvas.keys[rows[unit], left] = key
        if data.frozen:
            held = data.frozen[layer][-1]
            marks = np.where(biases == 0.0, ord(CUT_MARK), ord(FROZEN_MARK))
            canvas.glyphs[rows[held], left - 1] = marks[held]
            canvas.keys[rows[held], left - 1] = Ink.MARK


def _draw_notes(canvas: Canvas, layout: DiagramLayout, data: DiagramData) -> None:
    """Words in the boxes, or next to small ones."""
    for column, notes in zip(layout.columns, data.notes, strict=True):
        # The last letter may be outside on the right, where a link begins.
        room = column.size.width + 1
        inside = column.size.pixels > 2
        row = column.size.pixels // 2 // 2
        for note, top in zip(notes, column.tops.tolist(), strict=True):
            if inside:
                text = _abbreviated(note, room)
                canvas.text(
                    top + row,
                    column.left + max(column.size.width - len(text), 0) // 2,
                    text,
                    Ink.NOTE,
                )
            elif note:
                left = min(column.right + 1, layout.width - len(note))
                canvas.text(top, left, note, Ink.NOTE)


def _abbreviated(word: str, room: int) -> str:
    return word if len(word) <= room else word[: room - 1] + "."


def _title_parts(data: DiagramData) -> list[tuple[str, ...]]:
    """For each column its name, its number of units and its activation."""
    layers = zip(data.layer_names, data.sizes[1:], data.activations, strict=True)
    return [("inputs", str(data.sizes[0])), *((name, str(n), act) for name, n, act in layers)]


def _separator(ascii: bool) -> str:
    return ", " if ascii else " · "


def _draw_titles(layout: DiagramLayout, data: DiagramData, *, ascii: bool) -> Canvas:
    """The lines above the columns, as much of each title as fits."""
    canvas = Canvas(layout.title_rows, layout.width)
    separator = _separator(ascii)
    for parts, (start, end), column in zip(
        _title_parts(data), layout.title_spans(), layout.columns, strict=True
    ):
        lines = [parts] if layout.title_rows == 1 else [parts[:1], parts[1:]]
        for row, line in enumerate(lines):
            text = _title(line, separator, end - start - 1, ascii=ascii)
            middle = (column.left + column.right - len(text)) // 2
            left = max(start, min(middle, end - len(text)))
            canvas.text(row, left, text, Ink.QUIET)
    return canvas


def _title(parts: tuple[str, ...], separator: str, room: int, *, ascii: bool) -> str:
    """All parts of a title, or the first ones that fit."""
    for count in range(len(parts), 0, -1):
        text = separator.join(parts[:count])
        if len(text) <= room:
            return text
    return cut_end(parts[0], room, ascii=ascii)


def _footer(layout: DiagramLayout, data: DiagramData) -> str:
    if not layout.has_footer:
        return ""
    return f"the {layout.max_links} strongest of {data.links:,} links are drawn"
