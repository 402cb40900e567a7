"""How a row of the parameter table is drawn in its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from rich.segment import Segment
from rich.style import Style

from ..drawing.bars import signed_bar, sparkline
from ..drawing.numbers import magnitude, percent, ratio_text, signed
from ..drawing.segments import padded_segments, shorten
from ..widgets.row_styles import RowStyles
from .parameter_columns import GAP, Column, ColumnName
from .parameter_rows import Line, TableRows, TensorRows, tensor_of

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
