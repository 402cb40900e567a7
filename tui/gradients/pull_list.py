"""PullList: which samples of the batch push the selected weight up, and which down."""

from __future__ import annotations

from typing import Final

from rich.segment import Segment

from ...core import Snapshot
from ...core.explain.pulls import pulls
from ...core.nn.parameters import Element, holds_element
from ...datasets.dataset import Dataset
from ..drawing.classes import class_glyphs
from ..drawing.numbers import magnitude
from ..messages import PointSelected
from ..selection import Selection
from ..widgets.row_styles import RowStyles
from ..widgets.sample_pulls import SamplePulls

NUMBER: Final = 7
MAX_COORDINATES: Final = 2
# The strongest pulls of a large batch show it well enough.
MAX_ROWS: Final = 200


class PullList(SamplePulls):
    """The samples of the last batch, with an arrow for the way each pulls."""

    def __init__(self, *, id: str) -> None:
        super().__init__(
            _described,
            id=id,
            tooltip="How hard each sample of the last batch pulls at the selected weight: training "
            "moves against the gradient of its loss. Choose a sample to show where it lies.",
        )

    def show_element(self, snapshot: Snapshot, element: Element | None) -> None:
        """Shows what pulls at an element; None if none is selected."""
        quiet = self.styles_of_rows.quiet
        if element is None or not holds_element(snapshot.sizes, element):
            lines = [
                "Select a weight or a bias in the",
                "table or the diagram to show",
                "what pulls at it.",
            ]
        elif not len(snapshot.batch_rows):
            lines = ["Press s for a step: its samples", f"pull at {element.name}."]
        else:
            found = pulls(snapshot, element, snapshot.batch_rows)
            counts = f"{len(found.up)} push it up, {len(found.down)} down"
            self.show_pulls(
                snapshot.dataset,
                [[Segment(element.name, self.title_style)], [Segment(counts, quiet)]],
                found.rows[:MAX_ROWS].tolist(),
                found.gradients[:MAX_ROWS].tolist(),
            )
            return
        self.show_pulls(None, [[Segment(line, quiet)] for line in lines])

    def strength(self, gradient: float, styles: RowStyles) -> list[Segment]:
        arrow = ("^" if gradient < 0 else "v") if self.ascii else ("↑" if gradient < 0 else "↓")
        text = f"{arrow if gradient else ' '}{magnitude(abs(gradient), NUMBER)} "
        return [Segment(text, styles.of_sign(-gradient))]

    def on_sample_pulls_sample_chosen(self, message: SamplePulls.SampleChosen) -> None:
        message.stop()
        if self.dataset is not None:
            point = self.dataset.points[message.row]
            self.post_message(PointSelected(tuple(point.tolist())))

    def show_point(self, selection: Selection) -> None:
        """Puts the cursor on the selected sample, if it is one of these."""
        if self.has_focus or self.dataset is None:
            return
        points = [tuple(point) for point in self.dataset.points[self.rows].tolist()]
        self.choose(points.index(selection.point) if selection.point in points else None)


def _described(dataset: Dataset, row: int) -> str:
    """A sample's class or target, and where it lies."""
    place = dataset.points[row]
    if dataset.task == "regression":
        what = f"{dataset.targets[row]:+.2f}"
    elif len(place) <= MAX_COORDINATES:
        what = class_glyphs(dataset)[int(dataset.labels[row])]
    else:
        what = dataset.classes[int(dataset.labels[row])]
    if len(place) > MAX_COORDINATES:
        return f"{what} row {row}"
    return f"{what} {' '.join(f'{x:+.2f}' for x in place)}"
