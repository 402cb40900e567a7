"""A list of the points that push a weight one way, the strongest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.segment import Segment
from textual.message import Message

from ...core import Snapshot
from ..drawing.bars import FROM_LEFT
from ..drawing.numbers import signed
from ..drawing.segments import padded_segments
from ..widgets.line_list import LineList
from ..widgets.row_styles import RowStyles

NUMBER_WIDTH: Final = 9
BAR_WIDTH: Final = 8
MOST_COORDINATES: Final = 2
_NUMBER_TARGET: Final = 6
_LONGEST_TARGET: Final = 10


class PushList(LineList):
    """One row a point: its number, its target, where it lies, its gradient as number and bar."""

    DEFAULT_CSS = """
    PushList { height: 1fr; width: 1fr; }
    """

    @dataclass
    class PointChosen(Message):
        """The user wants to look at a point; its row in the data set."""

        row: int

    def __init__(self, *, id: str, tooltip: str) -> None:
        super().__init__(id=id, tooltip=tooltip)
        self._snapshot: Snapshot | None = None
        self._rows: list[int] = []
        self._gradients: list[float] = []
        self._limit = 0.0
        self._target_width, self._row_width = 0, 0

    def show_pushes(
        self,
        snapshot: Snapshot | None,
        title: str,
        rows: list[int],
        gradients: list[float],
        limit: float,
    ) -> None:
        """Shows points.

        Args:
            snapshot: Their data.
            title: What they do.
            rows: Which, the strongest first.
            gradients: Of the loss of each by the weight.
            limit: The gradient that gets a full bar.
        """
        if rows != self._rows:
            self.choose(None)
        self._snapshot, self._rows, self._gradients = snapshot, rows, gradients
        self._limit = limit
        if snapshot is not None:
            longest = max(map(len, snapshot.dataset.classes), default=_NUMBER_TARGET)
            self._target_width = min(longest, _LONGEST_TARGET)
            self._row_width = len(str(snapshot.dataset.n_samples - 1))
        self.show([[Segment(title, self.title_style)]] if title else [], len(rows), self._row)

    def _row(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        gradient, style = self._gradients[row], styles.of_sign(self._gradients[row])
        share = min(abs(gradient) / self._limit, 1.0) if self._limit > 0.0 else 0.0
        full, eighths = divmod(round(share * BAR_WIDTH * 8), 8)
        bar = FROM_LEFT[8] * full + (FROM_LEFT[eighths] if eighths else "")
        if self.ascii:
            bar = "=" * round(share * BAR_WIDTH)
        return [
            *padded_segments(f"{signed(gradient, NUMBER_WIDTH)} ", style),
            Segment(f"{bar:<{BAR_WIDTH}} ", style),
            Segment(self._point(self._rows[row]), styles.plain),
        ]

    def _point(self, row: int) -> str:
        assert self._snapshot is not None
        dataset = self._snapshot.dataset
        target = f"{dataset.targets[row]:+.3g}"
        if dataset.n_classes:
            target = dataset.classes[int(dataset.labels[row])]
        place = dataset.points[row]
        where = ", ".join(f"{x:+.2f}" for x in place[:MOST_COORDINATES])
        more = " ..." if len(place) > MOST_COORDINATES else ""
        return f"point {row:<{self._row_width}} {target:<{self._target_width}} ({where}{more})"

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        message.stop()
        self.post_message(self.PointChosen(self._rows[message.row]))
