"""GraphDiagram: a computational graph with the current step highlighted and a cursor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.style import Style
from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ...core.autograd import Value
from ...core.explain.graph import GraphNode, GraphView, Opened, Outline
from ...core.explain.graph_layout import Box, Place
from ...core.explain.paths import Path
from ...core.explain.stepper import Stepper
from ..drawing.canvas import Canvas
from ..drawing.numbers import counted
from ..drawing.palette import signed_text
from ..keys import bindings
from ..textual_patches.widgets import TrueColorWidget
from ..widgets.basics import background_color
from .graph_labels import captions, path_labels, wire_labels
from .graph_picture import (
    Faces,
    GraphInk,
    GraphPainter,
    Highlight,
    legend,
)
from .graph_zoom import FORMS, Zoom, Zoomed, at_zoom, fitted, next_zoom
from .mini_map import MiniMap, mini_map

EMPTY_SENTENCE: Final = "Nothing is computed yet: write a line such as L = 2*3"
# Cells around a box to scroll into view with it, where there is room.
_AROUND: Final = (1, 2, 1, 2)

_UNNAMED_INKS: Final = (
    GraphInk.PLAIN,
    GraphInk.NUMBER,
    GraphInk.NEGATIVE,
    GraphInk.POSITIVE,
    GraphInk.FRAME,
)
_INK_CLASSES: Final = {
    ink: f"graph--{ink.name.lower().replace('_', '-')}"
    for ink in GraphInk
    if ink not in _UNNAMED_INKS
}


class GraphDiagram(TrueColorWidget, ScrollView, can_focus=True):
    """A graph from left to right, with the name, operation, data and gradient of each node."""

    TITLE: ClassVar[str] = "Graph"
    HELP_TEXT: ClassVar[str] = (
        "Every value with its name, its operation, its data and its gradient. Thin frames are "
        "inputs, double ones weights and biases, the heavy one is the output. The node of the step "
        "is highlighted, with its own backward rule beside it; the wires keep the local "
        "derivatives, after the sign ∂, where there is room. Arrows or a click select a node, "
        "enter or a double click steps to it; the wheel scrolls, and then a map shows where."
    )

    DEFAULT_CSS = """
    GraphDiagram { background: $surface; color: $foreground; overflow: auto auto; }
    GraphDiagram > .graph--wire { color: $text-muted; }
    GraphDiagram > .graph--highlight { color: $text-success; text-style: bold; }
    GraphDiagram > .graph--waiting { color: $text-muted; }
    GraphDiagram > .graph--name { color: $foreground; text-style: bold; }
    GraphDiagram > .graph--op { color: $text-muted; text-style: bold; }
    GraphDiagram > .graph--current { color: $text-success; text-style: bold; }
    GraphDiagram > .graph--current-title { color: $text-success; text-style: bold reverse; }
    GraphDiagram > .graph--selected { color: $text-primary; text-style: bold; }
    GraphDiagram > .graph--selected-title { color: $text-primary; text-style: bold underline; }
    GraphDiagram > .graph--label { color: $text-success; text-style: bold; }
    GraphDiagram > .graph--wrong { color: $text-error; text-style: bold reverse; }
    GraphDiagram > .graph--path { color: $text-primary; text-style: bold; }
    GraphDiagram > .graph--path-label { color: $text-primary; text-style: bold; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = set(_INK_CLASSES.values())

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        left,h | graph.left | move(-1, 0) | Left | Select the next node to the left
        right,l | graph.right | move(1, 0) | Right | Select the next node to the right
        up,k | graph.up | move(0, -1) | Up | Select the next node above
        down,j | graph.down | move(0, 1) | Down | Select the next node below
        enter | graph.enter | enter | Go to node |
        | Go to the step that computes the selected node, or completes its gradient
        """
    )

    @dataclass
    class Selected(Message):
        """The user selected a node."""

        value: Value

    @dataclass
    class Entered(Message):
        """The user wants to step to a node."""

        value: Value

    def __init__(
        self, *, plain: bool = False, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._plain = plain
        self._zoom: Zoom | None = None
        self._shown_zoom = Zoom(0, FORMS[0])
        self._outline: Outline | None = None
        self._is_overview = False
        self._opened: Opened = frozenset()
        self._view: GraphView | None = None
        self._stepper: Stepper | None = None
        self._painter: GraphPainter | None = None
        self._canvas: Canvas | None = None
        self._selected: str | None = None
        self._path: Path | None = None
        self._styles: dict[int, Style] = {}
        self._mapped: tuple[object, MiniMap | None] = (None, None)

    # --- What is shown -------------------------------------------------------------------------

    def show_graph(
        self, outline: Outline | None, stepper: Stepper | None, *, is_overview: bool = False
    ) -> None:
        """Shows another graph; the selection stays on the node of the same name.

        Args:
            outline: Of the graph; None for no graph.
            stepper: Of the same graph.
            is_overview: Whether it begins at the coarsest level.
        """
        label = self.selected.label if self.selected is not None else ""
        self._outline, self._stepper, self._path = outline, stepper, None
        self._opened, self._is_overview, self._zoom = frozenset(), is_overview, None
        self._lay_out()
        nodes = () if self._view is None else self._view.nodes
        self._selected = next((n.id for n in nodes if n.label == label), None)
        self._paint()

    def show_stepper(self, stepper: Stepper) -> None:
        """Shows the same graph with what another stepper of it computes."""
        selected, self._stepper = self.selected, stepper
        self._lay_out()
        if selected is not None:
            self.select(selected.value)

    def show_step(self) -> None:
        """Updates the numbers and the highlights, and scrolls to the step's node."""
        self._paint()
        if self._stepper is None or self._view is None:
            return
        if self._stepper.current is None:
            self.scroll_to(0, 0, animate=False, force=True)
        else:
            self._scroll_to_nodes([node.id for node in self._acting()])

    def show_path(self, path: Path | None) -> None:
        """Highlights a path with the local derivatives along it; None for none."""
        self._path = path
        self._paint()

    def select(self, value: Value) -> None:
        """Selects a node if it is drawn; posts no message."""
        node = None if self._view is None else self._view.node_of(value)
        if node is not None and node.id != self._selected:
            self._selected = node.id
            self._paint()
            self._scroll_to_nodes([node.id])

    def reveal(self, value: Value) -> None:
        """Selects a node, and opens the boxes around it."""
        if self._outline is None or self._view is None:
            return
        opened, node = self._opened, self._view.node_of(value)
        while node is not None and node.value is not value:
            before, opened = opened, self._outline.opening(node, opened)
            if opened == before:
                break
            node = self._outline.view(self._shown_zoom.level, opened).node_of(value)
        if opened != self._opened:
            self._change(self._zoom, opened)
        self.select(value)

    @property
    def selected(self) -> GraphNode | None:
        return None if self._selected is None else self._node(self._selected)

    def _node(self, node_id: str) -> GraphNode | None:
        nodes = () if self._view is None else self._view.nodes
        return next((node for node in nodes if node.id == node_id), None)

    # --- Laying out ----------------------------------------------------------------------------

    @property
    def zoom(self) -> Zoom:
        """The level and the form that are shown."""
        return self._shown_zoom

    def _lay_out(self) -> None:
        if self._outline is None:
            self._view, self._painter, self._canvas = None, None, None
            self.virtual_size, self.border_subtitle = Size(0, 0), ""
            self.refresh()
            return
        self._shown_zoom, self._view, layout = self._zoomed(self._outline)
        # All the room there is, for the rule beside a box.
        room = self.size
        has_bars = layout.width > room.width, layout.height > room.height
        layout = layout.centred(room.width - has_bars[1], room.height - has_bars[0])
        self._painter = GraphPainter(layout, plain=self._plain)
        self.virtual_size = Size(layout.width, layout.height)
        words = legend({n.kind for n in self._view.nodes}, plain=self._plain)
        form = self._shown_zoom.form
        stepper = self._stepper
        order = "data, grad" if stepper is None or not stepper.beside else "data, grad, true grad"
        unsaid = f"{order}  " if form.numbers and not form.words else ""
        self.border_subtitle = f"{unsaid}{words}"
        self.border_title = self._title(self._view)
        self._paint()

    def _title(self, view: GraphView) -> str:
        """How large the graph is, of what its gradients are, and what is supposed of them."""
        title = f"Graph  {view.note or _count(view.n_values)}"
        stepper = self._stepper
        if stepper is None:
            return title
        early = stepper.bugs.early
        if stepper.beside is None:
            return f"{title}  gradients of {stepper.names[stepper.output]}"
        what = "= in place of +=" if early is None else f"{stepper.names[early]} taken too early"
        return f"{title}  what if: {what}"

    def _zoomed(self, outline: Outline) -> Zoomed:
        """The user's zoom, or else the one that fits."""
        wrong = {} if self._stepper is None else self._stepper.right_grads
        if self._zoom is not None:
            return at_zoom(outline, self._opened, self._zoom, wrong)
        first = len(outline.names) - 1 if self._is_overview else 0
        return fitted(outline, self._opened, self.size, wrong, first=first)

    def on_resize(self) -> None:
        if self._outline is not None:
            selected = self.selected
            self._lay_out()
            if selected is not None:
                self.select(selected.value)

    # --- Painting ------------------------------------------------------------------------------

    def _paint(self) -> None:
        view, stepper = self._view, self._stepper
        if view is None or stepper is None or self._painter is None:
            return
        form = self._shown_zoom.form
        current = None if stepper.current is None else view.node_of(stepper.current)
        on_path = set() if self._path is None else {view.node_of(n) for n in self._path.nodes}
        faces = Faces(stepper, form, current, self._selected, on_path)
        room, mark = form.label_width, "d" if self._plain else "∂"
        labels = wire_labels(view, stepper, room, mark)
        along = path_labels(view, self._path, room, mark)
        highlights = [
            Highlight(labels, None, GraphInk.WAITING),
            Highlight(along, GraphInk.PATH, GraphInk.PATH_LABEL),
        ]
        if current is not None and stepper.last is not None and stepper.last.kind != "start":
            ends = [(edge.source, edge.target) for edge in view.edges if edge.target == current.id]
            lit = {end: labels.get(end, "") for end in ends}
            highlights.append(Highlight(lit, GraphInk.HIGHLIGHT, GraphInk.LABEL))
        self._canvas = self._painter.paint(
            {n.id: faces.of(n) for n in view.nodes},
            highlights,
            is_backward=stepper.position > stepper.backward_position,
        )
        if current is not None:
            self._painter.caption(current.id, captions(stepper, mark))
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles = {}

    def _style_table(self) -> dict[int, Style]:
        if not self._styles:
            plain = self.rich_style
            negative, positive = signed_text(background_color(self))
            self._styles = {int(ink): plain for ink in GraphInk}
            self._styles[GraphInk.NEGATIVE] = plain + Style(color=negative.rich_color)
            self._styles[GraphInk.POSITIVE] = plain + Style(color=positive.rich_color)
            for ink, name in _INK_CLASSES.items():
                self._styles[ink] = self.get_component_rich_style(name)
        return self._styles

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        styles = self._style_table()
        if self._canvas is None:
            text = EMPTY_SENTENCE if y == self.size.height // 2 else ""
            line = Canvas(1, width)
            line.text(0, max(0, (width - len(text)) // 2), text, GraphInk.WAITING)
            return line.strip(0, 0, width, styles)
        row = y + self.scroll_offset.y
        if not 0 <= row < self._canvas.glyphs.shape[0]:
            return Strip.blank(width, styles[0])
        strip = self._canvas.strip(row, self.scroll_offset.x, width, styles)
        return self._with_map(strip, y)

    def _with_map(self, strip: Strip, y: int) -> Strip:
        """A line with its part of the mini-map, if the graph is scrolled."""
        found = self._mini_map
        if found is None or not 0 <= y - found.place.y < found.canvas.glyphs.shape[0]:
            return strip
        wide, start = found.canvas.glyphs.shape[1], found.place.x
        line = found.canvas.strip(y - found.place.y, 0, wide, self._style_table())
        rest = strip.crop(start + wide, strip.cell_length)
        return Strip.join([strip.crop(0, start), line, rest])

    @property
    def _mini_map(self) -> MiniMap | None:
        if self._painter is None or self._canvas is None or self._view is None:
            return None
        seen = Region(*self.scroll_offset, *self.scrollable_content_region.size)
        current = None if self._stepper is None else self._stepper.current
        key = (self._painter, seen, current)
        if key != self._mapped[0]:
            acting = {node.id for node in self._acting()}
            found = mini_map(self._painter.layout, self._canvas, seen, acting, plain=self._plain)
            self._mapped = key, found
        return self._mapped[1]

    def _acting(self) -> list[GraphNode]:
        """The boxes of the step: first those of what it needs, the last its own."""
        if self._stepper is None or self._view is None or self._stepper.current is None:
            return []
        current = self._stepper.current
        ends = [self._view.node_of(value) for value in (*current.parents, current)]
        return [node for node in ends if node is not None]

    # --- Selecting -----------------------------------------------------------------------------

    def _select(self, node_id: str) -> None:
        node = self._node(node_id)
        if node is not None:
            self._selected = node_id
            self._paint()
            self._scroll_to_nodes([node_id])
            self.post_message(self.Selected(node.value))

    def _scroll_to_nodes(self, nodes: Sequence[str]) -> None:
        """Brings boxes into view: the last for certain, the others where there is room."""
        if self._painter is None or not nodes:
            return
        boxes = [Region(*self._painter.layout.boxes[node]) for node in nodes]
        for region in (Region.from_union(boxes), boxes[-1]):
            self.scroll_to_region(region.grow(_AROUND), animate=False, force=True)

    def action_move(self, x: int, y: int) -> None:
        if self._painter is None or self._view is None:
            return
        if self._selected is None:
            self._select(self._view.nodes[-1].id)
            return
        boxes = self._painter.layout.boxes
        here = boxes[self._selected]
        found = {
            node: distance
            for node, box in boxes.items()
            if (distance := _distance(here, box, x, y)) is not None
        }
        if found:
            self._select(min(found, key=lambda node: found[node]))

    def action_scroll_home(self) -> None:
        # Home goes back to before the first step, however far the graph scrolls.
        raise SkipAction

    def action_enter(self) -> None:
        if self.selected is not None:
            self.post_message(self.Entered(self.selected.value))

    def change_zoom(self, by: int) -> None:
        """Shows more of each box, then finer boxes, or the reverse, until `fit` is called."""
        if self._outline is None:
            return
        self._change(next_zoom(self._outline, self._shown_zoom, by), self._opened)

    def open_box(self, *, is_closed: bool) -> bool:
        """Opens the selected box, or closes the box around it; returns whether it could."""
        node = self.selected
        if self._outline is None or node is None:
            return False
        change = self._outline.closing if is_closed else self._outline.opening
        opened = change(node, self._opened)
        if opened == self._opened:
            return False
        self._change(self._shown_zoom if self._zoom else None, opened)
        return True

    def _change(self, zoom: Zoom | None, opened: Opened) -> None:
        selected = self.selected
        if zoom is not None and self._zoom is None:
            opened = frozenset() if zoom.level != self._shown_zoom.level else opened
        self._zoom, self._opened, self._selected = zoom, opened, None
        self._lay_out()
        if selected is not None:
            self.select(selected.value)

    def fit(self) -> None:
        """Chooses the zoom that fits, now and whenever the graph or the size changes."""
        self._is_overview = False
        self._change(None, frozenset())

    def on_click(self, event: events.Click) -> None:
        share = self._on_map(event)
        if share is not None:
            room = self.scrollable_content_region
            x, y = (
                round(part * whole - seen / 2)
                for part, whole, seen in zip(share, self.virtual_size, room.size, strict=True)
            )
            self.scroll_to(x, y, animate=False, force=True)
            return
        node_id = self._node_at(event)
        if node_id is not None:
            self._select(node_id)
            if event.chain > 1:
                self.action_enter()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        node_id = self._node_at(event)
        node = None if node_id is None else self._node(node_id)
        if node is None or self._stepper is None:
            self.tooltip = None
        else:
            self.tooltip = "\n".join(_described(node, self._stepper))

    def _on_map(self, event: events.MouseEvent) -> tuple[float, float] | None:
        """Where the pointer is on the mini-map; None if it is not on it."""
        offset, found = event.get_content_offset(self), self._mini_map
        return None if offset is None or found is None else found.share(Place(*offset))

    def _node_at(self, event: events.MouseEvent) -> str | None:
        offset = event.get_content_offset(self)
        if offset is None or self._painter is None or self._on_map(event) is not None:
            return None
        place = Place(*(offset + self.scroll_offset))
        boxes = self._painter.layout.boxes.items()
        return next((node for node, box in boxes if box.holds(place)), None)


def _count(n_values: int) -> str:
    return counted(n_values, "node")


def _described(node: GraphNode, stepper: Stepper) -> Iterator[str]:
    formula = stepper.formula(node.value)
    yield node.label if formula == node.label else f"{node.label} = {formula}"
    data, gradient = stepper.data(node.value), stepper.grad(node.value)
    yield f"data {'not computed yet' if data is None else f'{data:.6g}'}"
    if node.kind != "constant":
        yield f"gradient {'not computed yet' if gradient is None else f'{gradient:.6g}'}"


def _distance(here: Box, there: Box, x: int, y: int) -> float | None:
    """How far away a box is in a direction; None if it is elsewhere."""
    dx, dy = there.left - here.left, there.top - here.top
    along, across = (dx * x, dy) if x else (dy * y, dx)
    if along <= 0:
        return None
    # Sideways counts double, and a cell is twice as high as wide.
    return along + 4.0 * abs(across) if x else 2.0 * along + 4.0 * abs(across)
