"""Thumbnails: a data set in a few cells, coloured by class or by sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from ...core.autograd.numerics import FloatArray
from ...datasets import Dataset, IntArray, informative_columns, picture_side
from ..drawing.braille import BRAILLE, DOT_BITS, DOTS_ACROSS, DOTS_DOWN, STROKES
from ..drawing.heatmap import CLASS_GLYPHS, heat_character
from ..drawing.palette import (
    LEVELS,
    MARK_CONTRAST,
    NEUTRAL_LEVEL,
    class_colors,
    diverging,
    level_of,
    readable,
)

TWO_CLASS_GLYPHS: Final = "ox"
"""The characters of class -1 and class +1 without colour, as on the output pane."""

# The quadrant characters (Unicode, Block Elements), by the sum of 1 for the upper left, 2 for the
# upper right, 4 for the lower left and 8 for the lower right quarter.
_QUADRANTS: Final = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
# Parts of a cell, down and across.
_QUARTERS: Final = (2, 2)
_HALVES: Final = (2, 1)
_DOTS: Final = (DOTS_DOWN, DOTS_ACROSS)
# Numbers of colours: the background, then the levels of the diverging table, then the classes.
_BACKGROUND: Final = 0
_FIRST_LEVEL: Final = 1
_FIRST_CLASS: Final = _FIRST_LEVEL + LEVELS
# A wave that crosses its middle more often than there are cells would be a blot.
_MOST_HALVINGS: Final = 3
_FINE_BINS: Final = 8


class _Cell(NamedTuple):
    """A block or braille character, the numbers of its colours, and an ASCII character for it."""

    glyph: str
    ink: int
    behind: int
    letter: str


_Cells = list[list[_Cell]]


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A small picture without colours yet: they depend on the theme.

    Attributes:
        cells: Its cells, row by row.
        n_classes: How many classes have a colour.
    """

    cells: _Cells
    n_classes: int

    @property
    def size(self) -> tuple[int, int]:
        """Lines and cells across."""
        return len(self.cells), len(self.cells[0])


def draw_thumbnail(dataset: Dataset, columns: int, rows: int) -> Thumbnail:
    """Draw a data set.

    Samples are drawn where they are in the plane, in the colours of their classes or as the mean
    of their targets; those of more columns by the two most informative columns. One column makes
    a curve. Of pictures the first one is drawn.

    Args:
        dataset: What to draw.
        columns: Cells across, at least 1.
        rows: Lines, at least 1.
    """
    size, n_columns = (rows, columns), len(dataset.columns)
    if side := picture_side(dataset):
        cells = _picture(dataset.points[0].reshape(side, side), size)
    elif n_columns == 1 and dataset.task == "regression":
        cells = _curve(dataset.points[:, 0], dataset.network_targets(), size)
    else:
        x, y = dataset.points[:, (0, 0) if n_columns == 1 else informative_columns(dataset)].T
        if dataset.task == "classification":
            cells = _classes(x, y, dataset.labels, dataset.n_classes, size)
        else:
            cells = _means(x, y, dataset.network_targets(), size)
    return Thumbnail(cells, dataset.n_classes)


def pictured_columns(dataset: Dataset) -> tuple[str, ...]:
    """The names of the two columns that a thumbnail shows; none where it shows all columns."""
    if len(dataset.columns) <= 2 or picture_side(dataset):
        return ()
    return tuple(dataset.columns[column] for column in informative_columns(dataset))


def thumbnail_strip(
    thumbnail: Thumbnail, row: int, background: Color, *, ascii: bool = False
) -> Strip:
    """Colour a line of a thumbnail.

    Args:
        thumbnail: What is shown.
        row: The line, 0 at the top.
        background: The colour behind it.
        ascii: Whether to show ASCII characters instead of blocks.
    """
    colors, cells = _colors(background, thumbnail.n_classes), thumbnail.cells[row]
    if ascii:
        inks = [readable(colors[cell.ink], background, MARK_CONTRAST) for cell in cells]
        segments = [
            Segment(cell.letter, _style(ink, background))
            for cell, ink in zip(cells, inks, strict=True)
        ]
    else:
        segments = [
            Segment(cell.glyph, _style(colors[cell.ink], colors[cell.behind])) for cell in cells
        ]
    return Strip(segments, len(cells)).simplify()


@lru_cache(maxsize=64)
def _colors(background: Color, n_classes: int) -> tuple[Color, ...]:
    classes = class_colors(max(n_classes, 2))
    visible = (readable(color, background, MARK_CONTRAST) for color in classes)
    return (background, *diverging(background), *visible)


@lru_cache(maxsize=1024)
def _style(ink: Color, behind: Color) -> Style:
    return Style(color=ink.rich_color, bgcolor=behind.rich_color)


# --- Pictures ----------------------------------------------------------------------------------


def _classes(
    x: FloatArray, y: FloatArray, labels: IntArray, n_classes: int, size: tuple[int, int]
) -> _Cells:
    """Quarters of cells, each in the colour of its most frequent class."""
    down, across = _fine_size(size, _QUARTERS)
    counts = np.zeros((n_classes, down, across), dtype=np.intp)
    np.add.at(counts, (labels, _bins(-y, down), _bins(x, across)), 1)
    quarters = np.where(counts.any(axis=0), _FIRST_CLASS + counts.argmax(axis=0), _BACKGROUND)
    letters = TWO_CLASS_GLYPHS if n_classes == 2 else CLASS_GLYPHS
    return _cells(quarters, _QUARTERS, lambda quarters: _quadrant(quarters, letters))


def _quadrant(quarters: list[int], letters: str) -> _Cell:
    """A cell has two colours: of three the least frequent is left out."""
    ranked = [color for color, _ in Counter(quarters).most_common()][:2]
    inks = [color for color in ranked if color != _BACKGROUND]
    if not inks:
        return _Cell(" ", _BACKGROUND, _BACKGROUND, " ")
    behind = inks[1] if len(inks) == 2 else _BACKGROUND if _BACKGROUND in ranked else inks[0]
    bits = sum(1 << place for place, color in enumerate(quarters) if color == inks[0])
    letter = letters[(inks[0] - _FIRST_CLASS) % len(letters)]
    return _Cell(_QUADRANTS[bits], inks[0], behind, letter)


def _means(x: FloatArray, y: FloatArray, values: FloatArray, size: tuple[int, int]) -> _Cells:
    """Half blocks in the colour of the mean of the values there; blank where there is none."""
    down, across = _fine_size(size, _HALVES)
    bins = _bins(-y, down) * across + _bins(x, across)
    totals = np.bincount(bins, values, minlength=down * across)
    counts = np.bincount(bins, minlength=down * across)
    means = totals / np.maximum(counts, 1)
    levels = _FIRST_LEVEL + level_of(means, float(np.abs(means).max())).astype(np.intp)
    halves = np.where(counts > 0, levels, _BACKGROUND).reshape(down, across)
    return _cells(halves, _HALVES, _half_block)


def _picture(pixels: FloatArray, size: tuple[int, int]) -> _Cells:
    """The ink of a square picture, drawn like values above zero."""
    rows, columns = (np.arange(n) * len(pixels) // n for n in _fine_size(size, _HALVES))
    shown = pixels[np.ix_(rows, columns)]
    levels = level_of(shown, float(np.abs(pixels).max()))
    return _cells(_FIRST_LEVEL + levels.astype(np.intp), _HALVES, _half_block)


def _half_block(halves: list[int]) -> _Cell:
    upper, lower = halves
    seen = [color - _FIRST_LEVEL for color in halves if color != _BACKGROUND]
    # A mean of the two halves would hide a bump beside a hollow.
    level = max(seen, key=lambda level: abs(level - NEUTRAL_LEVEL), default=NEUTRAL_LEVEL)
    return _Cell(" " if upper == lower else "▀", upper, lower, heat_character(level))


def _curve(x: FloatArray, targets: FloatArray, size: tuple[int, int]) -> _Cells:
    """Braille dots, in the colour of what is below zero or above it."""
    down, across = _fine_size(size, _DOTS)
    x, targets = _least_wavy_part(x, targets, size[1])
    means = _bin_means(x, targets, across)
    heights = _bins(-means, down)
    dots = np.zeros((down, across), dtype=np.intp)
    for column, height in enumerate(heights.tolist()):
        before = heights[max(column - 1, 0)]
        # No gap where the curve is steep.
        top, bottom = sorted((height, before + int(np.sign(height - before))))
        dots[top : bottom + 1, column] = _FIRST_CLASS + int(means[column] > 0)
    return _cells(dots, _DOTS, _braille)


def _braille(dots: list[int]) -> _Cell:
    bits = sum(bit for bit, dot in zip(DOT_BITS.ravel().tolist(), dots, strict=True) if dot)
    ink = max(set(dots), key=lambda color: (color != _BACKGROUND, dots.count(color)))
    return _Cell(chr(BRAILLE + bits), ink, _BACKGROUND, chr(STROKES[bits]) if bits else " ")


def _least_wavy_part(
    x: FloatArray, targets: FloatArray, crossings: int
) -> tuple[FloatArray, FloatArray]:
    """The first half of a curve, or half of that, where all of it would be a blot."""
    for _ in range(_MOST_HALVINGS):
        is_high = _bin_means(x, targets, crossings * _FINE_BINS) > 0
        first = x < (x.min() + x.max()) / 2
        if np.count_nonzero(np.diff(is_high)) <= crossings or not first.any():
            break
        x, targets = x[first], targets[first]
    return x, targets


def _bin_means(x: FloatArray, values: FloatArray, n: int) -> FloatArray:
    """The mean of the values in each part of the range of x; between them a straight line."""
    bins = _bins(x, n)
    counts = np.bincount(bins, minlength=n)
    filled = np.flatnonzero(counts)
    means = np.bincount(bins, values, minlength=n)[filled] / counts[filled]
    return np.interp(np.arange(n), filled, means)


def _fine_size(size: tuple[int, int], parts: tuple[int, int]) -> tuple[int, int]:
    return size[0] * parts[0], size[1] * parts[1]


def _bins(values: FloatArray, n: int) -> IntArray:
    """Which of n equal parts of their range each value lies in."""
    low, high = values.min(), values.max()
    # Halved first: the range of large numbers may exceed the largest float.
    span = high / 2 - low / 2
    share = (values / 2 - low / 2) / span if span > 0 else np.full(len(values), 0.5)
    return np.clip((share * n).astype(np.intp), 0, n - 1)


def _cells(fine: IntArray, parts: tuple[int, int], cell: Callable[[list[int]], _Cell]) -> _Cells:
    """Cells made from their parts, which each gets row by row."""
    down, across = parts
    rows, columns = fine.shape[0] // down, fine.shape[1] // across
    grouped = fine.reshape(rows, down, columns, across).swapaxes(1, 2).reshape(rows, columns, -1)
    return [[cell(parts) for parts in row] for row in grouped.tolist()]
