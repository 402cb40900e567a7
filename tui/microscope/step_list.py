"""StepList: every step, forward and backward, and which are done."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.segment import Segment
from textual.actions import SkipAction

from ...core.explain.stepper import Kind, Stepper
from ..drawing.segments import padded_segments, shorten
from ..widgets.line_list import LineList
from ..widgets.row_styles import RowStyles

_ARROWS: Final[dict[Kind, str]] = {"forward": "→", "start": "←", "backward": "←"}
_ASCII_ARROWS: Final[dict[Kind, str]] = {"forward": ">", "start": "<", "backward": "<"}
_MARKS: Final = ("✓", "▶")
_ASCII_MARKS: Final = ("x", ">")


class StepList(LineList):
    """The topological order and its reverse, with the cursor on the last step done."""

    TITLE: ClassVar[str] = "Steps"
    HELP_TEXT: ClassVar[str] = (
        "Every step in order: first each value is computed after the values it needs; then, with "
        "the arrow reversed, each passes its gradient back. A mark shows which steps are done. Up "
        "and down undo and take steps; a click goes to a step."
    )

    def __init__(self, *, id: str, classes: str) -> None:
        super().__init__(id=id, tooltip="Click a step to go there, forward or back.")
        self.add_class(*classes.split())
        self._stepper: Stepper | None = None

    def show_stepper(self, stepper: Stepper | None) -> None:
        """Shows the position of a stepper."""
        self._stepper = stepper
        if stepper is None:
            self.show([], 0, self._step)
            return
        self.show([], stepper.n_steps, self._step)
        self.choose(stepper.position - 1 if stepper.position else None)
        if not stepper.position:
            self.scroll_to(y=0, animate=False, force=True)

    def action_scroll_home(self) -> None:
        # As in the graph, home goes back to before the first step.
        raise SkipAction

    def _step(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        stepper = self._stepper
        if stepper is None or row >= stepper.n_steps:
            return []
        kind, node = stepper.plan[row]
        name = stepper.names[node]
        text = f"{name} = {stepper.formula(node)}" if kind == "forward" else f"{name}.grad"
        if kind == "backward":
            text += f" to {', '.join(_receivers(stepper, row))}"
        elif kind == "start":
            text += " = 1"
        arrow = (_ASCII_ARROWS if self.ascii else _ARROWS)[kind]
        number = f"{row + 1:>{len(str(stepper.n_steps))}} {arrow} "
        text = shorten(text, max(width - len(number) - 2, 1), ascii=self.ascii)
        is_done = row < stepper.position
        return [
            Segment(f"{self._mark(row, stepper.position)} ", styles.healthy),
            *padded_segments(number, styles.quiet),
            Segment(text, styles.plain if is_done else styles.quiet),
        ]

    def _mark(self, row: int, position: int) -> str:
        done, current = _ASCII_MARKS if self.ascii else _MARKS
        if row == position - 1:
            return current
        return done if row < position else " "


def _receivers(stepper: Stepper, row: int) -> list[str]:
    """The names of the values that a gradient is passed to, each once."""
    _, node = stepper.plan[row]
    return list(dict.fromkeys(stepper.names[p] for p in node.parents if not p.constant))
