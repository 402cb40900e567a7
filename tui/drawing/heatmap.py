"""Heat maps and class maps as strips of half blocks: two pixels in every cell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from .depth import Depth
from .members import depth_of, from_rich
from .palette import LEVELS, MARK_CONTRAST, NEUTRAL_LEVEL, character_color, readable

Cell = tuple[str, Style]
"""One character and how it is drawn."""

NEGATIVE_RAMP: Final = " .-="
"""Magnitudes below zero without colour: level strokes, denser as the magnitude grows."""
POSITIVE_RAMP: Final = " +*#"
"""Magnitudes above zero without colour: crossed strokes, denser as the magnitude grows."""
CLASS_GLYPHS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
"""The character of each class without colour."""
DIM_STRENGTH: Final = 0.66
"""How much of its colour a dim mark keeps."""


class Mark(NamedTuple):
    """Something drawn over a cell of a map, for instance a data point.

    Attributes:
        row: The cell's row, 0 at the top.
        column: The cell's column, 0 at the left.
        glyph: One character, one cell wide.
        style: Its colour and attributes. The colour is made lighter or darker where it would be
            too close to the cell's; the background is always the cell's, and a reversed style
            exchanges the two.
    """

    row: int
    column: int
    glyph: str
    style: Style


def heat_strips(
    levels: NDArray[np.uint8],
    table: Sequence[Color],
    overlay: Iterable[Mark] = (),
    *,
    ascii: bool = False,
) -> list[Strip]:
    """Draw a heat map.

    Args:
        levels: Indices into the table, shape `(2 * rows, columns)`, the top row first.
        table: The colours, as `palette.diverging` makes them with its default number of levels.
        overlay: Marks over cells; the last one wins where two share a cell, and those outside are
            left out.
        ascii: One ASCII character a cell, showing sign and magnitude of the mean of its two
            pixels without any colour (the colour is there too).

    Returns:
        `rows` strips of `columns` cells.

    Raises:
        ValueError: If the number of pixel rows is odd.
    """
    upper, lower = _halves(levels)
    character = heat_character if ascii else None
    return _map_strips(upper, lower, (upper + lower + 1) // 2, table, overlay, character)


def class_strips(
    labels: NDArray[np.uint8],
    table: Sequence[Color],
    overlay: Iterable[Mark] = (),
    *,
    ascii: bool = False,
) -> list[Strip]:
    """Draw a map of class numbers, the most probable class at each place for instance.

    All is as for `heat_strips`, with a colour for each class in the table; in ASCII the character
    names the class of the upper pixel.
    """
    upper, lower = _halves(labels)
    return _map_strips(upper, lower, upper, table, overlay, class_character if ascii else None)


def nearest(pixels: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    """Pixels resampled to a shape by taking the nearest one."""
    if pixels.shape == (rows, columns):
        return pixels
    down, across = (
        ((np.arange(wanted) + 0.5) * given / wanted).astype(np.intp)
        for wanted, given in zip((rows, columns), pixels.shape, strict=True)
    )
    return pixels[np.ix_(down, across)]


def heat_character(level: int) -> str:
    """The character that shows sign and magnitude of a level without colour."""
    if level < NEUTRAL_LEVEL:
        ramp, share = NEGATIVE_RAMP, (NEUTRAL_LEVEL - level) / NEUTRAL_LEVEL
    else:
        ramp, share = POSITIVE_RAMP, (level - NEUTRAL_LEVEL) / (LEVELS - 1 - NEUTRAL_LEVEL)
    return ramp[min(int(share * len(ramp)), len(ramp) - 1)]


def class_character(label: int) -> str:
    """The character that names a class without colour."""
    return CLASS_GLYPHS[label % len(CLASS_GLYPHS)]


def _halves(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The upper and the lower pixel of each cell, each of shape (rows, columns)."""
    if len(pixels) % 2:
        raise ValueError(f"a map of half blocks needs an even number of rows, not {len(pixels)}")
    wide = pixels.astype(np.intp)
    return wide[0::2], wide[1::2]


def _map_strips(
    upper: NDArray[np.intp],
    lower: NDArray[np.intp],
    single: NDArray[np.intp],
    table: Sequence[Color],
    overlay: Iterable[Mark],
    character: Callable[[int], str] | None,
) -> list[Strip]:
    """Strips of half blocks, or of characters for the colour that stands for both pixels."""
    rows, columns = single.shape
    marks = {
        (row, column): (glyph, _mark_style(style, table[single[row, column]]))
        for row, column, glyph, style in overlay
        if 0 <= row < rows and 0 <= column < columns
    }
    codes = single if character else upper * 256 + lower
    return _run_strips(codes, _cells(tuple(table), character), marks)


class _Cells(dict[int, Cell]):
    """Cells by their code, each made when it is first needed."""

    def __init__(self, table: tuple[Color, ...], character: Callable[[int], str] | None) -> None:
        super().__init__()
        self._table = table
        self._character = character

    def __missing__(self, code: int) -> Cell:
        if self._character:
            ink = self._ink(code).rich_color
            cell = self._character(code), Style(color=ink, bgcolor=self._table[code].rich_color)
        else:
            upper, lower = (self._table[place].rich_color for place in divmod(code, 256))
            # A blank leaves no seam where a terminal draws half blocks a little short.
            cell = (
                (" ", Style(bgcolor=upper))
                if upper == lower
                else ("▀", Style(color=upper, bgcolor=lower))
            )
        self[code] = cell
        return cell

    def _ink(self, code: int) -> Color:
        if self._character is heat_character:
            return character_color(self._table, code)
        return self._table[code].get_contrast_text(1.0)


_cells = lru_cache(maxsize=32)(_Cells)


@lru_cache(maxsize=4096)
def _mark_style(style: Style, background: Color) -> Style:
    wanted = background.get_contrast_text(1.0)
    if style.color is not None and not style.color.is_default:
        wanted = from_rich(style.color)
    ink = readable(wanted, background, MARK_CONTRAST)
    if depth_of(background) is Depth.NONE:
        return style
    if style.dim and depth_of(background) is Depth.TRUE:
        # In true colour, because not every terminal has dim text.
        ink = background.blend(ink, DIM_STRENGTH)
    colors = (background, ink) if style.reverse else (ink, background)
    front, back = (color.rich_color for color in colors)
    return style + Style(color=front, bgcolor=back, dim=False, reverse=False)


def _run_strips(
    codes: NDArray[np.intp], cells: Mapping[int, Cell], marks: Mapping[tuple[int, int], Cell]
) -> list[Strip]:
    """Strips with one segment for each run of equal cells."""
    rows, columns = codes.shape
    begins = np.ones((rows, columns + 1), dtype=bool)
    begins[:, 1:columns] = codes[:, 1:] != codes[:, :-1]
    for row, column in marks:
        begins[row, column : column + 2] = True
    strips = []
    for row in range(rows):
        edges = np.flatnonzero(begins[row])
        starts = edges[:-1]
        segments = [
            _segment(marks.get((row, start)) or cells[code], length)
            for start, code, length in zip(
                starts.tolist(), codes[row, starts].tolist(), np.diff(edges).tolist(), strict=True
            )
        ]
        strips.append(Strip(segments, columns))
    return strips


def _segment(cell: Cell, length: int) -> Segment:
    glyph, style = cell
    return Segment(glyph * length, style)
