"""The curves of the loss pane: which there are, and what each is drawn like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from textual.color import Color

from ...core import Snapshot
from ...core.training.history import CURVES
from ...core.training.past_run import PastRun
from ...core.training.points import Points
from ..drawing.palette import MARK_CONTRAST, NEGATIVE, POSITIVE, qualitative, readable
from ..widgets.plot import DASHED, DOTTED, SOLID, Stroke

FloatArray = NDArray[np.float64]

PENALTY_COLOR = "#009e73"
# How much of its colour what is less important keeps.
DIM = 0.6
FAINT = 0.35


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
PENALTY = Kind("penalty", "penalty", PENALTY_COLOR, DOTTED)
TRAIN_ACCURACY = Kind("train", "train_accuracy", POSITIVE, SOLID)
TEST_ACCURACY = Kind("test", "test_accuracy", NEGATIVE, DASHED)
LOSSES = (TRAIN_LOSS, TEST_LOSS, PENALTY)
ACCURACIES = (TRAIN_ACCURACY, TEST_ACCURACY)


def drawn_kinds(points: Points, kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """Those that have a value, and the penalty only if there ever was one."""
    return tuple(
        kind
        for kind in kinds
        if np.isfinite(values := kind.of(points.high)).any()
        and (kind is not PENALTY or np.nanmax(values) > 0.0)
    )


def compared_kind(points: Points, kinds: tuple[Kind, ...]) -> Kind:
    """By which runs are compared: on the test samples, if there are any."""
    train, test = kinds[:2]
    return test if np.isfinite(test.of(points.mean)).any() else train


def comparable(snapshot: Snapshot, cleared: int) -> tuple[PastRun, ...]:
    """Past runs whose losses mean the same as the present ones'.

    Args:
        snapshot: The present run, and the past ones.
        cleared: The number of the last run that is not wanted any more.
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
        return readable(Color.parse(color), self.background).hex

    def band(self, color: str) -> str:
        """Of what lies between a curve's least and greatest values."""
        return self.background.blend(Color.parse(self.line(color)), FAINT).hex

    def past(self, number: int) -> str:
        """Of a past run."""
        hues = qualitative(_PAST_HUES)
        dim = self.background.blend(hues[number % len(hues)], DIM)
        return readable(dim, self.background, MARK_CONTRAST).hex

    @property
    def mark(self) -> str:
        """Of where a knob was turned."""
        return readable(Color.parse("gray"), self.background).hex


# More than seven come from a table of ten.
_PAST_HUES = 10
