"""The histogram view of the gradients pane: how a tensor's values and gradients are spread."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.strip import Strip

from ...core import Snapshot
from ...core.nn.parameters import element_place, holds_element
from ...core.training.tensor_histogram import HistogramHistory, TensorHistogram, histogram_of
from ...core.training.tensor_stats import tensor_layout
from ..render.histogram_lines import GUTTER, axis_text, histogram_rows, history_strips
from ..render.palette import diverging
from ..selection import Selection
from ..widgets.ground import ground_color
from ..widgets.line_view import LineView
from .gradients_memory import GradientMemory

GAP: Final = 2
LEAST_ROWS: Final = 2
# Titles and axes.
FIXED_ROWS: Final = 4
EMPTY: Final = "no network yet"


class GradientsHistogram(LineView):
    """Both histograms of one tensor, and what they were over the epochs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left,h,up",
            "move(-1)",
            "Tensor before",
            show=False,
            id="gradients.histogram-before",
            tooltip="The histogram of the tensor before",
        ),
        Binding(
            "right,l,down",
            "move(1)",
            "Next tensor",
            id="gradients.histogram-next",
            tooltip="The histogram of the next tensor",
        ),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="Above how the numbers of a tensor are spread now, below how they were spread "
            "over the epochs: strong colours are many. Arrows go to other tensors.",
        )
        self._snapshot: Snapshot | None = None
        self._memory: GradientMemory | None = None
        self._tensor = 0

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        """See `GradientsView`."""
        self._snapshot, self._memory = snapshot, memory
        self._go_to(snapshot, min(self._tensor, len(tensor_layout(snapshot.sizes)) - 1))

    def show_selection(self, snapshot: Snapshot, selection: Selection) -> None:
        """See `GradientsView`: the tensor of what is selected."""
        element = selection.element
        if element is not None and holds_element(snapshot.sizes, element):
            layout = tensor_layout(snapshot.sizes)
            self._go_to(snapshot, layout.holder(element_place(snapshot.sizes, element)))

    def _go_to(self, snapshot: Snapshot, tensor: int) -> None:
        """Shows a tensor, the present moment included."""
        self._tensor = tensor
        if snapshot.step and self._memory is not None:
            self._memory.note_histogram(snapshot, tensor)
        self.redraw()

    def focus_first(self) -> None:
        """See `GradientsView`."""
        self.focus()

    def action_move(self, by: int) -> None:
        """Goes to another tensor, round the ends."""
        if self._snapshot is not None:
            n_tensors = len(tensor_layout(self._snapshot.sizes))
            self._go_to(self._snapshot, (self._tensor + by) % n_tensors)

    # --- Drawing -------------------------------------------------------------------------------

    def draw(self, width: int, height: int) -> list[Strip]:
        """See `LineView`."""
        snapshot, memory = self._snapshot, self._memory
        half = (width - GAP) // 2
        if snapshot is None or memory is None or half <= GUTTER:
            return self.sentence(EMPTY)
        layout = tensor_layout(snapshot.sizes)
        part, name = layout.part(self._tensor), layout.names[self._tensor]
        shape = "x".join(map(str, layout.shapes[self._tensor]))
        now = histogram_of(snapshot.parameters[part]), histogram_of(snapshot.gradients[part])
        past = memory.histograms(self._tensor)
        titles = (f"{name} {shape}: values", "gradients")
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
        bar = styles.plain + Style(color=styles.positive.color)
        rows = [[Segment(f"{title[:width]:<{width}}", self.title_style)]]
        rows += [
            [margin, *row]
            for row in histogram_rows(histogram.shares, inner, bars, bar, ascii=self.ascii)
        ]
        rows.append([margin, Segment(axis_text(histogram.limit, inner), styles.quiet)])
        rows.append([Segment(f"{'over the epochs':<{width}}", self.title_style)])
        strips = [Strip(row).adjust_cell_length(width, styles.plain) for row in rows]
        strips += self._history(history, width, maps)
        return strips

    def _history(self, history: HistogramHistory, width: int, height: int) -> list[Strip]:
        styles, inner = self.styles_of_rows, width - GUTTER
        picture, limit = history.picture()
        table = diverging(ground_color(self))
        drawn = history_strips(picture, inner, height, table, ascii=self.ascii or self.app.no_color)
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
