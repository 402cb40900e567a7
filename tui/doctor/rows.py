"""Rows of the doctor's list: a mark, the remedy, its loss, and the curve where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment

from ...core.diagnosis.doctor import Advice, Tried, rank, short
from ..drawing.bars import sparkline
from ..widgets.row_styles import RowStyles

# Of what helps, and of what changes nothing.
TICKS, NOWS = ("✓", "+"), ("▸", ">")
CURVE_TITLE, CURVE = "as it trained", 13
_MARK = _GAP = 2


def listed(advice: Advice, before: Sequence[Tried]) -> list[Tried]:
    """What to list, the best first, what helps before all else.

    Args:
        advice: What is known by now.
        before: What was listed. Of it stays what was tried for as long as "as now": else the two
            would not be comparable.
    """
    steps, newer = advice.now.curve[-1][0], {tried.remedy.words for tried in advice.tried}
    kept = [
        tried
        for tried in before
        if tried.remedy.edit is not None
        and tried.remedy.words not in newer
        and tried.curve[-1][0] == steps
    ]
    return sorted([*advice.tried, *kept, advice.now], key=rank)


@dataclass(frozen=True)
class Columns:
    """Where everything is in a row.

    Attributes:
        what: What the losses are.
        words: Cells of the remedy.
        curve: Cells of the curve; 0 where there is no room for it.
        ascii: Whether to draw in ASCII.
    """

    TITLE: ClassVar = "remedy (✓ helps)"

    what: str
    words: int
    curve: int
    ascii: bool

    @classmethod
    def of(cls, rows: Sequence[Tried], what: str, width: int, *, ascii: bool) -> Columns:
        """The columns for some rows.

        Args:
            rows: What is listed.
            what: What the losses are.
            width: Cells there are.
            ascii: Whether to draw in ASCII.
        """
        longest = max(len(cls.TITLE), *(len(tried.remedy.words) for tried in rows), 0)
        words = max(0, min(longest, width - _MARK - _GAP - len(what)))
        room = width - _MARK - words - _GAP - len(what) - _GAP
        return cls(what, words, CURVE if room >= CURVE else 0, ascii)

    @property
    def heading(self) -> str:
        """The columns' titles."""
        title = CURVE_TITLE if self.curve else ""
        remedy = self.TITLE.replace(TICKS[False], TICKS[self.ascii])
        return f"{'':{_MARK}}{remedy:{self.words + _GAP}}{self.what}{'':{_GAP}}{title}".rstrip()

    def row(self, tried: Tried, styles: RowStyles, *, dims: bool) -> list[Segment]:
        """One row.

        Args:
            tried: What it shows.
            styles: The row's.
            dims: Whether it is known what helps, so that all else is dim.
        """
        is_now = tried.remedy.edit is None
        mark = TICKS[self.ascii] if tried.helps else NOWS[self.ascii] if is_now else ""
        style = styles.healthy if tried.helps else styles.plain
        if dims and not tried.helps and not is_now:
            style = styles.quiet
        words = _fitting(tried.remedy.words, self.words)
        numbers = f"{short(tried.loss):>{len(self.what)}}{'':{_GAP}}"
        losses = [loss for _, loss in tried.curve]
        curve = sparkline(losses, self.curve, ascii=self.ascii).lstrip()
        return [
            Segment(f"{mark:{_MARK}}{words:{self.words + _GAP}}{numbers}", style),
            Segment(curve, styles.line),
        ]


def _fitting(words: str, room: int) -> str:
    """Words without what comes after a comma where there is no room: a number is never cut."""
    while len(words) > room and "," in words:
        words = words.rpartition(",")[0]
    return words
