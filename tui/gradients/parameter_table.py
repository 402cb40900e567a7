"""A table of every parameter, however many: only the rows in view are sorted and drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive, var
from textual.strip import Strip

from ..keys import bindings
from ..widgets.line_view import LineView
from .parameter_columns import (
    COLUMN_NAMES,
    FLAT,
    TREE,
    Column,
    ColumnName,
    Kind,
    RowLook,
    header_text,
    lay_out,
    row_segments,
    sort_key_at,
    sort_keys,
)
from .parameter_order import Arrangement
from .parameter_rows import SORT_KEYS, Line, SortKey, TableRows

HEADER_HEIGHT: Final = 1
# Cells of a tensor's row that open and close it when they are clicked.
_MARK_WIDTH: Final = 2
# So few rows are easiest to find where they always are.
_TREE_SORT: Final[tuple[SortKey, bool]] = ("name", False)


class ParameterTable(LineView):
    """Every parameter with its value, gradient, update ratio, history and verdict.

    They are listed one by one, or grouped by tensor: then each tensor is a row that opens.

    The cursor stays on its parameter when the order changes, and the view follows it if it was
    in view. There is no cursor until the user sets one: then the top of the order stays in view.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        up,k | parameter-table.up | move_cursor(-1) | Up | Select the row above
        down,j | parameter-table.down | move_cursor(1) | Down | Select the row below
        pageup | parameter-table.page-up | move_page(-1) | Page up | Go a page up
        pagedown | parameter-table.page-down | move_page(1) | Page down | Go a page down
        home | parameter-table.first | go_to_end(0) | First | Select the first row
        end | parameter-table.last | go_to_end(-1) | Last | Select the last row
        left,h | parameter-table.left | go_left | Close |
        | Close the tensor; if none is open, sort by the column to the left
        right,l | parameter-table.right | go_right | Open |
        | Open the tensor; if none is closed, sort by the column to the right
        < | parameter-table.sort-left | shift_sort(-1) | Sort left | Sort by the column to the left
        > | parameter-table.sort-right | shift_sort(1) | Sort right |
        | Sort by the column to the right
        o | parameter-table.reverse | reverse_sort | Reverse |
        | Reverse the order: largest first or smallest first
        c | parameter-table.collapse | collapse | *Collapse |
        | Group the parameters by tensor; again, list them one by one
        x | parameter-table.open-all | open_all | Open all |
        | Group the parameters by tensor, with every tensor open
        p | parameter-table.pin | pin | *Pin | Keep the row on top, or unpin it
        enter | parameter-table.open | open | *Open |
        | Open or close the tensor; for a parameter, show which samples push it
        escape | parameter-table.clear | clear | Clear | Clear the filter, then the selection
        """
    )

    sort_by: reactive[SortKey] = reactive[SortKey]("abs gradient")
    """What the rows are sorted by. An unknown key raises ValueError."""
    descending: reactive[bool] = reactive(True)
    """Whether the largest come first."""
    filter_text: reactive[str] = reactive("")
    """Words that the name or the verdict of a parameter must contain, all of them."""
    by_tensor: reactive[bool] = reactive(False)
    """Whether parameters are grouped by tensor."""
    held: var[bool] = var(False)
    """Whether `show` is put off until this is False again."""
    chosen: var[frozenset[ColumnName]] = var(frozenset(COLUMN_NAMES))
    """The columns to show, where there is room for them."""

    @dataclass
    class TableMessage(Message):
        """Something that happened in a table."""

        table: ParameterTable

        @property
        def control(self) -> ParameterTable:
            return self.table

    @dataclass
    class Selected(TableMessage):
        """The user moved the cursor to another row; a tensor's index is below zero."""

        name: str
        index: Line

    @dataclass
    class Opened(TableMessage):
        """The user pressed enter on a parameter or clicked it twice."""

        name: str
        index: int

    class Cleared(TableMessage):
        """The user cleared the selection."""

    class FoldChanged(TableMessage):
        """The user grouped the parameters by tensor, or listed them one by one."""

    def __init__(self, *, tooltip: str | None = None, id: str | None = None) -> None:
        super().__init__(tooltip=tooltip, id=id)
        self._arrangement = Arrangement()
        self._put_off: TableRows | None = None
        self._cursor: Line | None = None
        self._columns: tuple[Column, ...] = lay_out(0)
        self._other_sort = _TREE_SORT

    # --- What it shows -------------------------------------------------------------------------

    @property
    def rows(self) -> TableRows | None:
        """What is shown; what `held` puts off is not in it."""
        return self._arrangement.rows

    @property
    def selected_line(self) -> Line | None:
        """The row with the cursor, a parameter's index or a tensor's line."""
        return self._cursor

    @property
    def selected_index(self) -> int | None:
        """The index of the parameter with the cursor, also while the filter hides it."""
        return None if self._cursor is None or self._cursor < 0 else self._cursor

    @property
    def selected_name(self) -> str | None:
        """The name of the parameter or the tensor with the cursor."""
        if self.rows is None or self._cursor is None:
            return None
        return self.rows.name(self._cursor)

    @property
    def shown_count(self) -> int:
        """How many parameters match the filter."""
        return self._arrangement.shown_count

    @property
    def kind(self) -> Kind:
        """The columns that there can be now."""
        has_tensors = self.rows is not None and self.rows.tensors is not None
        return TREE if self.by_tensor and has_tensors else FLAT

    def show(self, rows: TableRows) -> None:
        """Show the parameters of another instant; while held, after that.

        Args:
            rows: All parameters. The cursor is lost if the one it is on has another name now.
        """
        if self.held and self.rows is not None:
            self._put_off = rows
            return
        here = self._cursor
        if here is not None and not rows.has_names_of(self.rows):
            is_same = rows.holds(here) and rows.name(here) == self.selected_name
            self._cursor = here if is_same else None
        follow = self._cursor_in_view()
        kind = self.kind
        self._arrangement.take(rows)
        if self.kind is not kind:
            self._lay_out()
        self._arrange(follow)

    def select(self, index: Line | None) -> None:
        """Set the cursor to a row, without a message, and bring it into view.

        Args:
            index: The parameter's index or a tensor's line, None for no cursor. A parameter whose
                tensor is closed opens it.

        Raises:
            IndexError: If there is no such row.
        """
        if index is not None and (self.rows is None or not self.rows.holds(index)):
            raise IndexError(f"no parameter {index} among {len(self.rows or ())}")
        self._cursor = index
        above = None if index is None else self._arrangement.tensor_above(index)
        if above is not None and self.kind is TREE and not self._arrangement.is_open(above):
            self._arrangement.opened.add(-1 - above)
            self._arrange(False)
        self._scroll_to_cursor()
        self.redraw()

    def validate_sort_by(self, sort_by: SortKey) -> SortKey:
        if sort_by not in SORT_KEYS:
            raise ValueError(f"cannot sort by {sort_by!r}, only by {', '.join(SORT_KEYS)}")
        return sort_by

    def watch_sort_by(self) -> None:
        self._arrange_from_top()

    watch_descending = watch_filter_text = watch_sort_by

    def watch_by_tensor(self, old: bool, by_tensor: bool) -> None:
        if old != by_tensor:
            here = self.sort_by, self.descending
            (self.sort_by, self.descending), self._other_sort = self._other_sort, here
        self._lay_out()
        self._arrange_from_top()

    def watch_held(self, held: bool) -> None:
        if not held and self._put_off is not None:
            rows, self._put_off = self._put_off, None
            self.show(rows)

    def watch_chosen(self) -> None:
        self._lay_out()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        self._drawn = None
        super().watch_scroll_y(old_value, new_value)

    # --- What the user does --------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "clear":
            return bool(self.filter_text) or self._cursor is not None
        if action in ("open", "pin"):
            return self._cursor is not None
        return super().check_action(action, parameters)

    def on_resize(self) -> None:
        self._lay_out()
        self._update_virtual_size()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y < HEADER_HEIGHT:
            if (key := sort_key_at(self._columns, offset.x, self.kind)) is not None:
                self._sort(key)
            return
        place = offset.y - HEADER_HEIGHT
        if place >= self._arrangement.n_pinned:
            place += self.scroll_offset.y
        if place < self._n_lines:
            self._set_cursor_place(place)
            is_mark = offset.x < _MARK_WIDTH and self._cursor is not None and self._cursor < 0
            if is_mark if event.chain == 1 else event.chain == 2:
                self.action_open()

    def action_move_cursor(self, rows: int) -> None:
        place = self._cursor_place()
        self._set_cursor_place(self._top_place if place is None else place + rows)

    def action_move_page(self, pages: int) -> None:
        place = self._cursor_place()
        start = self._top_place if place is None else place
        self._set_cursor_place(start + pages * max(1, self._page))

    def action_go_to_end(self, place: int) -> None:
        self._set_cursor_place(place % max(self._n_lines, 1))

    def action_go_right(self) -> None:
        line = self._cursor
        if line is not None and line < 0 and not self._arrangement.is_open(line):
            self._toggle(line)
        else:
            self.action_shift_sort(1)

    def action_go_left(self) -> None:
        line = self._cursor
        if line is not None and line >= 0 and self.kind is TREE:
            line = self._arrangement.tensor_above(line)
        if line is not None and line < 0 and self._arrangement.is_open(line):
            self._cursor = line
            self._toggle(line)
            self._post_selected()
        else:
            self.action_shift_sort(-1)

    def action_shift_sort(self, columns: int) -> None:
        keys = sort_keys(self.kind)
        place = keys.index(self.sort_by) + columns
        self._sort(keys[place % len(keys)])

    def action_reverse_sort(self) -> None:
        self._sort(self.sort_by)

    def action_collapse(self) -> None:
        if self.by_tensor and not self._arrangement.opened:
            self.by_tensor = False
        else:
            self._close_all()
        self.post_message(self.FoldChanged(self))

    def action_open_all(self) -> None:
        self._arrangement.open_all()
        self.by_tensor = True
        self._arrange(True)
        self.post_message(self.FoldChanged(self))

    def action_pin(self) -> None:
        if self._cursor is not None:
            self._arrangement.toggle_pinned(self._cursor)
            self._arrange(False)

    def action_open(self) -> None:
        line = self._cursor
        if line is None or self.selected_name is None:
            return
        if line < 0:
            self._toggle(line)
        else:
            self.post_message(self.Opened(self, self.selected_name, line))

    def action_clear(self) -> None:
        if self.filter_text:
            self.filter_text = ""
        else:
            self.select(None)
            self.post_message(self.Cleared(self))

    def _close_all(self) -> None:
        if self._cursor is not None:
            self._cursor = self._arrangement.tensor_above(self._cursor) or self._cursor
        self._arrangement.opened.clear()
        self.by_tensor = True
        self._arrange(True)

    def _toggle(self, line: Line) -> None:
        self._arrangement.toggle_open(-1 - line)
        self._arrange(True)

    def _sort(self, key: SortKey) -> None:
        if key == self.sort_by:
            self.descending = not self.descending
        else:
            self.sort_by = key
            # Names are read from the first on, of numbers the largest matter.
            self.descending = key != "name"

    # --- Where things are ----------------------------------------------------------------------

    @property
    def _page(self) -> int:
        """How many rows are in view below the pinned ones."""
        height = self.scrollable_content_region.height
        return max(0, height - HEADER_HEIGHT - self._arrangement.n_pinned)

    @property
    def _n_lines(self) -> int:
        return len(self._arrangement.order)

    @property
    def _top_place(self) -> int:
        """The place of the first row in view."""
        scrolled = self.scroll_offset.y
        return scrolled + self._arrangement.n_pinned if scrolled else 0

    def _cursor_place(self) -> int | None:
        return None if self._cursor is None else self._arrangement.order.rank(self._cursor)

    def _cursor_in_view(self) -> bool:
        place = self._cursor_place()
        if place is None:
            return False
        place -= self._arrangement.n_pinned
        return place < 0 or 0 <= place - self.scroll_offset.y < self._page

    def _set_cursor_place(self, place: int) -> None:
        if not self._n_lines:
            return
        place = max(0, min(place, self._n_lines - 1))
        (line,) = self._arrangement.order.lines(place, 1)
        moved = line != self._cursor
        self._cursor = line
        self._scroll_to_cursor()
        self.redraw()
        if moved:
            self._post_selected()

    def _post_selected(self) -> None:
        if self._cursor is not None and self.selected_name is not None:
            self.post_message(self.Selected(self, self.selected_name, self._cursor))

    def _scroll_to_cursor(self) -> None:
        place = self._cursor_place()
        if place is None or (place := place - self._arrangement.n_pinned) < 0:
            return
        top = self.scroll_offset.y
        wanted = max(min(top, place), place - max(1, self._page) + 1)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True)

    def _arrange_from_top(self) -> None:
        follow = self._cursor_in_view()
        self._arrange(follow)
        if not follow:
            self.scroll_to(y=0, animate=False, force=True)

    def _arrange(self, follow: bool) -> None:
        self._arrangement.arrange(
            self.sort_by, self.descending, self.filter_text, self.kind is TREE
        )
        self._update_virtual_size()
        if follow:
            self._scroll_to_cursor()
        self.redraw()

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        self._columns = lay_out(width, self.kind, self.chosen)
        self.redraw()

    def _update_virtual_size(self) -> None:
        width = self.scrollable_content_region.width
        self.virtual_size = Size(width, HEADER_HEIGHT + self._n_lines)

    # --- Drawing -------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        if self._drawn is None:
            width, height = self.size
            # Asked for once: it is computed from all ancestors each time.
            plain = self.rich_style
            self._drawn = [s.adjust_cell_length(width, plain) for s in self.draw(width, height)]
        if y < len(self._drawn):
            return self._drawn[y]
        return Strip.blank(self.size.width, self.rich_style)

    def draw(self, width: int, height: int) -> list[Strip]:
        header = header_text(
            self._columns, self.sort_by, self.descending, kind=self.kind, ascii=self.ascii
        )
        strips = [Strip([Segment(header, self.title_style)])]
        if self.rows is None or not self._n_lines:
            return [*strips, Strip([]), *self.sentence(self._empty_sentence())]
        limits, is_tree, ascii = self._limits(self.rows), self.kind is TREE, self.ascii
        order, n_pinned = self._arrangement.order, self._arrangement.n_pinned
        first = n_pinned + self.scroll_offset.y
        for line in (*order.lines(0, n_pinned), *order.lines(first, self._page)):
            is_pinned = self._arrangement.is_pinned(line)
            look = RowLook(
                limit=limits[line < 0],
                is_pinned=is_pinned,
                is_open=line < 0 and self._arrangement.is_open(line),
                is_nested=is_tree and not is_pinned,
                ascii=ascii,
            )
            styles = self.styles_of_cursor if line == self._cursor else self.styles_of_rows
            segments = row_segments(self.rows, line, self._columns, styles, look)
            strips.append(Strip(segments).adjust_cell_length(width, styles.plain))
        return strips

    def _limits(self, rows: TableRows) -> tuple[float, float]:
        """The gradient with a full bar, of a parameter and of a tensor."""
        if all(column.name != "bar" for column in self._columns):
            return 0.0, 0.0
        norms = () if rows.tensors is None else rows.tensors.stats.gradients.tolist()
        return rows.largest_gradient(), max(filter(math.isfinite, norms), default=0.0)

    def _empty_sentence(self) -> str:
        if self.rows is None:
            return "no parameters yet"
        if not len(self.rows):
            return "this network has no parameters"
        return f"no parameter matches “{self.filter_text}”, press escape to clear"
