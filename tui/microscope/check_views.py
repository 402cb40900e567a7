"""What the views of the check show: gradients, paths and samples in lists, curves in plots."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Final

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from ...core.autograd import Value
from ...core.explain.check import ErrorCurve, LeafCheck, LeafCurve, check_gradients
from ...core.explain.formulas import number_text
from ...core.explain.paths import Path
from ...core.explain.stepper import Stepper
from ...datasets.dataset import Dataset
from ..drawing.axes import Axis, log_axis
from ..drawing.canvas import cut_middle, padded_segments
from ..drawing.numbers import hundredths, signed
from ..drawing.palette import NEGATIVE, POSITIVE, html, readable
from ..key_words import with_keys
from ..widgets.basics import background_color
from ..widgets.line_list import LineList
from ..widgets.plot import DASHED, SOLID, Plot, strokes_legend
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
_LEAST_PRODUCT: Final = 12
MOST_FACTORS: Final = 6
"""A longer product is written without its factors 1, and without its middle."""
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
            tooltip=with_keys(
                "The gradient by the chain rule next to (f(x + h) - f(x - h)) / 2h, which "
                "needs no calculus. At a kink, as of a relu at 0, it mixes two slopes. "
                "[{check.smaller-h} and ]{check.larger-h} change h; choose a row to examine that "
                "value."
            ),
        )
        self._stepper: Stepper | None = None
        self.leaves: tuple[Value, ...] = ()
        self._names: Mapping[Value, str] = {}
        self._h = 0.0
        self._found: dict[Value, LeafCheck] = {}

    def show_check(self, stepper: Stepper | None, leaves: Sequence[Value], h: float) -> None:
        """Checks the graph of an output.

        Args:
            stepper: None if there is nothing to check.
            leaves: The leaves it depends on, in the order of the rows.
            h: How far each leaf is moved.
        """
        self._stepper, self._h, self._found = stepper, h, {}
        self.leaves = tuple(leaves)
        self._names = {} if stepper is None else stepper.names
        self.styles.min_width = self._name_width + _OTHER_COLUMNS
        heading = [self._titles()] if self.leaves else []
        self.show(heading, len(self.leaves), self._row)

    def choose_leaf(self, leaf: Value | None) -> None:
        self.choose(self.leaves.index(leaf) if leaf in self.leaves else None)

    @property
    def _name_width(self) -> int:
        longest = max((len(self._names[leaf]) for leaf in self.leaves), default=0)
        return min(max(longest, LEAST_NAME), MOST_NAME)

    def _titles(self) -> list[Segment]:
        titles = (
            f"{'value':<{self._name_width}}",
            f"{'gradient':>{NUMBER_WIDTH}}",
            f"{'measured':>{DIFFERENCE_WIDTH}}",
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
            elif found.is_by_kink:
                verdict, style = "kink", styles.quiet
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
        stepper = self._stepper
        assert stepper is not None
        if leaf not in self._found:
            (self._found[leaf],) = check_gradients(
                stepper.output, [leaf], step=self._h, bugs=stepper.bugs
            )
        return self._found[leaf]


def path_heading(style: Style) -> list[Segment]:
    """The titles above paths."""
    return padded_segments(f"{'product':>{PRODUCT_WIDTH}}  path and its local derivatives", style)


def path_row(
    path: Path, stepper: Stepper, styles: RowStyles, width: int, *, ascii: bool
) -> list[Segment]:
    """What a path adds to the gradient, the nodes on it, and the derivatives along it.

    Where there is no room only the nodes with a name of their own are shown, without the first,
    which all paths share; then the middle is left out.
    """
    arrow, room = (" > " if ascii else " → "), max(width - PRODUCT_WIDTH - 2, 1)
    product = f"= {product_text(path)}"
    nodes = arrow.join(stepper.names[node] for node in path.nodes)
    if len(nodes) + len(product) + 3 > room:
        named = [stepper.names[node] for node in path.nodes[1:] if node.label]
        nodes = arrow.lstrip() + arrow.join(named)
    least = max(room // 3, _LEAST_PRODUCT)
    product = cut_middle(product, max(least, room - len(nodes) - 3), ascii=ascii)
    nodes = cut_middle(nodes, max(room - len(product) - 3, 1), ascii=ascii)
    return [
        *padded_segments(f"{signed(path.product, PRODUCT_WIDTH)}  ", styles.of_sign(path.product)),
        Segment(f"{nodes}   ", styles.plain),
        Segment(product, styles.quiet),
    ]


def product_text(path: Path) -> str:
    """The derivatives along a path, multiplied; of many those in the middle are left out."""
    factors = path.derivatives
    if len(factors) > MOST_FACTORS:
        factors = tuple(factor for factor in factors if factor != 1.0)
    texts = [number_text(factor) for factor in factors]
    if len(texts) > MOST_FACTORS:
        texts[MOST_FACTORS // 2 : -MOST_FACTORS // 2] = ["..."]
    return " * ".join(texts) or "1.0"


def described_sample(dataset: Dataset, row: int) -> str:
    """A sample's number, its target, and where it lies."""
    longest = max(map(len, dataset.classes), default=_NUMBER_TARGET)
    target = f"{dataset.targets[row]:+.3g}"
    if dataset.n_classes:
        target = dataset.classes[int(dataset.labels[row])]
    place = dataset.points[row]
    where = ", ".join(map(hundredths, place[:MOST_COORDINATES].tolist()))
    more = " ..." if len(place) > MOST_COORDINATES else ""
    number = f"#{row:<{len(str(dataset.n_samples - 1))}}"
    return f"{number} {target:<{min(longest, _LONGEST_TARGET)}} ({where}{more})"


# Lines outside the canvas: two of the frame, one of labels.
_FRAME_LINES = 3
_BETWEEN_LABELS = 2
_POINT: Final = "●"
_ASCII_POINT: Final = "O"
# An error of zero is drawn as this, below the precision of floating point.
_NO_ERROR: Final = 1e-17


class SmallPlot(Plot):
    """A plot that drops ticks whose labels do not fit."""

    def __init__(self, *, tooltip: str, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = tooltip

    def ink(self, color: str) -> str:
        """A colour in HTML, readable on this background."""
        return html(readable(Color.parse(color), background_color(self)))

    def _axes(self) -> tuple[Axis, Axis]:
        x_axis, y_axis = super()._axes()
        y_axis = with_room_down(y_axis, self.size.height - _FRAME_LINES)
        gutter = max(map(len, y_axis.labels), default=0)
        x_axis = self.axis_across(x_axis)
        return with_room_across(x_axis, self.size.width - gutter - 2, gutter), y_axis

    def axis_across(self, axis: Axis) -> Axis:
        """The horizontal axis, made from a linear one that fits the data."""
        return axis


class CurvePlot(SmallPlot):
    """The output against one leaf with the tangent, or its derivative with a line at zero."""

    def show_curve(self, curve: LeafCurve | None) -> None:
        """Draws the output, the leaf's value as a point, and the tangent there."""
        self.begin()
        if curve is not None:
            low, high = _span(curve.y)
            tangent = curve.tangent
            inside = np.where((tangent >= low) & (tangent <= high), tangent, np.nan)
            self.line(curve.x, inside, self.ink(NEGATIVE), DASHED)
            self.line(curve.x, curve.y, self.ink(POSITIVE))
            self._point(curve.at, curve.value)
        self.end()

    def show_slope(self, curve: LeafCurve | None) -> None:
        """Draws the derivative, a line at zero, and the leaf's value as a point."""
        self.begin()
        if curve is not None:
            self.line(curve.x, np.zeros_like(curve.x), self.ink("gray"), DASHED)
            self.line(curve.x, curve.slope, self.ink(POSITIVE))
            self._point(curve.at, curve.gradient)
        self.end()

    def _point(self, x: float, y: float) -> None:
        glyph = _ASCII_POINT if self.is_ascii else _POINT
        self.symbol(x, y, glyph, self.ink(NEGATIVE))


_ERRORS: Final = {"one-sided": DASHED, "central": SOLID}


def error_legend(*, ascii: bool) -> str:
    """What the lines of an `ErrorPlot` are."""
    return f"error vs h: {strokes_legend(_ERRORS, ascii=ascii)}"


class ErrorPlot(SmallPlot):
    """The error of difference quotients against h, from rounding errors to a poor limit."""

    def show_curve(self, curve: ErrorCurve | None, h: float) -> None:
        """Draws the curves, and a line at the check's h; None for an empty plot."""
        self.begin(scale="logarithmic")
        if curve is not None:
            order = np.argsort(curve.steps)
            x = np.log10(curve.steps[order])
            one_sided, central = (
                np.maximum(errors[order], _NO_ERROR) for errors in (curve.one_sided, curve.central)
            )
            self.line(x, one_sided, self.ink(NEGATIVE), _ERRORS["one-sided"])
            self.line(x, central, self.ink(POSITIVE), _ERRORS["central"])
            self.upright(float(np.log10(h)), "h", self.ink("gray"))
        self.end()

    def axis_across(self, axis: Axis) -> Axis:
        """The axis of h, whose logarithms are drawn."""
        return log_axis(axis.low, axis.high)


def _span(y: np.ndarray) -> tuple[float, float]:
    """The range of the values, with a little room; the tangent is cut off outside it."""
    finite = y[np.isfinite(y)]
    if not finite.size:
        return -np.inf, np.inf
    low, high = float(finite.min()), float(finite.max())
    room = 0.1 * (high - low) or 1.0
    return low - room, high + room


def with_room_across(axis: Axis, columns: int, gutter: int) -> Axis:
    """A horizontal axis whose labels neither touch nor stick out.

    plotext drops labels that do not fit without saying which.

    Args:
        axis: With equally spaced ticks.
        columns: Cells of the axis.
        gutter: Cells to its left that a label may use.
    """
    longest = max(map(len, axis.labels), default=0)
    fitting = _thinned(axis, (longest + _BETWEEN_LABELS) / max(columns, 1))
    places = [(tick - axis.low) / (axis.high - axis.low) * columns for tick in fitting.ticks]
    half = longest / 2
    inside = [half - gutter <= place <= columns - half for place in places]
    return fitting._replace(
        ticks=list(compress(fitting.ticks, inside)), labels=list(compress(fitting.labels, inside))
    )


def with_room_down(axis: Axis, rows: int) -> Axis:
    """A vertical axis of so many rows, with a blank line between its labels."""
    return _thinned(axis, 2 / max(rows, 1))


def _thinned(axis: Axis, least_share: float) -> Axis:
    """Every tick, or every second, or every third, ..., as far apart as is asked for."""
    if len(axis.ticks) < 2:
        return axis
    share = (axis.ticks[1] - axis.ticks[0]) / (axis.high - axis.low)
    every = max(1, -int(-least_share // share))
    return axis._replace(ticks=axis.ticks[::every], labels=axis.labels[::every])
