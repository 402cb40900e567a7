"""What the lists of the check show: gradients, paths, and samples that pull."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from rich.segment import Segment
from rich.style import Style

from ...core.autograd import Value
from ...core.explain.check import LeafCheck, check_gradients
from ...core.explain.formulas import node_names, number_text
from ...core.explain.paths import Path
from ...core.explain.replay import scalar_order
from ...core.explain.stepper import Stepper
from ...datasets.dataset import Dataset
from ..drawing.numbers import signed
from ..drawing.segments import padded_segments
from ..widgets.line_list import LineList
from ..widgets.row_styles import RowStyles

GOOD: Final = 1e-6
"""A relative error below this comes from rounding."""
NUMBER_WIDTH: Final = 9
DIFFERENCE_WIDTH: Final = 10
ERROR_WIDTH: Final = 8
VERDICT_WIDTH: Final = 7
# The columns after the name, and the blanks between them.
_OTHER_COLUMNS: Final = NUMBER_WIDTH + DIFFERENCE_WIDTH + ERROR_WIDTH + VERDICT_WIDTH + 4
LEAST_NAME: Final = 5
MOST_NAME: Final = 20
PRODUCT_WIDTH: Final = 9
MOST_COORDINATES: Final = 2
_NUMBER_TARGET: Final = 6
_LONGEST_TARGET: Final = 10


class CheckTable(LineList):
    """Every leaf's gradient, its central difference, and the error between them.

    Only the rows in view are computed: each takes two evaluations of the whole graph.
    """

    DEFAULT_CSS = """
    CheckTable { height: 1fr; width: 1fr; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="The gradient by the chain rule next to (f(x + h) - f(x - h)) / 2h, which "
            "needs no calculus. [ and ] change h; choose a row to examine that value.",
        )
        self._output: Value | None = None
        self.leaves: tuple[Value, ...] = ()
        self._names: dict[Value, str] = {}
        self._h = 0.0
        self._found: dict[Value, LeafCheck] = {}

    def show_check(self, output: Value | None, leaves: Sequence[Value], h: float) -> None:
        """Checks the graph of an output.

        Args:
            output: None if there is nothing to check.
            leaves: The leaves it depends on, in the order of the rows.
            h: How far each leaf is moved.
        """
        self._output, self._h, self._found = output, h, {}
        self.leaves = tuple(leaves)
        self._names = {} if output is None else node_names(scalar_order(output))
        self.styles.min_width = self._name_width + _OTHER_COLUMNS
        heading = [self._titles()] if self.leaves else []
        self.show(heading, len(self.leaves), self._row)

    def choose_leaf(self, leaf: Value | None) -> None:
        """Puts the cursor on a leaf."""
        self.choose(self.leaves.index(leaf) if leaf in self.leaves else None)

    @property
    def _name_width(self) -> int:
        longest = max((len(self._names[leaf]) for leaf in self.leaves), default=0)
        return min(max(longest, LEAST_NAME), MOST_NAME)

    def _titles(self) -> list[Segment]:
        difference = f"at h={self._h:.0e}"
        titles = (
            f"{'value':<{self._name_width}}",
            f"{'gradient':>{NUMBER_WIDTH}}",
            f"{difference:>{DIFFERENCE_WIDTH}}",
            f"{'error':>{ERROR_WIDTH}}",
        )
        return [Segment(" ".join(titles), self.title_style)]

    def _row(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        leaf = self.leaves[row]
        found = self._check(leaf)
        name = self._names[leaf][: self._name_width]
        error, verdict = found.relative_error, "differs"
        if math.isnan(error):
            error_text, verdict, style = "", "none", styles.warning
        else:
            error_text, style = f"{error:.1e}", styles.warning
            if error < GOOD:
                verdict, style = "ok", styles.healthy
        return [
            Segment(f"{name:<{self._name_width}} ", styles.plain),
            *padded_segments(signed(found.gradient, NUMBER_WIDTH), styles.of_sign(found.gradient)),
            *padded_segments(
                f" {signed(found.numeric, NUMBER_WIDTH):>{DIFFERENCE_WIDTH}}",
                styles.of_sign(found.numeric),
            ),
            *padded_segments(f" {error_text:>{ERROR_WIDTH}} ", styles.quiet),
            Segment(verdict, style),
        ]

    def _check(self, leaf: Value) -> LeafCheck:
        assert self._output is not None
        if leaf not in self._found:
            (self._found[leaf],) = check_gradients(self._output, [leaf], step=self._h)
        return self._found[leaf]


def path_heading(style: Style) -> list[Segment]:
    """The titles above paths."""
    return padded_segments(f"{'product':>{PRODUCT_WIDTH}}  path and its local derivatives", style)


def path_row(path: Path, stepper: Stepper, styles: RowStyles, *, ascii: bool) -> list[Segment]:
    """What a path adds to the gradient, the nodes on it, and the derivatives along it."""
    nodes = (" > " if ascii else " → ").join(stepper.names[node] for node in path.nodes)
    product = product_text(path)
    return [
        *padded_segments(f"{signed(path.product, PRODUCT_WIDTH)}  ", styles.of_sign(path.product)),
        Segment(f"{nodes}   ", styles.plain),
        Segment(f"= {product}" if product else "", styles.quiet),
    ]


def product_text(path: Path) -> str:
    """The derivatives along a path, multiplied."""
    return " * ".join(number_text(derivative) for derivative in path.derivatives)


def described_sample(dataset: Dataset, row: int) -> str:
    """A sample's number, its target, and where it lies."""
    longest = max(map(len, dataset.classes), default=_NUMBER_TARGET)
    target = f"{dataset.targets[row]:+.3g}"
    if dataset.n_classes:
        target = dataset.classes[int(dataset.labels[row])]
    place = dataset.points[row]
    where = ", ".join(f"{x:+.2f}" for x in place[:MOST_COORDINATES])
    more = " ..." if len(place) > MOST_COORDINATES else ""
    number = f"#{row:<{len(str(dataset.n_samples - 1))}}"
    return f"{number} {target:<{min(longest, _LONGEST_TARGET)}} ({where}{more})"
