"""Lists of what there is to choose from: data sets and presets."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ...datasets import DATASETS, DatasetEntry
from ..key_words import with_keys
from ..learn.presets import PRESETS

HEADINGS = ("name", "samples", "inputs", "learns", "what it is", "source")
INDENT = 4
_NUMBERS = frozenset({"samples", "inputs"})


def print_datasets(console: Console, *, as_json: bool) -> None:
    """A table on a terminal; elsewhere aligned columns, one line a data set; or one JSON object."""
    if as_json:
        print(json.dumps({entry.name: _facts(entry) for entry in DATASETS.values()}), flush=True)
        return
    rows = [_cells(entry) for entry in DATASETS.values()]
    if not console.is_terminal:
        for line in _aligned([HEADINGS, *rows]):
            console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)
        return
    # Here, because no other command needs it.
    from rich.table import Table

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


def _facts(entry: DatasetEntry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "task": entry.task,
        "samples": entry.n_samples,
        "most_samples": entry.max_samples,
        "noise": entry.noise,
        "most_noise": entry.max_noise,
        "inputs": entry.n_columns,
        "classes": list(entry.classes),
        "description": entry.description,
        "source": entry.source,
    }


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def print_presets(console: Console, *, as_json: bool) -> None:
    """Each preset's name and title, then the reason, then what to try; or one JSON object.

    Lines are wrapped on a terminal only.
    """
    if as_json:
        said = {
            preset.name: {
                "title": preset.title,
                "watch": with_keys(preset.watch),
                "why": preset.why,
                "advice": with_keys(preset.advice),
                "epochs": preset.epochs,
            }
            for preset in PRESETS.values()
        }
        print(json.dumps(said), flush=True)
        return
    width = max(map(len, PRESETS))
    for preset in PRESETS.values():
        console.print(Text.assemble((preset.name.ljust(width), "bold"), "  ", preset.title))
        for line in (Text(preset.why), Text(f"Try: {with_keys(preset.advice)}")):
            if console.is_terminal:
                console.print(Padding(line, (0, 0, 0, INDENT)))
            else:
                console.print(Text(" " * INDENT) + line, soft_wrap=True)
