"""The columns of the parameter table: which fit, their titles, and how their cells are drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

from rich.cells import cell_len
from rich.segment import Segment

from ..drawing.bars import signed_bar, sparkline
from ..drawing.canvas import cut_middle, padded_segments
from ..drawing.numbers import magnitude, percent, ratio_text, signed
from ..widgets.row_styles import RowStyles
from .parameter_rows import Line, SortKey, TableRows, tensor_of

ColumnName = Literal[
    "name", "value", "gradient", "bar", "mean", "largest", "zeros", "ratio", "history", "verdict"
]
COLUMN_NAMES: Final[tuple[ColumnName, ...]] = get_args(ColumnName)


class ColumnSpec(NamedTuple):
    """What a column is like.

    Attributes:
        width: The least width.
        title: Empty for one that says how much it shows.
        sort_by: What it sorts by; None for nothing.
        words: What it is called where there is room; by default the title.
        drop: Where there is no room the largest number goes first; 0 stays.
    """

    width: int
    title: str
    sort_by: SortKey | None
    words: str = ""
    drop: int = 0


Kind = Mapping[ColumnName, ColumnSpec]

UPDATE: Final = "update/weight"
FLAT: Final[Kind] = {
    "name": ColumnSpec(17, "parameter", "name"),
    "value": ColumnSpec(8, "value", "value"),
    "gradient": ColumnSpec(9, "gradient", "gradient"),
    "bar": ColumnSpec(8, "|grad|", "abs gradient", "bar", drop=2),
    "ratio": ColumnSpec(5, "Δ/w", "ratio", UPDATE, drop=3),
    "history": ColumnSpec(8, "", None, "last gradients", drop=4),
    "verdict": ColumnSpec(9, "verdict", "verdict", drop=1),
}
"""The columns of single parameters."""
TREE: Final[Kind] = {
    "name": ColumnSpec(15, "tensor", "name"),
    "value": ColumnSpec(7, "|value|", "value", "value"),
    "gradient": ColumnSpec(8, "|grad|", "abs gradient"),
    "bar": ColumnSpec(8, "|grad|", "abs gradient", "bar", drop=7),
    "mean": ColumnSpec(7, "mean", "mean", drop=5),
    "largest": ColumnSpec(7, "largest", "largest", drop=4),
    "zeros": ColumnSpec(5, "zeros", "zeros", drop=3),
    "ratio": ColumnSpec(5, "Δ/w", "ratio", UPDATE, drop=2),
    "history": ColumnSpec(8, "", None, "last gradients", drop=6),
    "verdict": ColumnSpec(8, "verdict", "verdict", drop=1),
}
"""The columns of tensors."""
ALWAYS: Final[frozenset[ColumnName]] = frozenset({"name", "gradient"})
"""Without these a row says nothing."""
GAP: Final = 1
_GROWTH: Final[tuple[tuple[ColumnName, int], ...]] = (
    ("name", 20),
    ("history", 10),
    ("bar", 12),
    ("ratio", len(UPDATE) + 1),
    ("bar", 20),
    ("history", 20),
    ("verdict", 14),
    ("name", 40),
)
"""What grows, and to which width, where there is room to spare."""
_LEFT_ALIGNED: Final = frozenset({"name", "bar", "history", "verdict"})

FROZEN: Final = "frozen"
"""The verdict on what training leaves unchanged; it is no illness."""
FROZEN_MARK: Final = "*"
"""The mark behind its name, as in the diagram."""
_MARKS: Final = {"pinned": "↑^", "open": "▾v", "closed": "▸>"}


class Column(NamedTuple):
    """One column as it is laid out: its first cell and its width."""

    name: ColumnName
    start: int
    width: int


def lay_out(
    width: int, kind: Kind = FLAT, chosen: Collection[ColumnName] = COLUMN_NAMES
) -> tuple[Column, ...]:
    """The columns that fit in a width, from left to right.

    Args:
        width: Cells there are.
        kind: `FLAT` or `TREE`.
        chosen: The columns that are wanted; name and gradient are there in any case.

    Returns:
        At least name and gradient; the name shrinks when even they do not fit.
    """
    widths = {name: kind[name].width for name in kind if name in ALWAYS or name in chosen}
    for name in sorted(widths, key=lambda name: -kind[name].drop):
        if kind[name].drop and _total(widths) > width:
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


def _total(widths: dict[ColumnName, int]) -> int:
    return sum(widths.values()) + GAP * len(widths)


def sort_keys(kind: Kind) -> list[SortKey]:
    """What can be sorted by, in the order of the columns."""
    return list(dict.fromkeys(spec.sort_by for spec in kind.values() if spec.sort_by is not None))


def sort_key_at(columns: tuple[Column, ...], x: int, kind: Kind = FLAT) -> SortKey | None:
    """What the column at a cell sorts by; None beside the columns and at the history."""
    for column in columns:
        if column.start <= x < column.start + column.width + GAP:
            return kind[column.name].sort_by
    return None


def header_text(
    columns: tuple[Column, ...],
    sort_by: SortKey,
    descending: bool,
    *,
    kind: Kind = FLAT,
    ascii: bool = False,
) -> str:
    """The line of titles, with an arrow at the one that is sorted by."""
    arrow = ("v" if descending else "^") if ascii else ("▼" if descending else "▲")
    has_bar = any(column.name == "bar" for column in columns)
    texts = []
    for name, _, width in columns:
        spec = kind[name]
        title, key = spec.title or f"last {width}", spec.sort_by
        if name == "ratio" and len(spec.words) < width:
            title = spec.words
        if name == "gradient" and sort_by == "abs gradient" and not has_bar:
            title, key = kind["bar"].title, sort_by
        if ascii:
            title = title.replace("Δ", "d")
        if key == sort_by and not (kind is TREE and name == "bar"):
            title = title[: width - 1] + arrow
        texts.append(title.ljust(width) if name in _LEFT_ALIGNED else title.rjust(width))
    return (" " * GAP).join(texts)


# --- Rows ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RowLook:
    """How a row is drawn.

    Attributes:
        limit: The gradient with a full bar.
        is_pinned: Whether it stays on top.
        is_open: Whether its parameters are below it, if it is a tensor's.
        is_nested: Whether it is below its tensor, if it is a parameter's.
        ascii: Use ASCII characters alone.
    """

    limit: float = 0.0
    is_pinned: bool = False
    is_open: bool = False
    is_nested: bool = False
    ascii: bool = False

    def mark(self, name: str) -> str:
        """One of the signs beside names."""
        return _MARKS[name][self.ascii]


def row_segments(
    rows: TableRows, line: Line, columns: tuple[Column, ...], styles: RowStyles, look: RowLook
) -> list[Segment]:
    """One row.

    Args:
        rows: The parameters.
        line: Which of them, or which tensor.
        columns: The columns, as `lay_out` gives them.
        styles: The row's styles.
        look: How the row is drawn.
    """
    gap = Segment(" " * GAP, styles.plain)
    segments: list[Segment] = []
    for name, _, width in columns:
        segments += _cell(rows, line, name, width, styles, look)
        segments.append(gap)
    return segments


def _cell(
    rows: TableRows, line: Line, name: ColumnName, width: int, styles: RowStyles, look: RowLook
) -> list[Segment]:
    is_parameter = line >= 0
    match name:
        case "name":
            text = _parameter_name if is_parameter else _tensor_name
            written = text(rows, line, width, look)
            ends = rows.ends(line) if is_parameter else ""
            beside = ends_text(ends, width - len(written))
            return [Segment(written, styles.plain), Segment(beside, styles.quiet)]
        case "bar":
            gradient = rows.number(line, "gradient")
            bar = styles.of_sign(gradient)
            return signed_bar(
                gradient, look.limit, width, bar=bar, line=styles.line, ascii=look.ascii
            )
        case "ratio":
            return padded_segments(ratio_text(rows.number(line, name), width), styles.quiet)
        case "history":
            recent = rows.past(line, width)
            return padded_segments(sparkline(recent, width, ascii=look.ascii), styles.line)
        case "verdict":
            return [_verdict(rows, line, width, styles, look)]
        case "mean" | "largest" | "zeros" if is_parameter:
            return [Segment(" " * width, styles.plain)]
    number = rows.number(line, name)
    if is_parameter or name == "mean":
        return padded_segments(signed(number, width), styles.of_sign(number))
    text_of = percent if name == "zeros" else magnitude
    return padded_segments(text_of(number, width), styles.of_size(number))


def _parameter_name(rows: TableRows, index: Line, width: int, look: RowLook) -> str:
    name = rows.name(index)
    if look.is_nested:
        name = f"  {name[name.find('[') :]}"
    if look.is_pinned:
        name = f"{look.mark('pinned')} {name}"
    if rows.is_frozen(index):
        name += FROZEN_MARK
    return cut_middle(name, width, ascii=look.ascii)


def ends_text(ends: str, room: int) -> str:
    """What a parameter belongs to, in exactly so many cells: all of it or nothing."""
    left = room - cell_len(ends) - GAP
    return " " * GAP + ends + " " * left if left >= 0 else " " * room


def _tensor_name(rows: TableRows, line: Line, width: int, look: RowLook) -> str:
    mark = look.mark("pinned" if look.is_pinned else "open" if look.is_open else "closed")
    name = f"{mark} {rows.name(line)}"
    tensor = tensor_of(line)
    if tensor is not None and rows.tensors is not None:
        with_shape = f"{name} {rows.tensors.shape(tensor)}"
        if len(with_shape) <= width:
            return with_shape
    return cut_middle(name, width, ascii=look.ascii)


def _verdict(rows: TableRows, line: Line, width: int, styles: RowStyles, look: RowLook) -> Segment:
    """The verdict on a parameter, or on most of a tensor's that have a bad one."""
    tensor = tensor_of(line)
    if tensor is None or rows.tensors is None:
        code = int(rows.verdicts[line])
        text = cut_middle(rows.verdict_names[code], width, ascii=look.ascii)
    else:
        code, count = rows.tensors.worst(tensor)
        is_all = not code or count == rows.tensors.layout.sizes[tensor]
        text = rows.verdict_names[code] if is_all else f"{count} {rows.verdict_names[code]}"
        if len(text) > width:
            text = text[: width - 1] + ("~" if look.ascii else "…")
    style = styles.warning if code else styles.healthy
    if rows.verdict_names[code] == FROZEN:
        style = styles.quiet
    return Segment(text.ljust(width), style)
