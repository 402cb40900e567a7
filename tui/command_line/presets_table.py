"""The list of presets, as the command `presets` prints it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ..learn.presets import PRESETS, Preset

INDENT = 4


def print_presets(console: Console) -> None:
    """Each preset's name and title, then why, then what to try.

    On a terminal the lines are broken at its width; elsewhere they are as long as they are.
    """
    width = max(map(len, PRESETS))
    for preset in PRESETS.values():
        console.print(Text.assemble((preset.name.ljust(width), "bold"), "  ", preset.title))
        for line in _lines(preset):
            if console.is_terminal:
                console.print(Padding(line, (0, 0, 0, INDENT)))
            else:
                console.print(Text(" " * INDENT) + line, soft_wrap=True)


def _lines(preset: Preset) -> Iterator[Text]:
    yield Text(preset.why)
    yield Text(f"Try: {preset.advice}")
