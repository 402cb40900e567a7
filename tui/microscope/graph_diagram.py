"""A widget that shows a computational graph, lights the step, and lets nodes be selected."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar, Final, NamedTuple

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ...core.autograd import Value
from ...core.explain.graph import GraphNode, GraphView
from ...core.explain.paths import Path
from ...core.explain.stepper import Stepper
from ..drawing.canvas import Canvas
from ..drawing.numbers import signed
from ..drawing.palette import signed_text
from ..keys import bindings
from ..textual_patches.true_color import TrueColorWidget
from ..widgets.background import background_color
from .graph_faces import Faces, box_size, has_long_titles
from .graph_layout import Box, Edge, GraphLayout, Place, lay_out
from .graph_picture import GraphInk, GraphPainter, Lit, legend

LABEL_WIDTH: Final = 7
EMPTY_SENTENCE: Final = "Nothing is computed yet: write a line such as L = 2*3"
# Cells around a box that are to be seen with it: the numbers on the wires into it.
_AROUND: Final = (1, 4, 1, 12)


class _Zoom(NamedTuple):
    numbers: int
    label_width: int


# From names alone to everything.
_ZOOMS: Final = (_Zoom(0, 0), _Zoom(1, LABEL_WIDTH), _Zoom(2, LABEL_WIDTH))
# Without its numbers a graph says little: whatever fits, it is not chosen by itself.
_LEAST_AUTOMATIC: Final = 1
MOST_FITTED: Final = 60
"""Of a larger graph it is not tried whether it fits with all its numbers."""
_INK_CLASSES: Final = {
    GraphInk.WIRE: "wire",
    GraphInk.LIT_WIRE: "lit",
    GraphInk.WAITING: "waiting",
    GraphInk.NAME: "name",
    GraphInk.OP: "op",
    GraphInk.CURRENT: "current",
    GraphInk.CURRENT_TITLE: "current-title",
    GraphInk.SELECTED: "selected",
    GraphInk.SELECTED_TITLE: "selected-title",
    GraphInk.LABEL: "label",
    GraphInk.PATH: "path",
    GraphInk.PATH_LABEL: "path-label",
}


class GraphDiagram(TrueColorWidget, ScrollView, can_focus=True):
    """A graph from left to right: name, operation, data and gradient of every node."""

    TITLE: ClassVar[str] = "Graph"
    HELP_TEXT: ClassVar[str] = (
        "Every value with its name, what computes it, its data and its gradient. Thin frames are "
        "what is given, double ones weights and biases, the heavy one is the output. The node of "
        "the step is lit, and the wires into it carry its local derivatives. Arrows or a click "
        "select a node, enter or a double click steps to it; the wheel scrolls."
    )

    DEFAULT_CSS = """
    GraphDiagram { background: $surface; color: $foreground; overflow: auto auto; }
    GraphDiagram > .graph--wire { color: $text-muted; }
    GraphDiagram > .graph--lit { color: $text-success; text-style: bold; }
    GraphDiagram > .graph--waiting { color: $text-muted; }
    GraphDiagram > .graph--name { color: $foreground; text-style: bold; }
    GraphDiagram > .graph--op { color: $text-muted; text-style: bold; }
    GraphDiagram > .graph--current { color: $text-success; text-style: bold; }
    GraphDiagram > .graph--current-title { color: $text-success; text-style: bold reverse; }
    GraphDiagram > .graph--selected { color: $text-primary; text-style: bold; }
    GraphDiagram > .graph--selected-title { color: $text-primary; text-style: bold underline; }
    GraphDiagram > .graph--label { color: $text-success; text-style: bold; }
    GraphDiagram > .graph--path { color: $text-primary; text-style: bold; }
    GraphDiagram > .graph--path-label { color: $text-primary; text-style: bold; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"graph--{name}" for name in _INK_CLASSES.values()}

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        left,h | graph.left | move(-1, 0) | Left | Select the next node to the left
        right,l | graph.right | move(1, 0) | Right | Select the next node to the right
        up,k | graph.up | move(0, -1) | Up | Select the next node above
        down,j | graph.down | move(0, 1) | Down | Select the next node below
        enter | graph.enter | enter | Go to node |
        | Step to where the selected node is computed, or its gradient complete
        """
    )

    class Selected(Message):
        """A node was selected."""

        def __init__(self, value: Value) -> None:
            super().__init__()
            self.value = value

    class Entered(Message):
        """A node is to be stepped to."""

        def __init__(self, value: Value) -> None:
            super().__init__()
            self.value = value

    def __init__(
        self, *, plain: bool = False, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._plain = plain
        self._zoom: int | None = None
        self._view: GraphView | None = None
        self._stepper: Stepper | None = None
        self._painter: GraphPainter | None = None
        self._laid_out: tuple[object, ...] = ()
        self._canvas: Canvas | None = None
        self._selected: str | None = None
        self._path: Path | None = None
        self._styles: dict[int, Style] = {}

    # --- What is shown -------------------------------------------------------------------------

    def show_graph(self, view: GraphView | None, stepper: Stepper | None) -> None:
        """Shows another graph; the selection stays where a node has the same name."""
        label = self.selected.label if self.selected is not None else ""
        self._view, self._stepper, self._path = view, stepper, None
        nodes = () if view is None else view.nodes
        self._selected = next((n.id for n in nodes if n.label == label), None)
        self.border_subtitle = legend({node.kind for node in nodes}, plain=self._plain)
        self._lay_out()

    def show_step(self) -> None:
        """Paints the numbers and the lit wires anew, and brings the step's node into sight."""
        self._paint()
        if self._stepper is None or self._view is None:
            return
        current = self._stepper.current
        if current is None:
            self.scroll_to(0, 0, animate=False, force=True)
            return
        node = self._view.node_of(current)
        if node is not None:
            self._bring_into_sight(node.id)

    def show_path(self, path: Path | None) -> None:
        """Lights a path with the local derivatives along it; None for none."""
        self._path = path
        self._paint()

    def select(self, value: Value) -> None:
        """Selects a node, if it is drawn, without a message."""
        node = None if self._view is None else self._view.node_of(value)
        if node is not None and node.id != self._selected:
            self._selected = node.id
            self._paint()
            self._bring_into_sight(node.id)

    @property
    def selected(self) -> GraphNode | None:
        """The selected node."""
        return None if self._selected is None else self._node(self._selected)

    def _node(self, node_id: str) -> GraphNode | None:
        nodes = () if self._view is None else self._view.nodes
        return next((node for node in nodes if node.id == node_id), None)

    # --- Laying out ----------------------------------------------------------------------------

    @property
    def zoom(self) -> int:
        """How much is said of each node: 0 its name, 1 one number, 2 data and gradient."""
        return self._shown_zoom

    _shown_zoom = len(_ZOOMS) - 1

    def _lay_out(self) -> None:
        view = self._view
        if view is None:
            self._painter, self._canvas, self._laid_out = None, None, ()
            self.virtual_size = Size(0, 0)
            self.refresh()
            return
        shape = (
            self._zoom,
            self.size if self._zoom is None else None,
            tuple((node.id, node.label, node.op) for node in view.nodes),
            view.edges,
        )
        # A changed number needs no other layout.
        if self._painter is None or shape != self._laid_out:
            self._laid_out = shape
            layout = self._chosen_layout(view)
            self._painter = GraphPainter(layout, plain=self._plain)
            self.virtual_size = Size(layout.width, layout.height)
        self._paint()

    def _chosen_layout(self, view: GraphView) -> GraphLayout:
        """The one of the zoom that was set; else the one that says most and is not too high.

        All zooms with numbers are about as wide.
        """
        if self._zoom is not None:
            self._shown_zoom = self._zoom
            return _laid_out(view, _ZOOMS[self._zoom])
        most = len(_ZOOMS) - 1 if len(view.nodes) <= MOST_FITTED else _LEAST_AUTOMATIC
        for self._shown_zoom in range(most, _LEAST_AUTOMATIC - 1, -1):
            layout = _laid_out(view, _ZOOMS[self._shown_zoom])
            if layout.height <= self.size.height:
                break
        return layout

    def on_resize(self) -> None:
        if self._zoom is None and self._view is not None:
            self._lay_out()

    # --- Painting ------------------------------------------------------------------------------

    def _paint(self) -> None:
        view, stepper = self._view, self._stepper
        if view is None or stepper is None or self._painter is None:
            return
        zoom = _ZOOMS[self._shown_zoom]
        current = None if stepper.current is None else view.node_of(stepper.current)
        on_path = set() if self._path is None else {view.node_of(n) for n in self._path.nodes}
        faces = Faces(
            stepper, has_long_titles(view), zoom.numbers, current, self._selected, on_path
        )
        lit = [Lit(self._path_labels(view), GraphInk.PATH, GraphInk.PATH_LABEL)]
        if current is not None and stepper.last is not None and stepper.last.kind != "start":
            lit.append(Lit(_labels(view, current, stepper), GraphInk.LIT_WIRE, GraphInk.LABEL))
        if not zoom.label_width:
            lit = [Lit(dict.fromkeys(wires.labels, ""), wires.wire, wires.text) for wires in lit]
        self._canvas = self._painter.paint({n.id: faces.of(n) for n in view.nodes}, lit)
        self.refresh()

    def _path_labels(self, view: GraphView) -> dict[Edge, str]:
        if self._path is None:
            return {}
        labels: dict[Edge, str] = {}
        drawn = {(edge.source, edge.target) for edge in view.edges}
        for (here, there), derivative in zip(
            pairwise(self._path.nodes), self._path.derivatives, strict=True
        ):
            source, target = view.node_of(here), view.node_of(there)
            if source is not None and target is not None and (source.id, target.id) in drawn:
                labels[source.id, target.id] = _short(derivative)
        return labels

    def notify_style_update(self) -> None:
        """Takes the colours of another theme."""
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
                self._styles[ink] = self.get_component_rich_style(f"graph--{name}")
        return self._styles

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        styles = self._style_table()
        if self._canvas is None:
            text = EMPTY_SENTENCE if y == self.size.height // 2 else ""
            line = Canvas(1, width)
            line.text(0, max(0, (width - len(text)) // 2), text, GraphInk.WAITING)
            return line.strip(0, 0, width, styles)
        row = y + self.scroll_offset.y - self._inset.y
        if not 0 <= row < self._canvas.glyphs.shape[0]:
            return Strip.blank(width, styles[0])
        strip = self._canvas.strip(row, self.scroll_offset.x, width, styles)
        margin = self._inset.x
        if margin:
            strip = Strip.join([Strip.blank(margin, styles[0]), strip.crop(0, width - margin)])
        return strip

    @property
    def _inset(self) -> Place:
        room = self.scrollable_content_region
        return Place(
            max(0, (room.width - self.virtual_size.width) // 2),
            max(0, (room.height - self.virtual_size.height) // 2),
        )

    # --- Selecting -----------------------------------------------------------------------------

    def _select(self, node_id: str) -> None:
        node = self._node(node_id)
        if node is not None:
            self._selected = node_id
            self._paint()
            self._bring_into_sight(node_id)
            self.post_message(self.Selected(node.value))

    def _bring_into_sight(self, node_id: str) -> None:
        if self._painter is not None:
            box = self._painter.layout.boxes[node_id]
            self.scroll_to_region(Region(*box).grow(_AROUND), animate=False, force=True)

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

    def action_enter(self) -> None:
        if self.selected is not None:
            self.post_message(self.Entered(self.selected.value))

    def change_zoom(self, by: int) -> None:
        """Says more of each node, or shows more nodes, until `fit` is called."""
        zoom = min(max(self._shown_zoom + by, 0), len(_ZOOMS) - 1)
        if zoom != self._shown_zoom:
            self._zoom = zoom
            self._lay_out()
            if self._selected is not None:
                self._bring_into_sight(self._selected)

    def fit(self) -> None:
        """Takes the zoom that fits, now and after each change of the graph or the size."""
        self._zoom = None
        self._lay_out()

    def on_click(self, event: events.Click) -> None:
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

    def _node_at(self, event: events.MouseEvent) -> str | None:
        offset = event.get_content_offset(self)
        if offset is None or self._painter is None:
            return None
        place = Place(*(offset + self.scroll_offset - self._inset))
        boxes = self._painter.layout.boxes.items()
        return next((node for node, box in boxes if box.holds(place)), None)


def _laid_out(view: GraphView, zoom: _Zoom) -> GraphLayout:
    return lay_out(
        [node.id for node in view.nodes],
        [(edge.source, edge.target) for edge in view.edges],
        box=box_size(view, zoom.numbers),
        label_width=zoom.label_width,
    )


def _short(number: float) -> str:
    return signed(number, LABEL_WIDTH - 1).strip()


def _labels(view: GraphView, node: GraphNode, stepper: Stepper) -> dict[Edge, str]:
    """The wires into a node with its local derivatives by what they come from."""
    derivatives = stepper.derivatives(node.value)
    labels: dict[Edge, str] = {}
    for edge in view.edges:
        if edge.target == node.id:
            numbers = [_short(derivatives[k]) for k in edge.places]
            text = numbers[0] if len(numbers) == 1 else ""
            labels[edge.source, edge.target] = text or _twice(numbers)
    return labels


def _twice(numbers: list[str]) -> str:
    """Of a node that is both operands: how often, as there is no room for both numbers."""
    return f"{len(numbers)} times" if numbers else ""


def _described(node: GraphNode, stepper: Stepper) -> Iterator[str]:
    formula = stepper.formula(node.value)
    yield node.label if formula == node.label else f"{node.label} = {formula}"
    data, gradient = stepper.data(node.value), stepper.grad(node.value)
    yield f"data {'not computed yet' if data is None else f'{data:.6g}'}"
    if node.kind != "constant":
        yield f"gradient {'not known yet' if gradient is None else f'{gradient:.6g}'}"


def _distance(here: Box, there: Box, x: int, y: int) -> float | None:
    """How far a box is in a direction; None if it is not in it."""
    dx, dy = there.left - here.left, there.top - here.top
    along, across = (dx * x, dy) if x else (dy * y, dx)
    if along <= 0:
        return None
    # To the side counts double, and a cell is twice as high as wide.
    return along + 4.0 * abs(across) if x else 2.0 * along + 4.0 * abs(across)
