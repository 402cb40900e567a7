"""Thumbnails: a data set in a few cells, coloured by class or by sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from ...datasets import Dataset, informative_columns
from ..drawing.braille import BRAILLE, DOTS_ACROSS, DOTS_DOWN, STROKES
from ..drawing.canvas import Canvas
from ..drawing.heatmap import CLASS_GLYPHS, heat_character
from ..drawing.palette import (
    LEVELS,
    MARK_CONTRAST,
    NEGATIVE,
    NEUTRAL_LEVEL,
    POSITIVE,
    diverging,
    level_of,
    qualitative,
    readable,
)

TWO_CLASS_GLYPHS: Final = "ox"
"""The characters of class -1 and class +1 without colour, as on the output pane."""

_PIXEL_NAME: Final = "pixel"
# The quadrant characters (Unicode, Block Elements), by the sum of 1 for the upper left, 2 for the
# upper right, 4 for the lower left and 8 for the lower right quarter.
_QUADRANTS: Final = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_QUARTERS: Final = (2, 2)
_HALVES: Final = (2, 1)
_DOTS: Final = (DOTS_DOWN, DOTS_ACROSS)
# Keys of colours: the background, then the levels of the diverging table, then the classes.
_GROUND: Final = 0
_FIRST_LEVEL: Final = 1
_FIRST_CLASS: Final = _FIRST_LEVEL + LEVELS
# A style's key is that of its ink times this, and that of its background.
_KEYS: Final = 1024
# A wave that crosses its middle more often than there are cells would be a blot.
_MOST_HALVINGS: Final = 3
_FINE_BINS: Final = 8

_Floats = NDArray[np.float64]
_Keys = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A small picture whose colours are still open: they depend on the theme.

    Attributes:
        blocks: Block and braille characters, with the keys of their colours.
        letters: ASCII characters that tell the same without colour.
        n_classes: How many classes have a colour.
    """

    blocks: Canvas
    letters: Canvas
    n_classes: int

    @property
    def size(self) -> tuple[int, int]:
        """Lines and cells across."""
        rows, columns = self.blocks.glyphs.shape
        return rows, columns

    def put(self, row: int, column: int, cell: tuple[str, int, int], letter: str) -> None:
        """Fill a cell.

        Args:
            row: Its line.
            column: Its place in the line.
            cell: A character and the keys of its ink and of what is behind.
            letter: The ASCII character, which has the ink on nothing.
        """
        glyph, ink, background = cell
        self.blocks.text(row, column, glyph, ink * _KEYS + background)
        self.letters.text(row, column, letter, ink * _KEYS)


def draw_thumbnail(dataset: Dataset, columns: int, rows: int) -> Thumbnail:
    """Draw a data set.

    Points in a plane are drawn where they are, in the colours of their classes or as the mean of
    their targets; those of more columns by the two of `informative_columns`. One column makes a
    curve. Of pictures the first one is drawn.

    Args:
        dataset: What is drawn.
        columns: Cells across, at least 1.
        rows: Lines, at least 1.

    Returns:
        The picture, `rows` lines of `columns` cells.
    """
    thumbnail = Thumbnail(Canvas(rows, columns), Canvas(rows, columns), dataset.n_classes)
    n_columns = len(dataset.columns)
    if _is_pictures(dataset):
        _draw_picture(dataset.points[0], thumbnail)
    elif n_columns == 1 and dataset.task == "regression":
        _draw_curve(dataset.points[:, 0], dataset.network_targets(), thumbnail)
    else:
        chosen = (0, 0) if n_columns == 1 else informative_columns(dataset)
        x, y = dataset.points[:, chosen[0]], dataset.points[:, chosen[1]]
        if dataset.task == "classification":
            _draw_classes(x, y, dataset.labels, thumbnail)
        else:
            _draw_means(x, y, dataset.network_targets(), thumbnail)
    return thumbnail


def pictured_columns(dataset: Dataset) -> tuple[str, ...]:
    """The names of the two columns by which a thumbnail shows a data set that has more of them.

    Args:
        dataset: What is drawn.

    Returns:
        Two names, that of the horizontal one first; none where the picture shows all there is.
    """
    if len(dataset.columns) <= 2 or _is_pictures(dataset):
        return ()
    return tuple(dataset.columns[column] for column in informative_columns(dataset))


def thumbnail_strip(
    thumbnail: Thumbnail, row: int, background: Color, *, ascii: bool = False
) -> Strip:
    """Colour a line of a thumbnail.

    Args:
        thumbnail: What is shown.
        row: The line, 0 at the top.
        background: What it stands on.
        ascii: Whether ASCII characters are shown instead of blocks.
    """
    canvas = thumbnail.letters if ascii else thumbnail.blocks
    _, columns = thumbnail.size
    return canvas.strip(row, 0, columns, _styles(background, thumbnail.n_classes, ascii))


class _Styles(dict[int, Style]):
    """Styles by the keys of their ink and background, each made the first time it is asked for."""

    def __init__(self, colors: tuple[Color, ...], *, is_text: bool) -> None:
        super().__init__()
        self._colors = colors
        self._is_text = is_text

    def __missing__(self, key: int) -> Style:
        ink_key, ground_key = divmod(key, _KEYS)
        ink, background = self._colors[ink_key], self._colors[ground_key]
        if self._is_text:
            ink = readable(ink, background, MARK_CONTRAST)
        style = self[key] = Style(color=ink.rich_color, bgcolor=background.rich_color)
        return style


@lru_cache(maxsize=64)
def _styles(background: Color, n_classes: int, is_text: bool) -> Mapping[int, Style]:
    classes = (
        (Color.parse(NEGATIVE), Color.parse(POSITIVE)) if n_classes <= 2 else qualitative(n_classes)
    )
    visible = tuple(readable(color, background, MARK_CONTRAST) for color in classes)
    return _Styles((background, *diverging(background), *visible), is_text=is_text)


# --- Pictures ----------------------------------------------------------------------------------


def _draw_classes(x: _Floats, y: _Floats, labels: _Keys, thumbnail: Thumbnail) -> None:
    """Quarters of cells, each in the colour of the class that has most points there."""
    down, across = _fine_size(thumbnail, _QUARTERS)
    counts = np.zeros((thumbnail.n_classes, down, across), dtype=np.intp)
    np.add.at(counts, (labels, _places(-y, down), _places(x, across)), 1)
    quarters = np.where(counts.any(axis=0), _FIRST_CLASS + counts.argmax(axis=0), _GROUND)
    letters = TWO_CLASS_GLYPHS if thumbnail.n_classes == 2 else CLASS_GLYPHS
    for (row, column), cell in _cells(quarters, _QUARTERS):
        glyph, ink, background = _quadrant(cell)
        letter = " " if ink == _GROUND else letters[(ink - _FIRST_CLASS) % len(letters)]
        thumbnail.put(row, column, (glyph, ink, background), letter)


def _quadrant(quarters: list[int]) -> tuple[str, int, int]:
    """The character for four quarters, the key of its ink, and of what is behind.

    A cell has two colours. Of three the one that is there least is left out.
    """
    ranked = [key for key, _ in Counter(quarters).most_common()][:2]
    inks = [key for key in ranked if key != _GROUND]
    if not inks:
        return " ", _GROUND, _GROUND
    background = inks[1] if len(inks) == 2 else _GROUND if _GROUND in ranked else inks[0]
    bits = sum(1 << place for place, key in enumerate(quarters) if key == inks[0])
    return _QUADRANTS[bits], inks[0], background


def _draw_means(x: _Floats, y: _Floats, values: _Floats, thumbnail: Thumbnail) -> None:
    """Half blocks in the colour of the mean of the values there; free where there is no point."""
    down, across = _fine_size(thumbnail, _HALVES)
    places = _places(-y, down) * across + _places(x, across)
    totals = np.bincount(places, values, minlength=down * across)
    counts = np.bincount(places, minlength=down * across)
    means = totals / np.maximum(counts, 1)
    levels = _FIRST_LEVEL + level_of(means, float(np.abs(means).max())).astype(np.intp)
    _draw_levels(np.where(counts > 0, levels, _GROUND).reshape(down, across), thumbnail)


def _draw_levels(levels: _Keys, thumbnail: Thumbnail) -> None:
    for (row, column), (upper, lower) in _cells(levels, _HALVES):
        seen = [key - _FIRST_LEVEL for key in (upper, lower) if key != _GROUND]
        # A mean of the two halves would hide a bump beside a hollow.
        level = max(seen, key=lambda seen: abs(seen - NEUTRAL_LEVEL), default=NEUTRAL_LEVEL)
        glyph = " " if upper == lower else "▀"
        thumbnail.put(row, column, (glyph, upper, lower), heat_character(level))


def _draw_picture(pixels: _Floats, thumbnail: Thumbnail) -> None:
    """The ink of a square picture, as values above zero are drawn."""
    side = round(len(pixels) ** 0.5)
    down, across = _fine_size(thumbnail, _HALVES)
    rows, columns = (np.arange(n) * side // n for n in (down, across))
    shown = pixels.reshape(side, side)[np.ix_(rows, columns)]
    levels = level_of(shown, float(np.abs(pixels).max()))
    _draw_levels(_FIRST_LEVEL + levels.astype(np.intp), thumbnail)


def _draw_curve(x: _Floats, targets: _Floats, thumbnail: Thumbnail) -> None:
    """Braille dots, in the colour of what is below zero or above it."""
    down, across = _fine_size(thumbnail, _DOTS)
    x, targets = _least_wavy_part(x, targets, thumbnail.size[1])
    means = _bin_means(x, targets, across)
    heights = _places(-means, down)
    dots = np.zeros((down, across), dtype=np.intp)
    for column, height in enumerate(heights.tolist()):
        before = heights[max(column - 1, 0)]
        # No gap where the curve is steep.
        top, bottom = sorted((height, before + int(np.sign(height - before))))
        dots[top : bottom + 1, column] = _FIRST_CLASS + int(means[column] > 0)
    for (row, column), cell in _cells(dots, _DOTS):
        bits = _braille_bits(cell)
        ink = max(set(cell), key=lambda key: (key != _GROUND, cell.count(key)))
        letter = chr(STROKES[bits]) if bits else " "
        thumbnail.put(row, column, (chr(BRAILLE + bits), ink, _GROUND), letter)


def _least_wavy_part(x: _Floats, targets: _Floats, crossings: int) -> tuple[_Floats, _Floats]:
    """The first half of a curve, or half of that, where all of it is more than can be told."""
    for _ in range(_MOST_HALVINGS):
        is_high = _bin_means(x, targets, crossings * _FINE_BINS) > 0
        first = x < (x.min() + x.max()) / 2
        if np.count_nonzero(np.diff(is_high)) <= crossings or not first.any():
            break
        x, targets = x[first], targets[first]
    return x, targets


def _bin_means(x: _Floats, values: _Floats, bins: int) -> _Floats:
    """The mean of the values in each part of the range of x; between them a straight line."""
    places = _places(x, bins)
    counts = np.bincount(places, minlength=bins)
    there = np.flatnonzero(counts)
    means = np.bincount(places, values, minlength=bins)[there] / counts[there]
    return np.interp(np.arange(bins), there, means)


def _is_pictures(dataset: Dataset) -> bool:
    n = len(dataset.columns)
    is_square = n > 1 and round(n**0.5) ** 2 == n
    return is_square and all(name.startswith(_PIXEL_NAME) for name in dataset.columns)


def _fine_size(thumbnail: Thumbnail, parts: tuple[int, int]) -> tuple[int, int]:
    rows, columns = thumbnail.size
    return rows * parts[0], columns * parts[1]


def _places(values: _Floats, n: int) -> _Keys:
    """In which of n equal parts of their range values lie."""
    low, high = values.min(), values.max()
    # Dividing first, because the range of large numbers may be more than there is.
    span = high / 2 - low / 2
    share = (values / 2 - low / 2) / span if span > 0 else np.full(len(values), 0.5)
    return np.clip((share * n).astype(np.intp), 0, n - 1)


def _cells(fine: _Keys, parts: tuple[int, int]) -> list[tuple[tuple[int, int], list[int]]]:
    """The parts of each cell, row by row, with the cell's line and place."""
    down, across = parts
    rows, columns = fine.shape[0] // down, fine.shape[1] // across
    cells = fine.reshape(rows, down, columns, across).swapaxes(1, 2).reshape(rows, columns, -1)
    return [((r, c), cells[r, c].tolist()) for r in range(rows) for c in range(columns)]


def _braille_bits(dots: list[int]) -> int:
    """The braille pattern of eight dots, row by row."""
    order = (0, 2, 4, 1, 3, 5, 6, 7)
    return sum(1 << bit for bit, place in enumerate(order) if dots[place] != _GROUND)
