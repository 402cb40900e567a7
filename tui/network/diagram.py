"""A widget that shows a network: what every unit computes, every link and every bias."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.color import Color
from textual.content import Content
from textual.message import Message
from textual.strip import Strip

from ..drawing.canvas import KeptStrips
from ..keys import bindings
from ..selection import Bias, Link, Part, Unit, unit_of
from ..widgets.basics import background_color, shows_characters
from ..widgets.line_view import LineView
from .diagram_data import DiagramData
from .diagram_drawing import DiagramPainter, DiagramPicture, layout_of
from .diagram_layout import DiagramLayout, View
from .diagram_styles import DiagramStyles, Ink

EMPTY_SENTENCE: Final = "no network yet"
RESIZE: Final = "One neuron fewer, or one more, in this layer."


class NetworkDiagram(LineView):
    """A network from left to right, whose units, links and biases can be selected.

    Attributes:
        data: What is shown.
        selected: The selected part.
    """

    DEFAULT_CSS = """
    NetworkDiagram { overflow: hidden; }
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
        w | network-diagram.next-link | walk_links | *Weights |
        | Select the neuron's largest incoming weight, then smaller ones
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

    @dataclass
    class Resized(Message):
        """The user clicked the - or the + of a layer: its first unit, and by how many neurons."""

        part: Part
        by: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.data: DiagramData | None = None
        self.selected: Part | None = None
        self._hovered: Part | None = None
        self._lit: frozenset[int] = frozenset()
        self._painter = DiagramPainter()
        self._picture: DiagramPicture | None = None
        self._ink_styles: DiagramStyles | None = None
        self._strips = KeptStrips({})
        self._view = View()

    def show(self, data: DiagramData) -> None:
        """Show a network; a selected part that it does not have is deselected, silently."""
        self.data = data
        if self.selected is not None and not data.holds(self.selected):
            self.selected = None
        if self._hovered is not None:
            self._hover(self._hovered)
        self.redraw()

    def light(self, columns: Iterable[int]) -> None:
        """Lights the titles of some columns, 0 for the inputs, and of no others."""
        if self._lit != (lit := frozenset(columns)):
            self._lit = lit
            self.redraw()

    def select(self, part: Part | None) -> None:
        """Select a part, without a message, and bring it into view; None for nothing.

        Raises:
            IndexError: If the network has no such part.
        """
        if part is not None and (self.data is None or not self.data.holds(part)):
            raise IndexError(f"there is no {part} in this network")
        self.selected = part
        # The footer shows what can be done with it.
        self.refresh_bindings()
        self._show_selected()
        self.redraw()

    def redraw(self) -> None:
        self._picture = None
        super().redraw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._ink_styles = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("open", "clear"):
            return self.selected is not None
        if action in ("walk_links", "select_bias"):
            return neuron_of(self.selected) is not None
        return super().check_action(action, parameters)

    def render_line(self, y: int) -> Strip:
        styles, width = self._cell_styles(), self.size.width
        picture = self._current_picture()
        if picture is None:
            text = EMPTY_SENTENCE if y == self.size.height // 2 else ""
            return Strip([Segment(text.center(width)[:width], styles[Ink.QUIET])])
        layout = picture.layout
        if y < layout.title_rows:
            return self._strips.strip(y, picture.titles, y, width)
        if (row := y - layout.title_rows) < layout.height:
            return self._strips.strip(y, picture.body, row, width)
        style = styles[Ink.QUIET]
        return Strip([Segment(picture.footer, style)]).adjust_cell_length(width, style)

    def on_resize(self) -> None:
        self._show_selected()
        self.redraw()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._part_under(event))
        offset, picture = event.get_content_offset(self), self._current_picture()
        if offset is not None and picture is not None and picture.change_at(*offset) is not None:
            self.tooltip = RESIZE

    def on_leave(self) -> None:
        self._hover(None)

    def on_click(self, event: events.Click) -> None:
        if (part := self._part_under(event)) is not None:
            self._choose(part)
            if event.chain == 2:
                self.action_open()
        elif (offset := event.get_content_offset(self)) is not None:
            picture = self._current_picture()
            if picture is not None and (change := picture.change_at(*offset)) is not None:
                column, by = change
                self.post_message(self.Resized(Unit(column, 0), by))
                return
            self._look(lambda layout: layout.paged(offset.x, offset.y - layout.title_rows))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._look(lambda layout: layout.scrolled(event.x, -1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._look(lambda layout: layout.scrolled(event.x, 1))

    def action_move(self, across: int, down: int) -> None:
        if self.data is not None:
            self._choose(neighbour(self._layout(self.data), self.selected, across, down))

    def action_walk_links(self) -> None:
        if self.data is not None:
            link = next_link(self.data, self.selected)
            if link is not None:
                self._choose(link)

    def action_select_bias(self) -> None:
        neuron = neuron_of(self.selected)
        if neuron is not None:
            self._choose(Bias(neuron.column - 1, neuron.unit))

    def action_open(self) -> None:
        if self.selected is not None:
            self.post_message(self.Opened(self.selected))

    def action_clear(self) -> None:
        if self.selected is not None:
            self.select(None)
            self.post_message(self.Selected(None))

    def _choose(self, part: Part) -> None:
        if part == self.selected:
            return
        self.select(part)
        self.post_message(self.Selected(part))

    def _hover(self, part: Part | None) -> None:
        if part == self._hovered is None:
            return
        self._hovered = self.tooltip = None
        if part is not None and self.data is not None and self.data.holds(part):
            self._hovered = part
            # Content, because a name like weight[0,3] would be read as markup.
            self.tooltip = Content(self.data.describe(part))

    def _part_under(self, event: events.MouseEvent) -> Part | None:
        offset, picture = event.get_content_offset(self), self._current_picture()
        if offset is None or picture is None:
            return None
        return picture.part_at(offset.x, offset.y - picture.layout.title_rows)

    @property
    def _ascii(self) -> bool:
        return shows_characters(self)

    def _layout(self, data: DiagramData) -> DiagramLayout:
        return layout_of(data, *self.content_region.size, self._view, ascii=self._ascii)

    def _look(self, move: Callable[[DiagramLayout], View]) -> None:
        """Scroll."""
        if self.data is not None:
            self._view = move(self._layout(self.data))
            self.redraw()

    def _show_selected(self) -> None:
        if self.selected is None:
            return
        unit, part = unit_of(self.selected), self.selected
        units = [Unit(part.layer, part.source), unit] if isinstance(part, Link) else [unit]
        # Twice: how many units of a layer there is room for is known once it is shown.
        for shown in units * 2:
            self._look(partial(DiagramLayout.showing, unit=shown))

    def _current_picture(self) -> DiagramPicture | None:
        if self._picture is None and self.data is not None:
            layout = self._layout(self.data)
            self._picture = self._painter.draw(
                self.data, self.selected, layout, self._lit, ascii=self._ascii
            )
        return self._picture

    def _cell_styles(self) -> DiagramStyles:
        if self._ink_styles is None:
            plain, background = self.rich_style, background_color(self)
            text = background.get_contrast_text(1.0)
            if plain.color is not None:
                text = Color.from_rich_color(plain.color)
            rows, chosen = self.styles_of_rows, Style(bold=True)
            inks = {
                Ink.QUIET: rows.quiet,
                Ink.NOTE: rows.warning,
                Ink.CHOSEN: chosen,
                Ink.MARK: chosen,
                Ink.LIT: Style(bold=True, reverse=True),
            }
            self._ink_styles = DiagramStyles(plain, background, text, inks)
            self._strips = KeptStrips(self._ink_styles)
        return self._ink_styles


def neuron_of(part: Part | None) -> Unit | None:
    """The neuron a part belongs to, for a link where it leads; None for inputs and nothing."""
    unit = part and unit_of(part)
    return unit if unit and unit.column > 0 else None


def neighbour(layout: DiagramLayout, part: Part | None, across: int, down: int) -> Part:
    """The part so many columns to the right of another, or so many units below it.

    From a unit to the next one, across to the one at the nearest height; from a link across to its
    ends, up and down to the links of the units beside its source; from nothing to the first neuron.
    """
    if part is None:
        return Unit(1, 0)
    if isinstance(part, Link):
        if across:
            return Unit(part.layer, part.source) if across < 0 else unit_of(part)
        sources = layout.columns[part.layer].units
        return part._replace(source=_clamped(part.source + down, sources))
    here = unit_of(part)
    start = layout.columns[here.column]
    if start.side and (inside := _pixel_beside(here.unit, start.side, across, down)) is not None:
        return Unit(here.column, inside)
    number = _clamped(here.column + across, len(layout.columns))
    if number == here.column:
        return Unit(number, _clamped(here.unit + down * (start.side == 0), start.units))
    column = layout.columns[number]
    if not (start.shown and column.shown):
        return Unit(number, here.unit * column.units // start.units)
    if column.side:
        row = int(np.abs(column.middles - start.middles[here.unit]).argmin()) // column.side
        return Unit(number, (row + 1) * column.side - 1)
    return Unit(number, int(np.abs(column.middles - start.middles[here.unit]).argmin()))


def _pixel_beside(pixel: int, side: int, across: int, down: int) -> int | None:
    """The pixel beside another one; None if that one is at the right edge."""
    row, column = divmod(pixel, side)
    if column + across >= side:
        return None
    return _clamped(row + down, side) * side + max(column + across, 0)


def next_link(data: DiagramData, part: Part | None) -> Link | None:
    """The next of a neuron's incoming links by size; None for inputs and nothing.

    Args:
        data: The network.
        part: The link before, after the smallest of which comes the largest; or the neuron or
            bias whose largest link comes first.
    """
    neuron = neuron_of(part)
    if neuron is None:
        return None
    layer = neuron.column - 1
    sizes = np.abs(data.weights[layer][:, neuron.unit])
    order = np.argsort(-sizes, kind="stable").tolist()
    place = order.index(part.source) + 1 if isinstance(part, Link) else 0
    return Link(layer, order[place % len(order)], neuron.unit)


def _clamped(place: int, count: int) -> int:
    return max(0, min(place, count - 1))
