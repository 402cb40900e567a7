"""plotext's figure without plotext's globals, and its cells as arrays: all private use of it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BRAILLE = "braille"
"""The marker of 2 x 4 dots a cell."""
ASCII_FRAME = str.maketrans("─│┌┐└┘├┤┬┴┼", "-|+++++++++")
"""What draws plotext's frame in ASCII."""


class Cells(NamedTuple):
    """A picture, cell by cell.

    Attributes:
        glyphs: Code points, shape (rows, columns), the top row first.
        colors: RGB as one number, 0xRRGGBB, likewise; -1 for the default colour.
    """

    glyphs: NDArray[np.uint32]
    colors: NDArray[np.int32]


def new_figure(width: int, height: int) -> Any:
    """An empty figure with the methods of the module `plotext`, in the terminal's own colours.

    plotext's public functions all draw on one figure of the process. This one is the caller's.

    Args:
        width: Cells across; may exceed the terminal.
        height: Lines.
    """
    # Here, because nothing is plotted before the first step.
    from plotext._figure import _figure_class

    figure = _figure_class()
    figure._limit_size(False, False)
    figure.plot_size(width, height)
    figure.theme("clear")
    return figure


def build_cells(figure: Any) -> Cells:
    """Draws a figure; colours must have been given as RGB, or not at all."""
    figure._set_sizes()
    figure._build_matrix()
    matrix = figure.monitor.matrix
    numbers = {color: _number(color) for row in matrix.fullground for color in set(row)}
    colors = [[numbers[color] for color in row] for row in matrix.fullground[::-1]]
    glyphs = np.array(matrix.marker[::-1], dtype="<U1")
    return Cells(glyphs.view(np.uint32), np.array(colors, dtype=np.int32))


def _number(color: str | tuple[int, int, int]) -> int:
    if isinstance(color, str):
        return -1
    red, green, blue = color
    return red << 16 | green << 8 | blue
