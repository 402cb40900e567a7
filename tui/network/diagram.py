"""A widget that shows a network: what every unit computes, every link and every bias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.color import Color
from textual.content import Content
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ..drawing.palette import readable
from ..keys import bindings
from ..selection import Bias, Link, Part, Unit, unit_of
from ..widgets.ascii import is_ascii
from ..widgets.background import background_color
from .diagram_data import DiagramData
from .diagram_drawing import DiagramPainter, DiagramPicture, layout_of
from .diagram_layout import DiagramLayout
from .diagram_styles import DiagramStyles, Ink

EMPTY_SENTENCE: Final = "no network yet"


class NetworkDiagram(ScrollView, can_focus=True):
    """A network from left to right, whose units, links and biases can be selected."""

    DEFAULT_CSS = """
    NetworkDiagram {
        background: $surface;
        color: $foreground;
        overflow: auto auto;
        scrollbar-size: 1 1;
    }
    NetworkDiagram > .network-diagram--quiet {
        color: $text-muted;
    }
    NetworkDiagram > .network-diagram--note {
        color: $text-error;
        text-style: bold;
    }
    NetworkDiagram > .network-diagram--chosen {
        color: $foreground;
        text-style: bold;
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "network-diagram--quiet",
        "network-diagram--note",
        "network-diagram--chosen",
    }
    """
    | class | styles |
    |---|---|
    | `network-diagram--quiet` | titles, the line below, the sentence where there is no network |
    | `network-diagram--note` | words on units, `dead` for instance |
    | `network-diagram--chosen` | the selected link, and the marks of what is frozen or cut |
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        left,h | network-diagram.left | move(-1, 0) | Left |
        | Select the unit to the left, or the source of the selected weight
        right,l | network-diagram.right | move(1, 0) | Right |
        | Select the unit to the right, or the target of the selected weight
        up,k | network-diagram.up | move(0, -1) | Up | Select the unit above, or its weight
        down,j | network-diagram.down | move(0, 1) | Down |
        | Select the unit below, or its weight
        w | network-diagram.next-link | walk_links(1) | *Weights |
        | Select the neuron's largest incoming weight, then smaller ones
        W | network-diagram.previous-link | walk_links(-1) | Weights back |
        | Select the next larger incoming weight of the neuron
        b | network-diagram.bias | select_bias | *Bias | Select the neuron's bias
        enter | network-diagram.open | open | *Open | Open what is selected
        escape | network-diagram.clear | clear | Deselect | Deselect
        """
    )

    @dataclass
    class Selected(Message):
        """The user selected a part; None for nothing."""

        part: Part | None

    @dataclass
    class Opened(Message):
        """The user pressed enter on a part or clicked it twice."""

        part: Part

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._data: DiagramData | None = None
        self._selected: Part | None = None
        self._hovered: Part | None = None
        self._painter = DiagramPainter()
        self._picture: DiagramPicture | None = None
        self._styles: DiagramStyles | None = None
        self._shown_sizes: tuple[int, ...] = ()

    @property
    def data(self) -> DiagramData | None:
        """What is shown."""
        return self._data

    @property
    def selected(self) -> Part | None:
        """The selected part."""
        return self._selected

    def show(self, data: DiagramData) -> None:
        """Show a network; a selected part that it does not have is deselected, silently."""
        self._data = data
        if self._selected is not None and not data.holds(self._selected):
            self._selected = None
        self._fit()
        if self._hovered is not None:
            self._hover(self._hovered)
        self._redraw()

    def select(self, part: Part | None) -> None:
        """Select a part, without a message, and bring it into view; None for nothing.

        Raises:
            IndexError: If the network has no such part.
        """
        if part is not None and (self._data is None or not self._data.holds(part)):
            raise IndexError(f"there is no {part} in this network")
        self._selected = part
        # The footer shows what can be done with it.
        self.refresh_bindings()
        self._scroll_to_selected()
        self._redraw()

    def notify_style_update(self) -> None:
        """Draw again in the colours of the new theme."""
        super().notify_style_update()
        self._styles = None
        self._redraw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("open", "clear"):
            return self._selected is not None
        if action in ("walk_links", "select_bias"):
            return neuron_of(self._selected) is not None
        return super().check_action(action, parameters)

    def render_line(self, y: int) -> Strip:
        """One line of what is in view: titles, the network, and the line below it.

        Args:
            y: The line of the view, 0 at the top.

        Returns:
            A strip of the view's width.
        """
        styles, width = self._cell_styles(), self.size.width
        picture = self._drawn()
        if picture is None:
            text = EMPTY_SENTENCE if y == self.size.height // 2 else ""
            return Strip([Segment(text.center(width)[:width], self._ink("quiet"))])
        layout, left = picture.layout, self.scroll_offset.x
        if y < layout.title_rows:
            return picture.titles.strip(y, left, width, styles)
        if layout.has_footer and y == self.scrollable_content_region.height - 1:
            style = styles[Ink.PLAIN] + self._ink("quiet")
            return Strip([Segment(picture.footer, style)]).adjust_cell_length(width, style)
        row = y - layout.title_rows + self.scroll_offset.y
        if row >= layout.height:
            return Strip.blank(width, styles[Ink.PLAIN])
        return picture.body.strip(row, left, width, styles)

    def on_resize(self) -> None:
        self._fit()
        self._redraw()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._part_under(event))

    def on_leave(self) -> None:
        self._hover(None)

    def on_click(self, event: events.Click) -> None:
        if (part := self._part_under(event)) is not None:
            self._choose(part)
            if event.chain == 2:
                self.action_open()

    def action_move(self, across: int, down: int) -> None:
        if self._data is not None:
            self._choose(neighbour(self._layout(self._data), self._selected, across, down))

    def action_walk_links(self, steps: int) -> None:
        if self._data is not None:
            link = next_link(self._data, self._selected, steps)
            if link is not None:
                self._choose(link)

    def action_select_bias(self) -> None:
        neuron = neuron_of(self._selected)
        if neuron is not None:
            self._choose(Bias(neuron.column - 1, neuron.unit))

    def action_open(self) -> None:
        if self._selected is not None:
            self.post_message(self.Opened(self._selected))

    def action_clear(self) -> None:
        if self._selected is not None:
            self.select(None)
            self.post_message(self.Selected(None))

    def _choose(self, part: Part) -> None:
        if part == self._selected:
            return
        self.select(part)
        self.post_message(self.Selected(part))

    def _hover(self, part: Part | None) -> None:
        if part == self._hovered is None:
            return
        self._hovered = self.tooltip = None
        if part is not None and self._data is not None and self._data.holds(part):
            self._hovered = part
            # Content, because a name like weight[0,3] would be read as markup.
            self.tooltip = Content(self._data.describe(part))

    def _part_under(self, event: events.MouseEvent) -> Part | None:
        offset, picture = event.get_content_offset(self), self._drawn()
        if offset is None or picture is None:
            return None
        below = self.scrollable_content_region.height - picture.layout.has_footer
        if not picture.layout.title_rows <= offset.y < below:
            return None
        row = offset.y - picture.layout.title_rows + self.scroll_offset.y
        return picture.part_at(offset.x + self.scroll_offset.x, row)

    @property
    def _ascii(self) -> bool:
        return bool(is_ascii(self) or self.app.no_color)

    def _layout(self, data: DiagramData) -> DiagramLayout:
        """Where everything stands, with room left for the scroll bars that this needs."""
        width, height = self.content_region.size
        layout = layout_of(data, width, height, ascii=self._ascii)
        lines = layout.title_rows + layout.height + layout.has_footer
        beside, below = int(lines > height), int(layout.width > width)
        if beside or below:
            layout = layout_of(data, width - beside, height - below, ascii=self._ascii)
        return layout

    def _fit(self) -> None:
        """Bring the scrolled size to that of the picture; a new network is seen by its middle."""
        if self._data is None or not self.content_region.size:
            return
        layout = self._layout(self._data)
        size = Size(layout.width, layout.title_rows + layout.height + layout.has_footer)
        if size != self.virtual_size:
            self.virtual_size = size
        if self._data.sizes != self._shown_sizes:
            self._shown_sizes = self._data.sizes
            self.scroll_to(x=0, y=self.max_scroll_y // 2, animate=False, force=True)

    def _scroll_to_selected(self) -> None:
        if self._data is None or self._selected is None or not self.content_region.size:
            return
        layout = self._layout(self._data)
        view = self.scrollable_content_region.size
        shown = Size(view.width, view.height - layout.title_rows - layout.has_footer)
        here = Region.from_offset(self.scroll_offset, shown)
        delta = Region.get_scroll_to_visible(here, _region_of(layout, self._selected))
        if delta:
            to = self.scroll_offset + delta
            self.scroll_to(x=to.x, y=to.y, animate=False, force=True)

    def _redraw(self) -> None:
        self._picture = None
        self.refresh()

    def _drawn(self) -> DiagramPicture | None:
        if self._picture is None and self._data is not None:
            layout = self._layout(self._data)
            self._picture = self._painter.draw(
                self._data, self._selected, layout, ascii=self._ascii
            )
        return self._picture

    def _cell_styles(self) -> DiagramStyles:
        if self._styles is None:
            plain, background = self.rich_style, background_color(self)
            text = background.get_contrast_text(1.0)
            if plain.color is not None and not plain.color.is_system_defined:
                text = Color.from_rich_color(plain.color)
            chosen = self._ink("chosen")
            inks = {
                Ink.TITLE: self._ink("quiet"),
                Ink.NOTE: self._ink("note"),
                Ink.CHOSEN: chosen,
                Ink.MARK: chosen,
            }
            self._styles = DiagramStyles(plain, background, text, inks)
        return self._styles

    def _ink(self, name: str) -> Style:
        """A component's style, in a colour that can be read."""
        style = self.get_component_rich_style(f"network-diagram--{name}")
        if style.color is None or style.color.is_system_defined:
            return style
        color = readable(Color.from_rich_color(style.color), background_color(self))
        return style + Style(color=color.rich_color)


def _region_of(layout: DiagramLayout, part: Part) -> Region:
    """The cells to be seen when a part is selected: its unit's box and a line around it."""
    unit = unit_of(part)
    at = layout.columns[unit.column]
    box = Region(at.left, int(at.tops[unit.unit]), at.size.width, at.size.rows)
    return box.grow(Spacing(1, 1, 1, 1))


def neuron_of(part: Part | None) -> Unit | None:
    """The neuron a part belongs to, for a link where it leads; None for inputs and nothing."""
    unit = part and unit_of(part)
    return unit if unit and unit.column > 0 else None


def neighbour(layout: DiagramLayout, part: Part | None, across: int, down: int) -> Part:
    """The part one goes to from another.

    From a unit to the one beside it, across to that at the nearest height. From a link across
    to its ends, and up and down to the links from the units beside into the same neuron.

    Args:
        layout: Where the units stand.
        part: Where one is; from nowhere one comes to the first neuron.
        across: Columns to the right.
        down: Units down.
    """
    if part is None:
        return Unit(1, 0)
    if isinstance(part, Link):
        if across:
            return Unit(part.layer, part.source) if across < 0 else unit_of(part)
        sources = layout.columns[part.layer].units
        return part._replace(source=_clamped(part.source + down, sources))
    here = unit_of(part)
    column = _clamped(here.column + across, len(layout.columns))
    if column == here.column:
        return Unit(column, _clamped(here.unit + down, layout.columns[column].units))
    height = layout.columns[here.column].middles[here.unit]
    return Unit(column, int(np.abs(layout.columns[column].middles - height).argmin()))


def next_link(data: DiagramData, part: Part | None, steps: int) -> Link | None:
    """The next of a neuron's incoming links by size.

    Args:
        data: The network.
        part: A link, from which to go on, or anything of a neuron, to begin with its largest.
        steps: How many links on, towards the smaller; round the end to the largest.

    Returns:
        The link; None where there is no neuron.
    """
    neuron = neuron_of(part)
    if neuron is None:
        return None
    layer = neuron.column - 1
    sizes = np.abs(data.weights[layer][:, neuron.unit])
    order = np.argsort(-sizes, kind="stable").tolist()
    place = order.index(part.source) + steps if isinstance(part, Link) else min(steps, 0)
    return Link(layer, order[place % len(order)], neuron.unit)


def _clamped(place: int, count: int) -> int:
    return max(0, min(place, count - 1))
