"""GradientsView: what every view of the gradients pane has."""

from __future__ import annotations

import time

from textual.widget import Widget

from ...core import Snapshot
from ..selection import Selection
from .memory import GradientMemory

SECONDS_BETWEEN_COMPUTATIONS = 0.5
"""During training, what takes long is computed at most this often."""


class GradientsView(Widget):
    """One way to look at the gradients; only the visible one gets frames.

    List it behind the widget that a view is, so that the widget's styles are found.
    """

    _next_computation = 0.0

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        """Draw a frame that is in the memory."""
        raise NotImplementedError

    def show_selection(self, snapshot: Snapshot, selection: Selection) -> None:
        """Draw what changes with the selection; by default nothing."""

    def focus_first(self) -> None:
        """Take the focus, or give it to the first child that can have it."""
        self.focus()

    def is_due(self, snapshot: Snapshot) -> bool:
        """Whether to compute something long for a frame; then not again for a while."""
        now = time.monotonic()
        if now < self._next_computation and snapshot.state == "training":
            return False
        self._next_computation = now + SECONDS_BETWEEN_COMPUTATIONS
        return True
