"""The curves of the loss pane: which exist, what each looks like, and how they are drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from textual.color import Color

from ...core import Snapshot
from ...core.run import Seek
from ...core.training.history import CURVES, Mark, PastRun, Points
from ...datasets import FloatArray
from ..drawing.palette import (
    MARK_CONTRAST,
    NEGATIVE,
    POSITIVE,
    faded,
    html,
    lane_color,
    qualitative,
    readable,
)
from ..widgets.plot import DASHED, DOTTED, SOLID, SPARSE, Plot, Scale, Stroke
from .view import Limits, LossView, nearest

REGULARIZATION_COLOR = "#009e73"
# How much of their colour past runs and bands keep.
DIM = 0.6
FAINT = 0.35
# More than seven come from a table of ten.
_PAST_HUES = 10
UNSMOOTHED = "unsmoothed"
NOW = "now"
DIVERGED = "diverged"
DIVERGED_COLOR = "#e5484d"
BEST_GLYPH = "◆"
ASCII_BEST_GLYPH = "@"
# A past run's number, in one digit, is at the end of its curve.
DIGITS = 10


class Kind(NamedTuple):
    """A curve that a run may have.

    Attributes:
        name: In the legend.
        curve: In `CURVES`, and in an `Evaluation`.
        color: HTML.
        stroke: How it is drawn.
    """

    name: str
    curve: str
    color: str
    stroke: Stroke

    def of(self, values: FloatArray) -> FloatArray:
        """Its column of all curves, shape (points,)."""
        return values[:, CURVES.index(self.curve)]


TRAIN_LOSS = Kind("train", "train_loss", POSITIVE, SOLID)
TEST_LOSS = Kind("test", "test_loss", NEGATIVE, DASHED)
REGULARIZATION = Kind("regularization", "regularization_term", REGULARIZATION_COLOR, DOTTED)
TRAIN_ACCURACY = Kind("train", "train_accuracy", POSITIVE, SOLID)
TEST_ACCURACY = Kind("test", "test_accuracy", NEGATIVE, DASHED)
LOSSES = (TRAIN_LOSS, TEST_LOSS, REGULARIZATION)
ACCURACIES = (TRAIN_ACCURACY, TEST_ACCURACY)


def comparable(snapshot: Snapshot, cleared: int) -> tuple[PastRun, ...]:
    """Past runs whose losses can be compared with the present run's.

    Args:
        snapshot: The present run, and the past ones.
        cleared: The number of the last run that was cleared.
    """
    same = (snapshot.dataset.name, snapshot.loss)
    return tuple(
        run
        for run in snapshot.past_runs
        if (run.dataset, run.loss) == same and run.number > cleared
    )


@dataclass(frozen=True)
class Inks:
    """The colours on some background, as HTML."""

    background: Color

    def line(self, color: str) -> str:
        """Of a curve of the present run, and of its name."""
        return html(readable(Color.parse(color), self.background))

    def band(self, color: str) -> str:
        """Of what lies between a curve's least and greatest values."""
        return self._faded(color, FAINT)

    def future(self, color: str) -> str:
        """Of a curve of the present run beyond the moment that is shown."""
        dim = Color.parse(self._faded(color, DIM))
        return html(readable(dim, self.background, MARK_CONTRAST))

    def _faded(self, color: str, share: float) -> str:
        return html(faded(Color.parse(color), self.background, share))

    def lane(self, number: int) -> str:
        """Of a lane of a race, and of its name."""
        return html(lane_color(number, self.background))

    def past(self, number: int) -> str:
        """Of a past run."""
        hues = qualitative(_PAST_HUES)
        dim = faded(hues[number % len(hues)], self.background, DIM)
        return html(readable(dim, self.background, MARK_CONTRAST))

    @property
    def mark(self) -> str:
        """Of the epoch at which a setting was changed."""
        return self.line("gray")


@dataclass(frozen=True, eq=False)
class LossPicture:
    """The curves of one moment, and how they are shown.

    Attributes:
        snapshot: The session.
        kinds: What is shown: losses or accuracies, those of training and testing first.
        past: The runs to compare.
        n_hidden: How many more past runs could be compared.
        view: Which epochs.
        scale: The vertical axis.
        smoothing: A name in `SMOOTHINGS`, or `UNSMOOTHED`.
        inks: The colours.
        ascii: Whether to use plain characters alone.
    """

    snapshot: Snapshot
    kinds: tuple[Kind, ...]
    past: tuple[PastRun, ...]
    n_hidden: int
    view: LossView
    scale: Scale
    smoothing: str
    inks: Inks
    ascii: bool

    @cached_property
    def points(self) -> Points:
        """The history of the present run, and what is known of its future."""
        now, future = self.snapshot.curves.points(), self.snapshot.future
        if future is None or future.curves is None:
            return now
        later = future.curves.points()
        start = int(np.searchsorted(later.epochs, now.epochs[-1], "right"))
        return Points(
            *(
                np.concatenate([getattr(now, name), getattr(later, name)[start:]])
                for name in ("epochs", "low", "mean", "high", "ticks")
            )
        )

    @cached_property
    def n_now(self) -> int:
        """How many of the points are not in the future."""
        curves = self.snapshot.curves
        return curves.n_older + len(curves.recent_epochs)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The settings that were changed, in the future too."""
        future = self.snapshot.future
        curves = self.snapshot.curves if future is None else future.curves
        return self.snapshot.curves.marks if curves is None else curves.marks

    @property
    def now(self) -> float | None:
        """The epoch of the moment that is shown, if it is not the last."""
        points = self.points
        if self.snapshot.future is None or not len(points.epochs):
            return None
        return float(np.interp(self.snapshot.tick, points.ticks, points.epochs))

    @cached_property
    def reached(self) -> float:
        """Where its curves end: in the first epoch, and where it broke, that is between epochs."""
        snapshot, points = self.snapshot, self.snapshot.curves.points()
        is_between = snapshot.epoch == 0 or snapshot.state == DIVERGED
        if snapshot.future is not None or not (is_between and len(points.epochs)):
            return float(snapshot.epoch)
        steps = math.ceil(len(snapshot.train_rows) / snapshot.training.batch_size)
        beyond = (snapshot.tick - float(points.ticks[-1])) / max(steps, 1)
        return float(points.epochs[-1]) + max(beyond, 0.0)

    @cached_property
    def present(self) -> tuple[Kind, ...]:
        """The kinds of which the present run has values; regularization only if it ever had any."""
        values = {kind: kind.of(self.points.high) for kind in self.kinds}
        return tuple(
            kind
            for kind, high in values.items()
            if np.isfinite(high).any() and (kind is not REGULARIZATION or np.nanmax(high) > 0.0)
        )

    @cached_property
    def limits(self) -> Limits:
        """The epochs that can be shown."""
        epochs = self.points.epochs
        first, newest = (float(epochs[0]), float(epochs[-1])) if len(epochs) else (0.0, 0.0)
        newest = max(newest, self.reached)
        ends = [float(lane.snapshot.epoch) for lane in self.snapshot.lanes]
        ends += [float(run.points.epochs[-1]) for run in self.past if len(run.points.epochs)]
        return Limits(first, newest, max([newest, *ends]))

    @property
    def shown(self) -> tuple[float, float]:
        """The first and the last epoch that are shown."""
        return self.view.shown(self.limits)

    @property
    def best_glyph(self) -> str:
        """What marks the best epoch."""
        return ASCII_BEST_GLYPH if self.ascii else BEST_GLYPH

    @property
    def ends_at_zero(self) -> bool:
        """Whether a loss of the present run is now 0, which a logarithmic axis can't show."""
        last = self.points.mean[: self.n_now][-1:]
        losses = (kind for kind in self.present if kind is not REGULARIZATION)
        return any((kind.of(last) == 0.0).any() for kind in losses)

    def value(self, kind: Kind, epoch: float) -> float:
        """The value of a curve of the present run at the epoch nearest to one."""
        return float(kind.of(self.points.mean)[nearest(self.points.epochs, epoch)])

    def seek_to(self, epoch: float) -> Seek:
        """What goes to the point of the present run that is nearest to an epoch."""
        points, at = self.points, nearest(self.points.epochs, epoch)
        # The first point of a run comes after the restart that began it.
        return Seek(int(points.ticks[at]), before_restart=points.epochs[at] > 0.0)

    def span(self, epoch: float) -> tuple[int, int]:
        """The first and the last epoch of the point nearest to one."""
        points, at = self.points, nearest(self.points.epochs, epoch)
        last = int(points.epochs[at])
        is_one = at == 0 or not (points.low[at] < points.high[at]).any()
        return (last if is_one else int(points.epochs[at - 1]) + 1), last

    def draw(self, plot: Plot) -> None:
        """Draws it all."""
        plot.begin(scale=self.scale, epochs=self.shown)
        for run in self.past:
            self._draw_past(plot, run)
        if self.snapshot.lanes:
            self._draw_lanes(plot)
            plot.end()
            return
        points, line, n = self.points, self._smoothed(self.points), self.n_now
        # The first kind is the last that is drawn, and hides the others where they meet.
        kinds = self.present[::-1]
        for kind in kinds:
            low, high = self._drawn(kind, points.low), self._drawn(kind, points.high)
            if self.smoothing != UNSMOOTHED or (low < high).any():
                plot.band(points.epochs, low, high, self.inks.band(kind.color))
        for kind in kinds:
            mean = self._drawn(kind, line.mean)
            if len(mean) > n:
                # From the last point on, so that nothing is missing between.
                epochs, color = points.epochs[n - 1 :], self.inks.future(kind.color)
                plot.line(epochs, mean[n - 1 :], color, kind.stroke)
            color = self.inks.line(kind.color)
            plot.line(points.epochs[:n], mean[:n], color, kind.stroke)
            if n and self.reached > points.epochs[n - 1]:
                epochs = np.array([points.epochs[n - 1], self.reached])
                plot.line(epochs, np.array([mean[n - 1], self._live(kind)]), color, kind.stroke)
        for mark in self.marks:
            plot.upright(mark.epoch, mark.text, self.inks.mark)
        if self.snapshot.state == DIVERGED:
            plot.upright(self.reached, DIVERGED, self.inks.line(DIVERGED_COLOR))
        if self.now is not None:
            plot.upright(self.now, NOW, self.inks.line("white"))
        best = self.snapshot.curves.best
        for kind in self.kinds:
            if best is not None and kind.curve == best.curve:
                plot.symbol(best.epoch, best.loss, self.best_glyph, self.inks.line(kind.color))
        plot.end()

    def lane_kind(self, snapshot: Snapshot) -> Kind:
        """The curve by which the lanes of a race are compared: of the test samples, if any."""
        train, test = self.kinds[:2]
        return test if len(snapshot.test_rows) else train

    def _draw_lanes(self, plot: Plot) -> None:
        """Draws one curve for each lane of a race, the chosen one on top."""
        lanes = sorted(self.snapshot.lanes, key=lambda lane: lane.is_chosen)
        for lane in lanes:
            points = self._smoothed(lane.snapshot.curves.points())
            color = self.inks.lane(lane.number)
            kind = self.lane_kind(lane.snapshot)
            plot.line(points.epochs, kind.of(points.mean), color, SOLID)
            if lane.snapshot.state == DIVERGED and len(points.epochs):
                plot.upright(float(points.epochs[-1]), DIVERGED, color)
        for mark in self.marks:
            plot.upright(mark.epoch, mark.text, self.inks.mark)
        if self.now is not None:
            plot.upright(self.now, NOW, self.inks.line("white"))

    def _live(self, kind: Kind) -> float:
        """The value of this moment."""
        value = getattr(self.snapshot.evaluation, kind.curve)
        is_none = kind is REGULARIZATION and self.scale == "logarithmic" and value == 0.0
        return math.nan if value is None or is_none else float(value)

    def _drawn(self, kind: Kind, values: FloatArray) -> FloatArray:
        """What is drawn of a curve: no regularization is no number on a logarithmic axis."""
        column = kind.of(values)
        if kind is REGULARIZATION and self.scale == "logarithmic":
            return np.where(column == 0.0, np.nan, column)
        return column

    def _smoothed(self, points: Points) -> Points:
        return points if self.smoothing == UNSMOOTHED else points.smoothed(self.smoothing)

    def _draw_past(self, plot: Plot, run: PastRun) -> None:
        """Draws one curve of a past run: of its test samples, if there are any."""
        points, color = self._smoothed(run.points), self.inks.past(run.number)
        train, test = self.kinds[:2]
        kind = test if np.isfinite(test.of(points.mean)).any() else train
        low, high = kind.of(points.low), kind.of(points.high)
        plot.band(points.epochs, low, high, color, SPARSE)
        if len(finite := np.flatnonzero(np.isfinite(high))):
            end, glyph = finite[-1], str(run.number % DIGITS)
            plot.symbol(float(points.epochs[end]), float(high[end]), glyph, color)
