"""LineView: rows of text that are drawn again only when they change."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ..keys import bindings
from ..textual_patches.widgets import TrueColorWidget
from .basics import is_ascii
from .row_styles import STYLE_NAMES, RowStyles, row_styles

PREFIX: Final = "line-view"


class LineView(TrueColorWidget, ScrollView, can_focus=True):
    """Rows of text that scroll if they do not all fit.

    A subclass draws them in `draw`, and calls `redraw` when they change.
    """

    DEFAULT_CSS = """
    LineView {
        background: $surface;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    LineView > .line-view--title {
        color: $text-muted;
        text-style: bold;
    }
    LineView:focus > .line-view--title {
        color: $text-primary;
    }
    LineView > .line-view--cursor {
        color: $block-cursor-blurred-foreground;
        background: $block-cursor-blurred-background;
        text-style: underline;
    }
    LineView:focus > .line-view--cursor {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: bold;
    }
    LineView > .line-view--quiet { color: $text-muted; }
    LineView > .line-view--line { color: $foreground-disabled; }
    LineView > .line-view--healthy { color: $text-success; }
    LineView > .line-view--warning { color: $text-error; text-style: bold; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"{PREFIX}--{name}" for name in ("title", "cursor", *STYLE_NAMES)
    }

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        j | line-view.down | scroll_down | Down | Scroll down
        k | line-view.up   | scroll_up   | Up   | Scroll up
        """
    )

    def __init__(self, *, tooltip: str | None = None, id: str | None = None) -> None:
        super().__init__(id=id)
        self.tooltip = tooltip
        self._drawn: list[Strip] | None = None
        self._styles: tuple[RowStyles, RowStyles] | None = None

    def draw(self, width: int, height: int) -> list[Strip]:
        """All the rows, each of at most `width` cells; a picture fills `height` rows."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draws the rows again before the next frame."""
        self._drawn = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        return self._drawn_row(y + self.scroll_offset.y)

    def _drawn_row(self, row: int) -> Strip:
        """One of the rows that `draw` returned, or a blank one below them."""
        if self._drawn is None:
            region, plain = self.scrollable_content_region, self.styles_of_rows.plain
            strips = self.draw(region.width, region.height)
            self._set_height(len(strips))
            self._drawn = [strip.adjust_cell_length(self.size.width, plain) for strip in strips]
        if row < len(self._drawn):
            return self._drawn[row]
        return Strip.blank(self.size.width, self.rich_style)

    def _set_height(self, n_rows: int) -> None:
        """Scrolls over so many rows, from the next frame on: this one is being drawn."""
        size = Size(self.scrollable_content_region.width, n_rows)
        if size != self.virtual_size:
            self.call_later(setattr, self, "virtual_size", size)

    def on_resize(self) -> None:
        self.redraw()

    def watch_has_focus(self, value: bool) -> None:
        super().watch_has_focus(value)
        self._restyle()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._restyle()

    def _restyle(self) -> None:
        self._styles = None
        self.redraw()

    @property
    def ascii(self) -> bool:
        return is_ascii(self)

    @property
    def styles_of_rows(self) -> RowStyles:
        """The styles of an ordinary row."""
        return self._both_styles()[0]

    @property
    def styles_of_cursor(self) -> RowStyles:
        return self._both_styles()[1]

    @property
    def title_style(self) -> Style:
        return self.component("title")

    def component(self, name: str) -> Style:
        return self.get_component_rich_style(f"{PREFIX}--{name}")

    def sentence(self, text: str) -> list[Strip]:
        """A muted sentence, for when there is nothing to show yet."""
        return [Strip([Segment(text, self.styles_of_rows.quiet)])]

    def _both_styles(self) -> tuple[RowStyles, RowStyles]:
        if self._styles is None:
            self._styles = (
                row_styles(self, self.component, self.rich_style),
                row_styles(self, self.component, self.component("cursor")),
            )
        return self._styles
