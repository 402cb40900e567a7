"""LossPicture: what the loss pane draws of a snapshot, curve by curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core import Snapshot
from ...core.training.history import Curves
from ...core.training.past_run import PastRun
from ...core.training.points import Points
from ..widgets.plot import SPARSE, FloatArray, Plot, Scale
from .curves import PENALTY, Inks, Kind, compared_kind, drawn_kinds
from .view import Limits, LossView, nearest

BEST_GLYPH = "◆"
ASCII_BEST_GLYPH = "@"
# A past run's number stands where its curve ends.
DIGITS = 10


@dataclass(frozen=True, eq=False)
class LossPicture:
    """The curves of one moment.

    Attributes:
        curves: The history of the present run.
        points: The same as points.
        kinds: What there may be: losses or accuracies, that of training and of testing first.
        past: The runs to compare.
    """

    curves: Curves
    points: Points
    kinds: tuple[Kind, ...]
    past: tuple[PastRun, ...]

    @classmethod
    def of(
        cls, snapshot: Snapshot, kinds: tuple[Kind, ...], past: tuple[PastRun, ...]
    ) -> LossPicture:
        """The picture of a snapshot."""
        return cls(snapshot.curves, snapshot.curves.points(), kinds, past)

    @property
    def present(self) -> tuple[Kind, ...]:
        """The kinds that the present run has."""
        return drawn_kinds(self.points, self.kinds)

    @property
    def limits(self) -> Limits:
        """The epochs there are."""
        epochs = self.points.epochs
        first, newest = (float(epochs[0]), float(epochs[-1])) if len(epochs) else (0.0, 0.0)
        ends = [float(run.points.epochs[-1]) for run in self.past if len(run.points.epochs)]
        return Limits(first, newest, max([newest, *ends]))

    @property
    def ends_at_zero(self) -> bool:
        """Whether a loss of the present run is now 0, which a logarithmic axis cannot show."""
        last = self.points.mean[-1:]
        return any((kind.of(last) == 0.0).any() for kind in self.present if kind is not PENALTY)

    def value(self, kind: Kind, epoch: float) -> float:
        """The value of a curve of the present run at the epoch nearest to one."""
        return float(kind.of(self.points.mean)[nearest(self.points.epochs, epoch)])

    def span(self, epoch: float) -> tuple[int, int]:
        """The first and the last epoch that the point nearest to one stands for."""
        points, at = self.points, nearest(self.points.epochs, epoch)
        last = int(points.epochs[at])
        is_one = at == 0 or not (points.low[at] < points.high[at]).any()
        return (last if is_one else int(points.epochs[at - 1]) + 1), last

    def draw(self, plot: Plot, view: LossView, scale: Scale, smoothing: str, inks: Inks) -> None:
        """Draws it all.

        Args:
            plot: On what.
            view: Which epochs.
            scale: The vertical axis.
            smoothing: A name in `SMOOTHINGS`; empty for none.
            inks: The colours.
        """
        plot.begin(scale=scale, epochs=view.shown(self.limits))
        for run in self.past:
            self._draw_past(plot, run, smoothing, inks)
        points = self.points
        line = points.smoothed(smoothing) if smoothing else points
        # The first kind is the last that is drawn, and hides the others where they meet.
        kinds = self.present[::-1]
        for kind in kinds:
            low, high = kind.of(points.low), kind.of(points.high)
            if smoothing or (low < high).any():
                plot.band(points.epochs, low, high, inks.band(kind.color))
        for kind in kinds:
            color = inks.line(kind.color)
            plot.line(points.epochs, kind.of(line.mean), color, kind.stroke)
        for mark in self.curves.marks:
            plot.upright(mark.epoch, mark.text, inks.mark)
        self._draw_best(plot, inks)
        plot.end()

    def _draw_past(self, plot: Plot, run: PastRun, smoothing: str, inks: Inks) -> None:
        points = run.points.smoothed(smoothing) if smoothing else run.points
        kind, color = compared_kind(points, self.kinds), inks.past(run.number)
        low, high = kind.of(points.low), kind.of(points.high)
        plot.band(points.epochs, low, high, color, SPARSE)
        if (place := _last_finite(high)) is not None:
            glyph = str(run.number % DIGITS)
            plot.symbol(float(points.epochs[place]), float(high[place]), glyph, color)

    def _draw_best(self, plot: Plot, inks: Inks) -> None:
        best = self.curves.best
        kind = next((k for k in self.kinds if best is not None and k.curve == best.curve), None)
        if best is not None and kind is not None:
            glyph = ASCII_BEST_GLYPH if plot.is_ascii else BEST_GLYPH
            plot.symbol(best.epoch, best.loss, glyph, inks.line(kind.color))


def _last_finite(values: FloatArray) -> int | None:
    places = np.flatnonzero(np.isfinite(values))
    return int(places[-1]) if len(places) else None
