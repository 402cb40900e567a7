"""The gallery: every data set as a small picture with its name."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final, NamedTuple

import numpy as np
from rich.segment import Segment
from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ...datasets import DATASETS, Dataset
from ..drawing.canvas import padded_segments
from ..file_jobs import run_job
from ..keys import bindings
from ..widgets.basics import background_color, is_ascii, shows_characters
from .thumbnail import Thumbnail, draw_thumbnail, thumbnail_strip

OWN_FILE: Final = "csv"
"""The name of the card for the user's own file."""
NAMES: Final = (*DATASETS, OWN_FILE)
"""The cards, in their order."""
_MARGIN: Final = 2
_FILE_TIP: Final = "Open your own CSV file: one column is the target, the others are inputs"
_FILE_PICTURE: Final = ("x1,x2,y ", "0.5,2, 1", "1.5,3,-1")


class CardStyle(NamedTuple):
    """How the data sets are shown.

    Attributes:
        width: Cells of a card.
        picture: Cells across a picture, and its lines; none make a list of names.
    """

    width: int
    picture: tuple[int, int]

    @property
    def name_width(self) -> int:
        """Cells of a line of the name."""
        return self.width - _MARGIN

    def height(self, name_lines: int) -> int:
        """Lines of a card."""
        return self.picture[1] + name_lines


STYLES: Final = (
    CardStyle(18, (16, 6)),
    CardStyle(14, (12, 4)),
    CardStyle(10, (8, 3)),
)
"""With pictures, from the largest to the smallest."""
LISTS: Final = tuple(CardStyle(width, (0, 0)) for width in (14, 13, 10))
"""Of names only, with the picture of the highlighted one below; long names wrap in the last two."""
_LEAST_ROWS: Final = 3
_MOST_ROWS: Final = 8
_CELLS_A_ROW: Final = 3


@cache
def _thumbnail_of(name: str, width: int, rows: int) -> Thumbnail:
    dataset = DATASETS[name](rng=np.random.default_rng(0))
    return draw_thumbnail(dataset, width, rows)


class _CardRow(NamedTuple):
    """Cards side by side: their names, the line where they begin, and how many lines they take."""

    names: tuple[str, ...]
    top: int
    height: int


class DatasetGallery(ScrollView, can_focus=True):
    """All data sets to choose from, and a card for a file.

    A thread draws the pictures once the gallery is visible.
    """

    DEFAULT_CSS = """
    DatasetGallery {
        overflow-x: hidden;
        background: $surface;
        color: $foreground;
    }
    DatasetGallery > .gallery--name { color: $text-muted; }
    DatasetGallery > .gallery--chosen { color: $primary; text-style: bold; }
    DatasetGallery > .gallery--cursor {
        color: $block-cursor-blurred-foreground;
        background: $block-cursor-blurred-background;
        text-style: bold;
    }
    DatasetGallery:focus > .gallery--cursor {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: bold;
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "gallery--name",
        "gallery--chosen",
        "gallery--cursor",
    }

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        left,h | datasets.left | move(-1) | Left | The previous data set
        right,l | datasets.right | move(1) | Right | The next data set
        up,k | datasets.up | move_row(-1) | Up | The row of data sets above
        down,j | datasets.down | move_row(1) | Down | The row of data sets below; then the settings
        home | datasets.first | go_to(0) | First | The first data set
        end | datasets.last | go_to(-1) | Last | Your own file
        enter | datasets.choose | choose | *Choose | Train on this data set
        """
    )

    @dataclass
    class Chosen(Message):
        """The user chose a data set by its name, or `OWN_FILE`."""

        name: str

    highlighted: reactive[str] = reactive("", repaint=False, always_update=True, init=False)
    """The name of the data set under the cursor."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.chosen = NAMES[0]
        """The name of the current data set, which is marked."""
        self.set_reactive(DatasetGallery.highlighted, NAMES[0])
        self._file_name = ""
        self._file: Dataset | None = None
        self._style = LISTS[0]
        # Cells across a picture, and its lines; no lines until the room is known.
        self._picture = self._style.picture
        self._pictures: dict[str, Thumbnail] = {}
        self._is_drawing = False
        self._rows: list[_CardRow] = []
        self._strips: list[Strip] = []

    # --- What is shown -------------------------------------------------------------------------

    def watch_highlighted(self) -> None:
        self._redraw()
        self._scroll_to_cursor()

    def show_choice(self, name: str, file_name: str = "") -> None:
        """Mark one of `NAMES` as the current data set, and put the cursor on it.

        The file name is the caption of the card for a file; empty if none is open.
        """
        if file_name != self._file_name:
            self._file = None
            self._pictures.pop(OWN_FILE, None)
        self.chosen, self._file_name = name, file_name
        self._arrange()
        self.highlighted = name

    def show_file(self, dataset: Dataset) -> None:
        """Draw the samples of the open file."""
        self._file = dataset
        if self._picture[1]:
            self._pictures[OWN_FILE] = draw_thumbnail(dataset, *self._picture)
        self._redraw()

    def on_show(self) -> None:
        self.call_after_refresh(self._draw_if_seen)

    def _draw_if_seen(self) -> None:
        # A widget is shown for a moment before the size of the terminal is known.
        if self.is_on_screen and not self._is_drawing and self._picture[1]:
            self._is_drawing, size = True, self._picture
            run_job(
                self.app,
                lambda: {name: _thumbnail_of(name, *size) for name in DATASETS},
                lambda pictures: self._show_pictures(pictures, size),
                self.notify,
                failed="The pictures of the data sets could not be drawn",
                group="pictures",
            )

    def _show_pictures(self, pictures: dict[str, Thumbnail], size: tuple[int, int]) -> None:
        self._is_drawing = False
        if size == self._picture:
            self._pictures |= pictures
            self._redraw()
        else:
            self._draw_if_seen()

    def on_resize(self) -> None:
        self._arrange()
        self._scroll_to_cursor()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._redraw()

    def watch_has_focus(self, value: bool) -> None:
        super().watch_has_focus(value)
        self._redraw()

    @property
    def _is_list(self) -> bool:
        return self._style in LISTS

    @property
    def _columns(self) -> int:
        # As the rows were laid out: while it is hidden, its size is another one.
        return len(self._rows[0].names) if self._rows else 1

    def _columns_of(self, style: CardStyle) -> int:
        return max(1, self.scrollable_content_region.width // style.width)

    def _arrange(self) -> None:
        """Show all data sets, with pictures as large as fit."""
        width, height = self.scrollable_content_region.size
        fitting = (style for style in (*STYLES, *LISTS) if self._height_of(style) <= height)
        self._style = next(fitting, LISTS[-1])
        self._rows = self._rows_of(self._style)
        total = self._height_of(self._style)
        picture = self._style.picture
        if self._is_list:
            rows = min(height - total, _MOST_ROWS)
            # Under another screen it may have no width for a moment.
            if rows >= _LEAST_ROWS and width > _MARGIN:
                picture = min(width - _MARGIN, rows * _CELLS_A_ROW), rows
                total += rows
        if picture != self._picture:
            self._picture = picture
            self._pictures.clear()
            self.call_after_refresh(self._draw_if_seen)
            if self._file is not None and picture[1]:
                self._pictures[OWN_FILE] = draw_thumbnail(self._file, *picture)
        self.virtual_size = Size(width, total)
        self._redraw()

    def _rows_of(self, style: CardStyle) -> list[_CardRow]:
        rows, top, columns = [], 0, self._columns_of(style)
        for first in range(0, len(NAMES), columns):
            names = NAMES[first : first + columns]
            lines = max(len(self._caption(name, style)) for name in names)
            rows.append(_CardRow(names, top, style.height(lines)))
            top += rows[-1].height
        return rows

    def _height_of(self, style: CardStyle) -> int:
        last = self._rows_of(style)[-1]
        return last.top + last.height

    def _caption(self, name: str, style: CardStyle) -> list[str]:
        width = style.name_width
        text = name if name != OWN_FILE else self._file_name or "open CSV"
        lines = textwrap.wrap(text, width) if name != OWN_FILE else [text]
        return [line if len(line) <= width else f"{line[: width - 1]}~" for line in lines]

    def _redraw(self) -> None:
        self._strips.clear()
        self.refresh()

    # --- Drawing -------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        line, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if not self._strips:
            for row in self._rows:
                cards = [list(self._card(name, row.height)) for name in row.names]
                self._strips += map(Strip.join, zip(*cards, strict=True))
            if self._is_list:
                self._strips += [
                    self._picture_line(self.highlighted, line) for line in range(self._picture[1])
                ]
        strip = self._strips[line] if line < len(self._strips) else Strip([])
        return strip.adjust_cell_length(width, self.rich_style)

    def _card(self, name: str, height: int) -> Iterator[Strip]:
        """The lines of a card: its picture and its name, then blanks."""
        pictures = (self._picture_line(name, line) for line in range(self._style.picture[1]))
        lines = [*pictures, *self._caption_lines(name)]
        for line in lines:
            yield line.adjust_cell_length(self._style.width, self.rich_style)
        for _ in range(height - len(lines)):
            yield Strip.blank(self._style.width, self.rich_style)

    def _caption_lines(self, name: str) -> Iterator[Strip]:
        """The name, with a mark for the current data set."""
        is_marked, width = name == self.chosen, self._style.name_width
        styled = "cursor" if name == self.highlighted else "chosen" if is_marked else "name"
        style = self.get_component_rich_style(f"gallery--{styled}")
        for place, text in enumerate(self._caption(name, self._style)):
            mark = " " if place or not is_marked else ">" if is_ascii(self) else "▸"
            yield Strip(padded_segments(f"{mark:<{_MARGIN}}{text:<{width}}", style))

    def _picture_line(self, name: str, line: int) -> Strip:
        """A line of a picture, with its margin."""
        width = self._picture[0]
        if picture := self._pictures.get(name):
            shown = thumbnail_strip(
                picture, line, background_color(self), ascii=shows_characters(self)
            )
        else:
            text = _FILE_PICTURE[line] if name == OWN_FILE and line < len(_FILE_PICTURE) else ""
            style = self.get_component_rich_style("gallery--name")
            shown = Strip([Segment(text[:width].ljust(width), style)])
        return Strip.join([Strip.blank(_MARGIN, self.rich_style), shown])

    # --- Keys and mouse ------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        self._go(NAMES.index(self.highlighted) + by)

    def action_move_row(self, by: int) -> None:
        row, column = divmod(NAMES.index(self.highlighted), self._columns)
        if not 0 <= row + by < len(self._rows):
            raise SkipAction
        self._go(min((row + by) * self._columns + column, len(NAMES) - 1))

    def action_go_to(self, place: int) -> None:
        self._go(place % len(NAMES))

    def action_choose(self) -> None:
        self.post_message(self.Chosen(self.highlighted))

    def on_click(self, event: events.Click) -> None:
        name = self._card_at(event)
        if name is not None:
            event.stop()
            self.highlighted = name
            self.action_choose()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        name = self._card_at(event)
        if name is None or name == OWN_FILE:
            self.tooltip = _FILE_TIP if name else None
        else:
            self.tooltip = f"{DATASETS[name].title}: {DATASETS[name].description}"

    def _card_at(self, event: events.MouseEvent) -> str | None:
        offset = event.get_content_offset(self)
        if offset is None or offset.x >= self._columns * self._style.width:
            return None
        line, place = offset.y + self.scroll_offset.y, offset.x // self._style.width
        for row in self._rows:
            if row.top <= line < row.top + row.height and place < len(row.names):
                return row.names[place]
        return None

    def _go(self, place: int) -> None:
        if 0 <= place < len(NAMES):
            self.highlighted = NAMES[place]

    def _scroll_to_cursor(self) -> None:
        if self._rows:
            row = self._rows[NAMES.index(self.highlighted) // self._columns]
            region = Region(0, row.top, 1, row.height)
            self.scroll_to_region(region, animate=False, force=True, immediate=True)
