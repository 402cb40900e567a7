"""A widget that shows facts line by line, with what can be done below them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from ..drawing.canvas import padded_segments
from ..keys import bindings
from ..selection import Part
from ..widgets.line_view import LineView
from .facts import Facts, Hint

MOST_HINT_LINES: Final = 3
LEAST_FACT_LINES: Final = 5
"""Lines of the widget for each line of hints."""
_GAP: Final = 2

Hints = list[tuple[int, Hint]]
"""A line of hints, each with the cell where it begins."""


class FactSheet(LineView):
    """Facts about one part of a network; lines that stand for other parts can be chosen.

    It draws a line only when it comes into view: a neuron may have thousands of inputs. It is as
    high as its facts if its styles say `height: auto`.
    """

    DEFAULT_CSS = """
    FactSheet { height: auto; }
    FactSheet > .fact-sheet--key { color: $text-primary; text-style: bold; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"fact-sheet--key"}

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        up,k | fact-sheet.up | walk(-1) | Up | The weight above in the card
        down,j | fact-sheet.down | walk(1) | Down | The weight below in the card
        pageup | fact-sheet.page-up | page(-1) | Page up | A page up in the card
        pagedown | fact-sheet.page-down | page(1) | Page down | A page down in the card
        home | fact-sheet.first | walk_to_end(0) | First | The first weight in the card
        end | fact-sheet.last | walk_to_end(-1) | Last | The last weight in the card
        enter | fact-sheet.choose | choose | *Select | Select the weight on this line of the card
        escape | fact-sheet.leave | leave | Back | From the card back to the diagram
        """
    )

    @dataclass
    class Chosen(Message):
        """The user chose the part that a line stands for."""

        part: Part

    @dataclass
    class Asked(Message):
        """The user clicked on something to do."""

        hint: Hint

    class Left(Message):
        """The user wants to go back."""

    def __init__(self, *, tooltip: str | None = None, id: str | None = None) -> None:
        super().__init__(tooltip=tooltip, id=id)
        self._facts: Facts | None = None
        self._cursor = 0
        self._shown_height = 0

    def show(self, facts: Facts | None) -> None:
        """Show facts, those about another part from the top; None for nothing."""
        if facts is None and self._facts is None:
            return
        is_other = (facts and facts.part) != (self._facts and self._facts.part)
        self._facts = facts
        if is_other:
            self._cursor = self._choices.start
            self.scroll_to(y=0, animate=False, force=True)
        self._fit()
        self.redraw()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._height(width)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("walk", "walk_to_end", "choose"):
            return bool(self._choices)
        return super().check_action(action, parameters)

    def render_line(self, y: int) -> Strip:
        facts, styles, width = self._facts, self.styles_of_rows, self._width
        hints, below = self._hints_below(y)
        segments: list[Segment] = []
        if below >= 0:
            segments = self._hint_segments(hints[below]) if below < len(hints) else []
        elif facts is not None and (line := y + self.scroll_offset.y) < facts.height(width):
            if self.has_focus and line == self._cursor and line in self._choices:
                styles = self.styles_of_cursor
            segments = facts.line(line, width, styles)
        return Strip(segments).adjust_cell_length(self.size.width, styles.plain)

    def on_resize(self) -> None:
        self._fit()

    def on_click(self, event: events.Click) -> None:
        if (offset := event.get_content_offset(self)) is None:
            return
        hints, below = self._hints_below(offset.y)
        line = offset.y + self.scroll_offset.y
        if 0 <= below < len(hints):
            for start, hint in hints[below]:
                if start <= offset.x < start + _length(hint):
                    self.post_message(self.Asked(hint))
        elif line in self._choices:
            self._cursor = line
            self.action_choose()

    def action_walk(self, lines: int) -> None:
        choices = self._choices
        place = choices.index(self._cursor) if self._cursor in choices else 0
        self._go_to(choices[max(0, min(place + lines, len(choices) - 1))])

    def action_page(self, pages: int) -> None:
        lines = pages * max(self.scrollable_content_region.height - 2, 1)
        if self._choices:
            self.action_walk(lines)
        else:
            self.scroll_relative(y=lines, animate=False)

    def action_walk_to_end(self, place: int) -> None:
        self._go_to(self._choices[place])

    def action_choose(self) -> None:
        if self._facts and (part := self._facts.part_at(self._cursor, self._width)) is not None:
            self.post_message(self.Chosen(part))

    def action_leave(self) -> None:
        self.post_message(self.Left())

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    @property
    def _choices(self) -> range:
        return range(0) if self._facts is None else self._facts.choices(self._width)

    def _height(self, width: int) -> int:
        if self._facts is None:
            return 0
        return self._facts.height(width) + len(_flow(self._facts.hints, width))

    def _fit(self) -> None:
        """Make the widget, and what it scrolls, as high as the facts."""
        height = self._height(self._width)
        if height != self._shown_height:
            self._shown_height = height
            self.refresh(layout=True)
        self.virtual_size = Size(self._width, height)

    def _go_to(self, line: int) -> None:
        self._cursor = line
        shown = self.scrollable_content_region.height - len(self._hints_below(0)[0])
        # The first line that can be chosen brings what is above it into view too.
        top = 0 if line == self._choices.start else line
        if not self.scroll_offset.y <= top or line >= self.scroll_offset.y + shown:
            to = top if top < self.scroll_offset.y else line - shown + 1
            self.scroll_to(y=to, animate=False, force=True)
        self.redraw()

    def _hints_below(self, y: int) -> tuple[list[Hints], int]:
        """As many lines of hints as leave room for facts, and the number of the one at a line."""
        if self._facts is None:
            return [], -1
        height = self.scrollable_content_region.height
        hints = _flow(self._facts.hints, self._width)
        if self._height(self._width) > height:
            hints = hints[: max(1, height // LEAST_FACT_LINES)]
        return hints, y - (height - len(hints))

    def _hint_segments(self, hints: Hints) -> list[Segment]:
        styles = self.styles_of_rows
        key = styles.plain + self.get_component_rich_style("fact-sheet--key")
        segments: list[Segment] = []
        for _, hint in hints:
            words = f" {hint.words}{' ' * _GAP}"
            segments += [Segment(hint.shown_key, key), *padded_segments(words, styles.quiet)]
        return segments


def _length(hint: Hint) -> int:
    return len(hint.shown_key) + 1 + len(hint.words)


@lru_cache(maxsize=16)
def _flow(hints: tuple[Hint, ...], width: int) -> list[Hints]:
    """Hints in lines, as many as are ever shown."""
    lines: list[Hints] = []
    x = 0
    for hint in hints:
        if not lines or x + _length(hint) > width:
            lines.append([])
            x = 0
        lines[-1].append((x, hint))
        x += _length(hint) + _GAP
    return lines[:MOST_HINT_LINES]
