"""LineList: rows below a heading, with a cursor; only the visible ones are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from ..keys import bindings
from .line_view import LineView
from .row_styles import RowStyles

DrawRow = Callable[[int, RowStyles, int], list[Segment]]
"""Draws a row, from its number, its styles and the width."""


class LineList(LineView):
    """A list with a heading that stays, and a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        up,k     | line-list.up        | move(-1)      | Up        | Choose the row above
        down,j   | line-list.down      | move(1)       | Down      | Choose the row below
        pageup   | line-list.page-up   | move_page(-1) | Page up   | A page up
        pagedown | line-list.page-down | move_page(1)  | Page down | A page down
        """
    )

    @dataclass
    class Chosen(Message):
        """The user chose another row."""

        line_list: LineList
        row: int

        @property
        def control(self) -> LineList:
            return self.line_list

    def __init__(self, *, tooltip: str | None = None, id: str | None = None) -> None:
        super().__init__(tooltip=tooltip, id=id)
        self._heading: list[list[Segment]] = []
        self._count = 0
        self._draw_row: DrawRow = lambda row, styles, width: []
        self._cursor: int | None = None

    @property
    def cursor(self) -> int | None:
        return self._cursor

    def show(self, heading: list[list[Segment]], count: int, draw_row: DrawRow) -> None:
        """Shows other rows.

        Args:
            heading: Lines above them that do not scroll.
            count: The number of rows.
            draw_row: Draws one of them.
        """
        self._heading, self._count, self._draw_row = heading, count, draw_row
        if self._cursor is not None and self._cursor >= count:
            self._cursor = None
        self.virtual_size = Size(self.scrollable_content_region.width, len(heading) + count)
        self.redraw()

    def choose(self, row: int | None) -> None:
        """Moves the cursor and scrolls to it, without a message; None for no cursor."""
        if row != self._cursor:
            self._cursor = row
            self._scroll_to_cursor()
            self.redraw()

    def render_line(self, y: int) -> Strip:
        return self._drawn_row(y)

    def _set_height(self, n_rows: int) -> None:
        """Does nothing: `show` sets the height, and only the visible rows are drawn."""

    def draw(self, width: int, height: int) -> list[Strip]:
        strips = [Strip(segments) for segments in self._heading]
        top = self.scroll_offset.y
        for row in range(top, min(top + self._page, self._count)):
            is_chosen = row == self._cursor
            styles = self.styles_of_cursor if is_chosen else self.styles_of_rows
            strip = Strip(self._draw_row(row, styles, width))
            strips.append(strip.adjust_cell_length(width, styles.plain))
        return strips

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        self._drawn = None
        super().watch_scroll_y(old_value, new_value)

    def on_resize(self) -> None:
        # Textual calls that of `LineView` too. What is below may have grown.
        self._scroll_to_cursor()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        row = offset.y - len(self._heading) + self.scroll_offset.y
        if offset.y >= len(self._heading) and row < self._count:
            self._move_to(row)

    def action_move(self, rows: int) -> None:
        self._move_to(self.scroll_offset.y if self._cursor is None else self._cursor + rows)

    def action_move_page(self, pages: int) -> None:
        start = self.scroll_offset.y if self._cursor is None else self._cursor
        self._move_to(start + pages * max(1, self._page))

    @property
    def _page(self) -> int:
        return max(0, self.scrollable_content_region.height - len(self._heading))

    def _move_to(self, row: int) -> None:
        if not self._count:
            return
        row = max(0, min(row, self._count - 1))
        if row != self._cursor:
            self.choose(row)
            self.post_message(self.Chosen(self, row))

    def _scroll_to_cursor(self) -> None:
        if self._cursor is not None:
            top = self.scroll_offset.y
            wanted = max(min(top, self._cursor), self._cursor - max(1, self._page) + 1)
            if wanted != top:
                self.scroll_to(y=wanted, animate=False, force=True)
