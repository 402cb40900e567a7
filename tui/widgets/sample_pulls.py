"""SamplePulls: samples that pull a weight up or down, the strongest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual.message import Message

from ...datasets.dataset import Dataset
from ..drawing.bars import FROM_LEFT
from ..drawing.canvas import padded_segments
from ..drawing.numbers import signed
from .line_list import LineList
from .row_styles import RowStyles

BAR_WIDTH = 8
_NUMBER_WIDTH = 9

Describe = Callable[[Dataset, int], str]
"""Describes the sample in a row of a data set."""


class SamplePulls(LineList):
    """A row for each sample: its gradient as a number and a bar, and a description.

    Args:
        describe: Describes a sample.
    """

    DEFAULT_CSS = """
    SamplePulls { height: 1fr; width: 1fr; }
    """

    @dataclass
    class SampleChosen(Message):
        """The user chose a sample: its row in the data set."""

        row: int

    def __init__(self, describe: Describe, *, tooltip: str, id: str) -> None:
        super().__init__(tooltip=tooltip, id=id)
        self._describe = describe
        self.dataset: Dataset | None = None
        self.rows: list[int] = []
        self._gradients: list[float] = []
        self._limit = 0.0

    def show_pulls(
        self,
        dataset: Dataset | None,
        heading: list[list[Segment]],
        rows: Sequence[int] = (),
        gradients: Sequence[float] = (),
        limit: float = 0.0,
    ) -> None:
        """Shows samples.

        Args:
            dataset: Their data; None without any.
            heading: Lines above them.
            rows: Which samples, the strongest pull first.
            gradients: Of each sample's loss with respect to the weight.
            limit: The gradient with a full bar.
        """
        self.dataset, self.rows, self._gradients = dataset, list(rows), list(gradients)
        self._limit = limit
        self.show(heading, len(rows), self._row)

    def _row(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        assert self.dataset is not None
        return [
            *self.strength(self._gradients[row], styles),
            Segment(self._describe(self.dataset, self.rows[row]), styles.plain),
        ]

    def strength(self, gradient: float, styles: RowStyles) -> list[Segment]:
        """How hard a sample pulls."""
        style = styles.of_sign(gradient)
        share = min(abs(gradient) / self._limit, 1.0) if self._limit > 0.0 else 0.0
        full, eighths = divmod(round(share * BAR_WIDTH * 8), 8)
        bar = FROM_LEFT[8] * full + (FROM_LEFT[eighths] if eighths else "")
        if self.ascii:
            bar = "=" * round(share * BAR_WIDTH)
        return [
            *padded_segments(f"{signed(gradient, _NUMBER_WIDTH)} ", style),
            Segment(f"{bar:<{BAR_WIDTH}} ", style),
        ]

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        message.stop()
        self.post_message(self.SampleChosen(self.rows[message.row]))
