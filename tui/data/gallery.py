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
PICTURE_WIDTH: Final = 8
PICTURE_ROWS: Final = 3

_MARGIN: Final = 2
_CARD_WIDTH: Final = _MARGIN + PICTURE_WIDTH
_FILE_TIP: Final = "Open your own CSV file: one column is the target, the others are inputs"
_FILE_PICTURE: Final = ("x1,x2,y ", "0.5,2, 1", "1.5,3,-1")


@cache
def _thumbnail_of(name: str) -> Thumbnail:
    dataset = DATASETS[name](rng=np.random.default_rng(0))
    return draw_thumbnail(dataset, PICTURE_WIDTH, PICTURE_ROWS)


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
        enter | datasets.choose | choose | Choose | Train on this data set
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
            self._pictures.pop(OWN_FILE, None)
        self.chosen, self._file_name = name, file_name
        self._arrange()
        self.highlighted = name

    def show_file(self, dataset: Dataset) -> None:
        """Draw the samples of the open file."""
        self._show_pictures({OWN_FILE: draw_thumbnail(dataset, PICTURE_WIDTH, PICTURE_ROWS)})

    def on_show(self) -> None:
        self.call_after_refresh(self._draw_if_seen)

    def _draw_if_seen(self) -> None:
        # A widget is shown for a moment before the size of the terminal is known.
        if self.is_on_screen and not self._is_drawing:
            self._is_drawing = True
            run_job(
                self.app,
                lambda: {name: _thumbnail_of(name) for name in DATASETS},
                self._show_pictures,
                self.notify,
                failed="The pictures of the data sets could not be drawn",
                group="pictures",
            )

    def _show_pictures(self, pictures: dict[str, Thumbnail]) -> None:
        self._pictures |= pictures
        self._redraw()

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
    def _columns(self) -> int:
        return max(1, self.scrollable_content_region.width // _CARD_WIDTH)

    def _arrange(self) -> None:
        self._rows, top = [], 0
        for first in range(0, len(NAMES), self._columns):
            names = NAMES[first : first + self._columns]
            height = PICTURE_ROWS + max(len(self._caption(name)) for name in names)
            self._rows.append(_CardRow(names, top, height))
            top += height
        self.virtual_size = Size(self.scrollable_content_region.width, top)
        self._redraw()

    def _caption(self, name: str) -> list[str]:
        lines = [self._file_name or "open CSV"]
        if name != OWN_FILE:
            lines = textwrap.wrap(name, PICTURE_WIDTH)
        return [ln if len(ln) <= PICTURE_WIDTH else f"{ln[: PICTURE_WIDTH - 1]}~" for ln in lines]

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
        strip = self._strips[line] if line < len(self._strips) else Strip([])
        return strip.adjust_cell_length(width, self.rich_style)

    def _card(self, name: str, height: int) -> Iterator[Strip]:
        """The lines of a card: its picture, its caption, then blanks."""
        margin = Strip.blank(_MARGIN, self.rich_style)
        for line in range(PICTURE_ROWS):
            yield Strip.join([margin, self._picture_line(name, line)])
        is_marked = name == self.chosen
        styled = "cursor" if name == self.highlighted else "chosen" if is_marked else "name"
        style = self.get_component_rich_style(f"gallery--{styled}")
        caption = self._caption(name)
        for place, text in enumerate(caption):
            mark = " " if place or not is_marked else ">" if is_ascii(self) else "▸"
            yield Strip(padded_segments(f"{mark} {text:<{PICTURE_WIDTH}}", style))
        for _ in range(height - PICTURE_ROWS - len(caption)):
            yield Strip.blank(_CARD_WIDTH, self.rich_style)

    def _picture_line(self, name: str, line: int) -> Strip:
        if picture := self._pictures.get(name):
            return thumbnail_strip(
                picture, line, background_color(self), ascii=shows_characters(self)
            )
        text = _FILE_PICTURE[line] if name == OWN_FILE else " " * PICTURE_WIDTH
        return Strip([Segment(text, self.get_component_rich_style("gallery--name"))])

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
        if offset is None or offset.x >= self._columns * _CARD_WIDTH:
            return None
        line, place = offset.y + self.scroll_offset.y, offset.x // _CARD_WIDTH
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
