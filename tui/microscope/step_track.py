"""A track of all steps from the first to the last, to see how far one is and to slide along."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ..widgets.ascii import is_ascii

FORWARD: Final = "forward "
BACKWARD: Final = " backward"
_GLYPHS: Final = ("━", "─", "┿", "●")
_ASCII_GLYPHS: Final = ("=", "-", "|", "O")


class StepTrack(Widget):
    """The forward pass on the left of the tick, the backward pass on its right."""

    DEFAULT_CSS = """
    StepTrack { height: 1; width: 1fr; min-width: 12; color: $text-muted; }
    StepTrack > .step-track--done { color: $text-primary; }
    StepTrack > .step-track--todo { color: $foreground 30%; }
    StepTrack > .step-track--handle { color: $text-success; text-style: bold; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "step-track--done",
        "step-track--todo",
        "step-track--handle",
    }

    class Moved(Message):
        """The user slid to a position: so many steps are to be taken."""

        def __init__(self, position: int) -> None:
            super().__init__()
            self.position = position

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = "All steps, forward and backward. Click or drag to go anywhere."
        self._position, self._n_steps, self._turn = 0, 0, 0
        self._is_dragged = False

    def show(self, position: int, n_steps: int, turn: int) -> None:
        """Shows how far it is.

        Args:
            position: Steps taken.
            n_steps: Of all.
            turn: At which position the backward pass begins.
        """
        if (position, n_steps, turn) != (self._position, self._n_steps, self._turn):
            self._position, self._n_steps, self._turn = position, n_steps, turn
            self.refresh()

    @property
    def _cells(self) -> int:
        return max(self.size.width - len(FORWARD) - len(BACKWARD), 1)

    def _cell(self, position: int) -> int:
        return round(position * (self._cells - 1) / max(self._n_steps, 1))

    def render_line(self, y: int) -> Strip:
        plain, cells = self.rich_style, self._cells
        done, todo, tick, handle = _ASCII_GLYPHS if is_ascii(self) else _GLYPHS
        at, turn = self._cell(self._position), self._cell(self._turn)
        segments = [Segment(FORWARD, plain)]
        for cell in range(cells):
            name, glyph = ("done", done) if cell < at else ("todo", todo)
            if cell == turn and self._n_steps:
                glyph = tick
            if cell == at:
                name, glyph = "handle", handle
            style = self.get_component_rich_style(f"step-track--{name}")
            segments.append(Segment(glyph, style))
        segments.append(Segment(BACKWARD, plain))
        return Strip(Segment.simplify(segments)).adjust_cell_length(self.size.width, plain)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._is_dragged = True
        self.capture_mouse()
        self._go_to(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._is_dragged:
            self._go_to(event.x)

    def on_mouse_up(self) -> None:
        self._is_dragged = False
        self.release_mouse()

    def _go_to(self, x: int) -> None:
        share = (x - len(FORWARD)) / max(self._cells - 1, 1)
        position = round(min(max(share, 0.0), 1.0) * self._n_steps)
        if position != self._position:
            self.post_message(self.Moved(position))
