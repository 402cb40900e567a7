"""The report of the output pane: confusion, precision and recall, or how far off a fit is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from textwrap import wrap

import numpy as np
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.geometry import Size
from textual.strip import Strip
from textual.style import Style

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
from ..widgets.line_view import LineView

Line = list[tuple[str, Style | str]]

# Cells for the names of all classes above the table of true and predicted ones.
ROOM_FOR_NAMES = 36
# And for each of them in a table that is wider than the pane.
MOST_OF_A_NAME = 8
# With less of a longer one, nobody knows whose column it is: the table scrolls instead.
LEAST_OF_A_NAME = 3
MIN_CELL = 2
FIT_GAP = 2
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


@dataclass(frozen=True)
class Report:
    """Lines of text; a table among them scrolls sideways below its header and beside its names.

    Attributes:
        lines: All of them.
        table: Which are the table that scrolls, the header first.
        fixed: Cells at the left of the table that stay.
    """

    lines: list[Line]
    table: range = range(0)
    fixed: int = 0

    @property
    def plain(self) -> str:
        """The text alone."""
        return "\n".join("".join(text for text, _ in line) for line in self.lines)

    @cached_property
    def size(self) -> Size:
        """Cells of the longest line, and the number of lines."""
        return Size(max(map(cell_len, self.plain.split("\n"))), len(self.lines))

    def below(self, sentences: Sequence[str]) -> Report:
        """This report under some sentences and a blank line."""
        above: list[Line] = [[(sentence, "")] for sentence in (*sentences, "")]
        start, stop = (place + len(above) for place in (self.table.start, self.table.stop))
        return Report([*above, *self.lines], range(start, stop), self.fixed)


class OutputTable(LineView, can_focus=False):
    """How good the predictions are, in numbers that scroll; only what is seen is drawn."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._report = Report([])

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
        report = self._count(snapshot, width, with_tests=with_tests).below(lines)
        if report != self._report:
            self._report = report
            self.virtual_size = report.size
            self.tooltip = FIT_TOOLTIP if snapshot.dataset.task == "regression" else TOOLTIP
            self.redraw()

    def _set_height(self, n_rows: int) -> None:
        """Does nothing: `show` sets the height."""

    def render_line(self, y: int) -> Strip:
        return self._drawn_row(y)

    def draw(self, width: int, height: int) -> list[Strip]:
        report, top = self._report, self.scroll_offset.y
        places = list(range(len(report.lines)))[top : top + height]
        if top in report.table:
            places[:1] = report.table[:1]
        return [self._strip(place, width) for place in places]

    def _strip(self, place: int, width: int) -> Strip:
        """A line as far as it is in sight, in the middle if all of it is."""
        report, plain, left = self._report, self.rich_style, self.scroll_offset.x
        strip = Strip(
            Segment(text, plain + style.rich_style if isinstance(style, Style) else plain)
            for text, style in report.lines[place]
        )
        if place in report.table:
            fixed = report.fixed
            strip = Strip.join([strip.crop(0, fixed), strip.crop(fixed + left, left + width)])
        return Strip.join([Strip.blank(max(0, width - report.size.width) // 2, plain), strip])

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        self._drawn = None
        super().watch_scroll_x(old_value, new_value)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        self._drawn = None
        super().watch_scroll_y(old_value, new_value)

    def _count(self, snapshot: Snapshot, width: int, *, with_tests: bool) -> Report:
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
) -> Report:
    """A confusion matrix, with precision, recall and F1 of each class beside or below it.

    Of one that is wider than the pane the names stay in sight, and F1 beside them.

    Args:
        counts: Rows true, columns predicted.
        classes: The name of each class.
        sentence: What is counted.
        background: The colour below.
        width: Cells of a line.
        ascii: Whether names are cut in ASCII.
    """
    score_width = SCORE_WIDTH if width >= WIDE_REPORT else NARROW_SCORE
    n_scores = max(0, min(len(SCORE_NAMES), (width - MIN_NAME - 1) // score_width))
    names = max(len("true"), *map(cell_len, classes))
    names = max(MIN_NAME, min(names, width - 1 - n_scores * score_width))
    sizes = _sizes(counts, classes, width, names)
    labels = _labels(classes, sizes.label, ascii)
    cells: list[Line] = [[*_cells(row, k, sizes, background)] for k, row in enumerate(counts)]
    cells.insert(0, [(f"{_short(c, sizes.cell, ascii)}{sizes.gap}", _BOLD) for c in classes])
    n_beside, fixed = 0, sizes.label + 1
    if sizes.is_wide:
        n_beside = max(1, min(n_scores, (width // 2 - fixed) // NARROW_SCORE))
        fixed += n_beside * NARROW_SCORE
        labels = _beside(labels, _score_lines(counts, NARROW_SCORE, n_beside))
        # A score and the first count would touch.
        cells = [[(" ", ""), *line] for line in cells]
    elif fixed + len(classes) * (sizes.cell + 1) + len(SCORE_NAMES) * SCORE_WIDTH <= width:
        n_beside = n_scores
        cells = _beside(cells, _score_lines(counts, score_width, n_scores))
    table = _beside(labels, cells)
    lines = [*table, []]
    if n_beside < n_scores:
        scores = _score_lines(counts, score_width, n_scores)
        lines += [*_beside(_labels(classes, names, ascii, title="class"), scores), []]
    plain = Style(foreground=quiet(background))
    remarks = [f"rows true, columns predicted: {sentence}"]
    if len(remarks[0]) > width:
        remarks = [sentence, "rows: true", "columns: predicted"]
    lines += [[(remark, plain)] for remark in remarks]
    return Report(lines, range(len(table)), fixed)


@dataclass(frozen=True)
class _Sizes:
    """Cells of a confusion matrix: of a name at the left, of a count, and what is between counts.

    Attributes:
        is_wide: Whether it is wider than the pane, so that it scrolls.
    """

    label: int
    cell: int
    gap: str
    is_wide: bool


def _sizes(counts: IntArray, classes: Sequence[str], width: int, names: int) -> _Sizes:
    """What fits: counts whole and names as far as they go, in so many cells."""
    longest = max(map(cell_len, classes))
    largest = len(str(counts.max()))
    label, most = names, ROOM_FOR_NAMES // len(classes)
    if (width - label - 1) // len(classes) <= largest:
        # Numbers that touch are hard to read: the word "true" makes room for gaps.
        label = min(names, longest)
    # Without room for a gap, the colours part the cells.
    room = (width - label - 1) // len(classes)
    is_wide = room < max(largest, MIN_CELL) or room <= min(longest, LEAST_OF_A_NAME)
    if is_wide:
        # It scrolls, and has room for some of each name.
        label, most = min(names, max(MIN_NAME, width // 4)), MOST_OF_A_NAME
        room = 1 + max(largest, min(longest, most))
    cell = max(largest, min(max(MIN_CELL, min(longest, most)), room - 1))
    return _Sizes(label, cell, " " if cell < room else "", is_wide)


def _labels(classes: Sequence[str], width: int, ascii: bool, title: str = "true") -> list[Line]:
    """The names of the classes at the left, below a title where there is room for it."""
    title = title if width >= len(title) else ""
    lines: list[Line] = [[(f"{_short(name, width, ascii)} ", "")] for name in classes]
    return [[(f"{title:>{width}} ", _BOLD)], *lines]


def _beside(left: Sequence[Line], right: Sequence[Line]) -> list[Line]:
    return [a + b for a, b in zip(left, right, strict=True)]


def _score_lines(counts: IntArray, width: int, n_scores: int) -> list[Line]:
    """A header, and for each class as many scores as there is room for; F1 is the last to go."""
    scores = class_scores(counts)
    rows = zip(scores.precision, scores.recall, scores.f1, strict=True)
    names = SCORE_NAMES if width == SCORE_WIDTH else SHORT_SCORE_NAMES
    first = len(names) - n_scores
    header: Line = [("".join(f"{name:>{width}}" for name in names[first:]), _BOLD)]
    lines: list[Line] = [[("".join(percent(s, width) for s in row[first:]), "")] for row in rows]
    return [header, *lines]


def _cells(
    row: IntArray, true: int, sizes: _Sizes, background: Color
) -> Iterator[tuple[str, Style]]:
    total = max(int(row.sum()), 1)
    for k, n in enumerate(row.tolist()):
        color = POSITIVE if k == true else NEGATIVE
        # Whole per cents, so that there are few styles.
        yield (
            f"{n or '.':>{sizes.cell}}{sizes.gap}",
            _cell_style(color, round(100 * n / total), background),
        )


@lru_cache(maxsize=512)
def _cell_style(color: str, per_cent: int, background: Color) -> Style:
    background = faded(Color.parse(color), background, STRENGTH * per_cent / 100)
    return Style(background, background.get_contrast_text(1.0))


def _short(name: str, width: int, ascii: bool) -> str:
    """At the right of so many cells."""
    return to_width(cut_end(name, width, ascii=ascii), width)


# --- Numbers -----------------------------------------------------------------------------------


def fit_report(snapshot: Snapshot) -> Report:
    """How far off the predictions of a regression are: a line for each measure."""
    parts = {"train": snapshot.train_rows, "test": snapshot.test_rows}
    fits = {name: fit_of(snapshot, rows) for name, rows in parts.items() if len(rows)}
    measures = {
        "samples": [f"{len(parts[name]):,}" for name in fits],
        "mean error": [loss_text(fit.mean_absolute_error) for fit in fits.values()],
        "root mean sq.": [loss_text(fit.root_mean_square_error) for fit in fits.values()],
        "R^2": [signed(fit.r_squared, 8) for fit in fits.values()],
    }
    texts = [number.strip() for numbers in measures.values() for number in numbers]
    names, cell = max(map(len, measures)), FIT_GAP + max(map(len, [*texts, *fits]))
    title = " " * names + "".join(f"{name:>{cell}}" for name in fits)
    lines: list[Line] = [[(title, _BOLD)]]
    for name, numbers in measures.items():
        written = "".join(f"{number.strip():>{cell}}" for number in numbers)
        lines.append([(f"{name:<{names}}", _BOLD), (written, "")])
    return Report(lines)


def fit_of(snapshot: Snapshot, rows: IntArray) -> FitScores:
    """How good the fit is on some rows."""
    with np.errstate(all="ignore"):
        predicted = snapshot.dataset.from_network(snapshot.outputs[rows, 0])
    return fit_scores(snapshot.dataset.targets[rows], predicted)
