"""Rows of the list of a table's columns: where it is narrow, what matters less is left out."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from ...datasets import Column, Survey, printable
from ..drawing.bars import sparkline
from ..drawing.canvas import cut_end, cut_middle
from ..drawing.fitting import fitting
from ..drawing.numbers import share_text
from ..widgets.row_styles import RowStyles

HEADINGS = ("role", "column", "kind", "missing", "counts", "values", "what becomes of it")
ROLE, NAME, KIND, MISSING, COUNTS, VALUES, ENCODING = range(len(HEADINGS))
_RANKS = (NAME, ROLE, ENCODING, KIND, MISSING, COUNTS, VALUES)
_GAP = 2
_BINS = 10
_NAME, _NARROW_NAME, _NARROW = 24, 16, 100
_VALUES = 30
_LEAST_ENCODING = 30
CANT_BE_USED = "can't be used as it is"


@dataclass(frozen=True)
class ColumnRows:
    """Where everything is in a row.

    Attributes:
        survey: What is listed.
        widths: Cells of each of `HEADINGS`; 0 of one that there is no room for.
        ascii: Whether to draw in ASCII.
    """

    survey: Survey
    widths: tuple[int, ...]
    ascii: bool

    @classmethod
    def of(cls, survey: Survey, width: int, *, ascii: bool) -> ColumnRows:
        """The rows of a survey in so many cells."""
        most_of_name = _NAME if width >= _NARROW else _NARROW_NAME
        most = (width, most_of_name, width, width, _BINS, _VALUES, _LEAST_ENCODING)
        texts = [_texts(column, survey, ascii=ascii) for column in survey.columns]
        longest = [max(map(cell_len, cells)) for cells in zip(HEADINGS, *texts, strict=True)]
        wanted = [min(pair) for pair in zip(longest, most, strict=True)]
        places = fitting(wanted, width, gap=_GAP, ranks=_RANKS)
        widths = [wanted[k] if k in places else 0 for k in range(len(HEADINGS))]
        if widths[ENCODING]:
            # It is the last one.
            rest = width - sum(widths[k] + _GAP for k in places if k != ENCODING)
            widths[ENCODING] = rest
        return cls(survey, tuple(widths), ascii)

    @property
    def heading(self) -> str:
        """The titles."""
        return self._joined(HEADINGS)

    def row(self, place: int, styles: RowStyles) -> list[Segment]:
        """The row of a column."""
        column = self.survey.columns[place]
        texts = list(_texts(column, self.survey, ascii=self.ascii))
        texts[NAME] = cut_middle(texts[NAME], self.widths[NAME], ascii=self.ascii)
        texts[VALUES] = self._whole(texts[VALUES], self.widths[VALUES])
        texts[ENCODING] = self._whole(texts[ENCODING], self.widths[ENCODING])
        style = styles.quiet if column.role == "left out" else styles.plain
        if column.role == "target":
            style = styles.healthy
        if column.fault:
            style = styles.warning
        before = self._joined(texts[:COUNTS])
        counts = self.widths[COUNTS]
        bars = texts[COUNTS].ljust(counts + _GAP) if counts else ""
        return [
            Segment(before, style),
            Segment(bars, styles.line),
            Segment(self._joined(texts, VALUES), style),
        ]

    def _joined(self, texts: tuple[str, ...] | list[str], first: int = 0) -> str:
        cells = [
            set_cell_size(text, width) + " " * _GAP
            for text, width in list(zip(texts, self.widths, strict=False))[first:]
            if width
        ]
        return "".join(cells)

    def _whole(self, text: str, room: int) -> str:
        """A text without its last parts where there is no room for them."""
        while cell_len(text) > room and ", " in text:
            text = text.rpartition(", ")[0]
        return cut_end(text, room, ascii=self.ascii)


def becomes(column: Column) -> str:
    """How the network sees a column, or why it doesn't."""
    return column.encoding or column.reason


def counts_of(column: Column, *, ascii: bool) -> str:
    """Its histogram, a character for each bin."""
    return sparkline(column.histogram, len(column.histogram), ascii=ascii)


def _texts(column: Column, survey: Survey, *, ascii: bool) -> tuple[str, ...]:
    return (
        column.role,
        printable(column.name),
        column.kind,
        share_text(column.missing, survey.n_rows),
        counts_of(column, ascii=ascii),
        ", ".join(column.values),
        CANT_BE_USED if column.fault else becomes(column),
    )
