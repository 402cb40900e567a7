"""The columns of the parameter table: which fit, how wide, and how a row is drawn in them."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from rich.segment import Segment
from rich.style import Style

from ..render.bars import signed_bar, sparkline
from ..render.numbers import ratio_text, signed
from ..render.segments import padded_segments
from .parameter_rows import SortKey, TableRows

ColumnName = Literal["name", "value", "gradient", "bar", "ratio", "history", "verdict"]

GAP: Final = 1
_LEAST_WIDTHS: Final[dict[ColumnName, int]] = {
    "name": 17,
    "value": 8,
    "gradient": 9,
    "bar": 8,
    "ratio": 5,
    "history": 8,
    "verdict": 9,
}
_DROPPED: Final[tuple[ColumnName, ...]] = ("history", "ratio", "bar", "verdict")
"""What goes first where there is no room."""
_GROWTH: Final[tuple[tuple[ColumnName, int], ...]] = (
    ("name", 20),
    ("history", 10),
    ("bar", 20),
    ("history", 20),
    ("name", 28),
)
"""What grows, and to which width, where there is room to spare."""
_TITLES: Final[dict[ColumnName, str]] = {
    "name": "parameter",
    "value": "value",
    "gradient": "gradient",
    "bar": "|grad|",
    "ratio": "Δ/w",
    "verdict": "verdict",
}
_SORTED_BY: Final[dict[ColumnName, SortKey]] = {
    "name": "name",
    "value": "value",
    "gradient": "gradient",
    "bar": "abs gradient",
    "ratio": "ratio",
    "verdict": "verdict",
}
_RIGHT_ALIGNED: Final = frozenset({"value", "gradient", "ratio"})


class Column(NamedTuple):
    """One column as it is laid out: its first cell and its width."""

    name: ColumnName
    start: int
    width: int


@dataclass(frozen=True)
class RowStyles:
    """The styles of one kind of row; all have its background."""

    plain: Style
    quiet: Style
    line: Style
    negative: Style
    positive: Style
    healthy: Style
    warning: Style

    def of_sign(self, value: float) -> Style:
        """The style for a number: by its sign, quiet for zero, a warning for what is none."""
        if not np.isfinite(value):
            return self.warning
        return self.negative if value < 0 else self.positive if value > 0 else self.quiet


def lay_out(width: int) -> tuple[Column, ...]:
    """The columns that fit in a width, from left to right.

    Args:
        width: Cells there are.

    Returns:
        At least name, value and gradient; the name shrinks when even they do not fit.
    """
    widths = dict(_LEAST_WIDTHS)
    for name in _DROPPED:
        if _total(widths) <= width:
            break
        del widths[name]
    for name, most in _GROWTH:
        if name in widths:
            widths[name] += max(0, min(most - widths[name], width - _total(widths)))
    widths["name"] -= min(max(0, _total(widths) - width), widths["name"] - 1)
    columns, start = [], 0
    for name, column_width in widths.items():
        columns.append(Column(name, start, column_width))
        start += column_width + GAP
    return tuple(columns)


def sort_key_at(columns: tuple[Column, ...], x: int) -> SortKey | None:
    """What the column at a cell sorts by; None beside the columns and at the history."""
    for column in columns:
        if column.start <= x < column.start + column.width + GAP:
            return _SORTED_BY.get(column.name)
    return None


def header_text(
    columns: tuple[Column, ...], sort_by: SortKey, descending: bool, *, ascii: bool = False
) -> str:
    """The line of titles, with an arrow at the one that is sorted by."""
    arrow = ("v" if descending else "^") if ascii else ("▼" if descending else "▲")
    has_bar = any(column.name == "bar" for column in columns)
    texts = []
    for name, _, width in columns:
        title, key = _TITLES.get(name, f"last {width}"), _SORTED_BY.get(name)
        if name == "gradient" and sort_by == "abs gradient" and not has_bar:
            title, key = _TITLES["bar"], sort_by
        if ascii:
            title = title.replace("Δ", "d")
        title += arrow if key == sort_by else ""
        texts.append(title.rjust(width) if name in _RIGHT_ALIGNED else title.ljust(width))
    return (" " * GAP).join(texts)


def row_segments(
    rows: TableRows,
    index: int,
    columns: tuple[Column, ...],
    styles: RowStyles,
    *,
    limit: float,
    ascii: bool = False,
) -> list[Segment]:
    """One parameter's row.

    Args:
        rows: The parameters.
        index: Which of them.
        columns: The columns, as `lay_out` gives them.
        styles: The row's styles.
        limit: The gradient with a full bar.
        ascii: Use ASCII characters alone.
    """
    segments: list[Segment] = []
    for name, _, width in columns:
        segments += _cell(rows, index, name, width, styles, limit, ascii)
        segments.append(Segment(" " * GAP, styles.plain))
    return segments


def shorten(text: str, width: int, *, ascii: bool = False) -> str:
    """A text that fits, its middle left out if need be: the ends of a name tell most."""
    if len(text) <= width:
        return text
    dots = ("~" if ascii else "…")[:width]
    tail = (width - 1) // 2
    head = width - 1 - tail
    return text[:head] + dots + text[len(text) - tail :]


def _cell(
    rows: TableRows,
    index: int,
    name: ColumnName,
    width: int,
    styles: RowStyles,
    limit: float,
    ascii: bool,
) -> list[Segment]:
    match name:
        case "name":
            text = shorten(rows.name(index), width, ascii=ascii)
            return [Segment(text.ljust(width), styles.plain)]
        case "value" | "gradient":
            number = float((rows.values if name == "value" else rows.gradients)[index])
            return padded_segments(signed(number, width), styles.of_sign(number))
        case "bar":
            gradient = float(rows.gradients[index])
            bar = styles.of_sign(gradient)
            return signed_bar(gradient, limit, width, bar=bar, line=styles.line, ascii=ascii)
        case "ratio":
            ratio = float(rows.ratios(np.array([index]))[0])
            return padded_segments(ratio_text(ratio, width), styles.quiet)
        case "history":
            recent = rows.history[-width:, index]
            return padded_segments(sparkline(recent, width, ascii=ascii), styles.line)
        case "verdict":
            word = shorten(rows.verdict(index), width, ascii=ascii).ljust(width)
            return [Segment(word, styles.warning if rows.verdicts[index] else styles.healthy)]


def _total(widths: dict[ColumnName, int]) -> int:
    return sum(widths.values()) + GAP * len(widths)
