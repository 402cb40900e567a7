"""The rows of a table without quotes: where each is, found without splitting any."""

from __future__ import annotations

import csv
from collections.abc import Sequence

import numpy as np

from ..dataset import IntArray
from ..table_options import Progress

Row = tuple[int, list[str]]
"""The line a row begins in, counted from 1, and its fields."""

_CHUNK = 8_000_000
_LINE_FEED, _BLANK = b"\n "


class PlainRows:
    """Rows that are one line each, with the same number of fields.

    Args:
        data: The text.
        delimiter: Between the fields.
        spans: Shape (n, 2), where in the text each row begins and ends.
        lines: Shape (n,), the line of each, from 1.
    """

    def __init__(self, data: bytes, delimiter: str, spans: IntArray, lines: IntArray) -> None:
        self._data = data
        self._delimiter = delimiter
        self._spans = spans
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, place: int) -> int:
        """The line of a row, numbered from 0."""
        return int(self._lines[place])

    def read(self, places: Sequence[int] | slice) -> list[Row]:
        """Splits some of the rows, numbered from 0."""
        data, spans = self._data, self._spans[places].tolist()
        texts = [data[begin:end].decode() for begin, end in spans]
        rows = csv.reader(texts, delimiter=self._delimiter, skipinitialspace=True, strict=True)
        return list(zip(self._lines[places].tolist(), rows, strict=True))


def plain_rows(
    data: bytes, delimiter: str, width: int, first_line: int, progress: Progress | None
) -> PlainRows | None:
    """Finds the rows of a table, from a line on; blank rows are none.

    It looks at 8 MB at a time, so what it needs besides the text is 24 bytes for each row.

    Args:
        data: The text, in UTF-8.
        delimiter: One character of ASCII, no blank.
        width: The number of fields that each row must have.
        first_line: Where the rows begin, from 1.
        progress: Is told the share of the text that was searched.

    Returns:
        None if there are quotes, a very long line, none, or one with another number of fields:
        that takes a look at one row after the other.
    """
    begin = stop = 0
    for _ in range(first_line - 1):
        begin = data.find(b"\n", begin) + 1
    if b'"' in data or (first_line > 1 and not begin):
        return None
    stop = len(data)
    while stop > begin and data[stop - 1] == _LINE_FEED:
        stop -= 1
    start, found = begin, list[IntArray]()
    while start < stop:
        end = stop
        if start + _CHUNK < stop:
            end = data.rfind(b"\n", start, start + _CHUNK)
        ends = _ends(data[start:end] + b"\n", delimiter, width) if end > start else None
        if ends is None:
            return None
        found.append(ends + start)
        start = end + 1
        if progress is not None:
            progress(min(end / len(data), 0.99))
    if not found:
        return None
    ends = np.concatenate(found)
    spans = np.column_stack((np.concatenate(([begin], ends[:-1] + 1)), ends))
    if int((spans[:, 1] - spans[:, 0]).max()) > csv.field_size_limit():
        return None
    kept = _not_blank(data, delimiter, spans)
    lines = np.arange(first_line, first_line + len(spans))
    return PlainRows(data, delimiter, spans[kept], lines[kept])


def _ends(text: bytes, delimiter: str, width: int) -> IntArray | None:
    """Where the lines of a text end, None if one has another number of fields."""
    characters = np.frombuffer(text, np.uint8)
    hits = np.flatnonzero((characters == ord(delimiter)) | (characters == _LINE_FEED))
    if len(hits) % width:
        return None
    is_end = (characters[hits] == _LINE_FEED).reshape(-1, width)
    if not is_end[:, -1].all() or is_end[:, :-1].any():
        return None
    return hits[width - 1 :: width]


def _not_blank(data: bytes, delimiter: str, spans: IntArray) -> np.ndarray:
    """Which rows have something in a field; one that begins with something has."""
    firsts = np.frombuffer(data, np.uint8)[spans[:, 0]]
    kept = np.ones(len(spans), dtype=np.bool_)
    for place in np.flatnonzero((firsts == ord(delimiter)) | (firsts == _BLANK)).tolist():
        begin, end = spans[place]
        first, *others = data[begin:end].decode().split(delimiter)
        kept[place] = bool(first.lstrip(" ") or any(map(str.strip, others)))
    return kept
