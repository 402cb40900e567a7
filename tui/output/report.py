"""The report of the output pane: confusion, precision and recall, or how far off a fit is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from textual.app import ComposeResult
from textual.color import Color
from textual.containers import VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from ...core import Snapshot
from ...core.training import (
    FitScores,
    class_scores,
    confusion_matrix,
    fit_scores,
    predicted_classes,
)
from ...datasets import IntArray
from ..drawing.numbers import loss_text, percent, signed
from ..drawing.palette import NEGATIVE, POSITIVE, faded, quiet
from ..widgets.basics import background_color

Line = list[tuple[str, Style | str]]

# Cells for the names of all classes above the table of true and predicted ones.
ROOM_FOR_NAMES = 36
MIN_CELL = 2
SCORE_NAMES = ("precision", "recall", "F1")
SCORE_WIDTH = 10
# How strong the colour of a cell gets that holds all samples of a class.
STRENGTH = 0.9
_BOLD = Style(bold=True)
TOOLTIP = (
    "Precision: of the samples predicted as a class, the share that belongs to it. Recall: of the "
    "samples of a class, the share that is predicted as it. F1: their harmonic mean."
)
FIT_TOOLTIP = (
    "Mean error: the mean distance between output and target. Root mean sq.: the same, but large "
    "errors count more. R^2: the share of the targets' variance that the outputs explain."
)


class OutputTable(VerticalScroll, can_focus=False):
    """How good the predictions are, in numbers that scroll."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._report = Content("")
        # What its size depends on: other counts need no new layout.
        self._shape: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(id="output-numbers")

    def show(self, snapshot: Snapshot, width: int, *, with_tests: bool) -> None:
        """Counts; the same numbers again cost nothing.

        Args:
            snapshot: Whose predictions.
            width: Cells of a line.
            with_tests: Whether test samples are counted, if there are any, or training samples.
        """
        report = self._count(snapshot, width, with_tests=with_tests)
        shape = (snapshot.dataset, width, with_tests)
        is_other_size, self._shape = shape != self._shape, shape
        if is_other_size or not report.is_same(self._report):
            self._report = report
            numbers = self.query_one(Static)
            numbers.update(report, layout=is_other_size)
            numbers.tooltip = FIT_TOOLTIP if snapshot.dataset.task == "regression" else TOOLTIP

    def _count(self, snapshot: Snapshot, width: int, *, with_tests: bool) -> Content:
        dataset = snapshot.dataset
        if dataset.task == "regression":
            return fit_report(snapshot)
        counts_tests = with_tests and len(snapshot.test_rows) > 0
        rows = snapshot.test_rows if counts_tests else snapshot.train_rows
        predicted = predicted_classes(snapshot.outputs[rows])
        counts = confusion_matrix(dataset.labels[rows], predicted, dataset.n_classes)
        sentence = f"{len(rows):,} {'test' if counts_tests else 'training'} samples"
        return class_report(counts, dataset.classes, sentence, background_color(self), width)


def class_report(
    counts: IntArray, classes: Sequence[str], sentence: str, background: Color, width: int
) -> Content:
    """A confusion matrix, with precision, recall and F1 of each class beside or below it.

    Args:
        counts: Rows true, columns predicted.
        classes: The name of each class.
        sentence: What is counted.
        background: The colour below.
        width: Cells of a line.
    """
    names = max(len("true"), *map(len, classes))
    largest = max(len(str(n)) for n in counts.ravel().tolist())
    cell = max(MIN_CELL, largest, min(max(map(len, classes)), ROOM_FOR_NAMES // len(classes)))
    header: Line = [(f"{'true':>{names}} ", _BOLD)]
    header += [(f"{_short(name, cell):>{cell}} ", _BOLD) for name in classes]
    lines: list[Line] = [
        [(f"{name:>{names}} ", ""), *_cells(row, k, cell, background)]
        for k, (name, row) in enumerate(zip(classes, counts, strict=True))
    ]
    scores = _score_lines(counts)
    beside = names + 1 + len(classes) * (cell + 1) + len(SCORE_NAMES) * SCORE_WIDTH <= width
    if beside:
        table = [a + b for a, b in zip([header, *lines], scores, strict=True)]
    else:
        labels = [f"{name:>{names}} " for name in ("class", *classes)]
        below: list[Line] = [
            [(label, ""), *line] for label, line in zip(labels, scores, strict=True)
        ]
        table = [header, *lines, [], *below]
    plain = Style(foreground=quiet(background))
    remark: Line = [(f"rows true, columns predicted: {sentence}", plain)]
    return _assembled([*table, [], remark])


def _score_lines(counts: IntArray) -> list[Line]:
    """A header, and for each class its scores."""
    scores = class_scores(counts)
    rows = zip(scores.precision, scores.recall, scores.f1, strict=True)
    header: Line = [("".join(f"{name:>{SCORE_WIDTH}}" for name in SCORE_NAMES), _BOLD)]
    lines: list[Line] = [[("".join(percent(s, SCORE_WIDTH) for s in row), "")] for row in rows]
    return [header, *lines]


def _cells(row: IntArray, true: int, width: int, background: Color) -> Iterator[tuple[str, Style]]:
    total = max(int(row.sum()), 1)
    for k, n in enumerate(row.tolist()):
        color = POSITIVE if k == true else NEGATIVE
        # Whole per cents, so that there are few styles.
        yield f"{n or '.':>{width}} ", _cell_style(color, round(100 * n / total), background)


@lru_cache(maxsize=512)
def _cell_style(color: str, per_cent: int, background: Color) -> Style:
    background = faded(Color.parse(color), background, STRENGTH * per_cent / 100)
    return Style(background, background.get_contrast_text(1.0))


def _assembled(lines: Sequence[Line]) -> Content:
    return Content("\n").join(Content.assemble(*line) for line in lines)


def _short(name: str, width: int) -> str:
    return name if len(name) <= width else f"{name[: width - 1]}."


# --- Numbers -----------------------------------------------------------------------------------


def fit_report(snapshot: Snapshot) -> Content:
    """How far off the predictions of a regression are."""
    titles = ("samples", "mean error", "root mean sq.", "R^2")
    widths = (14, 12, 14, 9)
    lines: list[Line] = [
        [("".join(f"{t:>{w}}" for t, w in zip(titles, widths, strict=True)), _BOLD)]
    ]
    for name, rows in (("train", snapshot.train_rows), ("test", snapshot.test_rows)):
        if len(rows):
            scores = fit_of(snapshot, rows)
            numbers = (
                f"{name} {len(rows):,}",
                loss_text(scores.mean_absolute_error),
                loss_text(scores.root_mean_square_error),
                signed(scores.r_squared, 8),
            )
            text = "".join(f"{n:>{w}}" for n, w in zip(numbers, widths, strict=True))
            lines.append([(text, "")])
    return _assembled(lines)


def fit_of(snapshot: Snapshot, rows: IntArray) -> FitScores:
    """How good the fit is on some rows."""
    with np.errstate(all="ignore"):
        predicted = snapshot.dataset.from_network(snapshot.outputs[rows, 0])
    return fit_scores(snapshot.dataset.targets[rows], predicted)
