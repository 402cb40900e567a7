"""The report of the output pane: confusion, precision and recall, or how far off a fit is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from textwrap import wrap

import numpy as np
from rich.cells import cell_len
from textual.color import Color
from textual.containers import ScrollableContainer
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
from ..drawing.canvas import cut_end, to_width
from ..drawing.numbers import loss_text, percent, signed
from ..drawing.palette import NEGATIVE, POSITIVE, faded, quiet
from ..widgets.basics import background_color, is_ascii

Line = list[tuple[str, Style | str]]

# Cells for the names of all classes above the table of true and predicted ones.
ROOM_FOR_NAMES = 36
# And for each of them in a table that is wider than the pane.
MOST_OF_A_NAME = 8
MIN_CELL = 2
FIT_NAME, FIT_NUMBER = 13, 9
SCORE_NAMES = ("precision", "recall", "F1")
SHORT_SCORE_NAMES = ("prec.", "recall", "F1")
SCORE_WIDTH = 10
# From so many cells on a report has its full titles.
WIDE_REPORT = 42
NARROW_SCORE = 7
MIN_NAME = 5
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


class OutputTable(ScrollableContainer, can_focus=False):
    """How good the predictions are, in numbers that scroll."""

    def __init__(self, *, id: str) -> None:
        self._numbers = Static(id="output-numbers")
        super().__init__(self._numbers, id=id)
        self._report = Content("")
        # What its size depends on: other counts need no new layout.
        self._shape: tuple[object, ...] = ()

    def show(
        self, snapshot: Snapshot, width: int, sentences: Sequence[str], *, with_tests: bool
    ) -> None:
        """Counts; the same numbers again cost nothing.

        Args:
            snapshot: Whose predictions.
            width: Cells of a line.
            sentences: Stand above the numbers.
            with_tests: Whether test samples are counted, if there are any, or training samples.
        """
        lines = [line for sentence in sentences for line in wrap(sentence, max(width, 1))]
        counted = self._count(snapshot, width, with_tests=with_tests)
        report = Content("\n").join([*map(Content, lines), Content(""), counted])
        shape = (snapshot.dataset, width, with_tests, len(lines))
        is_other_size, self._shape = shape != self._shape, shape
        if is_other_size or not report.is_same(self._report):
            self._report = report
            self._numbers.update(report, layout=is_other_size)
            self._numbers.tooltip = (
                FIT_TOOLTIP if snapshot.dataset.task == "regression" else TOOLTIP
            )

    def _count(self, snapshot: Snapshot, width: int, *, with_tests: bool) -> Content:
        dataset = snapshot.dataset
        if dataset.task == "regression":
            return fit_report(snapshot)
        counts_tests = with_tests and len(snapshot.test_rows) > 0
        rows = snapshot.test_rows if counts_tests else snapshot.train_rows
        predicted = predicted_classes(snapshot.outputs[rows])
        counts = confusion_matrix(dataset.labels[rows], predicted, dataset.n_classes)
        sentence = f"{len(rows):,} {'test' if counts_tests else 'training'} samples"
        return class_report(
            counts, dataset.classes, sentence, background_color(self), width, ascii=is_ascii(self)
        )


def class_report(
    counts: IntArray,
    classes: Sequence[str],
    sentence: str,
    background: Color,
    width: int,
    *,
    ascii: bool = False,
) -> Content:
    """A confusion matrix, with precision, recall and F1 of each class beside or below it.

    Args:
        counts: Rows true, columns predicted.
        classes: The name of each class.
        sentence: What is counted.
        background: The colour below.
        width: Cells of a line.
        ascii: Whether names are cut in ASCII.
    """
    score_width = SCORE_WIDTH if width >= WIDE_REPORT else NARROW_SCORE
    n_scores = min(len(SCORE_NAMES), (width - MIN_NAME - 1) // score_width)
    names = max(len("true"), *map(cell_len, classes))
    names = max(MIN_NAME, min(names, width - 1 - n_scores * score_width))
    largest = max(len(str(n)) for n in counts.ravel().tolist())
    longest = min(max(map(cell_len, classes)), ROOM_FOR_NAMES // len(classes))
    label = names
    if (width - label - 1) // len(classes) <= largest:
        # Numbers that touch are hard to read: the word "true" makes room for gaps.
        label = min(names, max(map(cell_len, classes)))
    # Without room for a gap, the colours part the cells.
    room = (width - label - 1) // len(classes)
    is_wide = room < max(largest, MIN_CELL)
    if is_wide:
        # It scrolls, and has room for some of each name.
        longest = min(max(map(cell_len, classes)), MOST_OF_A_NAME)
        room = 1 + max(largest, longest)
    cell = max(largest, min(max(MIN_CELL, longest), room - 1))
    gap = " " if cell < room else ""
    header: Line = [(f"{'true' if label >= len('true') else '':>{label}} ", _BOLD)]
    header += [(f"{_short(name, cell, ascii)}{gap}", _BOLD) for name in classes]
    lines: list[Line] = [
        [(f"{_short(name, label, ascii)} ", ""), *_cells(row, k, cell, gap, background)]
        for k, (name, row) in enumerate(zip(classes, counts, strict=True))
    ]
    scores = _score_lines(counts, score_width, n_scores)
    beside = label + 1 + len(classes) * (cell + 1) + len(SCORE_NAMES) * SCORE_WIDTH <= width
    if beside:
        table = [a + b for a, b in zip([header, *lines], scores, strict=True)]
    else:
        labels = [f"{_short(name, names, ascii)} " for name in ("class", *classes)]
        below: list[Line] = [
            [(label, ""), *line] for label, line in zip(labels, scores, strict=True)
        ]
        # The scores of a table that scrolls stay in sight.
        parts = (below, [header, *lines]) if is_wide else ([header, *lines], below)
        table = [*parts[0], [], *parts[1]]
    plain = Style(foreground=quiet(background))
    remarks = [f"rows true, columns predicted: {sentence}"]
    if len(remarks[0]) > width:
        remarks = [sentence, "rows: true", "columns: predicted"]
    below_it: list[Line] = [[(remark, plain)] for remark in remarks]
    return _assembled([*table, [], *below_it])


def _score_lines(counts: IntArray, width: int, n_scores: int) -> list[Line]:
    """A header, and for each class as many scores as there is room for."""
    scores = class_scores(counts)
    rows = zip(scores.precision, scores.recall, scores.f1, strict=True)
    names = SCORE_NAMES if width == SCORE_WIDTH else SHORT_SCORE_NAMES
    header: Line = [("".join(f"{name:>{width}}" for name in names[:n_scores]), _BOLD)]
    lines: list[Line] = [[("".join(percent(s, width) for s in row[:n_scores]), "")] for row in rows]
    return [header, *lines]


def _cells(
    row: IntArray, true: int, width: int, gap: str, background: Color
) -> Iterator[tuple[str, Style]]:
    total = max(int(row.sum()), 1)
    for k, n in enumerate(row.tolist()):
        color = POSITIVE if k == true else NEGATIVE
        # Whole per cents, so that there are few styles.
        yield f"{n or '.':>{width}}{gap}", _cell_style(color, round(100 * n / total), background)


@lru_cache(maxsize=512)
def _cell_style(color: str, per_cent: int, background: Color) -> Style:
    background = faded(Color.parse(color), background, STRENGTH * per_cent / 100)
    return Style(background, background.get_contrast_text(1.0))


def _assembled(lines: Sequence[Line]) -> Content:
    return Content("\n").join(Content.assemble(*line) for line in lines)


def _short(name: str, width: int, ascii: bool) -> str:
    """At the right of so many cells."""
    return to_width(cut_end(name, width, ascii=ascii), width)


# --- Numbers -----------------------------------------------------------------------------------


def fit_report(snapshot: Snapshot) -> Content:
    """How far off the predictions of a regression are: a line for each measure."""
    parts = {"train": snapshot.train_rows, "test": snapshot.test_rows}
    fits = {name: fit_of(snapshot, rows) for name, rows in parts.items() if len(rows)}
    measures = {
        "samples": [f"{len(parts[name]):,}" for name in fits],
        "mean error": [loss_text(fit.mean_absolute_error) for fit in fits.values()],
        "root mean sq.": [loss_text(fit.root_mean_square_error) for fit in fits.values()],
        "R^2": [signed(fit.r_squared, 8) for fit in fits.values()],
    }
    title = " " * FIT_NAME + "".join(f"{name:>{FIT_NUMBER}}" for name in fits)
    lines: list[Line] = [[(title, _BOLD)]]
    for name, numbers in measures.items():
        written = "".join(f"{number.strip():>{FIT_NUMBER}}" for number in numbers)
        lines.append([(f"{name:<{FIT_NAME}}", _BOLD), (written, "")])
    return _assembled(lines)


def fit_of(snapshot: Snapshot, rows: IntArray) -> FitScores:
    """How good the fit is on some rows."""
    with np.errstate(all="ignore"):
        predicted = snapshot.dataset.from_network(snapshot.outputs[rows, 0])
    return fit_scores(snapshot.dataset.targets[rows], predicted)
