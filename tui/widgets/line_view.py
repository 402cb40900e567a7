"""LineView: text in rows that is drawn anew only when it says something else."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ..keys import bindings
from ..textual_patches.true_color import TrueColorWidget
from .ascii import is_ascii
from .row_styles import RowStyles, row_styles

PREFIX: Final = "line-view"


class LineView(TrueColorWidget, ScrollView, can_focus=True):
    """Rows of text that scroll if there is no room for them all.

    A class that is made from it draws them in `draw`, and calls `redraw` when there is news.

    Args:
        tooltip: Shown when the pointer rests on it.
        id: The widget's id.
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
    LineView > .line-view--line { color: $foreground 40%; }
    LineView > .line-view--healthy { color: $text-success; }
    LineView > .line-view--warning { color: $text-error; text-style: bold; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-view--title",
        "line-view--cursor",
        "line-view--quiet",
        "line-view--line",
        "line-view--healthy",
        "line-view--warning",
    }
    """
    | class | styles |
    |---|---|
    | `line-view--title` | titles of columns |
    | `line-view--cursor` | the row with the cursor, where there is one |
    | `line-view--quiet` | what need not be read at once |
    | `line-view--line` | lines, ticks and what is empty |
    | `line-view--healthy` | what is right |
    | `line-view--warning` | what is not |
    """

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
        """Draw anew before the next frame."""
        self._drawn = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        if self._drawn is None:
            self._drawn = self._draw_all()
        y += self.scroll_offset.y
        if y < len(self._drawn):
            return self._drawn[y]
        return Strip.blank(self.size.width, self.rich_style)

    def _draw_all(self) -> list[Strip]:
        region = self.scrollable_content_region
        plain = self.styles_of_rows.plain
        strips = self.draw(region.width, region.height)
        size = Size(region.width, len(strips))
        if size != self.virtual_size:
            # Not now: it asks for a new layout, and this one is being drawn.
            self.call_later(setattr, self, "virtual_size", size)
        return [strip.adjust_cell_length(self.size.width, plain) for strip in strips]

    def on_resize(self) -> None:
        self.redraw()

    def watch_has_focus(self, value: bool) -> None:
        super().watch_has_focus(value)
        self._restyle()

    def notify_style_update(self) -> None:
        """Draw again in the colours of the new theme."""
        super().notify_style_update()
        self._restyle()

    def _restyle(self) -> None:
        self._styles = None
        self.redraw()

    @property
    def ascii(self) -> bool:
        """Whether there are ASCII characters alone."""
        return is_ascii(self)

    @property
    def styles_of_rows(self) -> RowStyles:
        """The styles of an ordinary row."""
        return self._both_styles()[0]

    @property
    def styles_of_cursor(self) -> RowStyles:
        """The styles of the row with the cursor."""
        return self._both_styles()[1]

    @property
    def title_style(self) -> Style:
        """The style of titles."""
        return self.component("title")

    def component(self, name: str) -> Style:
        """The style of a component class."""
        return self.get_component_rich_style(f"{PREFIX}--{name}")

    def sentence(self, text: str) -> list[Strip]:
        """A quiet sentence, where there is nothing else to show yet."""
        return [Strip([Segment(text, self.styles_of_rows.quiet)])]

    def _both_styles(self) -> tuple[RowStyles, RowStyles]:
        if self._styles is None:
            self._styles = (
                row_styles(self, self.component, self.rich_style),
                row_styles(self, self.component, self.component("cursor")),
            )
        return self._styles
