"""`toygrad-tui columns`: what a table contains, and what becomes of each column."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

from ...datasets import Column, Survey, shown
from ..drawing.numbers import share_text

_BARS = " ▁▂▃▄▅▆▇█"
_ASCII_BARS = " .:-=+*#%"
_MOST_NAME = 24
_MOST_VALUES = 30
HEADINGS = ("column", "role", "kind", "values", "counts", "missing", "what becomes of it")


def show_progress(share: float) -> None:
    """Shows on a terminal how much of a file was read; clears the line at the end."""
    # A stream that is closed is None.
    if sys.stderr is not None and sys.stderr.isatty():
        text = f"Reading: {share:4.0%}" if share < 1.0 else " " * 13
        # Whatever is said next begins where this does.
        print(f"{text}\r", end="", file=sys.stderr, flush=True)


def print_columns(survey: Survey, *, as_json: bool, ascii: bool) -> None:
    """Prints a survey: a line for each column, then what was decided."""
    if as_json:
        print(json.dumps(asdict(survey), ensure_ascii=False))
        return
    for line in _lines(survey, ascii=ascii):
        print(line)


def _lines(survey: Survey, *, ascii: bool) -> Iterator[str]:
    rows = [HEADINGS, *(_cells(column, survey, ascii=ascii) for column in survey.columns)]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    learns = "classes" if survey.task == "classification" else "numbers"
    yield ""
    yield (
        f"{survey.n_samples:,} of {survey.n_rows:,} rows are learned, "
        f"{survey.n_inputs} inputs each; {shown(survey.target)} is learned as {learns}."
    )
    yield from survey.notes


def _cells(column: Column, survey: Survey, *, ascii: bool) -> tuple[str, ...]:
    return (
        _short(column.name, _MOST_NAME),
        column.role,
        column.kind,
        _short(", ".join(column.values), _MOST_VALUES),
        _bars(column.histogram, _ASCII_BARS if ascii else _BARS),
        share_text(column.missing, survey.n_rows),
        column.fault or column.reason or column.encoding,
    )


def _short(text: str, most: int) -> str:
    return shown(text if len(text) <= most else f"{text[: most - 1]}…")


def _bars(counts: tuple[int, ...], bars: str) -> str:
    """A bar for each count; one that is not 0 is seen."""
    highest = max(counts, default=0) or 1
    steps = len(bars) - 1
    return "".join(bars[-(-count * steps // highest)] for count in counts)
