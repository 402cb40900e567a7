"""The numbers of a report, in a part of the output pane that scrolls."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ...core import Snapshot
from ..widgets.background import background_color
from .report import class_report, confusion_of, counted_rows, fit_report


class OutputTable(VerticalScroll, can_focus=False):
    """How good the predictions are: a confusion matrix with its scores, or those of a fit."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._report = Content("")
        # What its size depends on: other counts need no other layout.
        self._shape: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(id="output-numbers")

    def show(self, snapshot: Snapshot, width: int, *, with_tests: bool) -> None:
        """Counts; what is there already costs nothing.

        Args:
            snapshot: Whose predictions.
            width: Cells there are.
            with_tests: Whether test points are counted, if there are any, or training points.
        """
        report = self._count(snapshot, width, with_tests=with_tests)
        shape = (snapshot.dataset, width, with_tests)
        is_other_size, self._shape = shape != self._shape, shape
        if is_other_size or not report.is_same(self._report):
            self._report = report
            self.query_one(Static).update(report, layout=is_other_size)

    def _count(self, snapshot: Snapshot, width: int, *, with_tests: bool) -> Content:
        dataset = snapshot.dataset
        if dataset.task == "regression":
            return fit_report(snapshot)
        rows = counted_rows(snapshot, with_tests=with_tests)
        part = "training" if rows is snapshot.train_rows else "test"
        counts = confusion_of(snapshot, rows)
        sentence = f"{len(rows):,} {part} points"
        return class_report(counts, dataset.classes, sentence, background_color(self), width)
