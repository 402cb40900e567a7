"""The loss pane: the losses over the epochs."""

from __future__ import annotations

import time
from typing import ClassVar

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import ContentSwitcher, Static

from ...core import Snapshot
from ...core.training.history import CURVES, Curves
from ..render.palette import NEGATIVE, POSITIVE, readable
from ..widgets.ground import ground_color
from ..widgets.plot import FloatArray, Plot
from .pane import Pane

# plotext takes as long for a picture as all other panes, so that more would be felt everywhere.
SECONDS_BETWEEN_DRAWINGS = 0.2
# While snapshots go on coming one of them draws it, together with the other panes.
GRACE_SECONDS = 0.1
RECENT = 200
TRAIN, TEST = CURVES.index("train_loss"), CURVES.index("test_loss")


class LossPlot(Plot, can_focus=True):
    """The plot itself."""


class LossPane(Pane):
    """Training and test loss, on a logarithmic or a linear axis, of all epochs or the last ones."""

    TITLE = "Loss"
    HELP_TEXT = (
        "The mean loss of the training samples (blue) and of the test samples (orange) after each "
        "epoch. y changes between a logarithmic and a linear axis, a between all epochs and the "
        f"last {RECENT}. Marks on the lower edge show where a knob was turned."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "a",
            "toggle_recent",
            "All / recent",
            id="loss.recent",
            tooltip=f"Show all epochs, or the last {RECENT}",
        ),
    ]

    logarithmic: reactive[bool] = reactive(True)
    recent: reactive[bool] = reactive(False)

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._drawn: tuple[object, ...] = ()
        self._drawn_at = 0.0
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The plot, and a sentence for as long as there is none."""
        with ContentSwitcher(initial="loss-empty"):
            yield Static("Press space and watch the loss fall.", id="loss-empty")
            yield LossPlot(id="loss-plot")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draws the curves, if they are new, and not more often than need be."""
        if _state(snapshot) == self._drawn:
            return
        wait = self._drawn_at + SECONDS_BETWEEN_DRAWINGS - time.monotonic()
        if wait <= 0.0:
            self._draw()
        elif self._timer is None:
            self._timer = self.set_timer(wait + GRACE_SECONDS, self._draw)

    def watch_logarithmic(self) -> None:
        """Draws with the other axis."""
        self._draw()

    def watch_recent(self) -> None:
        """Draws the other part."""
        self._draw()

    def action_toggle_recent(self) -> None:
        """Changes between all epochs and the last ones."""
        self.recent = not self.recent

    def _draw(self) -> None:
        snapshot = self.snapshot
        if snapshot is None or not self.is_mounted:
            return
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._drawn, self._drawn_at = _state(snapshot), time.monotonic()
        self.query_one(ContentSwitcher).current = "loss-plot" if snapshot.epoch else "loss-empty"
        plot = self.query_one(LossPlot)
        ground = ground_color(plot)
        epochs, mean = self._part(snapshot.curves)
        colors = [readable(Color.parse(c), ground).hex for c in (POSITIVE, NEGATIVE)]
        plot.begin(logarithmic=self.logarithmic)
        train, test = mean[:, TRAIN], mean[:, TEST]
        plot.line(epochs, test, f"test  {snapshot.evaluation.test_loss:.4g}", colors[1])
        plot.line(epochs, train, f"train {snapshot.evaluation.train_loss:.4g}", colors[0])
        self._draw_marks(plot, snapshot.curves, epochs, mean)
        plot.end(x_label="epoch")
        axis = "log" if self.logarithmic else "linear"
        part = f"last {RECENT} epochs" if self.recent else "all epochs"
        marks = snapshot.curves.marks
        last = f"{marks[-1].text} at epoch {marks[-1].epoch:.0f}" if marks else ""
        self.write_on_border(f"{self.TITLE}  {axis}, {part}", last)

    def _part(self, curves: Curves) -> tuple[FloatArray, FloatArray]:
        if self.recent:
            return curves.recent_epochs[-RECENT:], curves.recent[-RECENT:]
        return curves.epochs, curves.mean

    def _draw_marks(
        self, plot: LossPlot, curves: Curves, epochs: FloatArray, mean: FloatArray
    ) -> None:
        losses = mean[:, [TRAIN, TEST]]
        losses = losses[np.isfinite(losses) & (losses > 0.0)]
        at = np.array([m.epoch for m in curves.marks if len(epochs) and m.epoch >= epochs[0]])
        if len(at) and losses.size:
            color = readable(Color.parse("gray"), ground_color(plot)).hex
            plot.scatter(at, np.full(len(at), losses.min()), "knob turned", color)


def _state(snapshot: Snapshot) -> tuple[object, ...]:
    """What the curves depend on."""
    return snapshot.run_id, snapshot.epoch, len(snapshot.curves.marks)
