"""Painting: the cells of a wall as strips, in colours or in characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from ...core.autograd.numerics import FloatArray
from ...core.training import predicted_classes
from ..drawing.heatmap import Mark, class_character, heat_character, heat_strips, nearest
from ..drawing.palette import (
    LEVELS,
    MARK_CONTRAST,
    class_colors,
    diverging,
    level_of,
    on,
    plate,
    readable,
    without_number,
)
from .cells import Cells

Levels = NDArray[np.uint8]
MISSING: Final = LEVELS
WITHOUT: Final = LEVELS + 1
CURSOR: Final = LEVELS + 2
BEST: Final = LEVELS + 3
FIRST_CLASS: Final = LEVELS + 4

RAMP: Final = "#%*+=~-:."
"""Without colours: from the best to the worst."""
BEST_COLOR: Final = "#009e73"
WITHOUT_GLYPH: Final = "x"
MISSING_GLYPHS: Final = ("·", " ")
BEST_GLYPHS: Final = ("◆", "@")
CORNERS: Final = (("┌", "┐", "└", "┘"), ("+", "+", "+", "+"))
# A picture narrower or lower than this shows nothing.
LEAST_PICTURE_COLUMNS, LEAST_PICTURE_LINES = 6, 3


@dataclass(frozen=True, eq=False)
class Inks:
    """The colours of a map on some background.

    Attributes:
        background: Behind the map.
        text: Of what is written beside it.
        n_classes: Of the data whose boundaries are drawn; 0 for none.
    """

    background: Color
    text: Color
    n_classes: int = 0

    @cached_property
    def table(self) -> tuple[Color, ...]:
        """The colour of each level."""
        back = self.background
        classes = class_colors(self.n_classes) if self.n_classes > 2 else ()
        return (
            *diverging(plate(back, self.text)),
            back,
            without_number(back, self.text),
            readable(self.text, back),
            readable(Color.parse(BEST_COLOR), back, MARK_CONTRAST),
            *(on(back, color) for color in classes),
        )


def levels_of(shares: FloatArray, values: FloatArray) -> Levels:
    """The level of each cell: the best is blue, the last of the table.

    Args:
        shares: From 0 for the best to 1 for the worst; nan where there is no number.
        values: Of the same shape: nan where nothing is known yet.
    """
    known = np.nan_to_num(shares, nan=0.5)
    levels = np.rint((1.0 - known) * (LEVELS - 1)).astype(np.uint8)
    levels = np.where(np.isnan(shares), WITHOUT, levels)
    return np.where(np.isnan(values), MISSING, levels).astype(np.uint8)


def picture_levels(grid: FloatArray, limit: float, lines: int, columns: int) -> Levels:
    """What a network computes over a plane, as levels of shape (2 * lines, columns).

    Args:
        grid: Shape (rows, columns, outputs).
        limit: The output that has the full colour.
        lines: Of the picture.
        columns: Likewise.
    """
    if grid.shape[-1] > 1:
        levels = (FIRST_CLASS + predicted_classes(grid)).astype(np.uint8)
    else:
        levels = level_of(grid[..., 0], limit)
    return nearest(levels, 2 * lines, columns)


def pixels(levels: Levels, cells: Cells) -> Levels:
    """The cells that are seen, each as a block of equal pixels: two of them in every line."""
    seen = levels[
        cells.first_row : cells.first_row + cells.n_rows,
        cells.first_column : cells.first_column + cells.n_columns,
    ]
    blocks = seen.repeat(cells.halves, axis=0).repeat(cells.columns, axis=1)
    odd = len(blocks) % 2
    return np.pad(blocks, ((0, odd), (0, 0)), constant_values=MISSING)


def picture_size(cells: Cells) -> tuple[int, int] | None:
    """Characters across and lines of a picture in each cell; None where there is no room.

    A column is left on both sides, and a line below.
    """
    columns, lines = cells.columns - 2, cells.halves // 2 - 1
    has_room = columns >= LEAST_PICTURE_COLUMNS and lines >= LEAST_PICTURE_LINES
    return (columns, lines) if has_room and cells.halves % 2 == 0 else None


def put_picture(drawn: Levels, cells: Cells, row: int, column: int, picture: Levels) -> None:
    """Puts a picture into a cell that is seen."""
    top, left = row * cells.halves, column * cells.columns
    drawn[top : top + cells.halves, left : left + cells.columns] = MISSING
    drawn[top : top + len(picture), left + 1 : left + 1 + picture.shape[1]] = picture


def strips_of(drawn: Levels, inks: Inks, marks: Sequence[Mark], *, characters: bool) -> list[Strip]:
    """Draws pixels with marks on them.

    Args:
        drawn: Shape (2 * lines, columns).
        inks: The colours.
        marks: What stands over them.
        characters: Whether there are no colours: each line then shows its upper pixels.
    """
    if not characters:
        return heat_strips(drawn, inks.table, marks)
    text = np.array([[_character(code) for code in row] for row in drawn[::2].tolist()])
    styles = np.full(text.shape, "", dtype=object)
    for row, column, glyph, style in marks:
        if row < len(text) and column < text.shape[1]:
            text[row, column] = glyph
            styles[row, column] = "bold reverse" if style.bold else "bold"
    plain = Style(color=inks.text.rich_color, bgcolor=inks.background.rich_color)
    return [
        Strip(
            [
                Segment(glyph, plain + Style.parse(style) if style else plain)
                for glyph, style in zip(glyphs, kinds, strict=True)
            ]
        ).simplify()
        for glyphs, kinds in zip(text.tolist(), styles.tolist(), strict=True)
    ]


def picture_strips(drawn: Levels, inks: Inks, marks: Sequence[Mark]) -> list[Strip]:
    """Draws pictures of boundaries in characters, see `strips_of`."""
    plain = Style(color=inks.text.rich_color, bgcolor=inks.background.rich_color)
    over = {(mark.row, mark.column): mark for mark in marks}
    strips = []
    for line, row in enumerate(drawn[::2].tolist()):
        segments = []
        for column, code in enumerate(row):
            mark = over.get((line, column))
            glyph = _boundary_character(code) if mark is None else mark.glyph
            style = plain if mark is None else plain + Style(bold=True)
            segments.append(Segment(glyph, style))
        strips.append(Strip(segments).simplify())
    return strips


def _character(code: int) -> str:
    if code < LEVELS:
        share = 1.0 - code / (LEVELS - 1)
        return RAMP[round(share * (len(RAMP) - 1))]
    return WITHOUT_GLYPH if code == WITHOUT else " "


def _boundary_character(code: int) -> str:
    if code < LEVELS:
        return heat_character(code)
    return class_character(code - FIRST_CLASS) if code >= FIRST_CLASS else " "
