"""PullList: which points of the batch push the selected weight up, and which down."""

from __future__ import annotations

from typing import Final

from rich.segment import Segment

from ...core import Snapshot
from ...core.explain.pulls import Pulls, pulls
from ...core.nn.parameters import Element, holds_element
from ..drawing.classes import class_glyphs
from ..drawing.numbers import magnitude
from ..messages import PointSelected
from ..selection import Selection
from ..widgets.line_list import LineList
from ..widgets.row_styles import RowStyles

NUMBER: Final = 7
MAX_COORDINATES: Final = 2
# Of a batch of hundreds the strongest say it all.
MAX_ROWS: Final = 200


class PullList(LineList):
    """The points of the last batch, the strongest pull first; one can be selected."""

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="How much each point of the last batch pulls at the selected weight: training "
            "goes against the gradient of its loss. Choose one to see where it lies.",
        )
        self._snapshot: Snapshot | None = None
        self._pulls: Pulls | None = None

    def show_element(self, snapshot: Snapshot, element: Element | None) -> None:
        """Shows who pulls at an element; None where none is selected."""
        self._snapshot = snapshot
        if element is None or not holds_element(snapshot.sizes, element):
            self._pulls = None
            self._say(
                "Select a weight or a bias in the",
                "table or the diagram: here you see",
                "who pulls at it.",
            )
        elif not len(snapshot.batch_rows):
            self._pulls = None
            self._say("Press s for a step: then its", f"points pull at {element.name}.")
        else:
            self._pulls = pulls(snapshot, element, snapshot.batch_rows)
            self._show_pulls(self._pulls)

    def _say(self, *lines: str) -> None:
        quiet = self.styles_of_rows.quiet
        self.show([[Segment(line, quiet)] for line in lines], 0, lambda row, styles, width: [])

    def _show_pulls(self, found: Pulls) -> None:
        heading = [
            [Segment(found.element.name, self.title_style)],
            [
                Segment(
                    f"{len(found.up)} push it up, {len(found.down)} down", self.styles_of_rows.quiet
                )
            ],
        ]
        self.show(heading, min(len(found.rows), MAX_ROWS), self._row)

    def _row(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        found, snapshot = self._pulls, self._snapshot
        if found is None or snapshot is None:
            return []
        gradient = float(found.gradients[row])
        arrow = ("^" if gradient < 0 else "v") if self.ascii else ("↑" if gradient < 0 else "↓")
        text = self._point(snapshot, int(found.rows[row]))
        return [
            Segment(
                f"{arrow if gradient else ' '}{magnitude(abs(gradient), NUMBER)} ",
                styles.of_sign(-gradient),
            ),
            Segment(text, styles.plain),
        ]

    def _point(self, snapshot: Snapshot, row: int) -> str:
        """A point's class or target, and where it lies."""
        dataset = snapshot.dataset
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

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        message.stop()
        if self._pulls is not None and self._snapshot is not None:
            point = self._snapshot.dataset.points[int(self._pulls.rows[message.row])]
            self.post_message(PointSelected(tuple(point.tolist())))

    def show_point(self, selection: Selection) -> None:
        """Puts the cursor on the selected point, if it is one of these."""
        found, snapshot = self._pulls, self._snapshot
        if self.has_focus or found is None or snapshot is None:
            return
        points = [tuple(point) for point in snapshot.dataset.points[found.rows].tolist()]
        self.choose(points.index(selection.point) if selection.point in points else None)
