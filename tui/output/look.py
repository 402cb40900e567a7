"""Look: what the output pane shows, as the user chose it, and the size of the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from textual.color import Color

from ...core import Snapshot
from ...datasets import Dataset
from ..drawing.palette import class_glyphs
from ..selection import Point, Unit

_BLACK = Color(0, 0, 0)
# The shares of the targets' range that `c` steps through, and the share of a turn of the wheel.
_STOPS = (0.0, 0.25, 0.5, 0.75, 1.0)
_TURN = 0.05


class View(StrEnum):
    """One way to look at what the network puts out; the value is its name on the screen."""

    MAP = "map"
    CURVE = "curve"
    RESIDUALS = "residuals"
    PROJECTION = "projection"
    PLANE = "two columns"
    REPORT = "report"
    HIDDEN = "hidden space"
    LANES = "lanes"


def views_of(snapshot: Snapshot) -> tuple[View, ...]:
    """The views that fit the snapshot's data and network, the default first."""
    columns = len(snapshot.dataset.columns)
    hidden = (View.HIDDEN,) if last_hidden(snapshot) else ()
    if columns > 2:
        return View.REPORT, View.PROJECTION, View.PLANE, *hidden
    first = View.MAP if columns == 2 else View.CURVE
    lanes = (View.LANES,) if snapshot.lanes else ()
    if snapshot.dataset.task == "regression":
        return first, *lanes, View.RESIDUALS, View.REPORT, *hidden
    return first, *lanes, View.REPORT, *hidden


def last_hidden(snapshot: Snapshot) -> int:
    """The number of the last hidden layer; 0 if there is none."""
    return len(snapshot.sizes) - 2


@dataclass(frozen=True, slots=True)
class Brush:
    """What a click draws: a class, or a number for a regression.

    Attributes:
        label: The number of the class.
        share: Where the number is in the range of the targets, 0 to 1.
    """

    label: int = 1
    share: float = 1.0

    def next(self, dataset: Dataset) -> Brush:
        """The next class, or the next round part of the range."""
        if dataset.task == "classification":
            return replace(self, label=(self.label + 1) % dataset.n_classes)
        return replace(self, share=next((s for s in _STOPS if s > self.share), _STOPS[0]))

    def other(self, dataset: Dataset) -> Brush:
        """What the other button draws: the next class, or the number across the middle."""
        if dataset.task == "classification":
            return self.next(dataset)
        return replace(self, share=1.0 - self.share)

    def turned(self, turns: int) -> Brush:
        """A number that many turns of the wheel higher."""
        return replace(self, share=min(max(round(self.share + turns * _TURN, 2), 0.0), 1.0))

    def fitting(self, dataset: Dataset) -> Brush:
        """This brush, or one of a class that exists."""
        return self if self.label < max(dataset.n_classes, 2) else Brush()

    def target(self, dataset: Dataset) -> float:
        """What is drawn, coded as the data set's targets."""
        if dataset.task == "regression":
            low, high = float(dataset.targets.min()), float(dataset.targets.max())
            return float(f"{low + self.share * (high - low):.3g}")
        return 2.0 * self.label - 1.0 if dataset.n_classes == 2 else float(self.label)

    def words(self, dataset: Dataset) -> str:
        """What is drawn, in words."""
        if dataset.task == "regression":
            return f"{self.target(dataset):+.3g}"
        return f"{class_glyphs(dataset)[self.label]} {dataset.classes[self.label]}"


@dataclass(frozen=True, slots=True)
class Look:
    """What is shown, and how.

    Attributes:
        view: Which view.
        with_tests: Whether test samples are shown.
        discretized: Whether the map has only two colours.
        brush: What a click draws; None outside the drawing mode.
        unit: The unit whose output is shown; None for the network's.
        layer: Whose space is shown, 0 for the inputs; None for the last hidden one.
        axes: Of many columns the two of a plane, across and up, numbered from 0; empty for those
            that say the most.
        held: What the other columns are on that plane; None for those of a usual sample.
        columns: Cells of the picture across.
        rows: Cells down.
        background: The colour below it.
        ascii: Whether to draw in ASCII characters alone.
    """

    view: View = View.MAP
    with_tests: bool = True
    discretized: bool = False
    brush: Brush | None = None
    unit: Unit | None = None
    layer: int | None = None
    axes: tuple[int, int] | tuple[()] = ()
    held: Point | None = None
    columns: int = 0
    rows: int = 0
    background: Color = _BLACK
    ascii: bool = False


def hidden_layer(snapshot: Snapshot, look: Look) -> int:
    """The layer whose space is shown, 0 for the inputs."""
    last = last_hidden(snapshot)
    return last if look.layer is None else min(look.layer, last)
