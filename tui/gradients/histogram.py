"""The histogram view of the gradients pane: the distribution of a tensor's values and gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.color import Color
from textual.strip import Strip

from ...core import Snapshot
from ...core.autograd.numerics import FloatArray
from ...core.diagnosis.histogram import HistogramHistory, TensorHistogram, histogram_of
from ...core.diagnosis.statistics import tensor_layout
from ...core.nn.parameters import element_place, holds_element
from ..drawing.bars import ASCII_FROM_BELOW, FROM_BELOW
from ..drawing.heatmap import heat_strips
from ..drawing.palette import LEVELS, NEUTRAL_LEVEL, diverging
from ..keys import bindings
from ..selection import Selection
from ..widgets.basics import background_color, shows_characters
from ..widgets.line_view import LineView
from .view import GradientMemory, GradientsView

GAP: Final = 2
LEAST_ROWS: Final = 2
# Titles and axes.
FIXED_ROWS: Final = 4
EMPTY: Final = "no network yet"
GUTTER: Final = 8
# A root, so that bins with few numbers are visible beside one with nearly all.
_GAMMA: Final = 0.5


class GradientsHistogram(LineView, GradientsView):
    """Both histograms of one tensor, and what they were over the epochs."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        left,h,up | gradients.histogram-before | move(-1) | Previous tensor |
        | Show the previous tensor
        right,l,down | gradients.histogram-next | move(1) | *Next tensor | Show the next tensor
        """
    )

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="Above, the distribution of a tensor's values and gradients now; below, the "
            "same over the epochs, the stronger the colour the more numbers. Arrows show other "
            "tensors.",
        )
        self._snapshot: Snapshot | None = None
        self._memory: GradientMemory | None = None
        self._tensor = 0

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        self._snapshot, self._memory = snapshot, memory
        self._go_to(snapshot, min(self._tensor, len(tensor_layout(snapshot.sizes)) - 1))

    def show_selection(self, snapshot: Snapshot, selection: Selection) -> None:
        element = selection.element
        if element is not None and holds_element(snapshot.sizes, element):
            layout = tensor_layout(snapshot.sizes)
            self._go_to(snapshot, layout.holder(element_place(snapshot.sizes, element)))

    def _go_to(self, snapshot: Snapshot, tensor: int) -> None:
        """Show a tensor, with the present moment in its history."""
        self._tensor = tensor
        if snapshot.step and self._memory is not None:
            self._memory.note_histogram(snapshot, tensor)
        self.redraw()

    def action_move(self, by: int) -> None:
        if self._snapshot is not None:
            n_tensors = len(tensor_layout(self._snapshot.sizes))
            self._go_to(self._snapshot, (self._tensor + by) % n_tensors)

    # --- Drawing -------------------------------------------------------------------------------

    def draw(self, width: int, height: int) -> list[Strip]:
        snapshot, memory = self._snapshot, self._memory
        half = (width - GAP) // 2
        if snapshot is None or memory is None or half <= GUTTER:
            return self.sentence(EMPTY)
        layout = tensor_layout(snapshot.sizes)
        part, name = layout.part(self._tensor), layout.names[self._tensor]
        shape = "x".join(map(str, layout.shapes[self._tensor]))
        now = histogram_of(snapshot.parameters[part]), histogram_of(snapshot.gradients[part])
        past = memory.histograms(self._tensor)
        names = (f"{name} {shape}: values", f"{name}: values", f"{name} values", name, "values")
        titles = (next((t for t in names if len(t) <= half), ""), "gradients")
        halves = [
            self._half(title, histogram, history, half, height)
            for title, histogram, history in zip(titles, now, past, strict=True)
        ]
        gap = Segment(" " * GAP, self.styles_of_rows.plain)
        return [Strip([*left, gap, *right]) for left, right in zip(*halves, strict=True)]

    def _half(
        self,
        title: str,
        histogram: TensorHistogram,
        history: HistogramHistory,
        width: int,
        height: int,
    ) -> list[Strip]:
        """One column of the view: a histogram, and below it its history."""
        styles, inner = self.styles_of_rows, width - GUTTER
        bars = max(LEAST_ROWS, (height - FIXED_ROWS) // 2)
        maps = max(LEAST_ROWS, height - FIXED_ROWS - bars)
        margin = Segment(" " * GUTTER, styles.plain)
        drawn = histogram_rows(histogram.shares, inner, bars, styles.positive, ascii=self.ascii)
        rows = [[Segment(f"{title[:width]:<{width}}", self.title_style)]]
        rows += [[margin, *row] for row in drawn]
        rows.append([margin, Segment(axis_text(histogram.limit, inner), styles.quiet)])
        rows.append([Segment(f"{'over the epochs':<{width}}", self.title_style)])
        strips = [Strip(row).adjust_cell_length(width, styles.plain) for row in rows]
        strips += self._history(history, width, maps)
        return strips

    def _history(self, history: HistogramHistory, width: int, height: int) -> list[Strip]:
        styles, inner = self.styles_of_rows, width - GUTTER
        picture, limit = history.picture()
        table = diverging(background_color(self))
        drawn = history_strips(picture, inner, height, table, ascii=shows_characters(self))
        if not drawn:
            drawn = [Strip.blank(inner, styles.plain)] * height
        labels = dict.fromkeys(range(height), "")
        labels |= {height // 2: "0", height - 1: f"{-limit:.3g}", 0: f"{limit:+.3g}"}
        strips = [
            Strip([Segment(f"{labels[row]:>{GUTTER - 1}} ", styles.quiet), *strip])
            for row, strip in enumerate(drawn)
        ]
        epochs = history.epochs or [0]
        axis = f"{'epoch':>{GUTTER - 1}} {epochs[0]:<{inner - 8}}{epochs[-1]:>8,}"
        return [
            strip.adjust_cell_length(width, styles.plain)
            for strip in (*strips, Strip([Segment(axis, styles.quiet)]))
        ]


def histogram_rows(
    shares: FloatArray, width: int, height: int, bar: Style, *, ascii: bool = False
) -> list[list[Segment]]:
    """Draw a histogram; the fullest bin has the full height.

    Args:
        shares: The share of each bin, from the left to the right.
        width: Cells across; bins are repeated, or put together, to fill them.
        height: Lines.
        bar: The style of the columns.
        ascii: Use ASCII characters alone.

    Returns:
        `height` lines of `width` cells.
    """
    ramp = ASCII_FROM_BELOW if ascii else FROM_BELOW
    columns = resampled(shares, width)
    largest = float(columns.max(initial=0.0))
    steps = len(ramp)
    heights = columns / largest * (height * steps) if largest else columns
    # Even the smallest share is visible.
    heights = np.where((columns > 0.0) & (heights < 1.0), 1.0, heights)
    rows = []
    for row in range(height):
        filled = np.clip(np.rint(heights) - (height - 1 - row) * steps, 0, steps).astype(int)
        text = "".join(" " if not n else ramp[n - 1] for n in filled.tolist())
        rows.append([Segment(text, bar)])
    return rows


def resampled(shares: FloatArray, width: int) -> FloatArray:
    """Bins spread over cells: each repeated where there are more cells, else put together."""
    n = len(shares)
    if width >= n:
        return shares[(np.arange(width) * n) // width]
    edges = (np.arange(width) * n) // width
    return np.add.reduceat(shares, edges)


def axis_text(limit: float, width: int) -> str:
    """The ends and the middle of an axis from -limit to limit; fewer where there is no room."""
    ends = ((f"{-limit:.{digits}g}", f"{limit:+.{digits}g}") for digits in (3, 2, 1))
    low, high = next((both for both in ends if sum(map(len, both)) < width), ("", ""))
    room = width - len(low) - len(high)
    if room < 3:
        return f"{low}{' ' * room}{high}"
    middle = "0".center(max(width - 2 * max(len(low), len(high)), 1))
    side = (width - len(middle)) // 2
    return f"{low:<{side}}{middle}{high:>{width - side - len(middle)}}"


def history_strips(
    picture: FloatArray,
    width: int,
    height: int,
    table: Sequence[Color],
    *,
    ascii: bool = False,
) -> list[Strip]:
    """Draw histograms beside each other, the earliest at the left, the positive end on top.

    Args:
        picture: Shares, shape (bins, columns), the most negative bin first.
        width: Cells across; columns are repeated to fill them, the last ones if they are more.
        height: Lines, of two bins each.
        table: Colours as `palette.diverging` makes them; the positive half is used.
        ascii: Use ASCII characters alone.

    Returns:
        `height` strips of `width` cells; none where there is no column.
    """
    columns = picture.shape[1]
    if not columns or width < 1 or height < 1:
        return []
    across = (np.arange(width) * columns) // width
    rows = np.stack([resampled(column, 2 * height) for column in picture.T[across]], axis=1)
    largest = float(rows.max(initial=0.0)) or 1.0
    strength = (rows / largest) ** _GAMMA
    levels = NEUTRAL_LEVEL + np.rint(strength * (LEVELS - 1 - NEUTRAL_LEVEL))
    return heat_strips(levels[::-1].astype(np.uint8), table, ascii=ascii)
