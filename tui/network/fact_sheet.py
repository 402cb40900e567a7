"""A widget that shows facts line by line, with what can be done below them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.color import Color
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ..drawing.palette import readable, signed_text
from ..drawing.segments import padded_segments
from ..keys import bindings
from ..selection import Part
from ..widgets.background import background_color
from .card_facts import Facts, Hint, Look, Looks

MOST_HINT_LINES: Final = 3
LEAST_FACT_LINES: Final = 5
"""So many lines of the widget for each line of hints."""
_GAP: Final = 2


class FactSheet(ScrollView, can_focus=True):
    """Facts of one part of a network; lines that stand for other parts can be chosen.

    It is as high as its facts if its styles say `height: auto`.

    Args:
        id: The widget's id.
    """

    DEFAULT_CSS = """
    FactSheet {
        height: auto;
        background: $surface;
        color: $foreground;
        overflow: hidden auto;
        scrollbar-size: 1 1;
    }
    FactSheet > .fact-sheet--quiet {
        color: $text-muted;
    }
    FactSheet > .fact-sheet--key {
        color: $primary;
        text-style: bold;
    }
    FactSheet > .fact-sheet--cursor {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: bold;
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "fact-sheet--quiet",
        "fact-sheet--key",
        "fact-sheet--cursor",
    }
    """
    | class | styles |
    |---|---|
    | `fact-sheet--quiet` | titles, and words on numbers |
    | `fact-sheet--key` | the keys of what can be done |
    | `fact-sheet--cursor` | the line that enter chooses |
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        up,k | fact-sheet.up | walk(-1) | Up | The weight above in the card
        down,j | fact-sheet.down | walk(1) | Down | The weight below in the card
        pageup | fact-sheet.page-up | page(-1) | Page up | A page up in the card
        pagedown | fact-sheet.page-down | page(1) | Page down | A page down in the card
        home | fact-sheet.first | walk_to_end(0) | First | The first weight in the card
        end | fact-sheet.last | walk_to_end(-1) | Last | The last weight in the card
        enter | fact-sheet.choose | choose | *Select | Select the weight of this line of the card
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

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._facts: Facts | None = None
        self._cursor = 0
        self._looks: tuple[Looks, Looks] | None = None
        self._shown_height = 0
        self._lines_of_parts = range(0)
        self._found_for: tuple[object, ...] = ()

    def show(self, facts: Facts | None) -> None:
        """Show facts; those of another part begin at the top.

        Args:
            facts: They; None for nothing.
        """
        if facts is None and self._facts is None:
            return
        is_other = (facts and facts.part) != (self._facts and self._facts.part)
        self._facts = facts
        self._find()
        if is_other:
            self._cursor = self._lines_of_parts[0] if self._lines_of_parts else 0
            self.scroll_to(y=0, animate=False, force=True)
        self._fit()
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._height(width)

    def notify_style_update(self) -> None:
        """Draw again in the colours of the new theme."""
        super().notify_style_update()
        self._looks = None
        self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("walk", "walk_to_end", "choose"):
            return bool(self._lines_of_parts)
        return super().check_action(action, parameters)

    def render_line(self, y: int) -> Strip:
        """One line of what is in view: the facts, and below them what can be done.

        Args:
            y: The line of the view, 0 at the top.

        Returns:
            A strip of the view's width.
        """
        size, plain = self.scrollable_content_region.size, self.rich_style
        facts = self._facts
        if facts is None:
            return Strip.blank(self.size.width, plain)
        hints = self._hint_lines(size.width)
        below = y - (size.height - len(hints))
        if below >= 0:
            segments = self._hint_segments(hints[below]) if below < len(hints) else []
            return Strip(segments).adjust_cell_length(self.size.width, plain)
        line = y + self.scroll_offset.y
        if line >= facts.height(size.width):
            return Strip.blank(self.size.width, plain)
        ordinary, chosen = self._all_looks()
        is_chosen = self.has_focus and line == self._cursor and line in self._lines_of_parts
        looks = chosen if is_chosen else ordinary
        strip = Strip(facts.line(line, size.width, looks))
        return strip.adjust_cell_length(self.size.width, looks[Look.PLAIN])

    def on_resize(self) -> None:
        self._find()
        self._fit()

    def on_click(self, event: events.Click) -> None:
        offset, facts = event.get_content_offset(self), self._facts
        if offset is None or facts is None:
            return
        size = self.scrollable_content_region.size
        hints = self._hint_lines(size.width)
        below = offset.y - (size.height - len(hints))
        if below >= 0:
            self._ask(hints[below], offset.x)
        elif (line := offset.y + self.scroll_offset.y) in self._lines_of_parts:
            self._cursor = line
            self.action_choose()

    def action_walk(self, lines: int) -> None:
        places = self._lines_of_parts
        place = places.index(self._cursor) if self._cursor in places else 0
        self._go_to(places[max(0, min(place + lines, len(places) - 1))])

    def action_page(self, pages: int) -> None:
        lines = pages * max(self.scrollable_content_region.height - 2, 1)
        if self._lines_of_parts:
            self.action_walk(lines)
        else:
            self.scroll_relative(y=lines, animate=False)

    def action_walk_to_end(self, place: int) -> None:
        self._go_to(self._lines_of_parts[place])

    def action_choose(self) -> None:
        if self._facts is not None:
            part = self._facts.part_at(self._cursor, self._width)
            if part is not None:
                self.post_message(self.Chosen(part))

    def action_leave(self) -> None:
        self.post_message(self.Left())

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def _find(self) -> None:
        """Find the lines that can be chosen, where they may be others than before."""
        facts = self._facts
        found_for = (facts and facts.part, facts and facts.height(self._width), self._width)
        if found_for != self._found_for:
            self._found_for = found_for
            self._lines_of_parts = self._find_parts()

    def _find_parts(self) -> range:
        """The lines that stand for a part; they follow each other."""
        facts, width = self._facts, self._width
        if facts is None:
            return range(0)
        lines = range(facts.height(width))
        places = [y for y in lines if facts.part_at(y, width) is not None]
        return range(places[0], places[-1] + 1) if places else range(0)

    def _height(self, width: int) -> int:
        if self._facts is None:
            return 0
        return self._facts.height(width) + len(_flow(self._facts.hints, width)[:MOST_HINT_LINES])

    def _fit(self) -> None:
        """Bring the widget and what it scrolls to the height of the facts."""
        height = self._height(self._width)
        if height != self._shown_height:
            self._shown_height = height
            self.refresh(layout=True)
        size = Size(self._width, height)
        if size != self.virtual_size:
            self.virtual_size = size

    def _go_to(self, line: int) -> None:
        self._cursor = line
        facts = self._facts
        if facts is None:
            return
        shown = self.scrollable_content_region.height - len(self._hint_lines(self._width))
        # From the first line that can be chosen, what stands above it is to be seen too.
        top = 0 if line == self._lines_of_parts[0] else line
        if not self.scroll_offset.y <= top or line >= self.scroll_offset.y + shown:
            to = top if top < self.scroll_offset.y else line - shown + 1
            self.scroll_to(y=to, animate=False, force=True)
        self.refresh()

    def _ask(self, hints: list[tuple[int, Hint]], x: int) -> None:
        for start, hint in hints:
            if start <= x < start + _length(hint):
                self.post_message(self.Asked(hint))

    def _hint_lines(self, width: int) -> list[list[tuple[int, Hint]]]:
        """What can be done, in as many lines as leave room for the facts."""
        if self._facts is None:
            return []
        hints = _flow(self._facts.hints, width)[:MOST_HINT_LINES]
        height = self.scrollable_content_region.height
        if self._facts.height(width) + len(hints) <= height:
            return hints
        return hints[: max(1, height // LEAST_FACT_LINES)]

    def _hint_segments(self, hints: list[tuple[int, Hint]]) -> list[Segment]:
        ordinary, _ = self._all_looks()
        key = self.rich_style + self._component("key")
        segments: list[Segment] = []
        for _, hint in hints:
            words = f" {hint.words}{' ' * _GAP}"
            segments += [Segment(hint.key, key), *padded_segments(words, ordinary[Look.QUIET])]
        return segments

    def _all_looks(self) -> tuple[Looks, Looks]:
        """The styles of an ordinary line and of that with the cursor."""
        if self._looks is None:
            plain = self.rich_style
            negative, positive = signed_text(background_color(self))
            cursor = self._component("cursor")
            ordinary = {
                Look.PLAIN: plain,
                Look.QUIET: plain + self._component("quiet"),
                Look.STRONG: plain + Style(bold=True),
                Look.NEGATIVE: plain + Style(color=negative.rich_color),
                Look.POSITIVE: plain + Style(color=positive.rich_color),
            }
            self._looks = ordinary, {look: plain + cursor for look in Look}
        return self._looks

    def _component(self, name: str) -> Style:
        """A component's style, in a colour that can be read."""
        style = self.get_component_rich_style(f"fact-sheet--{name}")
        if style.color is None or style.color.is_system_defined or name == "cursor":
            return style
        color = readable(Color.from_rich_color(style.color), background_color(self))
        return Style(color=color.rich_color, bold=style.bold)


def _length(hint: Hint) -> int:
    return len(hint.key) + 1 + len(hint.words)


@lru_cache(maxsize=16)
def _flow(hints: tuple[Hint, ...], width: int) -> list[list[tuple[int, Hint]]]:
    """Hints in lines, each with the cell where it begins."""
    lines: list[list[tuple[int, Hint]]] = []
    x = 0
    for hint in hints:
        if not lines or x + _length(hint) > width:
            lines.append([])
            x = 0
        lines[-1].append((x, hint))
        x += _length(hint) + _GAP
    return lines
