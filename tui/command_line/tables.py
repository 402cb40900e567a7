"""The lists that the commands `datasets` and `presets` print."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ...datasets import DATASETS, DatasetEntry
from ..learn.presets import PRESETS

HEADINGS = ("name", "samples", "inputs", "learns", "what it is", "source")
INDENT = 4
_NUMBERS = frozenset({"samples", "inputs"})


def print_datasets(console: Console) -> None:
    """A table on a terminal; elsewhere aligned columns, one line a data set."""
    rows = [_cells(entry) for entry in DATASETS.values()]
    if not console.is_terminal:
        for line in _aligned([HEADINGS, *rows]):
            console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)
        return
    table = Table()
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading in _NUMBERS else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _cells(entry: DatasetEntry) -> tuple[str, ...]:
    learns = f"{len(entry.classes)} classes" if entry.classes else "a number"
    return (
        entry.name,
        f"{entry.n_samples:,}",
        str(entry.n_columns),
        learns,
        entry.description,
        entry.source,
    )


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def print_presets(console: Console) -> None:
    """Each preset's name and title, then the reason, then what to try.

    Lines are wrapped on a terminal only.
    """
    width = max(map(len, PRESETS))
    for preset in PRESETS.values():
        console.print(Text.assemble((preset.name.ljust(width), "bold"), "  ", preset.title))
        for line in (Text(preset.why), Text(f"Try: {preset.advice}")):
            if console.is_terminal:
                console.print(Padding(line, (0, 0, 0, INDENT)))
            else:
                console.print(Text(" " * INDENT) + line, soft_wrap=True)
