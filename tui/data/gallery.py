"""The gallery: every data set as a small picture with its name."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual import events, work
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.worker import get_current_worker

from ...datasets import DATASETS, Dataset
from ..drawing.segments import padded_segments
from ..keys import bindings
from ..widgets.ascii import is_ascii
from ..widgets.background import background_color
from .thumbnail import Thumbnail, draw_thumbnail, thumbnail_strip

OWN_FILE: Final = "csv"
"""The name of the card for a file of the user's own."""
PICTURE_WIDTH: Final = 8
PICTURE_ROWS: Final = 3

_MARGIN: Final = 2
_CARD_WIDTH: Final = _MARGIN + PICTURE_WIDTH
_FILE_TIP: Final = "Open a CSV file of your own: each column an input, one of them learned"
_FILE_PICTURE: Final = ("x1,x2,y ", "0.5,2, 1", "1.5,3,-1")


@cache
def _thumbnail_of(name: str) -> Thumbnail:
    dataset = DATASETS[name](rng=np.random.default_rng(0))
    return draw_thumbnail(dataset, PICTURE_WIDTH, PICTURE_ROWS)


@dataclass(frozen=True)
class _CardRow:
    """Cards beside each other: their names, their captions line by line, where they begin."""

    names: tuple[str, ...]
    captions: tuple[tuple[str, ...], ...]
    top: int

    @property
    def height(self) -> int:
        return PICTURE_ROWS + max(map(len, self.captions))


class DatasetGallery(ScrollView, can_focus=True):
    """All data sets to choose from, and a card for a file.

    The pictures are drawn in a thread once the gallery is seen.

    Args:
        id: The widget's id.
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
    """
    | class | styles |
    |---|---|
    | `gallery--name` | names |
    | `gallery--chosen` | the name and the mark of the data set that is learned |
    | `gallery--cursor` | the name of the one that enter chooses |
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        left,h | datasets.left | move(-1) | Left | The data set before
        right,l | datasets.right | move(1) | Right | The next data set
        up,k | datasets.up | move_row(-1) | Up | The row of data sets above
        down,j | datasets.down | move_row(1) | Down | The row of data sets below; then the settings
        home | datasets.first | go_to(0) | First | The first data set
        end | datasets.last | go_to(-1) | Last | A file of your own
        enter | datasets.choose | choose | Choose | Learn this data set
        """
    )

    @dataclass
    class Chosen(Message):
        """The user chose a data set by its name, or `OWN_FILE`."""

        gallery: DatasetGallery
        name: str

        @property
        def control(self) -> DatasetGallery:
            """The gallery that sent it."""
            return self.gallery

    class _Drawn(Message):
        """The thread drew some of the pictures."""

        def __init__(self, pictures: dict[str, Thumbnail]) -> None:
            super().__init__()
            self.pictures = pictures

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._names = (*DATASETS, OWN_FILE)
        self._chosen = self._names[0]
        self._cursor = self._names[0]
        self._file_name = ""
        self._pictures: dict[str, Thumbnail] = {}
        self._is_drawing = False
        self._rows: tuple[_CardRow, ...] = ()
        self._strips: dict[int, Strip] = {}

    # --- What is shown -------------------------------------------------------------------------

    @property
    def chosen(self) -> str:
        """The name of the data set that is marked as the one that is learned."""
        return self._chosen

    @property
    def highlighted(self) -> str:
        """The name of the data set under the cursor."""
        return self._cursor

    @highlighted.setter
    def highlighted(self, name: str) -> None:
        self._cursor = name
        self._redraw()
        self._scroll_to_cursor()

    def show_choice(self, name: str, file_name: str = "") -> None:
        """Mark the data set that is learned, and put the cursor on it.

        Args:
            name: A name in `DATASETS`, or `OWN_FILE`.
            file_name: What stands below the card for a file; nothing if none is open.
        """
        if file_name != self._file_name:
            self._pictures.pop(OWN_FILE, None)
        self._chosen, self._file_name = name, file_name
        self._arrange()
        self.highlighted = name

    def show_file(self, dataset: Dataset) -> None:
        """Draw the file that is open.

        Args:
            dataset: What it holds.
        """
        self._pictures[OWN_FILE] = draw_thumbnail(dataset, PICTURE_WIDTH, PICTURE_ROWS)
        self._redraw()

    def on_show(self) -> None:
        self.call_after_refresh(self._draw_if_seen)

    def _draw_if_seen(self) -> None:
        # A widget is shown for a moment before the size of the terminal is known.
        if self.is_on_screen and not self._is_drawing:
            self._is_drawing = True
            self._draw_pictures()

    @work(thread=True, group="data", exit_on_error=False)
    def _draw_pictures(self) -> None:
        worker = get_current_worker()
        pictures = {}
        for name in DATASETS:
            if worker.is_cancelled:
                return
            pictures[name] = _thumbnail_of(name)
        self.post_message(self._Drawn(pictures))

    def on_dataset_gallery__drawn(self, event: _Drawn) -> None:
        event.stop()
        self._pictures |= event.pictures
        self._redraw()

    def on_resize(self) -> None:
        self._arrange()
        self._scroll_to_cursor()

    def notify_style_update(self) -> None:
        """Draws again in the colours of the new theme."""
        super().notify_style_update()
        self._redraw()

    @property
    def _columns(self) -> int:
        return max(1, self.scrollable_content_region.width // _CARD_WIDTH)

    def _arrange(self) -> None:
        rows, top = [], 0
        for first in range(0, len(self._names), self._columns):
            names = self._names[first : first + self._columns]
            row = _CardRow(names, tuple(self._caption(name) for name in names), top)
            rows.append(row)
            top += row.height
        self._rows = tuple(rows)
        self.virtual_size = Size(self.scrollable_content_region.width, top)
        self._redraw()

    def _caption(self, name: str) -> tuple[str, ...]:
        if name == OWN_FILE:
            return (_cut(self._file_name or "open CSV"),)
        return tuple(_cut(line) for line in textwrap.wrap(name, PICTURE_WIDTH))

    def _redraw(self) -> None:
        self._strips.clear()
        self.refresh()

    # --- Drawing -------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One line of the cards in view.

        Args:
            y: The line of the view, 0 at the top.

        Returns:
            A strip of the view's width.
        """
        line = y + self.scroll_offset.y
        if line not in self._strips:
            width = self.scrollable_content_region.width
            strips = list(self._line(line))
            self._strips[line] = Strip.join(strips).adjust_cell_length(width, self.rich_style)
        return self._strips[line]

    def _line(self, line: int) -> Iterator[Strip]:
        for row in self._rows:
            if row.top <= line < row.top + row.height:
                for name, caption in zip(row.names, row.captions, strict=True):
                    yield from self._card_line(name, caption, line - row.top)

    def _card_line(self, name: str, caption: tuple[str, ...], line: int) -> Iterator[Strip]:
        if line < PICTURE_ROWS:
            yield Strip.blank(_MARGIN, self.rich_style)
            yield self._picture_line(name, line)
            return
        place = line - PICTURE_ROWS
        if place >= len(caption):
            yield Strip.blank(_CARD_WIDTH, self.rich_style)
            return
        mark = self._mark if name == self._chosen and place == 0 else " "
        text = f"{mark} {caption[place]:<{PICTURE_WIDTH}}"
        yield Strip(padded_segments(text, self._caption_style(name)))

    def _picture_line(self, name: str, line: int) -> Strip:
        ascii = is_ascii(self)
        if name in self._pictures:
            return thumbnail_strip(self._pictures[name], line, background_color(self), ascii=ascii)
        text = _FILE_PICTURE[line] if name == OWN_FILE else " " * PICTURE_WIDTH
        return Strip([Segment(text, self.get_component_rich_style("gallery--name"))])

    def _caption_style(self, name: str) -> Style:
        if name == self._cursor:
            return self.get_component_rich_style("gallery--cursor")
        return self.get_component_rich_style(
            "gallery--chosen" if name == self._chosen else "gallery--name"
        )

    @property
    def _mark(self) -> str:
        return ">" if is_ascii(self) else "▸"

    # --- Keys and mouse ------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        self._go(self._names.index(self._cursor) + by)

    def action_move_row(self, by: int) -> None:
        """Move the cursor a row of cards; beyond the first and the last row others may move.

        Raises:
            SkipAction: If there is no such row.
        """
        row, column = divmod(self._names.index(self._cursor), self._columns)
        if not 0 <= row + by < len(self._rows):
            raise SkipAction
        self._go(min((row + by) * self._columns + column, len(self._names) - 1))

    def action_go_to(self, place: int) -> None:
        self._go(place % len(self._names))

    def action_choose(self) -> None:
        self.post_message(self.Chosen(self, self._cursor))

    def on_click(self, event: events.Click) -> None:
        name = self._card_at(event)
        if name is not None:
            event.stop()
            self.highlighted = name
            self.action_choose()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        name = self._card_at(event)
        if name is None:
            self.tooltip = None
        elif name == OWN_FILE:
            self.tooltip = _FILE_TIP
        else:
            self.tooltip = f"{DATASETS[name].title}: {DATASETS[name].description}"

    def on_focus(self) -> None:
        self._redraw()

    def on_blur(self) -> None:
        self._redraw()

    def _card_at(self, event: events.MouseEvent) -> str | None:
        offset = event.get_content_offset(self)
        if offset is None or offset.x >= self._columns * _CARD_WIDTH:
            return None
        line = offset.y + self.scroll_offset.y
        for row in self._rows:
            place = offset.x // _CARD_WIDTH
            if row.top <= line < row.top + row.height and place < len(row.names):
                return row.names[place]
        return None

    def _go(self, place: int) -> None:
        if 0 <= place < len(self._names):
            self.highlighted = self._names[place]

    def _scroll_to_cursor(self) -> None:
        for row in self._rows:
            if self._cursor in row.names:
                region = Region(0, row.top, 1, row.height)
                self.scroll_to_region(region, animate=False, force=True, immediate=True)


def _cut(text: str) -> str:
    return text if len(text) <= PICTURE_WIDTH else f"{text[: PICTURE_WIDTH - 1]}~"
