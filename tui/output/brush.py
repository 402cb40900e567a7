"""Brush: what a click draws."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...datasets import Dataset
from .points import class_glyphs

# The parts of the targets' range that `c` goes through, and the part that one turn of the wheel is.
_STOPS = (0.0, 0.25, 0.5, 0.75, 1.0)
_TURN = 0.05


@dataclass(frozen=True, slots=True)
class Brush:
    """A class, or a number for a regression.

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
        """A number so many turns of the wheel higher."""
        return replace(self, share=min(max(round(self.share + turns * _TURN, 2), 0.0), 1.0))

    def fitting(self, dataset: Dataset) -> Brush:
        """This brush, or one of a class that there is."""
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
