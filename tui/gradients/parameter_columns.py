"""The columns of the parameter table: which fit, how wide they are, and their titles."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal, NamedTuple, get_args

from .parameter_rows import SortKey

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
