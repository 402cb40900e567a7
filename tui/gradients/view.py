"""What the gradients pane asks of each of its views."""

from __future__ import annotations

from typing import Protocol

from ...core import Snapshot
from ..selection import Selection
from .memory import GradientMemory


class GradientsView(Protocol):
    """One way to look at the gradients; only the one that is seen is told anything."""

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        """Draws a frame that was remembered."""

    def show_selection(self, snapshot: Snapshot, selection: Selection) -> None:
        """Draws what changes with the selection."""

    def focus_first(self) -> None:
        """Takes the focus."""
