"""A list of all ways from a value to the output, each with the product of its derivatives."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from textual.message import Message

from ...core.explain.formulas import number_text
from ...core.explain.paths import Path, Paths
from ...core.explain.stepper import Stepper
from ..drawing.numbers import signed
from ..drawing.segments import padded_segments
from ..widgets.line_list import LineList
from ..widgets.row_styles import RowStyles

PRODUCT_WIDTH = 9


class PathList(LineList):
    """A row for each path: what it adds to the gradient, the way, and the derivatives along it."""

    DEFAULT_CSS = """
    PathList { height: 1fr; width: 1fr; }
    """

    @dataclass
    class PathChosen(Message):
        """The user chose a path; its place in the list."""

        place: int

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="Every way from the selected value to the output. The derivatives along a way "
            "are multiplied, the ways are added: that is the gradient. Choose one to see it lit.",
        )
        self._stepper: Stepper | None = None
        self._paths: tuple[Path, ...] = ()

    def show_paths(self, stepper: Stepper | None, found: Paths | None, chosen: int | None) -> None:
        """Shows the paths of a value, the one that is lit with the cursor."""
        self._stepper = stepper
        self._paths = () if found is None else found.shown
        heading = [
            Segment(f"{'adds':>{PRODUCT_WIDTH}}  way, and its derivatives", self.title_style)
        ]
        self.show([heading] if self._paths else [], len(self._paths), self._row)
        self.choose(chosen)

    def _row(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        assert self._stepper is not None
        path, arrow = self._paths[row], " > " if self.ascii else " → "
        way = arrow.join(self._stepper.names[node] for node in path.nodes)
        product = " * ".join(number_text(derivative) for derivative in path.derivatives)
        return [
            *padded_segments(
                f"{signed(path.product, PRODUCT_WIDTH)}  ", styles.of_sign(path.product)
            ),
            Segment(f"{way}   ", styles.plain),
            Segment(f"= {product}" if product else "", styles.quiet),
        ]

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        message.stop()
        self.post_message(self.PathChosen(message.row))
