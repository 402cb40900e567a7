"""The report of the output pane: confusion, precision and recall, or how far off a fit is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.style import Style as ContentStyle

from ...core import Snapshot
from ...core.training import (
    FitScores,
    class_scores,
    confusion_matrix,
    fit_scores,
    predicted_classes,
)
from ..drawing.numbers import loss_text, percent, signed
from ..drawing.palette import NEGATIVE, POSITIVE
from .curve import curve_marks
from .look import Look, quiet_color
from .picture import Extent, Picture, blank_pixels, range_around
from .points import place_points

IntArray = NDArray[np.int64]
Line = list[tuple[str, ContentStyle | str]]

# Cells that the names of all classes get above the table of true and predicted ones.
ROOM_FOR_NAMES = 36
MIN_CELL = 2
SCORE_NAMES = ("precision", "recall", "F1")
SCORE_WIDTH = 10
# How strong the colour of a cell gets that holds all samples of a class.
STRENGTH = 0.9
_BOLD = ContentStyle(bold=True)


def counted_rows(snapshot: Snapshot, *, with_tests: bool) -> IntArray:
    """The rows that a report counts: those that test, if they are asked for and there are any."""
    return snapshot.test_rows if with_tests and len(snapshot.test_rows) else snapshot.train_rows


def confusion_of(snapshot: Snapshot, rows: IntArray) -> IntArray:
    """Counts of (true class, predicted class) of some rows."""
    return confusion_matrix(
        snapshot.dataset.labels[rows],
        predicted_classes(snapshot.outputs[rows]),
        snapshot.dataset.n_classes,
    )


def class_report(
    counts: IntArray, classes: Sequence[str], sentence: str, background: Color, width: int
) -> Content:
    """A confusion matrix, with precision, recall and F1 of each class beside or below it.

    Args:
        counts: Rows true, columns predicted.
        classes: The name of each class.
        sentence: What is counted.
        background: The colour below.
        width: Cells there are.
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
    quiet = ContentStyle(foreground=quiet_color(background))
    remark: Line = [(f"rows true, columns predicted: {sentence}", quiet)]
    return _assembled([*table, [], remark])


def _labelled(lines: Sequence[Line], labels: Sequence[str], width: int) -> Iterator[Line]:
    for label, line in zip(labels, lines, strict=True):
        yield [(f"{label:>{width}} ", ""), *line]


def _score_lines(counts: IntArray) -> list[Line]:
    """A header, and for each class its scores."""
    scores = class_scores(counts)
    rows = zip(scores.precision, scores.recall, scores.f1, strict=True)
    header: Line = [("".join(f"{name:>{SCORE_WIDTH}}" for name in SCORE_NAMES), _BOLD)]
    lines: list[Line] = [[("".join(percent(s, SCORE_WIDTH) for s in row), "")] for row in rows]
    return [header, *lines]


def _cells(
    row: IntArray, true: int, width: int, background: Color
) -> Iterator[tuple[str, ContentStyle]]:
    total = max(int(row.sum()), 1)
    for k, n in enumerate(row.tolist()):
        color = POSITIVE if k == true else NEGATIVE
        # Whole per cents, so that there are few styles.
        yield f"{n or '.':>{width}} ", _cell_style(color, round(100 * n / total), background)


@lru_cache(maxsize=512)
def _cell_style(color: str, per_cent: int, background: Color) -> ContentStyle:
    background = background.blend(Color.parse(color), STRENGTH * per_cent / 100)
    return ContentStyle(background, background.get_contrast_text(1.0))


def _assembled(lines: Sequence[Line]) -> Content:
    return Content("\n").join(Content.assemble(*line) for line in lines)


def accuracies(snapshot: Snapshot) -> str:
    """The accuracy of each part, in words."""
    e = snapshot.evaluation
    known = [("test", e.test_accuracy), ("training", e.train_accuracy)]
    return ", ".join(f"{name} {percent(a).strip()}" for name, a in known if a is not None)


def _short(name: str, width: int) -> str:
    return name if len(name) <= width else f"{name[: width - 1]}."


# --- Numbers -----------------------------------------------------------------------------------


def fit_report(snapshot: Snapshot) -> Content:
    """How far off the predictions of numbers are."""
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


def scatter_extent(snapshot: Snapshot) -> Extent:
    """Both axes as long as the targets' range."""
    both = range_around(snapshot.dataset.targets)
    return Extent("true", both, "output", both)


def scatter_picture(snapshot: Snapshot, look: Look) -> Picture:
    """What is predicted over what is true, and the line on which they are the same."""
    extent = scatter_extent(snapshot)
    dataset = snapshot.dataset
    with np.errstate(all="ignore"):
        predicted = dataset.from_network(snapshot.outputs[:, 0])
    fractions = extent.fractions_of(np.stack([dataset.targets, predicted], axis=-1))
    points = place_points(snapshot, fractions, look)
    line = curve_marks(
        np.linspace(1.0, 0.0, 2 * max(look.columns, 1)),
        look.columns,
        look.rows,
        Style(color=quiet_color(look.background).rich_color),
        ascii=look.ascii,
    )
    marks = line + points.marks(np.zeros(len(points.rows), dtype=np.bool_))
    return Picture(extent, blank_pixels(), marks, points)
