"""GraphDiagram: a computational graph with the current step highlighted and a cursor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ClassVar, Final, NamedTuple

from rich.style import Style
from textual import events
from textual.actions import SkipAction
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
from ..textual_patches.widgets import TrueColorWidget
from ..widgets.basics import background_color
from .graph_layout import Box, Edge, GraphLayout, Place, lay_out
from .graph_picture import (
    Faces,
    GraphInk,
    GraphPainter,
    Highlight,
    box_size,
    has_long_titles,
    legend,
)

LABEL_WIDTH: Final = 7
EMPTY_SENTENCE: Final = "Nothing is computed yet: write a line such as L = 2*3"
# Cells around a box to scroll into view with it: the numbers on the wires into it.
_AROUND: Final = (1, 4, 1, 12)


class _Zoom(NamedTuple):
    numbers: int
    label_width: int


# From names only to everything.
_ZOOMS: Final = (_Zoom(0, 0), _Zoom(1, LABEL_WIDTH), _Zoom(2, LABEL_WIDTH))
# Without numbers a graph says little: only the user chooses that.
_LEAST_AUTOMATIC: Final = 1
MOST_FITTED: Final = 60
"""Larger graphs start without all numbers, whether or not they would fit."""
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
        "is highlighted, and the wires into it show its local derivatives. Arrows or a click "
        "select a node, enter or a double click steps to it; the wheel scrolls."
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
        """Shows another graph; the selection stays on the node of the same name."""
        label = self.selected.label if self.selected is not None else ""
        self._view, self._stepper, self._path = view, stepper, None
        nodes = () if view is None else view.nodes
        self._selected = next((n.id for n in nodes if n.label == label), None)
        self.border_subtitle = legend({node.kind for node in nodes}, plain=self._plain)
        self._lay_out()

    def show_step(self) -> None:
        """Updates the numbers and the highlights, and scrolls to the step's node."""
        self._paint()
        if self._stepper is None or self._view is None:
            return
        current = self._stepper.current
        if current is None:
            self.scroll_to(0, 0, animate=False, force=True)
            return
        node = self._view.node_of(current)
        if node is not None:
            self._scroll_to_node(node.id)

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
            self._scroll_to_node(node.id)

    @property
    def selected(self) -> GraphNode | None:
        return None if self._selected is None else self._node(self._selected)

    def _node(self, node_id: str) -> GraphNode | None:
        nodes = () if self._view is None else self._view.nodes
        return next((node for node in nodes if node.id == node_id), None)

    # --- Laying out ----------------------------------------------------------------------------

    @property
    def zoom(self) -> int:
        """How much each box shows: 0 the name, 1 one number, 2 data and gradient."""
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
        # A changed number needs no new layout.
        if self._painter is None or shape != self._laid_out:
            self._laid_out = shape
            layout = self._chosen_layout(view)
            self._painter = GraphPainter(layout, plain=self._plain)
            self.virtual_size = Size(layout.width, layout.height)
        self._paint()

    def _chosen_layout(self, view: GraphView) -> GraphLayout:
        """The layout of the user's zoom, or else the most detailed one that is not too high.

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
        highlights = [Highlight(self._path_labels(view), GraphInk.PATH, GraphInk.PATH_LABEL)]
        if current is not None and stepper.last is not None and stepper.last.kind != "start":
            labels = _labels(view, current, stepper)
            highlights.append(Highlight(labels, GraphInk.HIGHLIGHT, GraphInk.LABEL))
        if not zoom.label_width:
            highlights = [replace(h, labels=dict.fromkeys(h.labels, "")) for h in highlights]
        self._canvas = self._painter.paint({n.id: faces.of(n) for n in view.nodes}, highlights)
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
            self._scroll_to_node(node_id)
            self.post_message(self.Selected(node.value))

    def _scroll_to_node(self, node_id: str) -> None:
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

    def action_scroll_home(self) -> None:
        # Home goes back to before the first step, however far the graph scrolls.
        raise SkipAction

    def action_enter(self) -> None:
        if self.selected is not None:
            self.post_message(self.Entered(self.selected.value))

    def change_zoom(self, by: int) -> None:
        """Shows more of each node, or more nodes, until `fit` is called."""
        zoom = min(max(self._shown_zoom + by, 0), len(_ZOOMS) - 1)
        if zoom != self._shown_zoom:
            self._zoom = zoom
            self._lay_out()
            if self._selected is not None:
                self._scroll_to_node(self._selected)

    def fit(self) -> None:
        """Chooses the zoom that fits, now and whenever the graph or the size changes."""
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
    """The local derivatives of a node, for the wires into it."""
    derivatives = stepper.derivatives(node.value)
    labels: dict[Edge, str] = {}
    for edge in view.edges:
        if edge.target == node.id:
            numbers = [_short(derivatives[k]) for k in edge.places]
            text = numbers[0] if len(numbers) == 1 else ""
            labels[edge.source, edge.target] = text or _twice(numbers)
    return labels


def _twice(numbers: list[str]) -> str:
    """For a node that is both operands: how often; both numbers would not fit."""
    return f"{len(numbers)} times" if numbers else ""


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
