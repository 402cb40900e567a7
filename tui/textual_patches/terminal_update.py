"""What a screen's update changes on the terminal, in the place of the update itself."""

from __future__ import annotations

from rich.color import ColorSystem
from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate

from .screen_memory import ScreenMemory

_SYSTEMS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
    "windows": ColorSystem.WINDOWS,
}


def color_system(console: Console) -> ColorSystem:
    """The colours of a terminal; Textual takes all if Rich would take none."""
    return _SYSTEMS.get(console.color_system or "", ColorSystem.TRUECOLOR)


def paint(memory: ScreenMemory, update: CompositorUpdate) -> None:
    """Puts what an update has for the terminal into the memory of it."""
    if isinstance(update, LayoutUpdate):
        left, top, _, _ = update.region
        for y, strips in enumerate(update.strips, top):
            x = left
            for strip in strips:
                memory.paint(y, x, strip)
                x += strip.cell_length
    elif isinstance(update, ChopsUpdate):
        for y, start, end in update.spans:
            for (x, chop), stop in zip(update.chops[y].items(), update.chop_ends[y], strict=False):
                # What only touches the span may lack the widgets over it.
                if chop is not None and x < end and stop > start:
                    memory.paint(y, x, chop)


class TerminalUpdate(CompositorUpdate):
    """Sends what the terminal does not show yet.

    Args:
        memory: What it shows, and what it is to show.
    """

    def __init__(self, memory: ScreenMemory) -> None:
        self._memory = memory

    def render_segments(self, console: Console) -> str:
        return self._memory.changes()
