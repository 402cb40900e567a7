"""The columns of the parameter table: which fit, their titles, and how their cells are drawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from rich.segment import Segment
from rich.style import Style

from ..drawing.bars import signed_bar, sparkline
from ..drawing.numbers import magnitude, percent, ratio_text, signed
from ..drawing.segments import padded_segments, shorten
from ..widgets.row_styles import RowStyles
from .parameter_rows import Line, SortKey, TableRows, TensorRows, tensor_of

ColumnName = Literal[
    "name", "value", "gradient", "bar", "mean", "largest", "zeros", "ratio", "history", "verdict"
]
COLUMN_NAMES: Final[tuple[ColumnName, ...]] = get_args(ColumnName)

GAP: Final = 1
FLAT: Final[tuple[ColumnName, ...]] = (
    "name",
    "value",
    "gradient",
    "bar",
    "ratio",
    "history",
    "verdict",
)
"""What single parameters have."""
TREE: Final[tuple[ColumnName, ...]] = COLUMN_NAMES
"""What tensors have."""
ALWAYS: Final[frozenset[ColumnName]] = frozenset({"name", "gradient"})
"""Without these a row says nothing."""
COLUMN_WORDS: Final[dict[ColumnName, str]] = {
    "name": "parameter",
    "value": "value",
    "gradient": "gradient",
    "bar": "bar",
    "mean": "mean",
    "largest": "largest",
    "zeros": "zeros",
    "ratio": "update / weight",
    "history": "last gradients",
    "verdict": "verdict",
}
"""What the columns are called where there is room for it."""

_LEAST_WIDTHS: Final[dict[ColumnName, int]] = {
    "name": 17,
    "value": 8,
    "gradient": 9,
    "bar": 8,
    "ratio": 5,
    "history": 8,
    "verdict": 9,
}
_LEAST_TREE_WIDTHS: Final[dict[ColumnName, int]] = {
    "name": 15,
    "value": 7,
    "gradient": 8,
    "bar": 8,
    "mean": 7,
    "largest": 7,
    "zeros": 5,
    "ratio": 5,
    "history": 8,
    "verdict": 8,
}
_DROPPED: Final[tuple[ColumnName, ...]] = ("history", "ratio", "bar", "verdict")
"""What goes first where there is no room."""
_DROPPED_TREE: Final[tuple[ColumnName, ...]] = (
    "bar",
    "history",
    "mean",
    "largest",
    "zeros",
    "ratio",
    "verdict",
)
_GROWTH: Final[tuple[tuple[ColumnName, int], ...]] = (
    ("name", 20),
    ("history", 10),
    ("bar", 20),
    ("history", 20),
    ("verdict", 14),
    ("name", 28),
)
"""What grows, and to which width, where there is room to spare."""
_TITLES: Final[dict[ColumnName, str]] = {
    "name": "parameter",
    "value": "value",
    "gradient": "gradient",
    "bar": "|grad|",
    "mean": "mean",
    "largest": "largest",
    "zeros": "zeros",
    "ratio": "Δ/w",
    "verdict": "verdict",
}
_TREE_TITLES: Final[dict[ColumnName, str]] = _TITLES | {
    "name": "tensor",
    "value": "|value|",
    "gradient": "|grad|",
}
_SORTED_BY: Final[dict[ColumnName, SortKey]] = {
    "name": "name",
    "value": "value",
    "gradient": "gradient",
    "bar": "abs gradient",
    "mean": "mean",
    "largest": "largest",
    "zeros": "zeros",
    "ratio": "ratio",
    "verdict": "verdict",
}
_TREE_SORTED_BY: Final[dict[ColumnName, SortKey]] = _SORTED_BY | {"gradient": "abs gradient"}
_RIGHT_ALIGNED: Final = frozenset({"value", "gradient", "mean", "largest", "zeros", "ratio"})


class Column(NamedTuple):
    """One column as it is laid out: its first cell and its width."""

    name: ColumnName
    start: int
    width: int


def lay_out(
    width: int,
    kind: tuple[ColumnName, ...] = FLAT,
    chosen: Collection[ColumnName] = COLUMN_NAMES,
) -> tuple[Column, ...]:
    """The columns that fit in a width, from left to right.

    Args:
        width: Cells there are.
        kind: `FLAT` or `TREE`.
        chosen: The columns that are wanted; name and gradient are there in any case.

    Returns:
        At least name and gradient; the name shrinks when even they do not fit.
    """
    least, dropped = (
        (_LEAST_WIDTHS, _DROPPED) if kind is FLAT else (_LEAST_TREE_WIDTHS, _DROPPED_TREE)
    )
    widths = {name: least[name] for name in kind if name in ALWAYS or name in chosen}
    for name in dropped:
        if _total(widths) <= width:
            break
        widths.pop(name, None)
    for name, most in _GROWTH:
        if name in widths:
            widths[name] += max(0, min(most - widths[name], width - _total(widths)))
    widths["name"] -= min(max(0, _total(widths) - width), widths["name"] - 1)
    columns, start = [], 0
    for name, column_width in widths.items():
        columns.append(Column(name, start, column_width))
        start += column_width + GAP
    return tuple(columns)


def sort_key_at(
    columns: tuple[Column, ...], x: int, kind: tuple[ColumnName, ...] = FLAT
) -> SortKey | None:
    """What the column at a cell sorts by; None beside the columns and at the history."""
    for column in columns:
        if column.start <= x < column.start + column.width + GAP:
            return _keys(kind).get(column.name)
    return None


def _keys(kind: tuple[ColumnName, ...]) -> dict[ColumnName, SortKey]:
    return _SORTED_BY if kind is FLAT else _TREE_SORTED_BY


def header_text(
    columns: tuple[Column, ...],
    sort_by: SortKey,
    descending: bool,
    *,
    kind: tuple[ColumnName, ...] = FLAT,
    ascii: bool = False,
) -> str:
    """The line of titles, with an arrow at the one that is sorted by."""
    arrow = ("v" if descending else "^") if ascii else ("▼" if descending else "▲")
    has_bar = any(column.name == "bar" for column in columns)
    titles, keys = _TITLES if kind is FLAT else _TREE_TITLES, _keys(kind)
    texts = []
    for name, _, width in columns:
        title, key = titles.get(name, f"last {width}"), keys.get(name)
        if name == "gradient" and sort_by == "abs gradient" and not has_bar:
            title, key = _TITLES["bar"], sort_by
        if ascii:
            title = title.replace("Δ", "d")
        if key == sort_by and not (kind is TREE and name == "bar"):
            title = title[: width - 1] + arrow
        texts.append(title.rjust(width) if name in _RIGHT_ALIGNED else title.ljust(width))
    return (" " * GAP).join(texts)


def _total(widths: dict[ColumnName, int]) -> int:
    return sum(widths.values()) + GAP * len(widths)


FROZEN: Final = "frozen"
"""The verdict on what training leaves alone; it is no illness."""
FROZEN_MARK: Final = "*"
"""What stands behind its name, as in the diagram."""
_MARKS: Final = {"pinned": "↑", "open": "▾", "closed": "▸"}
_ASCII_MARKS: Final = {"pinned": "^", "open": "v", "closed": ">"}


@dataclass(frozen=True)
class RowLook:
    """How a row stands in the table.

    Attributes:
        limit: The gradient with a full bar.
        is_pinned: Whether it stays on top.
        is_open: Whether its parameters stand below it, if it is a tensor's.
        is_nested: Whether it stands below its tensor, if it is a parameter's.
        ascii: Use ASCII characters alone.
    """

    limit: float = 0.0
    is_pinned: bool = False
    is_open: bool = False
    is_nested: bool = False
    ascii: bool = False

    def mark(self, name: str) -> str:
        """One of the signs beside names."""
        return (_ASCII_MARKS if self.ascii else _MARKS)[name]


def row_segments(
    rows: TableRows, line: Line, columns: tuple[Column, ...], styles: RowStyles, look: RowLook
) -> list[Segment]:
    """One row.

    Args:
        rows: The parameters.
        line: Which of them, or which tensor.
        columns: The columns, as `lay_out` gives them.
        styles: The row's styles.
        look: How the row stands in the table.
    """
    segments: list[Segment] = []
    tensor = tensor_of(line)
    for name, _, width in columns:
        if tensor is None:
            segments += _parameter_cell(rows, line, name, width, styles, look)
        elif rows.tensors is not None:
            segments += _tensor_cell(rows, rows.tensors, tensor, name, width, styles, look)
        segments.append(Segment(" " * GAP, styles.plain))
    return segments


def _parameter_cell(
    rows: TableRows,
    index: int,
    name: ColumnName,
    width: int,
    styles: RowStyles,
    look: RowLook,
) -> list[Segment]:
    match name:
        case "name":
            text = shorten(_parameter_name(rows, index, look), width, ascii=look.ascii)
            return [Segment(text.ljust(width), styles.plain)]
        case "value" | "gradient":
            number = float((rows.values if name == "value" else rows.gradients)[index])
            return padded_segments(signed(number, width), styles.of_sign(number))
        case "bar":
            return _bar(float(rows.gradients[index]), width, styles, look)
        case "ratio":
            ratio = float(rows.ratios(np.array([index]))[0])
            return padded_segments(ratio_text(ratio, width), styles.quiet)
        case "history":
            recent = rows.past(index, width)
            return padded_segments(sparkline(recent, width, ascii=look.ascii), styles.line)
        case "verdict":
            verdict = rows.verdict(index)
            word = shorten(verdict, width, ascii=look.ascii).ljust(width)
            return [Segment(word, _verdict_style(verdict, bool(rows.verdicts[index]), styles))]
        case _:
            return [Segment(" " * width, styles.plain)]


def _parameter_name(rows: TableRows, index: int, look: RowLook) -> str:
    name = rows.name(index)
    if look.is_nested:
        name = f"  {name[name.find('[') :]}"
    if look.is_pinned:
        name = f"{look.mark('pinned')} {name}"
    return name + FROZEN_MARK if rows.is_frozen(index) else name


def _tensor_cell(
    rows: TableRows,
    tensors: TensorRows,
    tensor: int,
    name: ColumnName,
    width: int,
    styles: RowStyles,
    look: RowLook,
) -> list[Segment]:
    stats = tensors.stats
    match name:
        case "name":
            text = _tensor_name(tensors, tensor, width, look)
            return [Segment(text.ljust(width), styles.plain)]
        case "value" | "gradient" | "largest":
            sizes = {"value": stats.values, "gradient": stats.gradients, "largest": stats.largest}
            size = float(sizes[name][tensor])
            return padded_segments(magnitude(size, width), styles.of_size(size))
        case "mean":
            mean = float(stats.means[tensor])
            return padded_segments(signed(mean, width), styles.of_sign(mean))
        case "zeros":
            share = float(stats.zeros[tensor])
            return padded_segments(percent(share, width), styles.of_size(share))
        case "bar":
            return _bar(float(stats.gradients[tensor]), width, styles, look)
        case "ratio":
            return padded_segments(ratio_text(float(stats.ratios[tensor]), width), styles.quiet)
        case "history":
            recent = tensors.past(tensor, width)
            return padded_segments(sparkline(recent, width, ascii=look.ascii), styles.line)
        case "verdict":
            return _tensor_verdict(rows, tensors, tensor, width, styles, look)


def _tensor_name(tensors: TensorRows, tensor: int, width: int, look: RowLook) -> str:
    mark = look.mark("pinned" if look.is_pinned else "open" if look.is_open else "closed")
    name = f"{mark} {tensors.layout.names[tensor]}"
    with_shape = f"{name} {tensors.shape(tensor)}"
    return with_shape if len(with_shape) <= width else shorten(name, width, ascii=look.ascii)


def _tensor_verdict(
    rows: TableRows,
    tensors: TensorRows,
    tensor: int,
    width: int,
    styles: RowStyles,
    look: RowLook,
) -> list[Segment]:
    code, count = tensors.worst(tensor)
    word = rows.verdict_names[code]
    is_all = not code or count == tensors.layout.sizes[tensor]
    text = word if is_all else f"{count} {word}"
    if len(text) > width:
        text = text[: width - 1] + ("~" if look.ascii else "…")
    return [Segment(text.ljust(width), _verdict_style(word, bool(code), styles))]


def _verdict_style(word: str, is_bad: bool, styles: RowStyles) -> Style:
    if word == FROZEN:
        return styles.quiet
    return styles.warning if is_bad else styles.healthy


def _bar(gradient: float, width: int, styles: RowStyles, look: RowLook) -> list[Segment]:
    return signed_bar(
        gradient,
        look.limit,
        width,
        bar=styles.of_sign(gradient),
        line=styles.line,
        ascii=look.ascii,
    )
