"""LossView: which epochs the loss pane shows, and how that is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PARTS = (50, 200, 500)
USUAL_PART = 200
# No closer: a curve has a point an epoch.
LEAST_EPOCHS = 2.0


class Limits(NamedTuple):
    """Which epochs can be shown.

    Attributes:
        first: The first epoch.
        newest: The last epoch of the present run.
        end: The last epoch of all runs that are shown, at least `newest`.
    """

    first: float
    newest: float
    end: float


@dataclass(frozen=True, slots=True)
class LossView:
    """Which epochs are shown.

    Attributes:
        last: This many of the newest; None for all of them.
        part: What `last` becomes when it is switched on.
        zoom: The first and the last epoch instead; None where nothing is zoomed.
        follows: Whether the zoomed part follows the newest epoch.
    """

    last: int | None = None
    part: int = USUAL_PART
    zoom: tuple[float, float] | None = None
    follows: bool = False

    def shown(self, limits: Limits) -> tuple[float, float]:
        """The first and the last epoch, the last one at least one later."""
        if self.zoom is not None:
            # Hiding past runs may have removed what was zoomed on.
            high = limits.newest if self.follows else min(self.zoom[1], limits.end)
            low = max(limits.first, high - (self.zoom[1] - self.zoom[0]))
        elif self.last is None:
            low, high = limits.first, limits.end
        else:
            low, high = max(limits.first, limits.newest - self.last), limits.newest
        return low, max(high, low + 1.0)

    def toggled(self) -> LossView:
        """All epochs, or the last ones; a zoom ends."""
        return LossView(None if self.last or self.zoom else self.part, self.part)

    def with_next_part(self) -> LossView:
        """The last 50, 200 or 500, each after the other."""
        at = PARTS.index(self.part) if self.last else -1
        part = PARTS[(at + 1) % len(PARTS)]
        return LossView(part, part)

    def unzoomed(self) -> LossView:
        """Without the zoom."""
        return replace(self, zoom=None, follows=False)

    def zoomed(self, limits: Limits, centre: float, factor: float) -> LossView:
        """Nearer or farther.

        Args:
            limits: What can be shown.
            centre: The epoch that stays where it is.
            factor: How many times as many epochs are shown; below 1 is nearer.
        """
        low, high = self.shown(limits)
        span = max((high - low) * factor, LEAST_EPOCHS)
        if span >= limits.end - limits.first:
            return LossView(part=self.part)
        centre = min(max(centre, low), high)
        return self._at(limits, centre - (centre - low) / (high - low) * span, span)

    def panned(self, limits: Limits, share: float) -> LossView:
        """Earlier or later epochs.

        Args:
            limits: What can be shown.
            share: Of what is shown; below 0 is earlier.
        """
        low, high = self.shown(limits)
        if high - low >= limits.end - limits.first:
            return self
        return self._at(limits, low + share * (high - low), high - low)

    def _at(self, limits: Limits, low: float, span: float) -> LossView:
        low = min(max(low, limits.first), limits.end - span)
        follows = low + span >= limits.newest == limits.end
        return LossView(self.last, self.part, (low, low + span), follows)


def nearest(epochs: NDArray[np.float64], epoch: float) -> int:
    """The place of the epoch nearest to one.

    Args:
        epochs: Ascending, one or more.
        epoch: Any number.
    """
    return int(np.argmin(np.abs(epochs - epoch)))


def moved(epochs: NDArray[np.float64], epoch: float, by: float) -> float:
    """The epoch that far away, or at least the next one in that direction, if there is any.

    Args:
        epochs: Ascending, one or more.
        epoch: Where to begin.
        by: How far; below 0 is earlier, 0 takes the nearest.
    """
    here, there = nearest(epochs, epoch), nearest(epochs, epoch + by)
    if there == here and by:
        there = min(max(here + (1 if by > 0 else -1), 0), len(epochs) - 1)
    return float(epochs[there])
