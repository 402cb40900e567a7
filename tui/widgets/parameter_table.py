"""A table of every parameter, however many: only the rows in view are sorted and drawn."""

from dataclasses import dataclass, fields
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive, var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ..render.palette import MARK_CONTRAST, TEXT_CONTRAST, readable, signed_text
from .ground import ground_color
from .parameter_columns import (
    Column,
    RowStyles,
    header_text,
    lay_out,
    row_segments,
    sort_key_at,
)
from .parameter_rows import SORT_KEYS, Order, RowFilter, SortKey, TableRows, order_of
from .true_color import TrueColorWidget

HEADER_HEIGHT: Final = 1


class ParameterTable(TrueColorWidget, ScrollView, can_focus=True):
    """Every parameter with its value, gradient, update ratio, history and verdict.

    The cursor stays on its parameter when the order changes, and the view goes with it if it was
    in view. There is no cursor until the user sets one: then the top of the order stays in view.

    Args:
        tooltip: Shown when the pointer rests on the table.
        id: The widget's id.
        classes: The widget's CSS classes.
    """

    DEFAULT_CSS = """
    ParameterTable {
        background: $surface;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    ParameterTable > .parameter-table--header {
        color: $text-muted;
        text-style: bold;
    }
    ParameterTable:focus > .parameter-table--header {
        color: $text-primary;
    }
    ParameterTable > .parameter-table--cursor {
        color: $block-cursor-blurred-foreground;
        background: $block-cursor-blurred-background;
        text-style: underline;
    }
    ParameterTable:focus > .parameter-table--cursor {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: bold;
    }
    ParameterTable > .parameter-table--quiet {
        color: $text-muted;
    }
    ParameterTable > .parameter-table--line {
        color: $foreground 40%;
    }
    ParameterTable > .parameter-table--healthy {
        color: $text-success;
    }
    ParameterTable > .parameter-table--warning {
        color: $text-error;
        text-style: bold;
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "parameter-table--header",
        "parameter-table--cursor",
        "parameter-table--quiet",
        "parameter-table--line",
        "parameter-table--healthy",
        "parameter-table--warning",
    }
    """
    | class | styles |
    |---|---|
    | `parameter-table--header` | the line of titles |
    | `parameter-table--cursor` | the row with the cursor |
    | `parameter-table--quiet` | zeros, ratios and the sentence in an empty table |
    | `parameter-table--line` | histories and the centre line of the bars |
    | `parameter-table--healthy` | the verdict with code 0 |
    | `parameter-table--warning` | the other verdicts, and numbers that are none |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "up,k",
            "move_cursor(-1)",
            "Up",
            show=False,
            id="parameter-table.up",
            tooltip="Select the parameter above",
        ),
        Binding(
            "down,j",
            "move_cursor(1)",
            "Down",
            show=False,
            id="parameter-table.down",
            tooltip="Select the parameter below",
        ),
        Binding(
            "pageup",
            "move_page(-1)",
            "Page up",
            show=False,
            id="parameter-table.page-up",
            tooltip="Go a page up",
        ),
        Binding(
            "pagedown",
            "move_page(1)",
            "Page down",
            show=False,
            id="parameter-table.page-down",
            tooltip="Go a page down",
        ),
        Binding(
            "home",
            "first",
            "First",
            show=False,
            id="parameter-table.first",
            tooltip="Select the first parameter",
        ),
        Binding(
            "end",
            "last",
            "Last",
            show=False,
            id="parameter-table.last",
            tooltip="Select the last parameter",
        ),
        Binding(
            "left,h",
            "shift_sort(-1)",
            "Sort left",
            show=False,
            id="parameter-table.sort-left",
            tooltip="Sort by the column to the left",
        ),
        Binding(
            "right,l",
            "shift_sort(1)",
            "Sort right",
            show=False,
            id="parameter-table.sort-right",
            tooltip="Sort by the column to the right",
        ),
        Binding(
            "o",
            "reverse_sort",
            "Reverse",
            id="parameter-table.reverse",
            tooltip="Reverse the order: largest first or smallest first",
        ),
        Binding(
            "enter",
            "open",
            "Open",
            id="parameter-table.open",
            tooltip="Open the selected parameter",
        ),
        Binding(
            "escape",
            "clear",
            "Clear",
            show=False,
            id="parameter-table.clear",
            tooltip="Clear the filter, then the selection",
        ),
    ]

    sort_by: reactive[SortKey] = reactive[SortKey]("abs gradient")
    """What the rows are sorted by. An unknown key raises ValueError."""
    descending: reactive[bool] = reactive(True)
    """Whether the largest come first."""
    filter_text: reactive[str] = reactive("")
    """Words that the name or the verdict of a parameter must contain, all of them."""
    frozen: var[bool] = var(False)
    """Whether `show` is put off until this is False again."""

    @dataclass
    class Selected(Message):
        """The user moved the cursor to another parameter."""

        table: "ParameterTable"
        name: str
        index: int

        @property
        def control(self) -> "ParameterTable":
            """The table that sent it."""
            return self.table

    @dataclass
    class Opened(Message):
        """The user pressed enter on a parameter or clicked it twice."""

        table: "ParameterTable"
        name: str
        index: int

        @property
        def control(self) -> "ParameterTable":
            """The table that sent it."""
            return self.table

    @dataclass
    class SortChanged(Message):
        """The user changed the order."""

        table: "ParameterTable"
        sort_by: SortKey
        descending: bool

        @property
        def control(self) -> "ParameterTable":
            """The table that sent it."""
            return self.table

    def __init__(
        self,
        *,
        tooltip: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.tooltip = tooltip
        self._rows: TableRows | None = None
        self._put_off: TableRows | None = None
        self._filter = RowFilter()
        self._order: Order | None = None
        self._cursor: int | None = None
        self._columns: tuple[Column, ...] = lay_out(0)
        self._lines: list[Strip] | None = None
        self._row_styles: tuple[RowStyles, RowStyles] | None = None

    @property
    def rows(self) -> TableRows | None:
        """What is shown; what `frozen` holds back is not in it."""
        return self._rows

    @property
    def selected_index(self) -> int | None:
        """The index of the parameter with the cursor, also while the filter hides it."""
        return self._cursor

    @property
    def selected_name(self) -> str | None:
        """The name of the parameter with the cursor."""
        if self._rows is None or self._cursor is None:
            return None
        return self._rows.name(self._cursor)

    @property
    def shown_count(self) -> int:
        """How many parameters the filter lets through."""
        return 0 if self._order is None else len(self._order)

    def show(self, rows: TableRows) -> None:
        """Show the parameters of another instant; while frozen, after that.

        Args:
            rows: All parameters. The cursor is lost if the one it is on has another name now.
        """
        if self.frozen and self._rows is not None:
            self._put_off = rows
            return
        selected = self.selected_name
        if (
            self._cursor is not None
            and not rows.has_names_of(self._rows)
            and (self._cursor >= len(rows) or rows.name(self._cursor) != selected)
        ):
            self._cursor = None
        follow = self._cursor_in_view()
        self._rows = rows
        self._reorder(follow)

    def select(self, index: int | None) -> None:
        """Set the cursor to a parameter, without a message, and bring it into view.

        Args:
            index: The parameter's index, None for no cursor.

        Raises:
            IndexError: If there is no such parameter.
        """
        count = 0 if self._rows is None else len(self._rows)
        if index is not None and not 0 <= index < count:
            raise IndexError(f"there is no parameter {index} among {count}")
        self._cursor = index
        self._scroll_to_cursor()
        self._redraw()

    def validate_sort_by(self, sort_by: SortKey) -> SortKey:
        """Refuse what cannot be sorted by."""
        if sort_by not in SORT_KEYS:
            raise ValueError(f"cannot sort by {sort_by!r}, only by {', '.join(SORT_KEYS)}")
        return sort_by

    def watch_sort_by(self) -> None:
        """Put the rows in their new order."""
        self._reorder_from_top()

    def watch_descending(self) -> None:
        """Put the rows in their new order."""
        self._reorder_from_top()

    def watch_filter_text(self) -> None:
        """Show what the filter lets through."""
        self._reorder_from_top()

    def watch_frozen(self, frozen: bool) -> None:
        """Show what came in while frozen."""
        if not frozen and self._put_off is not None:
            rows, self._put_off = self._put_off, None
            self.show(rows)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the rows that come into view."""
        self._lines = None
        super().watch_scroll_y(old_value, new_value)

    def watch_has_focus(self, value: bool) -> None:
        """Draw the cursor as that of the focused table, or not."""
        super().watch_has_focus(value)
        self._restyle()

    def notify_style_update(self) -> None:
        """Draw again in the colours of the new theme."""
        super().notify_style_update()
        self._restyle()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave escape and enter to others where they do nothing here."""
        if action == "clear":
            return bool(self.filter_text) or self._cursor is not None
        if action == "open":
            return self._cursor is not None
        return super().check_action(action, parameters)

    def render_line(self, y: int) -> Strip:
        """One line of what is in view: the titles, a row or the sentence of an empty table.

        Args:
            y: The line of the view, 0 at the top.

        Returns:
            A strip of the view's width.
        """
        if self._lines is None:
            self._lines = self._draw()
        if y < len(self._lines):
            return self._lines[y]
        return Strip.blank(self.size.width, self.rich_style)

    def on_resize(self) -> None:
        """Lay the columns out for the new width."""
        self._columns = lay_out(self.scrollable_content_region.width)
        self._update_virtual_size()
        self._redraw()

    def on_click(self, event: events.Click) -> None:
        """Sort by the column, or select the row, that was clicked; twice opens it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y < HEADER_HEIGHT:
            if (key := sort_key_at(self._columns, offset.x)) is not None:
                self._sort(key)
            return
        row = offset.y - HEADER_HEIGHT + self.scroll_offset.y
        if row < self.shown_count:
            self._set_cursor_row(row)
            if event.chain == 2:
                self.action_open()

    def action_move_cursor(self, rows: int) -> None:
        """Move the cursor by rows; the first time it appears at the top of the view."""
        rank = self._cursor_row()
        self._set_cursor_row(self.scroll_offset.y if rank is None else rank + rows)

    def action_move_page(self, pages: int) -> None:
        """Move the cursor by as many rows as are in view."""
        rank = self._cursor_row()
        start = self.scroll_offset.y if rank is None else rank
        self._set_cursor_row(start + pages * max(1, self._page))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._set_cursor_row(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self._set_cursor_row(self.shown_count - 1)

    def action_shift_sort(self, columns: int) -> None:
        """Sort by the key that many columns to the right, round the ends."""
        place = SORT_KEYS.index(self.sort_by) + columns
        self._sort(SORT_KEYS[place % len(SORT_KEYS)])

    def action_reverse_sort(self) -> None:
        """Turn the order round."""
        self._sort(self.sort_by)

    def action_open(self) -> None:
        """Tell that the parameter with the cursor is to be opened."""
        if self._cursor is not None and self.selected_name is not None:
            self.post_message(self.Opened(self, self.selected_name, self._cursor))

    def action_clear(self) -> None:
        """Clear the filter; if there is none, the selection."""
        if self.filter_text:
            self.filter_text = ""
        else:
            self.select(None)

    @property
    def _page(self) -> int:
        """How many rows are in view."""
        return max(0, self.scrollable_content_region.height - HEADER_HEIGHT)

    def _sort(self, key: SortKey) -> None:
        if key == self.sort_by:
            self.descending = not self.descending
        else:
            self.sort_by = key
            # Names are looked up from the first on, numbers for the largest.
            self.descending = key != "name"
        self.post_message(self.SortChanged(self, self.sort_by, self.descending))

    def _cursor_row(self) -> int | None:
        if self._order is None or self._cursor is None:
            return None
        return self._order.rank(self._cursor)

    def _cursor_in_view(self) -> bool:
        row = self._cursor_row()
        return row is not None and 0 <= row - self.scroll_offset.y < self._page

    def _set_cursor_row(self, row: int) -> None:
        if self._order is None or self._rows is None or not len(self._order):
            return
        row = max(0, min(row, len(self._order) - 1))
        index = int(self._order.window(row, 1)[0])
        moved = index != self._cursor
        self._cursor = index
        self._scroll_to_cursor()
        self._redraw()
        if moved:
            self.post_message(self.Selected(self, self._rows.name(index), index))

    def _scroll_to_cursor(self) -> None:
        row = self._cursor_row()
        if row is None:
            return
        top = self.scroll_offset.y
        wanted = max(min(top, row), row - max(1, self._page) + 1)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True)

    def _reorder_from_top(self) -> None:
        follow = self._cursor_in_view()
        self._reorder(follow)
        if not follow:
            self.scroll_to(y=0, animate=False, force=True)

    def _reorder(self, follow: bool) -> None:
        rows = self._rows
        if rows is not None:
            shown = self._filter.matches(rows, self.filter_text)
            self._order = order_of(rows, self.sort_by, self.descending, shown)
        self._update_virtual_size()
        if follow:
            self._scroll_to_cursor()
        self._redraw()

    def _update_virtual_size(self) -> None:
        width = self.scrollable_content_region.width
        size = Size(width, HEADER_HEIGHT + self.shown_count)
        if size != self.virtual_size:
            self.virtual_size = size

    def _restyle(self) -> None:
        self._row_styles = None
        self._redraw()

    def _redraw(self) -> None:
        self._lines = None
        self.refresh()

    def _draw(self) -> list[Strip]:
        width, ascii = self.size.width, bool(getattr(self.app, "ascii", False))
        header_style = self._component("header")
        header = header_text(self._columns, self.sort_by, self.descending, ascii=ascii)
        strips = [Strip([Segment(header, header_style)])]
        if self._rows is not None and self._order is not None and len(self._order):
            strips += self._draw_rows(self._rows, self._order, ascii)
        else:
            strips += [
                Strip([]),
                Strip([Segment(self._empty_sentence(), self._component("quiet"))]),
            ]
        # Asked for once: it is worked out anew from all ancestors each time.
        plain = self.rich_style
        return [strip.adjust_cell_length(width, plain) for strip in strips]

    def _draw_rows(self, rows: TableRows, order: Order, ascii: bool) -> list[Strip]:
        plain, marked = self._styles()
        limit = rows.largest_gradient()
        strips = []
        for index in order.window(self.scroll_offset.y, self._page).tolist():
            styles = marked if index == self._cursor else plain
            segments = row_segments(rows, index, self._columns, styles, limit=limit, ascii=ascii)
            strip = Strip(segments).adjust_cell_length(self.size.width, styles.plain)
            strips.append(strip)
        return strips

    def _empty_sentence(self) -> str:
        if self._rows is None:
            return "no parameters yet"
        if not len(self._rows):
            return "this network has no parameters"
        return f"no parameter matches “{self.filter_text}”, press escape to clear"

    def _component(self, name: str) -> Style:
        return self.get_component_rich_style(f"parameter-table--{name}")

    def _styles(self) -> tuple[RowStyles, RowStyles]:
        """The styles of an ordinary row and of that with the cursor."""
        if self._row_styles is None:
            cursor = self._component("cursor")
            self._row_styles = self._styles_on(self.rich_style), self._styles_on(cursor)
        return self._row_styles

    def _styles_on(self, plain: Style) -> RowStyles:
        ground = ground_color(self)
        if plain.bgcolor is not None and not plain.bgcolor.is_default:
            if plain.bgcolor.is_system_defined:
                # What the terminal makes of such a colour is unknown: only its own text is safe.
                return RowStyles(*[plain] * len(fields(RowStyles)))
            ground = Color.from_rich_color(plain.bgcolor)

        def component(name: str, contrast: float = TEXT_CONTRAST) -> Style:
            style = self._component(name)
            if style.color is None or style.color.is_system_defined:
                return plain + style
            color = readable(Color.from_rich_color(style.color), ground, contrast)
            return style + plain + Style(color=color.rich_color)

        negative, positive = signed_text(ground)
        return RowStyles(
            plain=plain,
            quiet=component("quiet"),
            line=component("line", MARK_CONTRAST),
            negative=plain + Style(color=negative.rich_color),
            positive=plain + Style(color=positive.rich_color),
            healthy=component("healthy"),
            warning=component("warning"),
        )
